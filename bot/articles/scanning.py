"""Looks into the watched folder and opens its files, trusting nothing it finds there.

Links, pipes, devices, sockets and hard links are refused by name; a file is opened without following links and
without blocking, checked to be a regular file, and checked again after reading that it did not change meanwhile.
"""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.articles.folder import Entry, EntryKind, is_same
from bot.errors import BadArticle, Misconfigured

MAX_DEPTH = 32
"""Subfolders inside each other that are followed; deeper ones are refused, so that a loop of mounts ends."""

READ_CHUNK_BYTES = 1 << 20
SORTED_AT_ONCE = 50_000
"""Names of one folder that are sorted in one go: some hundredths of a second."""

_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OPEN_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
NO_SIGNATURE = (0, 0, 0, 0, 0)


class FileChanged(Exception):
    """The file changed while it was being read; it is read again once it is still."""


def scan_folder(root: Path) -> Iterator[Entry]:
    """Yield everything under the folder, sorted inside each subfolder; names that begin with a dot are left out.

    Paths are bytes relative to the folder, joined by `/`.
    Raises: Misconfigured when the folder itself is missing or can't be listed.
    """
    try:
        # The folder itself may be a link that its owner set; nothing inside it may.
        root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Misconfigured(f"The folder {root} does not exist. Create it or set NEWSBOT_SEEDS_DIR.") from None
    except NotADirectoryError:
        raise Misconfigured(f"{root} is not a folder. Set NEWSBOT_SEEDS_DIR to the folder with the articles.") from None
    except PermissionError as error:
        raise Misconfigured(f"The folder {root} can't be opened: no permission. Make it readable.") from error
    try:
        yield from _scan(root_fd, b"", depth=0)
    finally:
        os.close(root_fd)


def read_file(root: Path, path: bytes, *, max_bytes: int) -> bytes:
    """Return the bytes of one file of the folder.

    Raises: BadArticle when it can't be opened, is no regular file or too large; FileChanged when it changed meanwhile.
    """
    fd = _open_below(root, path)
    try:
        before = os.fstat(fd)
        if not stat.S_ISREG(before.st_mode):
            raise BadArticle("is not a regular file", path=os.fsdecode(path))
        if before.st_size > max_bytes:
            raise BadArticle(f"is {before.st_size / 1e6:.1f} MB, more than is read", path=os.fsdecode(path))
        data = _read_all(fd, max_bytes + 1)
        after = os.fstat(fd)
    except OSError as error:
        raise BadArticle(f"can't be read: {error.strerror}", path=os.fsdecode(path)) from error
    finally:
        os.close(fd)
    if _signature(before) != _signature(after) or len(data) != after.st_size:
        raise FileChanged
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some whole lines of a file: its bytes from `start` to `end`, and how many lines that are."""

    data: bytes
    end: int
    items: int


def read_part(root: Path, entry: Entry, *, start: int, part_bytes: int, max_bytes: int) -> Part:
    """Return the lines of a file from a byte on: as many whole ones as `part_bytes` hold, at least one.

    Raises: BadArticle when it can't be opened or a line is longer than `max_bytes`; FileChanged when it is no longer
    the file that was scanned.
    """
    fd = _open_below(root, entry.path)
    try:
        if not is_same(_signature(os.fstat(fd)), entry.signature):
            raise FileChanged
        os.lseek(fd, start, os.SEEK_SET)
        data = _read_all(fd, part_bytes)
        while start + len(data) < entry.signature[2] and b"\n" not in data:
            if len(data) > max_bytes:
                raise BadArticle(f"has a line of more than {max_bytes / 1e6:g} MB", path=os.fsdecode(entry.path))
            data += _read_all(fd, part_bytes)
        if not is_same(_signature(os.fstat(fd)), entry.signature):
            raise FileChanged
    except OSError as error:
        raise BadArticle(f"can't be read: {error.strerror}", path=os.fsdecode(entry.path)) from error
    finally:
        os.close(fd)
    if start + len(data) < entry.signature[2]:
        data = data[: data.rindex(b"\n") + 1]
    return Part(data=data, end=start + len(data), items=data.count(b"\n"))


def _scan(folder_fd: int, prefix: bytes, *, depth: int) -> Iterator[Entry]:
    with os.scandir(folder_fd) as listing:
        names = [os.fsencode(item.name) for item in listing]
    for name in _sorted(names):
        if name.startswith(b"."):
            continue
        path = prefix + name
        try:
            status = os.stat(name, dir_fd=folder_fd, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield _refused(path, NO_SIGNATURE, f"can't be looked at: {error.strerror}")
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield _entry(path, status)
        elif depth >= MAX_DEPTH:
            yield _refused(path, _signature(status), f"lies more than {MAX_DEPTH} subfolders deep; move it up")
        else:
            yield from _scan_below(folder_fd, name, path, status, depth=depth)


def _sorted(names: list[bytes]) -> Iterator[bytes]:
    """Yield the names in order. Sorting a million at once would hold up every other thread for a second."""
    rows = [sorted(names[start : start + SORTED_AT_ONCE]) for start in range(0, len(names), SORTED_AT_ONCE)]
    names.clear()
    return iter(rows[0]) if len(rows) == 1 else heapq.merge(*rows)


def _scan_below(folder_fd: int, name: bytes, path: bytes, status: os.stat_result, *, depth: int) -> Iterator[Entry]:
    try:
        inner_fd = os.open(name, _OPEN_FOLDER, dir_fd=folder_fd)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = f"is a folder that can't be opened: {(error.strerror or 'unknown error').lower()}"
        yield _refused(path, _signature(status), reason)
        return
    try:
        yield from _scan(inner_fd, path + b"/", depth=depth + 1)
    finally:
        os.close(inner_fd)


def _entry(path: bytes, status: os.stat_result) -> Entry:
    refusal = _refusal(status)
    if refusal is not None:
        return _refused(path, _signature(status), refusal)
    return Entry(path=path, signature=_signature(status), kind=EntryKind.FILE)


def _refusal(status: os.stat_result) -> str | None:
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        return "is a link, and links are not followed; copy the file here instead"
    if stat.S_ISFIFO(mode):
        return "is a named pipe, not a file"
    if stat.S_ISSOCK(mode):
        return "is a socket, not a file"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "is a device, not a file"
    if not stat.S_ISREG(mode):
        return "is not a regular file"
    if status.st_nlink > 1:
        return "is a hard link to a file that may lie elsewhere; copy the file here instead"
    return None


def _refused(path: bytes, signature: tuple[int, int, int, int, int], reason: str) -> Entry:
    return Entry(path=path, signature=signature, kind=EntryKind.REFUSED, refusal=reason)


def _signature(status: os.stat_result) -> tuple[int, int, int, int, int]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _open_below(root: Path, path: bytes) -> int:
    *folders, name = path.split(b"/")
    fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder, _OPEN_FOLDER, dir_fd=fd)
            os.close(fd)
            fd = inner
        return os.open(name, _OPEN_FILE, dir_fd=fd)
    except PermissionError as error:
        raise BadArticle("can't be opened: no permission; make it readable", path=os.fsdecode(path)) from error
    except FileNotFoundError as error:
        raise FileChanged from error
    except OSError as error:
        raise BadArticle(f"can't be opened: {error.strerror}", path=os.fsdecode(path)) from error
    finally:
        os.close(fd)


def _read_all(fd: int, limit: int) -> bytes:
    chunks: list[bytes] = []
    total = 0
    while total < limit:
        chunk = os.read(fd, min(READ_CHUNK_BYTES, limit - total))
        if not chunk:
            break
        chunks.append(chunk)
        total += len(chunk)
    return b"".join(chunks)
