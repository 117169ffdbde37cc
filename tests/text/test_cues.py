"""Cues of negation, hedging, reporting, attribution and the future."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.cues import Cue, find_attributions, find_futures, find_hedges, find_negations, find_reporting


@pytest.mark.parametrize(
    "text",
    [
        "The bridge is not safe",
        "It isn't open",
        "He denied it",
        "No. He never came",
        "다리는 안전하지 않다",
        "사실이 아니라고 했다",
        "Die Brücke ist nicht offen",
        "Le pont n'est pas ouvert",
        "橋は安全ではない",
        "他没有来",
    ],
)
def test_a_negation_is_found(text: str) -> None:
    assert find_negations(text)


@pytest.mark.parametrize("text", ["The bridge is safe", "No. 5 won", "no fewer than six", "다리는 안전하다"])
def test_no_negation_is_found_where_none_is(text: str) -> None:
    assert find_negations(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It may rain",
        "He allegedly left",
        "비가 올 것으로 예상된다",
        "비가 올 수도 있다",
        "Es regnet vielleicht",
        "雨かもしれない",
        "可能下雨",
    ],
)
def test_a_hedge_is_found(text: str) -> None:
    assert find_hedges(text)


@pytest.mark.parametrize(
    ("text", "cue"), [("Teal said so", "said"), ("시장은 안전하다고 말했다", "말했다"), ("市长说，可以", "说")]
)
def test_a_reporting_verb_is_found_as_worded(text: str, cue: str) -> None:
    assert [found.text for found in find_reporting(text)] == [cue]


@pytest.mark.parametrize("text", ["According to the mayor, it is", "경찰에 따르면 비가 왔다", "警察によると"])
def test_an_attribution_is_found(text: str) -> None:
    assert find_attributions(text)


@pytest.mark.parametrize("text", ["It will open", "It is expected to open", "열릴 예정이다", "開通する予定だ"])
def test_a_future_is_found(text: str) -> None:
    assert find_futures(text)


@given(st.text(), st.sampled_from([find_negations, find_hedges, find_reporting, find_attributions, find_futures]))
def test_cues_are_exact_spans(text: str, find: Callable[[str], list[Cue]]) -> None:
    assert all(text[cue.start : cue.end] == cue.text != "" for cue in find(text))
