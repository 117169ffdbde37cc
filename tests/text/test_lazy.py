"""Values and expressions that are made when first needed."""

from __future__ import annotations

import re

from bot.text.lazy import Lazy, compile_later


class Line:
    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    @Lazy
    def length(self) -> int:
        self.asked += 1
        return len(self.text)


def test_a_value_is_computed_once_for_each_object() -> None:
    first, second = Line("ferry"), Line("quay")
    assert (first.length, first.length, second.length) == (5, 5, 4)
    assert (first.asked, second.asked) == (1, 1)


def test_an_expression_is_compiled_once_with_its_flags() -> None:
    expression = compile_later("ferry", re.IGNORECASE)
    assert expression().match("FERRY")
    assert expression() is expression()
