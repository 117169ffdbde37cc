"""Title, authors, source, address, language and dates of a page, from wherever the page states them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.articles.html import HtmlArticle, read_html
from bot.articles.html.byline import clean_names
from bot.articles.html.moments import parse_date

TITLE = "Harbour wall to be rebuilt by winter"
TEXT = "".join(
    f"<p>The members of the council heard speaker {number} out before they voted on the harbour wall once more.</p>"
    for number in range(6)
)


def read(*, head: str = "", top: str = "", data: dict[str, Any] | None = None, url: str | None = None) -> HtmlArticle:
    """Return the article of a page with this head, these elements below its headline, and this linked data."""
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if data is not None else ""
    body = f"<body><h1>{TITLE}</h1>{top}<main>{TEXT}</main></body>"
    return read_html(f"<html><head>{head}{script}</head>{body}</html>", url=url)


def news(**fields: Any) -> dict[str, Any]:
    """Return the linked data of a news article."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}


def test_the_headline_of_linked_data_is_the_title() -> None:
    assert read(data=news(headline="Council rebuilds the wall")).title == "Council rebuilds the wall"


def test_a_headline_that_only_repeats_the_title_for_search_engines_gives_way_to_the_visible_one() -> None:
    head = f"<title>Wall Harrowmere 2031</title><meta property='og:title' content='{TITLE}'>"
    assert read(head=head, data=news(headline="Wall Harrowmere 2031")).title == TITLE


@pytest.mark.parametrize("ending", [" | The Gull", " - The Gull", " – The Gull", " — gull.example", " :: The Gull"])
def test_the_name_of_the_site_is_no_part_of_the_title(ending: str) -> None:
    head = f"<meta property='og:site_name' content='The Gull'><title>Wall – and what it costs{ending}</title>"
    html = f"<html><head>{head}</head><body>{TEXT}</body></html>"
    assert read_html(html, url="https://www.gull.example/wall").title == "Wall – and what it costs"


def test_the_visible_headline_is_the_title_where_nothing_else_names_it() -> None:
    assert read().title == TITLE


def test_a_headline_cut_off_in_linked_data_is_completed() -> None:
    long_title = "The council of a town by the sea votes to rebuild its harbour wall higher than before, after a debate"
    html = (
        f"<html><head><script type='application/ld+json'>{json.dumps(news(headline=long_title[:80] + '...'))}</script>"
        f"</head><body><h1>{long_title}</h1>{TEXT}</body></html>"
    )
    assert read_html(html).title == long_title


def test_authors_are_read_from_objects_lists_and_references() -> None:
    authors = [{"@type": "Person", "name": "Ida Quill"}, {"@id": "#tom"}]
    data = {"@graph": [news(author=authors), {"@type": "Person", "@id": "#tom", "name": "Tom Brill"}]}
    assert read(data=data).byline == ("Ida Quill", "Tom Brill")


@pytest.mark.parametrize(
    ("element", "names"),
    [
        ("<p class='byline'>By Ida Quill and Tom Brill</p>", ("Ida Quill", "Tom Brill")),
        ("<a rel='author' href='/q'>Ida Quill</a>", ("Ida Quill",)),
        ("<span itemprop='author'><span itemprop='name'>Ida Quill</span></span>", ("Ida Quill",)),
        ("<p><a href='/authors/ida-quill'>Ida Quill</a></p>", ("Ida Quill",)),
        ("<p>Von Ida Quill</p>", ("Ida Quill",)),
        ("<div class='author-name'>Ida Quill, Harbour Correspondent</div>", ("Ida Quill",)),
    ],
)
def test_authors_are_read_from_the_visible_byline(element: str, names: tuple[str, ...]) -> None:
    assert read(top=element).byline == names


def test_the_paper_is_the_author_only_where_no_person_is_named() -> None:
    head = "<meta property='og:site_name' content='The Gull'><meta name='author' content='The Gull'>"
    assert read(head=head).byline == ("The Gull",)
    assert read(head=head, top="<p class='byline'>By Ida Quill</p>").byline == ("Ida Quill",)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("By Ida Quill", ("Ida Quill",)),
        ("Ida Quill (iq)", ("Ida Quill",)),
        ("Ida Quill, Tom Brill und Lu de la Mar", ("Ida Quill", "Tom Brill", "Lu de la Mar")),
        ("Ida Quill | Senior Reporter", ("Ida Quill",)),
        ("Ida Quill ida@gull.example", ("Ida Quill",)),
        ("Text: Ida Quill", ("Ida Quill",)),
        ("admin", ()),
        ("https://gull.example/ida", ()),
        ("김하늘", ("김하늘",)),
    ],
)
def test_names_are_cleaned_of_what_is_no_name(raw: str, names: tuple[str, ...]) -> None:
    assert clean_names([raw]) == names


def test_a_line_that_only_names_the_authors_is_no_paragraph() -> None:
    article = read(data=news(author={"name": "Ida Quill"}), top="<p>By Ida Quill</p>")
    assert not any("Quill" in paragraph for paragraph in article.paragraphs)


def test_source_address_and_language_are_read() -> None:
    head = "<link rel='canonical' href='/2031/wall'><meta property='og:locale' content='de_AT'>"
    article = read(head=head, data=news(publisher={"name": "Die Möwe"}), url="https://moewe.example/x?from=mail")
    assert (article.source, article.url, article.language) == ("Die Möwe", "https://moewe.example/2031/wall", "de")


def test_a_canonical_address_that_is_only_the_front_page_is_not_believed() -> None:
    head = "<link rel='canonical' href='https://moewe.example/'>"
    assert read(head=head, url="https://moewe.example/wall").url == "https://moewe.example/wall"


def test_broken_linked_data_is_mended_or_skipped() -> None:
    mended = '{"@type": "NewsArticle", "headline": "Wall\n rebuilt", "author": {"name": "Ida Quill"},}'
    html = f"<html><head><script type='application/ld+json'>{mended}</script></head><body>{TEXT}</body></html>"
    assert read_html(html).byline == ("Ida Quill",)
    assert read_html(html.replace('"author"', "author")).title is None


def test_the_publication_date_keeps_its_offset() -> None:
    article = read(data=news(datePublished="2025-03-02T00:30:00+09:00", dateModified="2025-03-03T08:00:00+09:00"))
    assert article.published_at == datetime(2025, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2025-03-02"
    assert article.modified_at is not None
    assert not article.published_day_only


def test_a_day_without_a_time_is_said_to_be_one() -> None:
    article = read(top="<p class='date'>Published on 2 March 2025</p>")
    assert (article.published_at, article.published_day_only) == (datetime(2025, 3, 2, tzinfo=UTC), True)


def test_the_day_in_the_address_wins_where_utc_is_a_day_off() -> None:
    article = read(data=news(datePublished="2025-03-02T02:30:00Z"), url="https://gull.example/2025/03/01/wall")
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2025-03-01"


def test_a_visible_local_time_gives_the_offset_of_a_time_in_utc() -> None:
    article = read(data=news(datePublished="2025-03-02T02:30:00Z"), top="<p>March 1, 2025, 9:30 p.m.</p>")
    assert article.published_at == datetime(2025, 3, 2, 2, 30, tzinfo=UTC)
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2025-03-01"


@pytest.mark.parametrize(
    ("head", "top"),
    [
        ("<meta property='article:published_time' content='2025-03-02T10:00:00+01:00'>", ""),
        ("<meta name='date' content='20250302'>", ""),
        ("", "<time datetime='2025-03-02'>today</time>"),
        ("", "<span itemprop='datePublished' content='2025-03-02'></span>"),
        ("", "<abbr class='published' title='2025-03-02T10:00'>Sunday</abbr>"),
        ("", "<div class='post-date'>02.03.2025, 10:00 Uhr</div>"),
        ("", "<p>2 de marzo de 2025</p>"),
        ("", "<p>입력 2025.03.02 10:00</p>"),
        ("", "<p>2025年3月2日 10時00分</p>"),
        ("", "<p>Niedziela, 2 marca 2025</p>"),
    ],
)
def test_the_publication_date_is_found_wherever_it_stands(head: str, top: str) -> None:
    article = read(head=head, top=top)
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2025-03-02"


def test_a_page_without_a_date_has_none() -> None:
    assert read().published_at is None


@pytest.mark.parametrize(
    ("text", "moment", "day_only"),
    [
        ("2025-03-02T10:15:00.123Z", "2025-03-02T10:15:00+00:00", False),
        ("2025-03-02 10:15:00 +0530", "2025-03-02T10:15:00+05:30", False),
        ("Sun, 02 Mar 2025 10:15:00 -0300", "2025-03-02T10:15:00-03:00", False),
        ("1740910500", "2025-03-02T10:15:00+00:00", False),
        ("March 2nd, 2025", "2025-03-02T00:00:00+00:00", True),
        ("2. März 2025", "2025-03-02T00:00:00+00:00", True),
        ("02-Mar-25", "2025-03-02T00:00:00+00:00", True),
        ("(Haru, 2 marzo 25)", "2025-03-02T00:00:00+00:00", True),
        ("3/13/2025", "2025-03-13T00:00:00+00:00", True),
        ("13/3/2025", "2025-03-13T00:00:00+00:00", True),
    ],
)
def test_dates_are_parsed_in_many_notations(text: str, moment: str, day_only: bool) -> None:
    assert parse_date(text) == (datetime.fromisoformat(moment), day_only)


@pytest.mark.parametrize(
    "text",
    ["", "no date here", "31.02.2025", "99/99/9999", "1850-01-01", "tel. 030 1234567", "on 2 March 25 people met"],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert parse_date(text) is None


def test_a_korean_page_gives_its_reporter_and_no_reporter_line() -> None:
    sentence = "하루시 의회는 화요일 밤 긴 토론 끝에 폭풍으로 무너진 방파제를 다시 쌓기로 결정했다고 서기가 밝혔다."
    text = "<br><br>".join(f"{sentence} {number}" for number in range(5))
    html = (
        "<html lang='ko'><body><h2 class='headline'>하루시, 방파제 다시 쌓는다</h2>"
        "<span class='reporter_name'>김하늘 기자</span>"
        f"<div id='article_body'>{text}<br><br>김하늘 기자 sky@haru.example<br><br>"
        "&lt;저작권자 하루일보, 무단 전재 및 재배포 금지&gt;</div></body></html>"
    )
    article = read_html(html)
    assert article.byline == ("김하늘",)
    assert article.paragraphs == tuple(f"{sentence} {number}" for number in range(5))


def test_the_linked_data_of_the_page_itself_is_used_among_that_of_others() -> None:
    other = news(
        headline="Bakery closes after sixty years", author="Tom Brill", datePublished="2024-01-01", publisher="x"
    )
    data = {"@graph": [other, news(headline="Harbour wall to be rebuilt", author="Ida Quill")]}
    article = read(head="<title>Harbour wall to be rebuilt | The Gull</title>", data=data)
    assert article.byline == ("Ida Quill",)
