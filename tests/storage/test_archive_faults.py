"""What happens to the archive when disks fill, processes die, folders are read-only and files are damaged."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.errors import Misconfigured, NotFound, Unavailable
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import BRIDGE, STRIKE, all_files, make_article, make_record

pytestmark = pytest.mark.fault("disks, locks, damaged archives")

TMPFS_BYTES = 1_500_000
KILLS = 5

# Saves one article after another and says so on standard output once it is acknowledged.
WRITER = """
    import asyncio, sys
    from bot.storage.archive import open_archive
    from tests.storage.archive_parts import make_article, make_record

    async def write() -> None:
        async with open_archive(sys.argv[1]) as archive:
            number = await archive.last_seq()
            while True:
                number += 1
                article = make_article(f"{number}.txt", f"Item{number} arrived in Oldport.")
                await archive.save_articles([make_record(article.path, article)], [article], [])
                print(number, flush=True)

    asyncio.run(write())
"""


def start_writer(place: Path) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(place)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    options = f"size={TMPFS_BYTES}"
    mounted = subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


async def fill(archive: SqlArchive) -> tuple[int, str]:
    """Save articles until that fails; return how many were acknowledged, and what was said then."""
    for number in range(100_000):
        words = " ".join(f"word{number}x{index}" for index in range(400))
        try:
            await archive.save_articles([], [make_article(f"{number}", words)], [])
        except Unavailable as error:
            return number, str(error)
    pytest.fail("the disk never filled")


async def test_what_was_acknowledged_survives_a_killed_process(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    acknowledged = 0
    for kill in range(KILLS):
        process = start_writer(place)
        assert process.stdout is not None
        for _ in range(3 + kill):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        acknowledged = int(rest[-1]) if rest else acknowledged
    async with open_archive(place) as archive:
        articles = await archive.articles_between(0, 10**6)
        files = await all_files(archive)
    assert len(articles) >= acknowledged
    assert [article.ingested_seq for article in articles] == list(range(1, len(articles) + 1))
    assert len(files) == len(articles)


async def test_a_second_process_is_refused_and_told_who_has_the_archive(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    process = start_writer(place)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        with pytest.raises(Misconfigured, match=rf"process {process.pid}\) is using the archive"):
            async with open_archive(place):
                pass
        async with open_archive(place, read_only=True) as archive:
            assert await archive.last_seq() >= 1
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place):
        pass
    async with open_archive(place, read_only=True) as archive:
        with pytest.raises(Misconfigured, match="can't be written"):
            await archive.save_files([make_record("a.txt")])


async def test_a_full_disk_loses_nothing_and_reads_go_on(small_disk: Path) -> None:
    async with open_archive(small_disk / "archive.db") as archive:
        number, said = await fill(archive)
        assert number > 0
        assert "is full; nothing was lost" in said
        assert await archive.last_seq() == number
        assert len(await archive.articles_between(0, number + 1)) == number
        assert [hit.article.id for hit in await archive.search("word0x7", limit=1)] == ["0"]
    async with open_archive(small_disk / "archive.db", read_only=True) as archive:
        assert await archive.last_seq() == number


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file-not-folder"
    blocked.write_text("")
    with pytest.raises(Misconfigured, match="file-not-folder"):
        async with open_archive(blocked / "archive.db"):
            pass


async def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the read-only disk stands in")
    folder = tmp_path / "read-only"
    os.mkdir(folder, 0o500)
    with pytest.raises(Misconfigured, match="make it writable"):
        async with open_archive(folder / "archive.db"):
            pass


async def test_a_read_only_file_system_is_named(small_disk: Path) -> None:
    place = small_disk / "archive.db"
    async with open_archive(place):
        pass
    make_read_only(small_disk)
    with pytest.raises(Misconfigured, match=r"archive\.db"):
        async with open_archive(place):
            pass


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_damaged_archive_is_refused_with_what_to_do(tmp_path: Path, read_only: bool) -> None:
    place = tmp_path / "archive.db"
    place.write_bytes(b"no database at all " * 500)
    with pytest.raises(Misconfigured, match="damaged or not an archive"):
        async with open_archive(place, read_only=read_only):
            pass


async def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(Misconfigured, match="another program"):
        async with open_archive(place):
            pass


async def test_a_missing_archive_is_not_made_by_a_reader(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no archive"):
        async with open_archive(tmp_path / "archive.db", read_only=True):
            pass
    assert os.listdir(tmp_path) == []


async def test_a_folder_as_the_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="is a folder"):
        async with open_archive(tmp_path):
            pass


async def test_a_failed_batch_leaves_no_trace(tmp_path: Path) -> None:
    unstorable = replace(make_article("b", STRIKE), ingested_seq=0, version=None)  # type: ignore[arg-type]
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.save_articles([], [make_article("a")], [])
        with pytest.raises(IntegrityError):
            await archive.save_articles([make_record("c")], [make_article("c"), unstorable], [])
        assert [article.body for article in await archive.articles_between(0, 9)] == [BRIDGE]
        assert await all_files(archive) == {}


async def test_a_reader_can_make_a_backup_while_the_archive_is_in_use(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.save_articles([], [make_article("a")], [])
        async with open_archive(tmp_path / "archive.db", read_only=True) as reader:
            await reader.back_up(tmp_path / "copy.db")
    async with open_archive(tmp_path / "copy.db") as copy:
        assert [article.id for article in await copy.articles_between(0, 9)] == ["a"]


async def test_an_archive_of_a_relative_address_stays_where_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    async with open_archive("sqlite+aiosqlite:///data/archive.db") as archive:
        monkeypatch.chdir(tmp_path / "elsewhere")
        await archive.save_articles([], [make_article("a")], [])
        await asyncio.gather(*(archive.last_seq() for _ in range(4)))
    assert os.listdir(tmp_path / "elsewhere") == []
    assert sorted(os.listdir(tmp_path / "data")) == ["archive.db", "archive.db.lock"]


async def test_a_backup_is_a_whole_archive_and_never_overwrites(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.save_articles([], [make_article("a"), make_article("b", STRIKE)], [])
        await archive.back_up(tmp_path / "copy.db")
        with pytest.raises(Misconfigured, match="exists already"):
            await archive.back_up(tmp_path / "copy.db")
        with pytest.raises(Misconfigured, match="missing"):
            await archive.back_up(tmp_path / "missing" / "copy.db")
    async with open_archive(tmp_path / "copy.db") as copy:
        assert len(await copy.articles_between(0, 9)) == 2
        assert [hit.article.id for hit in await copy.search("bakers", limit=1)] == ["b"]
