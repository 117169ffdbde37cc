"""Each kind of text file gives its articles and what it states about them; what is no article is refused by name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.articles.building import build_articles
from bot.articles.formats import parse_file
from bot.articles.raw import RawArticle
from bot.errors import BadArticle
from bot.model import Article

KOREA = timezone(timedelta(hours=9))
BODY = (
    "The mayor of Ostrava Bay opened the river bridge on Monday. It had been closed for eleven years.\n\n"
    "Maria Kolar, a baker, said the opening would double her sales. The council expects 4,000 cars a day."
)


def only(data: bytes | str, path: str) -> RawArticle:
    """Return the one item of a file."""
    found = parse_file(data.encode() if isinstance(data, str) else data, path)
    assert len(found) == 1
    assert found.problems == ()
    return found[0]


def article(data: bytes | str, path: str) -> Article:
    """Return the one article of a file."""
    built = build_articles(parse_file(data.encode() if isinstance(data, str) else data, path), path=path, collection="")
    assert len(built) == 1
    return built[0]


def refusal(data: bytes, path: str) -> str:
    """Return the reason a file is refused with."""
    with pytest.raises(BadArticle) as caught:
        build_articles(parse_file(data, path), path=path, collection="")
    return str(caught.value)


# -- what a file is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        (b"", "a.txt", "is empty"),
        (b"\xef\xbb\xbf \r\n\t", "a.md", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "a.txt", "is a PNG picture"),
        (b"MZ\x90\0" + bytes(90), "a.txt", "is a Windows program"),
        (b"\x7fELF" + bytes(90), "a.html", "is a program"),
        (b"\x1f\x8b\x08" + bytes(90), "a.json", "is a gzip archive"),
        (b"PK\x03\x04" + bytes(90), "a.txt", "is a zip archive"),
        (b"{\\rtf1\\ansi text}", "a.txt", "is an RTF document"),
        (b"{\\rtf1\\ansi text}", "a.rtf", "is an RTF document"),
        (b"a,b,c\n1,2,3\n", "a.csv", "has the extension .csv"),
        (bytes(range(256)) * 8, "a.txt", "is not text"),
        (b"plain words only", "a.pdf", "is not a PDF"),
        (b"plain words only", "a.docx", "is not a Word document"),
        (b"plain words only\n", "a.eml", "is not an e-mail"),
        (b"plain words only", "a.xml", "is not XML"),
        (b"<?xml version='1.0'?><note>plain</note>", "a.xml", "neither an RSS nor an Atom feed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "a.docx", "is an old Office document"),
        (b"word", "a.txt", "too short to be an article: 1 word"),
        (b"%PDF-1.7 and then nothing", "a.txt", "is a damaged PDF"),
    ],
)
def test_what_is_no_article_is_refused_with_what_it_is(data: bytes, path: str, reason: str) -> None:
    assert reason in refusal(data, path)


def test_every_refusal_of_a_kind_says_which_kinds_are_read() -> None:
    assert "save it as txt, md, html, pdf, docx, eml, json, jsonl" in refusal(b"x y z", "a.odt")


@pytest.mark.parametrize("text", ["MZ was the brand of the motorcycle.", "BMI fell by two points in May."])
def test_a_text_that_begins_like_a_program_or_picture_is_still_a_text(text: str) -> None:
    assert article(text, "a.txt").body == text


def test_a_page_named_txt_is_read_as_a_page() -> None:
    paragraphs = "".join(f"<p>{BODY} Day {day} of the works.</p>" for day in range(5))
    page = f"<!DOCTYPE html><html><body><article><h1>Bridge opens</h1>{paragraphs}</article></body></html>"
    assert "<p>" not in article(page, "a.txt").body


def test_a_text_named_html_is_read_as_a_text() -> None:
    assert article("Hello World. My name is Jonas.", "a.html").body == "Hello World. My name is Jonas."


# -- text and Markdown -------------------------------------------------------------------------------------------


def test_a_text_of_two_sentences_is_an_article_of_two_sentences() -> None:
    made = article("Hello World. My name is Jonas.\n", "a.txt")
    assert [sentence.text for sentence in made.sentences] == ["Hello World.", "My name is Jonas."]


def test_front_matter_states_the_metadata_and_is_listed_as_removed() -> None:
    made = article(
        "---\ntitle: Bridge opens\nauthors: [Jana Novak, Petr Maly]\ndate: 2024-03-04T10:30:00+09:00\n"
        f"source: The Bay Courier\nurl: https://example.org/a\ntags: [bridge]\nlang: en\n---\n\n{BODY}\n",
        "a.md",
    )
    assert made.title == "Bridge opens"
    assert made.byline == ("Jana Novak", "Petr Maly")
    assert made.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)
    assert made.source == "The Bay Courier"
    assert made.url == "https://example.org/a"
    assert "title" not in made.body
    assert [line.line for line in made.removed if line.reason == "front matter"] == list(range(1, 10))


def test_a_date_without_a_time_is_known_to_be_a_day() -> None:
    made = only(f"---\ntitle: Bridge\ndate: 2024-03-04\n---\n{BODY}", "a.md")
    assert (made.published_at, made.published_day_only) == (datetime(2024, 3, 4, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "date",
    [
        "2024-03-04T10:30+0900",
        "Mon, 4 Mar 2024 10:30 +0900",
        "March 4, 2024 10:30 AM KST",
        "1709515800",
        "1709515800000",
    ],
)
def test_dates_are_read_as_people_and_programs_write_them(date: str) -> None:
    made = only(f"---\ntitle: Bridge\ndate: {date}\n---\n{BODY}", "a.md")
    assert made.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)


def test_front_matter_that_is_no_yaml_is_read_line_by_line_and_its_fault_is_named() -> None:
    made = only(f"---\ntitle: Bridge: the last mile\nauthor: Jana Novak\n---\n{BODY}", "a.md")
    assert made.title == "Bridge: the last mile"
    assert made.byline == ("Jana Novak",)
    assert made.removed[0].reason.startswith("front matter (not valid YAML")


def test_a_wrong_value_in_front_matter_costs_that_value_only() -> None:
    made = only(f"---\ntitle: [a, b]\nauthor: Jana Novak\ndate: soon\n---\n{BODY}", "a.md")
    assert made.title is None
    assert made.published_at is None
    assert made.byline == ("Jana Novak",)


def test_several_articles_with_front_matter_in_one_file_are_several_articles() -> None:
    found = parse_file(f"---\ntitle: One\n---\n{BODY}\n---\ntitle: Two\n---\n{BODY}\n".encode(), "a.md")
    assert [(raw.title, raw.item) for raw in found] == [("One", 1), ("Two", 2)]


def test_rules_in_a_text_divide_nothing() -> None:
    assert len(parse_file(f"{BODY}\n---\nMore of it: a word.\n---\n{BODY}\n".encode(), "a.md")) == 1


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    made = article(
        "# Bridge *opens*\n\nThe **mayor** of [Ostrava Bay](https://example.org/(bay)) opened it. "
        "Tolls are 5*3 crowns, said `snake_case_name`.\n\n![The new bridge](bridge.png)\n\n## What comes next\n\n"
        "> It was time, said Maria Kolar.\n\n- The toll falls in May.\n\n---\n\nCars first, boats <b>later</b>.\n",
        "a.md",
    )
    assert made.title == "Bridge opens"
    assert made.paragraphs == (
        "The mayor of Ostrava Bay opened it. Tolls are 5*3 crowns, said snake_case_name.",
        "It was time, said Maria Kolar.",
        "The toll falls in May.",
        "Cars first, boats later.",
    )
    assert made.subheads == ("What comes next",)
    assert made.captions == ("The new bridge",)


def test_a_heading_that_repeats_the_stated_title_is_removed() -> None:
    made = article(f"---\ntitle: Bridge opens\n---\n# Bridge opens\n\n{BODY}", "a.md")
    assert made.title == "Bridge opens"
    assert "Bridge opens" not in made.body
    assert made.subheads == ()


# -- JSON --------------------------------------------------------------------------------------------------------


def test_a_line_of_json_states_everything_about_its_article() -> None:
    row = {
        "id": "x-1",
        "title": "Bridge opens",
        "text": BODY,
        "url": "https://example.org/a",
        "source": "The Bay Courier",
        "published_at": "2024-03-04T10:30:00+09:00",
    }
    made = article(json.dumps(row), "a.jsonl")
    assert made.id == "x-1"
    assert made.title == "Bridge opens"
    assert made.source == "The Bay Courier"
    assert made.url == "https://example.org/a"
    assert made.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)
    assert made.body == BODY


@pytest.mark.parametrize("text_field", ["body", "content", "doc", "articleBody", "content_text"])
def test_the_text_goes_by_many_names(text_field: str) -> None:
    assert article(json.dumps({text_field: BODY}), "a.jsonl").body == BODY


def test_headline_dates_and_authors_go_by_many_names() -> None:
    row = {
        "headline": "Bridge opens",
        "pubDate": "Mon, 04 Mar 2024 10:30:00 +0900",
        "creator": "By Jana Novak",
        "doc": BODY,
    }
    made = only(json.dumps(row | {"doc": BODY}), "a.jsonl")
    assert (made.title, made.byline) == ("Bridge opens", ("Jana Novak",))
    assert made.published_at == datetime(2024, 3, 4, 10, 30, tzinfo=KOREA)


def test_one_bad_line_costs_that_line_only() -> None:
    lines = [
        '{"text": "The bridge is open."}',
        "{not json",
        "",
        '{"title": "no text"}',
        "7",
        '{"text": "The toll is up."}',
    ]
    found = parse_file("\n".join(lines).encode(), "a.jsonl")
    assert [raw.item for raw in found] == [1, 6]
    assert [problem.item for problem in found.problems] == [2, 4, 5]
    assert "not valid JSON" in found.problems[0].reason
    assert 'a field "text"' in found.problems[1].reason
    assert "a number" in found.problems[2].reason


def test_a_file_whose_every_line_is_bad_is_refused_with_the_first_reason() -> None:
    assert "item 1 is not valid JSON" in refusal(b"{bad\n{worse\n", "a.jsonl")


@pytest.mark.parametrize(
    "value",
    [
        {"text": BODY},
        [{"text": BODY}],
        {"articles": [{"text": BODY}]},
        {"items": [{"content_html": f"<p>{BODY}</p>"}], "version": "https://jsonfeed.org/version/1.1", "title": "Bay"},
        {"status": "ok", "articles": [{"content": BODY, "source": {"id": None, "name": "Bay"}}]},
        BODY,
    ],
)
def test_json_is_one_article_a_list_or_a_wrapped_list(value: object) -> None:
    made = article(json.dumps(value if not isinstance(value, str) else [value], indent=1), "a.json")
    assert made.body.startswith("The mayor of Ostrava Bay")


def test_the_title_of_a_json_feed_is_the_source_of_its_items() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": "Bay Wire",
        "items": [{"id": "1", "content_text": BODY}],
    }
    assert only(json.dumps(feed), "a.json").source == "Bay Wire"


def test_json_lines_named_json_and_json_named_jsonl_are_read() -> None:
    assert len(parse_file(b'{"text": "The bridge is open."}\n{"text": "The toll is up."}\n', "a.json")) == 2
    assert len(parse_file(b'[\n {"text": "The bridge is open."},\n {"text": "The toll is up."}\n]', "a.jsonl")) == 2


def test_truncated_json_is_refused_with_the_place() -> None:
    assert "it may be cut off" in refusal(b'{"text": "The bridge is', "a.json")


def test_deeply_nested_json_is_refused() -> None:
    assert "nested too deeply" in refusal(b"[" * 100_000, "a.json")


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert "not valid JSON" in refusal(b'{"id": ' + b"9" * 10_000 + b', "text": "The bridge is open."}', "a.json")


def test_lone_surrogates_in_json_become_replacement_characters() -> None:
    made = article('{"id": "a\\ud800", "text": "The bridge\\udc00 is open."}', "a.jsonl")
    made.id.encode()
    made.body.encode()


def test_a_list_of_strings_is_a_list_of_paragraphs() -> None:
    assert article(json.dumps({"text": ["The bridge is open.", "The toll is up."]}), "a.jsonl").paragraphs == (
        "The bridge is open.",
        "The toll is up.",
    )


def test_html_in_a_field_loses_its_tags() -> None:
    assert article(
        json.dumps({"content": "<p>The bridge &amp; the toll.</p><p>Both <b>new</b>.</p>"}), "a.jsonl"
    ).paragraphs == (
        "The bridge & the toll.",
        "Both new.",
    )
