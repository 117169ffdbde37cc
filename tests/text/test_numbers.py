"""Every way of writing a number comes to one canonical decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numbers import find_numbers


def read(text: str) -> list[tuple[str, str | None]]:
    return [(number.value, number.unit) for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200 boats", [("1200", None)]),
        ("1.5 million", [("1500000", None)]),
        ("12% or 12 percent or 12 per cent", [("12", "%")] * 3),
        ("$3bn and £2.5m", [("3000000000", "$"), ("2500000", "£")]),
        ("1.234,5 and 1.234.567 and 3,5", [("1234.5", None), ("1234567", None), ("3.5", None)]),
        ("12,34,567 and 1'234", [("1234567", None), ("1234", None)]),
        ("0.50 and 0.250", [("0.5", None), ("0.25", None)]),
        ("10.000 Euro and 1.250 boats", [("10000", "€"), ("1250", None)]),
        ("on 12.03.2025", [("12", None), ("3", None), ("2025", None)]),
        ("a 3-1 win at 10:30", [("3", None), ("1", None), ("10", None), ("30", None)]),
        ("the 21st", [("21", "ord")]),
        ("up 2 percentage points", [("2", "pp")]),
        ("3 to 4 million and 10-12 percent", [("3000000", None), ("4000000", None), ("10", "%"), ("12", "%")]),
        ("3 Mrd. Euro, 5 млрд рублей", [("3000000000", None), ("5000000000", "₽")]),
        ("the G20 and A380", []),
        ("١٢٣ and १२३ and １２３", [("123", None)] * 3),
    ],
)
def test_numerals_are_read_with_their_separators_magnitudes_and_units(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twenty-five boats", [("25", None)]),
        ("two hundred and fifty", [("250", None)]),
        ("three million dollars", [("3000000", "$")]),
        ("a dozen", [("12", None)]),
        ("nineteen eighty-four", [("1984", None)]),
        ("two three-year terms", [("2", None), ("3", None)]),
        ("no one, one another", []),
        ("the third and a second", [("3", "ord")]),
        ("a mİllion, ſix", []),
        ("two-thirds of", [("0.6667", "frac")]),
        ("forty percent", [("40", "%")]),
    ],
)
def test_english_number_words_are_read(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1조 2,345억 원", [("1234500000000", "₩")]),
        ("3천억", [("300000000000", None)]),
        ("2만5천 명", [("25000", None)]),
        ("제3조", [("3", "ord")]),
        ("두 명과 스물다섯 살", [("2", None), ("25", None)]),
        ("한 시민이 두 시장에", []),
        ("세 번째", [("3", "ord")]),
        ("백만 원", [("1000000", None)]),
        ("0.5%포인트", [("0.5", "pp")]),
        ("二〇二五年", [("2025", None)]),
        ("三百万人", [("3000000", None)]),
        ("百分之三十", [("30", "%")]),
        ("1億2000万円", [("120000000", "¥")]),
        ("第三次", [("3", "ord")]),
    ],
)
def test_korean_chinese_and_japanese_numbers_are_read(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert read(text) == expected


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_grouped_by_commas_reads_as_itself(number: int) -> None:
    assert read(f"about {number:,} boats") == [(str(number), None)]


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,만억조천 一二十百万$%- onetw")))
def test_numbers_are_exact_spans_in_order_and_plain_decimals(text: str) -> None:
    end_before = 0
    for number in find_numbers(text):
        assert number.start >= end_before
        assert text[number.start : number.end] == number.text
        assert Decimal(number.value) >= 0
        assert "E" not in number.value
        end_before = number.end
