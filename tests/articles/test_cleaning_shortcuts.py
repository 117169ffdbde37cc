"""The shortcuts of the cleaner: a cheap test may only pass over a line that the full one would not match."""

from __future__ import annotations

import re

import pytest

from bot.articles.cleaning import bylines, captions
from bot.articles.cleaning.blocks import Block
from bot.articles.cleaning.bylines import read_byline
from bot.articles.cleaning.captions import has_photo_credit, is_marked_caption
from bot.articles.cleaning.patterns import find_parts, match_pattern
from bot.articles.cleaning.phrases import PHRASES

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@pytest.mark.parametrize("text", [
    "It was the mayor's re-opened U.S. ferry.", "a--b -c- d.e .f g_h 12.5 3,4 'x' o'k", "- . ' --", "A", "a-b-c-d",
    "3-1 up -2 - 2", "x.-y x-.y",
])  # fmt: skip
def test_words_of_ascii_text_are_counted_as_the_expression_finds_them(text: str) -> None:
    assert Block(1, 1, text).words == len(WORD.findall(text))


@pytest.mark.parametrize("end", [
    "(Reuters)", "[Photo by Ann Lee]", "Photo: Ann Lee", "Photograph: Ann Lee.", "REUTERS/Ann Lee", "/Harrowpost",
    "AP-Yonhap", "Photo credit: A. Lee", "— Foto: Ann Lee", "Reuters", "Crédit photo : Ann Lee",
    "Image courtesy of Ann",
])  # fmt: skip
def test_a_credit_at_the_end_of_a_plain_line_is_worth_the_search(end: str) -> None:
    line = f"The harbour bridge of Harrow was closed on Monday. {end}"
    assert Block(1, 1, line).is_plain
    assert captions._CREDIT_END.search(line)
    assert has_photo_credit(Block(1, 1, line), closes_article=False)


@pytest.mark.parametrize("mark", [
    "By", "Written by", "Story by", "Words by", "Reported by", "Posted by", "Text:", "Analysis by", "Opinion by",
    "Article by", "Reviewed by", "Published by", "Compiled by", "Authored by", "Interview by", "Photographs by",
    "Authors:", "Byline:", "Writer:", "Reporter:", "Von", "Autorin:", "Par", "Publié par", "Écrit par",
    "Propos recueillis par", "Auteure:", "Por", "Escrito por", "Reportagem de", "Redacción:", "Texto:", "Di",
    "A cura di", "Scritto da", "Testo di", "Autore:", "Door", "Av", "Af",
])  # fmt: skip
def test_every_mark_of_a_byline_in_latin_letters_is_tried(mark: str) -> None:
    assert bylines._MARK.match(f"{mark} Ann Lee")
    found = read_byline(f"{mark} Ann Lee")
    assert found is not None
    assert found.names == ("Ann Lee",)


@pytest.mark.parametrize("mark", ["Image caption", "Media caption", "Photo caption", "Caption", "Bildunterschrift",
                                  "Bildbeschreibung", "Bild vergrößern", "Légende", "Pie de foto", "Legenda",
                                  "Didascalia"])  # fmt: skip
def test_every_mark_of_a_caption_in_latin_letters_is_tried(mark: str) -> None:
    assert is_marked_caption(Block(1, 1, f"{mark}: the old bridge"))


def test_every_phrase_that_counts_anywhere_is_found_by_a_sign_of_it() -> None:
    assert [part for part, _ in PHRASES.parts if (part, label_of(part)) not in find_parts(f"so {part} it is")] == []


def label_of(part: str) -> str:
    return next(label for phrase, label in PHRASES.parts if phrase == part)


def test_the_parts_of_a_page_count_only_in_the_lines_that_hold_them() -> None:
    parts = find_parts("the ferry is back\nall rights reserved, harrow post")
    assert match_pattern(Block(1, 1, "The ferry is back"), parts) is None
    assert match_pattern(Block(2, 2, "Harrow Post, all rights reserved"), parts) is not None
