"""Values and expressions that are made when first needed."""

from __future__ import annotations

import re

import pytest

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


def test_an_expression_is_compiled_once_with_its_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    compile_now = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or compile_now(*given))
    expression = compile_later("ferry", re.IGNORECASE)
    assert (expression.pattern, compiled) == ("ferry", [])
    assert expression.match("FERRY")
    assert expression.sub("boat", "Ferry, ferries") == "boat, ferries"
    assert compiled == [("ferry", re.IGNORECASE)]


def test_an_expression_compiled_later_has_all_that_a_compiled_one_has() -> None:
    later, now = compile_later("(?P<ship>ferry)"), re.compile("(?P<ship>ferry)")
    methods = [name for name in dir(now) if not name.startswith("_")]
    assert methods
    assert all(hasattr(later, name) for name in methods)
    assert (later.groups, later.groupindex, later.flags) == (now.groups, now.groupindex, now.flags)
