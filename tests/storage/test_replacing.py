"""A backup made while the bot works comes back whole; what it replaces is kept; what is no backup changes nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import InUse, Misconfigured, NotFound
from bot.storage.archive import open_archive
from bot.storage.replacing import restore_file
from tests.storage.archive_parts import make_article, make_digest, make_record, make_summary

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
OF_THE_COPY_ITSELF = ("generation", "copied")


def content_of(place: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, without what names the file itself."""
    with sqlite3.connect(place) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: sorted(map(repr, raw.execute(f"SELECT * FROM {name}"))) for name in names if name != "sections"}
    raw.close()
    rows["facts"] = [row for row in rows["facts"] if not any(name in row for name in OF_THE_COPY_ITSELF)]
    return rows  # type: ignore[return-value]


async def test_a_backup_made_under_load_restores_to_an_identical_archive(tmp_path: Path) -> None:
    place, backup = tmp_path / "archive.db", tmp_path / "backup.db"
    stop = asyncio.Event()
    async with open_archive(place) as archive:

        async def write() -> int:
            number = 0
            while not stop.is_set():
                article = make_article(f"{number}.txt", f"Quay {number} of Oldport was paved. It cost {number} crowns.")
                await archive.save_articles([make_record(article.path, article)], [article], [make_summary(article)])
                if number % 5 == 0:
                    await archive.save_digest("here", make_digest(0, number, article), "text")
                number += 1
            return number

        writing = asyncio.create_task(write())
        await asyncio.sleep(0.5)
        await archive.back_up(backup)
        await asyncio.sleep(0.2)
        stop.set()
        assert await writing > 10
    before = content_of(backup)
    shutil.copyfile(backup, tmp_path / "kept.db")
    done = restore_file(backup, place, now=NOW)
    assert content_of(place) == before
    assert content_of(backup) == content_of(tmp_path / "kept.db")
    assert done.articles == len(before["articles"])
    assert done.replaced is not None
    assert len(content_of(done.replaced)["articles"]) > len(before["articles"])
    async with open_archive(place) as archive:
        facts = await archive.archive_facts()
        assert facts.articles == done.articles
        hit, *_ = await archive.search("quay paved", limit=1)
        assert await archive.article(hit.article.id) is not None


async def test_a_running_bot_is_not_replaced_under_its_feet(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.back_up(tmp_path / "backup.db")
        with pytest.raises(InUse, match="stop it first"):
            restore_file(tmp_path / "backup.db", tmp_path / "archive.db", now=NOW)


async def test_a_backup_comes_back_where_nothing_is(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.save_articles([], [make_article("a")], [])
        await archive.back_up(tmp_path / "backup.db")
    done = restore_file(tmp_path / "backup.db", tmp_path / "elsewhere" / "archive.db", now=NOW)
    assert (done.articles, done.replaced) == (1, None)


async def test_what_is_no_whole_archive_changes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place) as archive:
        await archive.save_articles([], [make_article(f"{number}") for number in range(50)], [])
        await archive.back_up(tmp_path / "good.db")
    good = (tmp_path / "good.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(good[: len(good) // 2])
    (tmp_path / "text.db").write_text("this is no database, but a letter of the harbour office\n" * 20)
    (tmp_path / "empty.db").write_bytes(b"")
    shutil.copyfile(tmp_path / "good.db", tmp_path / "newer.db")
    with sqlite3.connect(tmp_path / "newer.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = place.read_bytes()
    for name in ("cut.db", "text.db", "empty.db", "newer.db"):
        with pytest.raises(Misconfigured, match=r"[Nn]othing was changed"):
            restore_file(tmp_path / name, place, now=NOW)
        assert place.read_bytes() == before
    with pytest.raises(NotFound):
        restore_file(tmp_path / "nothing.db", place, now=NOW)
    with pytest.raises(Misconfigured, match="the archive itself"):
        restore_file(place, place, now=NOW)
    assert not list(tmp_path.glob(".*restoring*"))


async def test_a_damaged_archive_is_set_aside_with_its_log(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place) as archive:
        await archive.save_articles([], [make_article("a")], [])
        await archive.back_up(tmp_path / "backup.db")
    place.write_bytes(b"damaged beyond repair" * 100)
    Path(f"{place}-wal").write_bytes(b"a log of another life")
    done = restore_file(tmp_path / "backup.db", place, now=NOW)
    assert done.replaced is not None
    assert done.replaced.read_bytes().startswith(b"damaged")
    assert not Path(f"{place}-wal").exists()
    async with open_archive(place) as archive:
        assert await archive.article("a") is not None
