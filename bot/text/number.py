"""What a found number is, and the one way a value is written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: `text[start:end]`; `value` is a plain decimal without exponent or trailing zeros ("1200", "0.5").

    `unit` is "%", "pp" (percentage points), a currency sign, "ord" (an ordinal), "frac" (a fraction in words) or None.
    """

    value: str
    text: str
    start: int
    end: int
    unit: str | None = None


def plain_decimal(value: Decimal | int) -> str:
    """Return the value in digits: no exponent, no trailing zeros, no leading zeros."""
    digits = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits
