"""What is done about each file of the folder, and what a scan of the real file system finds."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.folder import Entry, EntryKind, Intent, Keep, Read, collection_of, decide
from bot.articles.scanning import FileChanged, read_file, scan_folder
from bot.errors import BadArticle, Misconfigured
from bot.model import FileRecord, FileState

pytestmark = pytest.mark.fault("odd files in the folder")

NOW_NS = 1_800_000_000_000_000_000
SECOND = 1_000_000_000
MAX_BYTES = 1_000_000


def file_entry(path: bytes = b"a.txt", *, size: int = 100, age_s: float = 60, inode: int = 1) -> Entry:
    changed = NOW_NS - int(age_s * SECOND)
    return Entry(path=path, signature=(1, inode, size, changed, changed), kind=EntryKind.FILE)


def record_of(entry: Entry, state: FileState, *, attempts: int = 0, reason: str | None = None) -> FileRecord:
    return FileRecord(path=entry.path, signature=entry.signature, state=state, attempts=attempts, reason=reason)


def intents(known: list[FileRecord], entries: list[Entry], *, now_ns: int = NOW_NS) -> list[Intent]:
    by_path = {record.path: record for record in known}
    return list(decide(by_path, entries, now_ns=now_ns, settle_s=2, max_bytes=MAX_BYTES))


def test_a_file_that_stayed_the_same_for_a_while_is_read() -> None:
    entry = file_entry(age_s=3)
    assert intents([], [entry]) == [Read(entry=entry, attempts=0)]


def test_a_file_that_changed_a_moment_ago_waits_and_says_so_once() -> None:
    entry = file_entry(age_s=0.5)
    (intent,) = intents([], [entry])
    assert isinstance(intent, Keep)
    assert intent.record.state is FileState.WAITING
    assert intents([intent.record], [entry]) == []


def test_a_waiting_file_is_read_once_it_is_still() -> None:
    entry = file_entry(age_s=0.5)
    waiting = record_of(entry, FileState.WAITING)
    assert intents([waiting], [entry], now_ns=NOW_NS + 2 * SECOND) == [Read(entry=entry, attempts=0)]


def test_a_file_dated_in_the_future_is_read_at_the_second_look() -> None:
    entry = file_entry(age_s=-1000)
    (first,) = intents([], [entry])
    assert isinstance(first, Keep)
    assert intents([first.record], [entry]) == [Read(entry=entry, attempts=0)]


def test_a_file_that_was_read_is_left_alone_until_it_changes() -> None:
    entry = file_entry()
    known = [record_of(entry, FileState.READ)]
    edited = file_entry(size=120, age_s=5)
    assert intents(known, [entry]) == []
    assert intents(known, [edited]) == [Read(entry=edited, attempts=0)]


def test_a_file_that_failed_is_tried_twice_then_kept_until_it_changes() -> None:
    entry = file_entry()
    once = record_of(entry, FileState.QUARANTINED, attempts=1, reason="is damaged")
    twice = record_of(entry, FileState.QUARANTINED, attempts=2, reason="is damaged")
    mended = file_entry(size=90)
    assert intents([once], [entry]) == [Read(entry=entry, attempts=1)]
    assert intents([twice], [entry]) == []
    assert intents([twice], [mended]) == [Read(entry=mended, attempts=0)]


def test_a_huge_file_is_quarantined_once_with_its_size() -> None:
    entry = file_entry(size=5_000_000)
    (intent,) = intents([], [entry])
    assert isinstance(intent, Keep)
    assert "5.0 MB" in (intent.record.reason or "")
    assert intents([intent.record], [entry]) == []


def test_a_deleted_file_is_written_down_as_gone_with_its_articles() -> None:
    entry = file_entry()
    known = FileRecord(path=entry.path, signature=entry.signature, state=FileState.READ, article_ids=("x",))
    (intent,) = intents([known], [])
    assert isinstance(intent, Keep)
    assert intent.record.state is FileState.GONE
    assert intent.record.article_ids == ("x",)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3_000_000), st.floats(-5, 100)), unique_by=lambda row: row[0]),
    st.sampled_from(list(FileState)),
)
def test_no_file_is_ever_passed_over_in_silence(rows: list[tuple[int, int, float]], state: FileState) -> None:
    entries = [file_entry(b"%d.txt" % name, size=size, age_s=age) for name, size, age in rows]
    known = {entry.path: record_of(entry, state) for entry in entries[::2]}
    done = {
        intent.entry.path if isinstance(intent, Read) else intent.record.path
        for intent in intents(list(known.values()), entries)
    }
    for entry in entries:
        if entry.path not in done:
            assert known[entry.path].state in (FileState.READ, FileState.WAITING, FileState.QUARANTINED)


def test_a_subfolder_is_a_collection() -> None:
    assert collection_of(b"town/hall/a.txt") == "town"
    assert collection_of(b"a.txt") == ""


def scan(root: Path) -> dict[bytes, Entry]:
    return {entry.path: entry for entry in scan_folder(root)}


def test_everything_that_is_no_plain_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    root = tmp_path / "seeds"
    root.mkdir()
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    (root / "plain.txt").write_text("text")
    (root / "link.txt").symlink_to(outside)
    (root / "folder-link").symlink_to(tmp_path)
    os.link(outside, root / "hard.txt")
    os.mkfifo(root / "pipe.txt")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(root / "socket.txt"))
    try:
        entries = scan(root)
    finally:
        server.close()
    assert entries.pop(b"plain.txt").kind is EntryKind.FILE
    refusals = {path: entry.refusal or "" for path, entry in entries.items()}
    assert "link" in refusals[b"link.txt"]
    assert "link" in refusals[b"folder-link"]
    assert "hard link" in refusals[b"hard.txt"]
    assert "pipe" in refusals[b"pipe.txt"]
    assert "socket" in refusals[b"socket.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a device")
def test_a_device_is_refused(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "null.txt", 0o20666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("this machine forbids making devices")
    assert "device" in (scan(tmp_path)[b"null.txt"].refusal or "")


@pytest.mark.parametrize(
    "name",
    [b"a\nb.txt", b"\xff\xfe.txt", "\u202eevil.txt".encode(), b"a b.txt", b"-rf.txt", "기사.txt".encode(), b"%s.txt"],
)
def test_strange_names_are_found_and_read(tmp_path: Path, name: bytes) -> None:
    (Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))).write_bytes(b"hello")
    assert list(scan(tmp_path)) == [name]
    assert read_file(tmp_path, name, max_bytes=100) == b"hello"


def test_a_fifo_put_in_place_of_a_file_never_blocks_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(BadArticle, match="not a regular file"):
        read_file(tmp_path, b"a.txt", max_bytes=100)


def test_a_link_put_in_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("secret")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "sub").symlink_to(tmp_path / "real")
    with pytest.raises(BadArticle, match="can't be opened"):
        read_file(tmp_path / "seeds", b"sub/a.txt", max_bytes=100)


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 30_000_000)
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"y")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        time.sleep(0.05)
        with pytest.raises((FileChanged, BadArticle)):
            read_file(tmp_path, b"a.txt", max_bytes=40_000_000)
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("make", ["missing", "file"])
def test_a_missing_or_wrong_folder_says_what_to_do(tmp_path: Path, make: str) -> None:
    root = tmp_path / "seeds"
    if make == "file":
        root.write_text("not a folder")
    with pytest.raises(Misconfigured, match="NEWSBOT_SEEDS_DIR"):
        list(scan_folder(root))


def test_dot_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "shown.txt").write_text("x")
    assert list(scan(tmp_path)) == [b"shown.txt"]


def test_a_folder_twenty_levels_deep_is_read(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijklmnopqrst")
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("x")
    assert [path.rpartition(b"/")[2] for path in scan(tmp_path)] == [b"a.txt"]
