"""The main job: a folder of messy files becomes a digest in which every line can be traced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.conftest import NewsbotCommand

ARTICLE = "The mill in Harl burned down on Friday.\n\nNobody was hurt, the fire brigade of Harl said.\n"


def count_articles(digest: dict[str, Any]) -> int:
    """Return how many articles the stories of a digest have."""
    return sum(len(item["story"]["articles"]) for item in digest["items"])


def test_the_sample_folder_becomes_a_digest_whose_every_bullet_quotes_its_article(
    started_newsbot: NewsbotCommand, samples: Path
) -> None:
    (digest,) = started_newsbot("digest", "--seeds", "seeds", "--json").objects
    read = {article["id"]: article for article in started_newsbot("read", "seeds", "--json").objects}
    assert count_articles(digest) >= 10
    for item in digest["items"]:
        assert item["bullets"]
        assert item["id"] in {article["id"] for article in item["story"]["articles"]}
        for bullet in item["bullets"]:
            assert (bullet["id"], bullet["sentences"]) == (
                bullet["citations"][0]["id"],
                bullet["citations"][0]["sentences"],
            )
            for citation in bullet["citations"]:
                sentences = {sentence["id"]: sentence["text"] for sentence in read[citation["id"]]["sentences"]}
                cited = " ".join(sentences[number] for number in citation["sentences"])
                assert citation["quote"]
                assert citation["quote"] in cited


def test_a_near_copy_is_merged_and_named(newsbot: NewsbotCommand, samples: Path) -> None:
    (digest,) = newsbot("digest", "--seeds", "seeds", "--json").objects
    assert digest["coverage"]["merged"] == 1
    assert ["Coastal Daily"] in [item["merged"] for item in digest["items"]]


def test_what_was_told_is_not_told_again_and_an_empty_day_says_so(newsbot: NewsbotCommand, samples: Path) -> None:
    first = newsbot("digest")
    second = newsbot("digest")
    assert "Marrow Bridge" in first.out
    assert (second.code, "Nothing new since the last digest" in second.out) == (0, True)
    assert "Marrow Bridge" not in second.out


def test_only_what_came_in_since_is_told(newsbot: NewsbotCommand, samples: Path) -> None:
    newsbot("digest")
    (samples / "late.txt").write_text(ARTICLE)
    (digest,) = newsbot("digest", "--json").objects
    assert [item["path"] for item in digest["items"]] == ["late.txt"]


def test_an_earlier_digest_can_be_told_again(newsbot: NewsbotCommand, samples: Path) -> None:
    newsbot("digest")
    (again,) = newsbot("digest", "--since", "all", "--json").objects
    assert count_articles(again) >= 10


@pytest.mark.parametrize("since", ["someday", "2999-01-01"])
def test_a_time_that_is_none_is_refused_before_anything_is_read(
    newsbot: NewsbotCommand, samples: Path, home: Path, since: str
) -> None:
    ran = newsbot("digest", "--since", since)
    assert (ran.code, ran.out) == (2, "")
    assert since in ran.err
    assert [path.name for path in home.iterdir()] == ["seeds"]


def test_more_weeks_than_there_were_mean_everything(newsbot: NewsbotCommand, samples: Path) -> None:
    (digest,) = newsbot("digest", "--since", "99999w", "--json").objects
    assert count_articles(digest) >= 10


def test_a_file_dated_1970_is_told_once(newsbot: NewsbotCommand, home: Path) -> None:
    old = home / "seeds" / "old.txt"
    old.parent.mkdir()
    old.write_text(ARTICLE)
    os.utime(old, (0, 0))
    (digest,) = newsbot("digest", "--json").objects
    assert [item["path"] for item in digest["items"]] == ["old.txt"]


def test_an_edit_is_told_as_a_new_version_of_the_same_article(newsbot: NewsbotCommand, home: Path) -> None:
    file = home / "seeds" / "mill.txt"
    file.parent.mkdir()
    file.write_text(ARTICLE)
    (first,) = newsbot("digest", "--json").objects
    file.write_text(ARTICLE.replace("Nobody was", "Two people were"))
    (second,) = newsbot("digest", "--json").objects
    assert [item["id"] for item in first["items"]] == [item["id"] for item in second["items"]]
    (item,) = second["items"]
    assert item["novelty"] == "update"
    assert [bullet["text"] for bullet in item["bullets"]] == ["Two people were hurt, the fire brigade of Harl said."]


def test_a_renamed_file_is_not_told_again(newsbot: NewsbotCommand, home: Path) -> None:
    file = home / "seeds" / "mill.txt"
    file.parent.mkdir()
    file.write_text(ARTICLE)
    newsbot("digest")
    file.rename(home / "seeds" / "other name.txt")
    (digest,) = newsbot("digest", "--json").objects
    assert digest["items"] == []


def test_proof_prints_the_sentences_a_line_rests_on(newsbot: NewsbotCommand, samples: Path) -> None:
    shown = newsbot("digest", "--seeds", "seeds", "--proof").out
    assert "s0: EDDINGHOLM — The Marrow Bridge, the only road across the Eddin estuary" in " ".join(shown.split())


def test_markdown_holds_no_live_link(newsbot: NewsbotCommand, samples: Path) -> None:
    shown = newsbot("digest", "--seeds", "seeds", "--markdown").out
    assert "## 1. " in shown
    assert "](http" not in shown


def test_hidden_instructions_reach_no_bullet(newsbot: NewsbotCommand, samples: Path) -> None:
    assert "sponsor" not in newsbot("digest", "--seeds", "seeds", "--json").out


def test_a_single_file_can_be_read_as_seeds(newsbot: NewsbotCommand, samples: Path) -> None:
    (digest,) = newsbot("digest", "--seeds", "seeds/2026-04-24-estuary-briefs.jsonl", "--json").objects
    assert [item["id"] for item in digest["items"]] == ["estuary-312", "estuary-311"]


@pytest.mark.parametrize("arguments", [("digest",), ("digest", "--json"), ("status",)])
def test_a_missing_folder_or_archive_says_what_to_do(newsbot: NewsbotCommand, arguments: tuple[str, ...]) -> None:
    ran = newsbot(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("newsbot: ")
    assert "Traceback" not in ran.err


def test_reading_a_folder_leaves_nothing_behind(newsbot: NewsbotCommand, samples: Path, home: Path) -> None:
    newsbot("digest", "--seeds", "seeds")
    assert [path.name for path in home.iterdir()] == ["seeds"]
