"""Rows of the search index: the terms of an article, sentence by sentence, and what a query finds in them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import stopwordsiso

from bot.storage.passages import FORMAT_VERSION, SECTION_SENTENCES, cut_sections, match_section, show_passage
from bot.text.stop_words import stop_words
from tests.storage.archive_parts import make_article


def test_a_section_has_a_line_for_each_sentence_and_one_for_what_stands_beside_them() -> None:
    article = make_article("a", "The ferry sank. Nobody drowned.", title="Ferries in Oldport")
    [section] = cut_sections(replace(article, deck="Harbour closed", key_points=("Fourteen divers search",)), 3)
    assert section.row == 3 * 1024
    assert section.title == "ferri oldport"
    assert section.body.split("\n") == ["ferri sank", "nobodi drown", "harbour close fourteen diver search"]
    # Words that no query asks for count in the length all the same.
    assert section.size == 13


def test_words_between_sentences_are_indexed_and_belong_to_none() -> None:
    article = make_article("a", "The ferry sank. DIVERS Nobody drowned.")
    first, second = article.sentences
    beside = replace(second, start=second.start + len("DIVERS "), text="Nobody drowned.")
    [section] = cut_sections(replace(article, sentences=(first, beside)), 0)
    assert section.body.split("\n") == ["ferri sank", "nobodi drown", "diver"]


def test_a_sentence_without_words_keeps_its_place() -> None:
    article = make_article("a", "The ferry sank. ***. Nobody drowned.")
    [section] = cut_sections(article, 0)
    match = match_section(section, {"drown": 1.0}, total=1.0)
    assert show_passage(article, 0, match.best).sentence == "Nobody drowned."


def test_an_article_that_was_not_split_is_one_sentence() -> None:
    article = replace(make_article("a", "The ferry sank. Nobody drowned."), sentences=())
    [section] = cut_sections(article, 0)
    match = match_section(section, {"drown": 1.0, "sank": 1.0}, total=4.0)
    assert (match.best, match.coverage, match.density) == (0, 0.5, 0.5)
    assert show_passage(article, 0, match.best).sentence == article.body


def test_the_best_sentence_of_a_later_section_is_found_in_the_article() -> None:
    body = " ".join(f"Boat {number} left." for number in range(SECTION_SENTENCES + 5)) + " The ferry sank."
    article = make_article("a", body)
    _, second = cut_sections(article, 0)
    match = match_section(second, {"ferri": 2.0, "sank": 1.0}, total=3.0)
    passage = show_passage(article, 1, match.best)
    assert passage.sentence == "The ferry sank."
    assert passage.sentence_index == SECTION_SENTENCES + 5
    assert match.density == 1.0


def test_the_title_counts_for_coverage_and_not_for_the_best_sentence() -> None:
    [section] = cut_sections(make_article("a", "It sank. Nobody drowned.", title="The ferry"), 0)
    match = match_section(section, {"ferri": 1.0, "sank": 1.0}, total=2.0)
    assert (match.best, match.coverage, match.density) == (0, 1.0, 0.5)


def test_of_equal_sentences_the_one_beside_the_rest_of_the_query_is_best() -> None:
    [section] = cut_sections(make_article("a", "A ferry left. It was noon. A ferry left. The harbour closed."), 0)
    assert match_section(section, {"ferri": 1.0, "harbour": 1.0}, total=2.0).best == 2


def test_other_stop_words_need_another_format_version() -> None:
    lists = [f"{one}: {' '.join(sorted(stop_words(one)))}" for one in sorted({"en", *stopwordsiso.langs()})]
    digest = hashlib.sha256("\n".join(lists).encode()).hexdigest()[:16]
    assert (FORMAT_VERSION, digest) == (4, "3e29425520a9047e"), (
        "the index holds no stop words: give it a new FORMAT_VERSION"
    )
