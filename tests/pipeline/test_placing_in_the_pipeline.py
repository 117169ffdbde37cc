"""What the folder brings in is in a story when the look at the folder ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox
from bot.pipeline import Limits, Pipeline
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.placing import BATCH_ARTICLES
from tests.storage.archive_parts import make_record
from tests.stories.stories_parts import BAKERS, QUAKE_AT_MARREN, QUAKE_AT_SELBY, groups_of, report


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
async def pipeline(tmp_path: Path, archive: SqlArchive) -> AsyncIterator[Pipeline]:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number, body in enumerate((*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS)):
        (folder / f"{number}.txt").write_text(body.replace(". ", ".\n\n"))
    async with Sandbox() as reader:
        limits = Limits(max_bytes=1_000_000, settle_s=0)
        yield Pipeline(folder=folder, archive=archive, reader=reader, clock=SystemClock(), limits=limits, bullets=3)


async def test_every_article_that_was_read_is_in_a_story(pipeline: Pipeline, archive: SqlArchive) -> None:
    report = await pipeline.ingest()
    places = await archive.placements(report.article_ids)
    ids = sorted(report.article_ids, key=lambda one: places[one].article_id)
    articles = {article.id: article.path for article in await archive.articles(ids)}
    events = [places[one].event for one in sorted(ids, key=articles.__getitem__)]
    assert groups_of(events) == [{0, 1, 2}, {3, 4}, {5, 6}]


async def test_what_an_older_program_stored_is_placed_at_the_first_look(
    pipeline: Pipeline, archive: SqlArchive, tmp_path: Path
) -> None:
    report = await pipeline.ingest()
    before = await archive.placements(report.article_ids)
    async with archive._database.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM placements")
    assert await archive.count_unplaced() == len(before)
    await pipeline.ingest()
    assert await archive.placements(report.article_ids) == before


async def test_articles_of_an_older_archive_are_told_as_they_are_placed_while_the_archive_answers(
    pipeline: Pipeline, archive: SqlArchive
) -> None:
    bodies = [
        f"Ward {number} of Oldport chose Nr{number} Falk by {number} votes." for number in range(2 * BATCH_ARTICLES)
    ]
    articles = [report(f"n{number:04}", body) for number, body in enumerate(bodies)]
    await archive.save_articles([make_record(one.path, one) for one in articles], articles, [])
    seen: list[tuple[int, int, str]] = []
    found: list[int] = []

    async def ask() -> None:
        while not seen or seen[-1][0] < len(bodies):
            found.append(len(await archive.search("Oldport", limit=3)))

    asking = asyncio.create_task(ask())
    await pipeline.ingest(lambda done, total, unit="files": seen.append((done, total, unit)))
    await asking
    assert seen[:2] == [(BATCH_ARTICLES, len(bodies), "articles"), (len(bodies), len(bodies), "articles")]
    assert {unit for _, _, unit in seen[2:]} == {"files"}
    assert found
    assert set(found) == {3}
