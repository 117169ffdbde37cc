"""Hard-wrapped text becomes paragraphs again, and only hard-wrapped text does."""

from __future__ import annotations

import textwrap

import pytest

from bot.articles.cleaning import clean_text

PARAGRAPHS = (
    "The town council voted on Monday to close the old harbour bridge for eighteen months while its piers are rebuilt, "
    "a decision that had been put off four times since the first cracks were found by a diver in the spring.",
    "Ferries will carry passengers across the water every ten minutes, the harbour office "
    "said, and bicycles travel free "
    "for as long as the work goes on. A night boat is planned for the weekends.",
    "Shopkeepers on the north bank fear that customers will stay away for good once the "
    "bridge has gone. They have asked "
    "for a lower rent and for signs on the motorway that say the shops are still open.",
)
CHINESE = (
    "青渡镇议会星期一投票决定关闭老港口的大桥，工期预计为十八个月，期间将重建全部桥墩，并对两岸的引桥进行加固处理，工程总投资约为三亿元。",
    "港务局表示，渡轮将每隔十分钟运送一次乘客，自行车在施工期间可以免费乘坐，周末还将增开夜间班次，以方便在对岸上班的居民往返。",
)


@pytest.mark.parametrize("width", [66, 72, 76, 80, 98])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_wrapped_paragraphs_are_joined_at_every_usual_width(width: int, gap: str) -> None:
    wrapped = gap.join("\n".join(textwrap.wrap(text, width, break_on_hyphens=False)) for text in PARAGRAPHS)
    cleaned = clean_text(wrapped)
    assert " ".join(part.text for part in cleaned.paragraphs) == " ".join(PARAGRAPHS)
    assert len(cleaned.paragraphs) <= len(PARAGRAPHS)


def test_a_double_spaced_wrapped_text_is_joined() -> None:
    rows = [row for text in PARAGRAPHS for row in textwrap.wrap(text, 72)]
    assert " ".join(part.text for part in clean_text("\n\n".join(rows)).paragraphs) == " ".join(PARAGRAPHS)


def test_wrapped_chinese_is_joined_without_blanks() -> None:
    rows = [text[start : start + 30] for text in CHINESE for start in range(0, len(text), 30)]
    assert "".join(part.text for part in clean_text("\n".join(rows)).paragraphs) == "".join(CHINESE)


def test_a_word_broken_at_the_line_end_is_one_word_again_and_a_compound_keeps_its_hyphen() -> None:
    wrapped = (
        "The commissioners of the county decided on Sunday to rebuild three of the cov-\n"
        "ered bridges that were swept away in the floods, after a gift from a well-\n"
        "known family whose forebears had built one of them paid for a third of it all.\n"
        "Work on the first of the three is to begin in July and will last a year, the\n"
        "engineers said."
    )
    text = clean_text(wrapped).paragraphs[0].text
    assert "the covered bridges" in text
    assert "a well-known family" in text


def test_lines_of_one_sentence_each_are_not_joined() -> None:
    rows = [
        "The town council voted on Monday to close the old harbour bridge.",
        "It will stay closed for eighteen months, the harbour office said.",
        "Ferries will carry passengers across the water every ten minutes.",
        "Bicycles are going to travel free of charge on the first of them.",
        "Shopkeepers on the north bank fear that customers will stay away.",
    ]
    assert [part.text for part in clean_text("\n".join(rows)).paragraphs] == rows


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_numbers_count_the_lines_of_the_file_with_any_line_ending(ending: str) -> None:
    text = ending.join(("Bridge closes", "By Ann Lee", "", PARAGRAPHS[0], "", PARAGRAPHS[1], "Share on Facebook"))
    cleaned = clean_text(text)
    assert [(part.first_line, part.last_line) for part in cleaned.paragraphs] == [(4, 4), (6, 6)]
    assert [(line.line, line.reason) for line in cleaned.removed] == [(1, "title"), (2, "byline"), (7, "share button")]
