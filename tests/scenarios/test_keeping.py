"""Backup, restore, export, feeds and checks from the command line, as an operator uses them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.scenarios.conftest import NewsbotCommand

ALONE = {"NEWSBOT_WEB__ENABLED": "false"}


def test_what_was_backed_up_comes_back_and_nothing_is_told_twice(newsbot: NewsbotCommand, samples: Path) -> None:
    assert "Marrow Bridge" in newsbot("digest").out
    assert newsbot("backup", "kept.db").code == 0
    for file in (samples.parent / "data").iterdir():
        file.unlink()
    done = newsbot("restore", "kept.db")
    assert done.code == 0
    assert "Restored" in done.out
    assert "12 articles, 1 digest" in done.out
    assert "Nothing new since the last digest" in newsbot("digest").out


def test_a_bad_backup_is_refused_in_one_line(newsbot: NewsbotCommand, samples: Path) -> None:
    newsbot("digest")
    (samples.parent / "bad.db").write_text("not a database " * 100)
    for name, said in (("bad.db", "damaged"), ("none.db", "There is no backup")):
        done = newsbot("restore", name)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert said in done.err


def test_an_export_holds_every_article_with_its_summary_and_every_digest(
    newsbot: NewsbotCommand, samples: Path
) -> None:
    newsbot("digest")
    lines = newsbot("export").objects
    articles = [line for line in lines if line["kind"] == "article"]
    digests = [line for line in lines if line["kind"] == "digest"]
    assert (len(articles), len(digests)) == (12, 1)
    assert all(line["summary"]["bullets"] and line["event"] for line in articles if not line["duplicate_of"])
    assert "Marrow Bridge" in digests[0]["text"]
    assert newsbot("export", "--since", "2030-01-01").code in (0, 2)
    assert [line["kind"] for line in newsbot("export", "--since", "1h").objects].count("article") == 12
    assert "12 articles and 1 digest were written to all.jsonl" in newsbot("export", "all.jsonl").out
    written = [json.loads(line) for line in (samples.parent / "all.jsonl").read_text().splitlines()]
    assert written == lines
    assert "exists already" in newsbot("export", "all.jsonl").err


def test_restoring_is_refused_while_the_bot_runs(
    newsbot: NewsbotCommand, samples: Path, environment: dict[str, str]
) -> None:
    newsbot("digest")
    newsbot("backup", "kept.db")
    with (samples.parent / "log").open("wb") as log:
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=samples.parent, env={**environment, **ALONE}, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while newsbot("status", "--alive").code != 0:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        refused = newsbot("restore", "kept.db")
        assert refused.code == 2
        assert "stop it first" in refused.err
        assert newsbot("export").code == 0
    finally:
        bot.terminate()
        assert bot.wait(60) == 0


def test_fetching_without_a_feed_says_what_to_do(newsbot: NewsbotCommand, samples: Path) -> None:
    done = newsbot("fetch")
    assert done.code == 2
    assert "feeds.opml" in done.err
    assert "NEWSBOT_FETCH__FEEDS" in done.err


def test_each_feed_gets_a_line_also_in_the_status(newsbot: NewsbotCommand, samples: Path) -> None:
    feeds = {
        "NEWSBOT_FETCH__FEEDS": "http://127.0.0.1/rss http://localhost/rss http://169.254.169.254/ ftp://x.example"
    }
    done = newsbot("fetch", env=feeds)
    assert done.code == 1
    assert done.out.count("FAILED") == 4
    assert done.out.count("points into a private network") == 3
    assert all(not line["works"] for line in newsbot("fetch", "--json", env=feeds).objects)
    newsbot("digest")
    status = newsbot("status", env=feeds).out
    assert "4 feeds, of which 0 work" in status
    assert "points into a private network" in " ".join(status.split())


def test_the_check_looks_at_feeds_tokens_and_the_web_page(newsbot: NewsbotCommand, samples: Path) -> None:
    done = newsbot("check", env={**ALONE, "NEWSBOT_FETCH__FEEDS": "http://localhost:9/rss"})
    assert done.code == 0
    assert "names port 9" in done.out
    swapped = {"SLACK_BOT_TOKEN": "xapp-1-A-1-a", "SLACK_APP_TOKEN": "xoxb-1-a"}
    done = newsbot("check", env={**ALONE, **swapped})
    assert done.code == 2
    assert "may have been swapped" in " ".join(done.out.split())
    done = newsbot("check", env={"NEWSBOT_WEB__HOST": "0.0.0.0", "NEWSBOT_WEB__PORT": "18472"})
    assert done.code == 2
    assert "NEWSBOT_WEB__TOKEN" in done.out
