"""One measured figure beside its peer; every bench module returns a list of these."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured on which data, what the best peer got in the same run, and what we aim at.

    `peer` is measured in the same run, or quoted (then `peer_name` ends in "(quoted)"). `unit` is empty for shares.
    What is measured at several sizes says so at the end of `data` (", 10,000 articles"), and is drawn as a curve.
    """

    data: str
    metric: str
    ours: float
    goal: float | None = None
    peer: float | None = None
    peer_name: str = ""
    unit: str = ""
    higher_is_better: bool = True
    note: str = ""


class Measure(Protocol):
    """The shape of every bench module's `measure` function."""

    def __call__(self, eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
        """Return the figures measured on at most `limit` rows of each set under `eval_dir`."""
        ...


def number_text(value: float) -> str:
    """Return a number as tables and charts show it."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 0.1 else f"{value:.3f}"
