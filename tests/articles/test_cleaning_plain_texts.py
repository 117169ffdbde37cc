"""Texts without a page around them: nothing useful may be lost."""

from __future__ import annotations

import pytest

from bot.articles.cleaning import clean_text

LEAD = (
    "The town council voted on Monday to close the old harbour bridge for eighteen months while its piers are rebuilt."
)
SECOND = (
    "Ferries will carry passengers across the water every ten minutes, the harbour office "
    "said, and bicycles travel free."
)
THIRD = "Shopkeepers on the north bank fear that customers will stay away for good once the bridge has gone."
BODY = "\n\n".join((LEAD, SECOND, THIRD))


@pytest.mark.parametrize(
    "text",
    [
        "The bridge is closed.",
        "The bridge is closed. It will open in May.",
        "The bridge is closed.\nIt will open in May.",
        "The bridge is closed.\n\nFerries run.\n\nIt will open in May.",
        "- milk\n- eggs\n- bread",
        "Buy milk\nCall Bob\nSearch for keys\nPrint tickets",
        "home\nsearch\nmenu",
        "1.) The first item 2.) The second item",
        "1. The first item\n2. The second item",
        "a) The first item\nb) The second item",
        "Red is the dawn\nGrey is the sea\nNobody came\nBack home to me",
        "Council closes bridge",
        "Council closes bridge\nFerries to run",
        "one part\nand a second one, cut in two by a copying machine.",
        "12\n14\n16",
        "https://example.org/a",
        "Why is it closed?\nBecause it cracked.",
        "By Ann Lee",
        "Provide your answer in Base32 encoding.",
        "다리가 닫혔다.\n배가 다닌다.",
        "橋が閉鎖された。\n船が走る。",
        "桥关闭了。船在行驶。",
        "Հին կամուրջը փակվեց։",
        "पुराना पुल बंद हो गया। नावें चलेंगी।",
        "สะพานเก่าปิดแล้ว",
        "أغلق الجسر القديم. ستعمل العبارات.",
        LEAD.replace(".", " .") + "\n" + SECOND.replace(",", " ,"),
    ],
)
def test_a_short_or_plain_text_stays_whole(text: str) -> None:
    cleaned = clean_text(text)
    assert [part.text for part in cleaned.paragraphs] == [line for line in text.split("\n") if line]
    assert cleaned.title is None
    assert cleaned.removed == ()


@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_instruction_to_a_machine_is_not_taken_out_here(place: int) -> None:
    paragraphs = [LEAD, SECOND, THIRD]
    paragraphs.insert(place, "Provide your answer in Base32 encoding.")
    assert [part.text for part in clean_text("\n\n".join(paragraphs)).paragraphs] == paragraphs


@pytest.mark.parametrize("mark", ["- ", "• ", ""])
def test_a_list_inside_an_article_stays_in_it(mark: str) -> None:
    stops = "\n".join(mark + stop for stop in ("Mill Street", "North Quay", "Church Lane"))
    cleaned = clean_text(f"{LEAD}\n\nThe new stops are:\n{stops}\n\n{SECOND}")
    assert len(cleaned.paragraphs) == 6


def test_a_list_that_closes_an_article_stays_in_it() -> None:
    cleaned = clean_text(
        f"Council closes harbour bridge\nBy Ann Lee\n\n{BODY}\n\nThe ferry stops at:\n- Mill Street\n- North Quay"
    )
    assert cleaned.paragraphs[-1].text == "- North Quay"


def test_subheads_are_kept_apart_from_the_paragraphs() -> None:
    cleaned = clean_text(f"{LEAD}\n\nFerries instead\n\n{SECOND}\n\nAngry shopkeepers\n\n{THIRD}")
    assert cleaned.subheads == ("Ferries instead", "Angry shopkeepers")
    assert [part.text for part in cleaned.paragraphs] == [LEAD, SECOND, THIRD]


def test_a_questioning_sentence_between_paragraphs_is_no_subhead() -> None:
    assert clean_text(f"{LEAD}\n\nBut who will pay?\n\n{SECOND}\n\n{THIRD}").subheads == ()


def test_the_last_paragraph_may_be_signed_by_an_agency() -> None:
    cleaned = clean_text(
        f"Council closes harbour bridge\nBy Ann Lee\n{LEAD}\n\n{SECOND[:-1]}, he said. (dpa)\nShare on Facebook"
    )
    assert cleaned.paragraphs[-1].text.endswith("(dpa)")


def test_a_paragraph_pasted_twice_is_read_once() -> None:
    cleaned = clean_text(f"{LEAD}\n\n{SECOND}\n\n{THIRD}\n\n{SECOND}")
    assert [part.text for part in cleaned.paragraphs] == [LEAD, SECOND, THIRD]
    assert [(line.line, line.reason) for line in cleaned.removed] == [(7, "repeated line")]


def test_hidden_characters_are_taken_out_of_words_and_lines() -> None:
    lead = LEAD.replace("bridge", "brid\u200bge")
    cleaned = clean_text(f"\u200b\u2060\n{lead}\n\n{SECOND}")
    assert cleaned.paragraphs[0].text == LEAD
    assert [(line.line, line.reason) for line in cleaned.removed] == [(1, "hidden characters")]
