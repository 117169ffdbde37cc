"""What holds for every input: each line is accounted for once, and hostile input costs linear time."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.cleaning import CleanedText, clean_text

# A second is ten times what a megabyte of the worst kind took when this was written.
MAX_SECONDS_A_MEGABYTE = 60.0

FRAGMENTS = (
    "By Ann Lee",
    "Share on Facebook",
    "Published: 3 May 2026, 14:05 BST",
    "Related stories",
    "Leave a Comment",
    "• a point that says something",
    "Photo: Ann Lee",
    "The council voted on Monday to close the old harbour bridge for eighteen months while its piers are rebuilt.",
    "A short sentence.",
    "Council closes harbour bridge",
    "홍길동 기자 hong@paper.example",
    "시는 오는 2029년까지 지은 지 30년이 넘은 수도관을 모두 교체한다고 3일 밝혔다.",
    "무단전재 및 재배포 금지",
    "\u200b",
    "",
    "  \t ",
    "© 2026 Harrow Post",
    "a line that was cut in the middle of a long sentence and goes on in the next",
)


def assert_every_line_is_accounted_for(text: str, cleaned: CleanedText) -> None:
    wanted = Counter(number for number, line in enumerate(text.splitlines(), start=1) if line.strip())
    inside = [number for part in cleaned.paragraphs for number in range(part.first_line, part.last_line + 1)]
    found = Counter(number for number in inside if number in wanted) + Counter(line.line for line in cleaned.removed)
    assert found == wanted
    assert all(line.reason for line in cleaned.removed)
    assert list(cleaned.paragraphs) == sorted(cleaned.paragraphs, key=lambda part: part.first_line)
    assert [line.line for line in cleaned.removed] == sorted(line.line for line in cleaned.removed)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30), st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
def test_every_line_of_a_shuffled_page_is_body_or_removed_once(rows: list[str], ending: str) -> None:
    text = ending.join(rows)
    assert_every_line_is_accounted_for(text, clean_text(text))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_every_line_of_any_text_is_body_or_removed_once(text: str) -> None:
    assert_every_line_is_accounted_for(text, clean_text(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12), st.text(max_size=60))
def test_every_line_is_accounted_for_with_a_known_title(rows: list[str], hint: str) -> None:
    text = "\n".join(rows)
    assert_every_line_is_accounted_for(text, clean_text(text, title_hint=hint))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS[7:9] + FRAGMENTS[-1:]), min_size=1, max_size=20))
def test_prose_alone_never_ends_up_without_a_body(rows: list[str]) -> None:
    assert clean_text("\n".join(rows)).paragraphs


def _garbage() -> str:
    source = random.Random(7)
    return "".join(chr(source.randrange(1, 0x3000)) for _ in range(300_000))


HOSTILE: dict[str, Callable[[], str]] = {
    "one line of ten megabytes": lambda: ("word " * 200 + ". ") * 10_000,
    "one word of ten megabytes": lambda: "a" * 10_000_000,
    "a hundred thousand short lines": lambda: "short line\n" * 100_000,
    "binary garbage": _garbage,
    "digits and dashes": lambda: "1" * 1_000_000 + "\n" + "2026-" * 200_000,
    "brackets": lambda: "(" * 500_000 + "\n" + ") " * 300_000,
    "a square of letters": lambda: ("x" * 37 + " " + "y" * 37 + "\n") * 30_000,
    "at signs": lambda: "a@" * 300_000 + "\n" + ("a." * 100 + "@\n") * 2_000,
    "full stops": lambda: ". " * 1_000_000,
    "blanks": lambda: (" " * 200 + "|\n") * 5_000 + " " * 2_000_000,
    "headings": lambda: ("Related stories\n" + "word " * 13 + ".\n") * 10_000,
    "buttons": lambda: "Home\nMenu\n" * 50_000,
    "commas and capitals": lambda: ("By " + "Aa, " * 70 + "\n") * 2_000,
    "names": lambda: ("By " + "Aa Bb and " * 20 + "\n") * 2_000,
    "short words and numbers": lambda: ("abcdefghi 1/2 " * 20 + "\n") * 1_000,
    "words without ends": lambda: "".join(("word" * count)[:290] + " 12:30\n" for count in range(1, 400)),
    "long numbers": lambda: ("1" * 140 + " 3 May 2026 " + "2" * 120 + "\n") * 1_000,
    "almost names": lambda: ("가" * 4 + "·") * 40 + "\n" + ("张三、" * 60 + "\n") * 500 + "Aa.Bb'Cc-" * 30,
    "almost credits": lambda: ("A" + "b C" * 60 + "/\n" + "(" + " AP" * 30 + "\n") * 500,
    "many short dates": lambda: ("03.05.2026 | " * 20 + "\n") * 500,
    "two copies of each line": lambda: "".join(f"line number {number} of many\n" * 2 for number in range(30_000)),
    "quotes": lambda: "\"'" * 1_000_000,
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_text_is_cleaned_in_linear_time(kind: str) -> None:
    text = HOSTILE[kind]()
    started = time.process_time()
    cleaned = clean_text(text)
    assert time.process_time() - started < MAX_SECONDS_A_MEGABYTE * max(1.0, len(text) / 1_000_000)
    assert_every_line_is_accounted_for(text, cleaned)
