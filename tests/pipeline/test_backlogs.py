"""A long backlog: read in turns, and after a kill from where it was stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.model import FileState
from bot.pipeline import Pipeline, looking
from bot.storage.archive import SqlArchive, open_archive
from tests.pipeline.test_pipeline import archive, article_about, build, folder

__all__ = ["archive", "build", "folder"]

LINES = 900
PATIENCE_S = 240.0
READING = """
import asyncio, sys
from pathlib import Path
from bot.app.building import PREPARE, SystemClock
from bot.articles.sandbox import Preparing, Sandbox
from bot.pipeline import Limits, Pipeline
from bot.storage.archive import open_archive

async def main(home):
    preparing = Preparing(function=PREPARE, options={"bullets": 3})
    async with open_archive(home / "news.db") as archive, Sandbox(preparing=preparing) as reader:
        limits = Limits(max_bytes=1_000_000, settle_s=0)
        pipeline = Pipeline(
            folder=home / "seeds", archive=archive, reader=reader, clock=SystemClock(), limits=limits, bullets=3
        )
        await pipeline.ingest_all(lambda done, total, unit="files": print(done, total, unit, flush=True))

asyncio.run(main(Path(sys.argv[1])))
"""


def read_backlog(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", READING, str(home)], stdout=subprocess.PIPE, text=True)


async def test_a_backlog_of_lines_goes_on_after_a_kill_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with (tmp_path / "seeds" / "backlog.jsonl").open("w") as file:
        for number in range(LINES):
            text = "\n\n".join(article_about(f"mill {number}", seed=number * 10 + part) for part in range(6))
            file.write(json.dumps({"id": f"n{number}", "title": f"The mill {number}", "text": text}) + "\n")
    killed = read_backlog(tmp_path)
    assert killed.stdout is not None
    assert killed.stdout.readline().split()[1:] == ["2", "MB"]
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    again = read_backlog(tmp_path)
    shown, _ = again.communicate(timeout=PATIENCE_S)
    assert again.returncode == 0
    assert int(shown.split()[0]) >= 1, "the second reading began where the first was stopped"
    async with open_archive(tmp_path / "news.db") as archive:
        articles = await archive.heads_between(0, 10 * LINES)
        assert sorted(article.id for article in articles) == sorted(f"n{number}" for number in range(LINES))
        assert await archive.last_seq() <= LINES + LINES // 2, "no part was read more than once more"
        assert (await archive.count_files())[FileState.READ] == 1
        assert await archive.count_unplaced() == 0


async def test_a_backlog_of_files_is_read_in_turns_with_progress_over_all(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "READS_A_LOOK", 4)
    for number in range(10):
        (folder / f"{number}.txt").write_text(article_about(f"mill {number}", seed=number))
    pipeline, shown = build(), []

    def show(done: int, total: int, unit: str = "files") -> None:
        shown.append((done, total, unit))

    first = await pipeline.ingest(show)
    assert (first.read, first.under_way) == (4, 6)
    await pipeline.ingest_all(show)
    assert shown == [(4, 10, "files"), (8, 10, "files"), (10, 10, "files")]
    assert (await archive.count_files())[FileState.READ] == 10
    began = time.monotonic()
    assert (await pipeline.ingest(show)).read == 0
    assert time.monotonic() - began < PATIENCE_S
