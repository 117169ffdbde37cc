"""A backup made while the bot reads is whole, holds all that was there when it began, and comes back as it is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.scenarios.conftest import NewsbotCommand

pytestmark = pytest.mark.fault("backups and restores")

ARTICLES = 250
BACKUPS = 3
PATIENCE_S = 120.0
SETTINGS = {
    "NEWSBOT_WEB__ENABLED": "false",
    "NEWSBOT_READING__SETTLE_S": "0",
    "NEWSBOT_READING__SCAN_INTERVAL_S": "0.3",
}


def write_articles(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = (
            f"The warden of quay {number} in Oldport counted {number + 40} boats on Monday.\n\n"
            f"A berth costs {number * 3 + 100} crowns there, the harbour office said.\n"
        )
        (folder / f"quay{number}.txt").write_text(f"Quay {number} of Oldport counts its boats\n\n{text}")


@contextmanager
def running_bot(home: Path, environment: dict[str, str]) -> Iterator[None]:
    with (home / "log").open("wb") as log:
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=home, env={**environment, **SETTINGS}, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        bot.terminate()
        assert bot.wait(60) == 0


def count_of_articles(archive: Path) -> int:
    """Return how many articles an archive holds at the moment, 0 before there is one."""
    try:
        with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=10)) as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def contents(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, sorted; the index of the search by the tables it is kept in."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'"
        names = [name for (name,) in connection.execute(tables)]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def test_a_backup_under_load_restores_to_an_identical_archive(
    newsbot: NewsbotCommand, home: Path, environment: dict[str, str]
) -> None:
    write_articles(home / "seeds", ARTICLES)
    live = home / "data" / "newsbot.db"
    made: list[tuple[Path, int, int]] = []
    with running_bot(home, environment):
        deadline = time.monotonic() + PATIENCE_S
        while len(made) < BACKUPS or count_of_articles(live) < ARTICLES:
            assert time.monotonic() < deadline
            before = count_of_articles(live)
            if len(made) < BACKUPS and before:
                file = home / f"kept{len(made)}.db"
                assert newsbot("backup", file.name).code == 0
                made.append((file, before, count_of_articles(live)))
            time.sleep(0.05)
    whole = contents(live)
    assert made[0][1] < ARTICLES, "the first backup was to be made while articles came in"
    for file, before, after in made:
        backup = contents(file)
        assert before <= len(backup["articles"]) <= after
        assert backup.keys() == whole.keys()
        # What was stored does not change afterwards: a backup is the archive as it was at one moment.
        for table in ("articles", "versions", "summaries"):
            assert set(map(repr, backup[table])) <= set(map(repr, whole[table])), table
        for leftover in (home / "data").iterdir():
            leftover.unlink()
        assert newsbot("restore", file.name).code == 0
        restored = contents(live)
        # An archive that came back is told apart from the one it was made from; all else is as it was.
        generations = [dict(one.pop("facts")) for one in (restored, backup)]
        assert generations[0].pop("generation") != generations[1].pop("generation")
        assert generations[0] == generations[1]
        assert restored == backup
