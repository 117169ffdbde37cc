"""Raw items become articles with an identity, a version, a language and sentences that stand where they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.articles.building import build_articles, canonical_url
from bot.articles.raw import ItemProblem, RawArticle, RawArticles
from bot.errors import BadArticle
from bot.model import Article

BODY = (
    "The mayor of Ostrava Bay opened the river bridge on Monday. It had been closed for eleven years.\n\n"
    "Maria Kolar, a baker, said the opening would double her sales. The council expects 4,000 cars a day."
)


def build(raw: RawArticle, path: str = "bay/bridge.txt") -> Article:
    """Return the one article of an item."""
    (made,) = build_articles([raw], path=path, collection="bay")
    return made


# -- sentences ---------------------------------------------------------------------------------------------------


def test_every_sentence_stands_in_the_body_where_it_says() -> None:
    made = build(RawArticle(text=BODY, title="Bridge opens"))
    assert len(made.sentences) == 4
    assert [made.body[sentence.start : sentence.end] for sentence in made.sentences] == [
        sentence.text for sentence in made.sentences
    ]
    assert [sentence.index for sentence in made.sentences] == [0, 1, 2, 3]
    assert [sentence.paragraph for sentence in made.sentences] == [0, 0, 1, 1]


def test_no_sentence_reaches_over_a_paragraph_without_a_full_stop() -> None:
    made = build(RawArticle(paragraphs=("The bridge is open to all", "the toll is up again")))
    assert [sentence.text for sentence in made.sentences] == ["The bridge is open to all", "the toll is up again"]


def test_a_paragraph_with_line_breaks_is_one_paragraph() -> None:
    assert build(RawArticle(paragraphs=("The bridge\n\nis  open.", " ", "The toll is up."))).paragraphs == (
        "The bridge is  open.",
        "The toll is up.",
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("시장은 어제 새 다리의 개통을 발표했다. 주민들은 환영한다고 말했다.", "ko"),
        ("市長は昨日、新しい橋の開通を発表した。住民は喜んでいる。", "ja"),
        ("Мэр вчера объявил об открытии нового моста. Жители довольны этим решением.", "ru"),
        (BODY, "en"),
    ],
)
def test_the_language_is_detected(text: str, language: str) -> None:
    assert build(RawArticle(text=text)).language == language


def test_a_stated_language_wins() -> None:
    assert build(RawArticle(text=BODY, language="en-GB")).language == "en"
    assert build(RawArticle(text="Hej alle sammen.", language="da")).language == "da"


def test_a_stated_language_of_another_script_is_passed_over() -> None:
    assert (
        build(RawArticle(text="시장은 어제 새 다리의 개통을 발표했다. 주민들은 환영했다.", language="en")).language
        == "ko"
    )
    assert build(RawArticle(text=BODY, language="ko")).language == "en"


def test_lines_that_end_with_a_bare_carriage_return_are_lines() -> None:
    assert build(RawArticle(text=f"Bridge opens\r\r{BODY}".replace("\n", "\r"))).title == "Bridge opens"


def test_a_stated_language_that_is_none_is_passed_over() -> None:
    assert build(RawArticle(text=BODY, language="English")).language == "en"


# -- what is stated and what is found ------------------------------------------------------------------------------


def test_what_is_stated_wins_over_what_the_text_says() -> None:
    moment = datetime(2024, 3, 4, 10, 30, tzinfo=UTC)
    text = f"Bridge opens\nBy Petr Maly\nUpdated: 2023-01-02 09:00\n\n{BODY}"
    made = build(RawArticle(text=text, title="Bridge opens", byline=("Jana Novak",), published_at=moment))
    assert made.title == "Bridge opens"
    assert made.byline == ("Jana Novak",)
    assert made.published_at == moment
    assert made.body == BODY


def test_a_stated_title_is_not_repeated_in_the_body() -> None:
    made = build(RawArticle(paragraphs=("“Bridge” opens", "The bridge is open."), title='"Bridge" opens'))
    assert made.body == "The bridge is open."
    assert [(line.text, line.reason) for line in made.removed] == [("“Bridge” opens", "repeats the title")]


def test_a_title_that_is_only_a_hint_fills_a_gap() -> None:
    assert build(RawArticle(text="The bridge is open to all cars.", title_hint="Bridge opens")).title == "Bridge opens"


def test_a_date_in_the_future_is_kept_as_stated() -> None:
    moment = datetime(2099, 1, 1, tzinfo=UTC)
    assert build(RawArticle(text=BODY, published_at=moment)).published_at == moment


# -- identity ------------------------------------------------------------------------------------------------------


def test_a_given_id_is_kept_verbatim() -> None:
    assert build(RawArticle(text=BODY, given_id="Row 7/ä", url="https://example.org/a")).id == "Row 7/ä"


def test_the_identity_is_the_address_else_the_path_else_the_item() -> None:
    with_url = RawArticle(text=BODY, url="https://example.org/a")
    assert build(with_url, "a.txt").id == build(with_url, "b.txt").id
    without = RawArticle(text=BODY)
    assert build(without, "a.txt").id != build(without, "b.txt").id
    assert build(replace(without, item=1)).id != build(replace(without, item=2)).id


def test_two_items_of_one_id_get_ids_of_their_own() -> None:
    raw = RawArticle(text=BODY, given_id="x")
    assert [made.id for made in build_articles([raw, raw, raw], path="a.jsonl", collection="")] == ["x", "x-2", "x-3"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/b",
        "http://example.org/a/b/",
        "https://www.example.org/a/b#top",
        "https://m.example.org/a/b?utm_source=x&fbclid=1",
        "https://EXAMPLE.org:443/a/b?gclid=2",
    ],
)
def test_links_to_one_page_have_one_address(url: str) -> None:
    assert canonical_url(url) == "example.org/a/b"


def test_parameters_that_name_the_page_stay() -> None:
    assert canonical_url("https://example.org/read?no=7&id=3") == "example.org/read?id=3&no=7"


@pytest.mark.parametrize("url", ["http://[broken", "https://example.org:99999999/", "https:///"])
def test_a_broken_address_is_an_address_still(url: str) -> None:
    build(RawArticle(text=BODY, url=url))


def test_the_version_changes_with_what_is_read_and_with_nothing_else() -> None:
    raw = RawArticle(text=BODY, title="Bridge opens")
    version = build(raw).version
    assert build(raw, "elsewhere.txt").version == version
    assert build(replace(raw, url="https://example.org/a", item=4)).version == version
    assert build(replace(raw, text=BODY.replace("\n", "\r\n"))).version == version
    assert build(replace(raw, title="Bridge closes")).version != version
    assert build(replace(raw, text=BODY + " And boats.")).version != version


# -- what is no article --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["word", " word. ", "橋。", "... --- !!!"])
def test_a_single_word_is_no_article(text: str) -> None:
    with pytest.raises(BadArticle, match="too short"):
        build(RawArticle(text=text))


@pytest.mark.parametrize("text", ["Two words.", "橋が開通した。", "다리 개통.", "สะพานเปิดแล้ว"])
def test_a_short_sentence_is_an_article(text: str) -> None:
    assert build(RawArticle(text=text)).body == text


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b\u200b"])
def test_a_text_of_nothing_is_no_article(text: str) -> None:
    with pytest.raises(BadArticle):
        build(RawArticle(text=text))


def test_a_text_longer_than_any_article_is_refused() -> None:
    with pytest.raises(BadArticle, match="split it"):
        build(RawArticle(text="The bridge. " * 200_000))


def test_an_item_that_is_none_costs_only_itself() -> None:
    raws = RawArticles(
        [RawArticle(text="word", item=1), RawArticle(text=BODY, item=3)], problems=[ItemProblem(item=2, reason="bad")]
    )
    made = build_articles(raws, path="a.jsonl", collection="")
    assert len(made) == 1
    assert [problem.item for problem in made.problems] == [1, 2]


def test_hidden_characters_do_not_reach_an_article() -> None:
    made = build(
        RawArticle(
            paragraphs=("The \u202ebridge\u200b is\U000e0041 open.",), title="Bri\u200bdge\nopens", byline=("A\u202eB",)
        )
    )
    assert (made.body, made.title, made.byline) == ("The bridge is open.", "Bridge opens", ("AB",))


def test_a_pages_subheads_are_among_its_paragraphs_and_no_sentences() -> None:
    paragraphs = ("The mill burned down.", "What happened next?", "The town rebuilt it.")
    raw = RawArticle(paragraphs=paragraphs, subheads=("What happened next?",))
    (article,) = build_articles([raw], path="mill.html", collection="")
    assert article.paragraphs == paragraphs
    assert [sentence.text for sentence in article.sentences] == ["The mill burned down.", "The town rebuilt it."]
    assert all(article.body[sentence.start : sentence.end] == sentence.text for sentence in article.sentences)
