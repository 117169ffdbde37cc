"""`newsbot stories`: any files in, an event, a storyline and the original of each out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.scenarios.conftest import NewsbotCommand
from tests.stories.stories_parts import BAKERS, QUAKE_AT_MARREN, QUAKE_AT_SELBY, groups_of

ALL = (*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS)
COPY_OF = 4


def write_news(home: Path) -> Path:
    rows = [{"id": f"n{number}", "text": body} for number, body in enumerate((*ALL, ALL[COPY_OF]))]
    file = home / "news.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_articles_of_a_file_are_sorted_into_events_with_their_copies(newsbot: NewsbotCommand, home: Path) -> None:
    ran = newsbot("stories", str(write_news(home)), "--json")
    assert ran.code == 0
    assert [set(row) for row in ran.objects] == [{"id", "event", "storyline", "duplicate_of"}] * 8
    assert groups_of([row["event"] for row in ran.objects]) == [{0, 1, 2}, {3, 4, 7}, {5, 6}]
    assert [row["duplicate_of"] for row in ran.objects] == [None] * 7 + ["n4"]
    assert newsbot("stories", str(home / "news.jsonl"), "--json").objects == ran.objects


def test_people_see_headlines_under_storylines_and_what_could_not_be_read(newsbot: NewsbotCommand, home: Path) -> None:
    write_news(home)
    (home / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    ran = newsbot("stories", "news.jsonl", "broken.pdf")
    assert ran.code == 0
    assert "8 articles · 3 events" in ran.out
    assert "broken.pdf" in ran.err


def test_nothing_found_is_said(newsbot: NewsbotCommand, home: Path) -> None:
    (home / "empty").mkdir()
    ran = newsbot("stories", "empty", "--json")
    assert (ran.code, ran.out) == (1, "")


def test_the_sample_folder_keeps_its_stories_from_one_start_to_the_next(newsbot: NewsbotCommand, samples: Path) -> None:
    first = newsbot("stories", "seeds", "--json").objects
    assert len(first) >= 10
    assert newsbot("stories", "seeds", "--json").objects == first
