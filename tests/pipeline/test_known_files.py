"""What is known of the folder's files is small, and tells what a whole record would have told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.articles.folder import MAX_ATTEMPTS, Entry, EntryKind
from bot.model import FileRecord, FileState
from bot.pipeline import Pipeline
from bot.pipeline.known import KnownFiles
from bot.storage.archive import SqlArchive
from tests.pipeline.test_pipeline import archive, article_about, build, folder

__all__ = ["archive", "build", "folder"]

SIGNATURE = (1, 2, 300, 4, 5)
MAX_BYTES = 1_000
ENTRY = Entry(path=b"a.txt", signature=SIGNATURE, kind=EntryKind.FILE)
READ = FileRecord(path=b"a.txt", signature=SIGNATURE, state=FileState.READ)


def known(*records: FileRecord) -> KnownFiles:
    files = KnownFiles()
    files.note(records)
    files.begin_look()
    return files


def test_a_file_that_was_read_is_done_with_until_it_changes() -> None:
    files = known(READ)
    assert not files.open
    assert files.see(ENTRY, max_bytes=MAX_BYTES)
    assert not files.see(replace(ENTRY, signature=(1, 2, 300, 9, 9)), max_bytes=MAX_BYTES)


def test_a_file_moved_to_another_device_is_not_read_again() -> None:
    assert known(READ).see(replace(ENTRY, signature=(8, *SIGNATURE[1:])), max_bytes=MAX_BYTES)


def test_a_file_that_waits_is_kept_in_full() -> None:
    waiting = replace(READ, state=FileState.WAITING)
    files = known(READ, waiting)
    assert files.open == {b"a.txt": waiting}
    assert not files.see(ENTRY, max_bytes=MAX_BYTES)
    assert files.missing() == set()


def test_a_file_left_alone_is_done_with_and_one_with_a_try_left_is_not() -> None:
    broken = replace(READ, state=FileState.QUARANTINED, reason="holds no text", attempts=MAX_ATTEMPTS)
    assert known(broken).see(ENTRY, max_bytes=MAX_BYTES)
    assert not known(replace(broken, attempts=1)).see(ENTRY, max_bytes=MAX_BYTES)


def test_a_refused_file_is_done_with_while_the_reason_is_the_same() -> None:
    link = replace(ENTRY, kind=EntryKind.REFUSED, refusal="is a link")
    refused = replace(READ, state=FileState.QUARANTINED, reason="is a link", attempts=MAX_ATTEMPTS)
    assert known(refused).see(link, max_bytes=MAX_BYTES)
    assert not known(refused).see(replace(link, refusal="is a named pipe"), max_bytes=MAX_BYTES)


def test_a_file_read_before_the_limit_was_lowered_is_looked_at_again() -> None:
    assert not known(READ).see(ENTRY, max_bytes=100)


def test_what_is_not_seen_is_missing_and_once_noted_as_gone_no_more() -> None:
    files = known(READ, replace(READ, path=b"b.txt"))
    files.see(ENTRY, max_bytes=MAX_BYTES)
    assert files.missing() == {hash(b"b.txt")}
    files.note([replace(READ, path=b"b.txt", state=FileState.GONE)])
    files.begin_look()
    files.see(ENTRY, max_bytes=MAX_BYTES)
    assert files.missing() == set()
    assert not files.is_done(b"b.txt")


def test_a_file_that_comes_back_unchanged_is_seen_as_new() -> None:
    files = known(READ)
    files.note([replace(READ, state=FileState.GONE)])
    files.begin_look()
    assert not files.see(ENTRY, max_bytes=MAX_BYTES)


async def test_a_changed_file_keeps_its_articles_while_it_waits(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    (folder / "a.txt").write_text(article_about("mill"))
    first = await build().ingest()
    (folder / "a.txt").write_text(article_about("lock"))
    await build(settle_s=60).ingest()
    [record] = await archive.files_at([b"a.txt"])
    assert record.state is FileState.WAITING
    assert list(record.article_ids) == first.article_ids


async def test_a_deleted_file_is_noticed_after_a_restart_and_while_running(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(article_about(name))
    pipeline = build()
    await pipeline.ingest()
    (folder / "a.txt").unlink()
    assert (await pipeline.ingest()).gone == 1
    (folder / "b.txt").unlink()
    assert (await build().ingest()).gone == 1
    assert (await build().ingest()).gone == 0
    assert (await archive.count_files())[FileState.GONE] == 2
