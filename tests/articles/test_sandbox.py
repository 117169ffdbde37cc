"""Bombs cost one child and a sentence; the next file is read. Made here, and really set off."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox, SandboxLimits
from bot.errors import BadArticle

pytestmark = pytest.mark.fault("parser bombs and dying parsers")

TEXT = b"The mayor of Ostrava Bay opened the river bridge on Monday. It had been closed for eleven years.\n"
PLENTY = SandboxLimits(memory_mb=512, cpu_s=20, wall_s=60)

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the limits tested are Linux's")


async def refusal(sandbox: Sandbox, data: bytes, path: str) -> str:
    """Return the reason a file is refused with."""
    with pytest.raises(BadArticle) as caught:
        await sandbox.read(data, path=path, collection="bay")
    assert caught.value.path == path
    return str(caught.value)


def children() -> set[int]:
    """Return the processes started by this one."""
    tasks = Path("/proc/self/task")
    return {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()}


def make_docx(document: bytes, *, picture_mb: int = 0) -> bytes:
    """Return a Word document whose text is this XML, with a picture of so many megabytes of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", document)
        if picture_mb:
            with archive.open("word/media/big.png", "w", force_zip64=True) as picture:
                for _ in range(picture_mb):
                    picture.write(bytes(1_000_000))
    return buffer.getvalue()


# -- reading -----------------------------------------------------------------------------------------------------


async def test_an_article_comes_back_whole() -> None:
    async with Sandbox(PLENTY) as sandbox:
        (made,) = await sandbox.read(TEXT, path="bay/bridge.txt", collection="bay")
    assert made.path == "bay/bridge.txt"
    assert made.collection == "bay"
    assert [sentence.text for sentence in made.sentences] == [
        made.body[sentence.start : sentence.end] for sentence in made.sentences
    ]
    assert len(made.sentences) == 2


async def test_articles_dates_and_problems_come_back_as_they_are_built_here() -> None:
    from bot.articles.building import build_articles
    from bot.articles.formats import parse_file

    data = (
        b'{"id": "a", "title": "Bridge", "text": "It is open.\\nIt is new.", "date": "2024-03-04T10:30:00+09:00"}\n'
        b'{"text": 7}\n{"id": "b", "byline": ["A B"], "text": "\xeb\x8b\xa4\xeb\xa6\xac \xea\xb0\x9c\xed\x86\xb5"}\n'
    )
    here = build_articles(parse_file(data, "a.jsonl"), path="a.jsonl", collection="bay")
    async with Sandbox(PLENTY) as sandbox:
        there = await sandbox.read(data, path="a.jsonl", collection="bay")
    assert list(there) == list(here)
    assert there.problems == here.problems
    assert len(there.problems) == 1


async def test_many_articles_of_one_file_keep_their_order() -> None:
    data = b"\n".join(b'{"id": "%d", "text": "The bridge is open on day %d."}' % (n, n) for n in range(130))
    async with Sandbox(PLENTY) as sandbox:
        found = await sandbox.read(data, path="a.jsonl", collection="")
    assert [made.id for made in found] == [str(n) for n in range(130)]


async def test_a_path_that_is_no_text_comes_back_as_it_was() -> None:
    path = os.fsdecode(b"bay/\xff\xfe name\n.txt")
    async with Sandbox(PLENTY) as sandbox:
        (made,) = await sandbox.read(TEXT, path=path)
    assert made.path == path


async def test_files_read_at_once_do_not_mix() -> None:
    async with Sandbox(PLENTY, workers=2) as sandbox:
        read = [sandbox.read(b"The bridge has %d arches. They are new." % n, path=f"{n}.txt") for n in range(40)]
        found = await asyncio.gather(*read)
    assert [made.body for (made,) in found] == [f"The bridge has {n} arches. They are new." for n in range(40)]


async def test_the_event_loop_goes_on_while_a_large_file_is_read() -> None:
    rows = b"\n".join(b'{"text": "%s"}' % (b"The bridge is open to all. " * 40) for _ in range(800))
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before)

    async with Sandbox(PLENTY) as sandbox:
        await sandbox.start()
        watcher = asyncio.create_task(watch())
        began = time.perf_counter()
        await sandbox.read(rows, path="rows.jsonl")
        took = time.perf_counter() - began
        watcher.cancel()
    assert longest < took / 2


# -- isolation ---------------------------------------------------------------------------------------------------


@linux_only
def test_a_confined_process_has_no_network_no_children_and_writes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("kept")
    script = textwrap.dedent(
        f"""
        import os, socket
        from bot.articles.confinement import confine
        how = confine(512, os.getppid())
        def refused(act, *args):
            try:
                act(*args)
            except PermissionError:
                return True
            return False
        print(how, [
            refused(socket.socket),
            refused(socket.socketpair),
            refused(os.fork),
            refused(os.execv, "/bin/true", ["true"]),
            refused(os.unlink, {str(kept)!r}),
            refused(open, {str(kept)!r}, "a"),
            refused(open, {str(tmp_path / "new")!r}, "w"),
            refused(os.rename, {str(kept)!r}, {str(tmp_path / "moved")!r}),
            refused(os.kill, os.getppid(), 0),
        ], open({str(kept)!r}).read())
        """
    )
    root = Path(sys.modules["bot"].__file__ or "").parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True
    )
    if not done.stdout.startswith("seccomp"):
        pytest.skip(f"this kernel offers no filter: {done.stdout}")
    assert done.stdout.split(" ", 1)[1] == f"{[True] * 9} kept\n"
    assert list(tmp_path.iterdir()) == [kept]


async def test_the_isolation_is_known_once_a_child_runs() -> None:
    async with Sandbox(PLENTY) as sandbox:
        assert sandbox.isolation is None
        assert await sandbox.start() == sandbox.isolation
        assert sandbox.isolation in {"seccomp", "namespace", "none"}


@linux_only
async def test_the_child_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    before = children()
    async with Sandbox(PLENTY) as sandbox:
        await sandbox.start()
        (child,) = children() - before
        try:
            environment = Path(f"/proc/{child}/environ").read_bytes()
        except PermissionError:  # the child is not readable to its own user: that is stricter still
            environment = b""
    assert b"sk-canary" not in environment


@linux_only
async def test_no_child_is_left_after_closing() -> None:
    before = children()
    async with Sandbox(PLENTY, workers=2) as sandbox:
        await asyncio.gather(*(sandbox.read(TEXT, path=f"{n}.txt") for n in range(4)))
        assert children() - before
    assert children() == before


@linux_only
def test_the_child_ends_with_its_parent() -> None:
    script = textwrap.dedent(
        """
        import asyncio, os
        from pathlib import Path
        from bot.articles.sandbox import Sandbox
        async def main():
            await Sandbox().start()
            tasks = Path("/proc/self/task").iterdir()
            print([pid for task in tasks for pid in (task / "children").read_text().split()][0], flush=True)
            os._exit(9)
        asyncio.run(main())
        """
    )
    root = Path(sys.modules["bot"].__file__ or "").parent.parent
    done = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": str(root)}, capture_output=True, text=True)
    child = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or " Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


# -- bombs -------------------------------------------------------------------------------------------------------


def billion_laughs() -> bytes:
    """Return XML of a kilobyte that stands for gigabytes."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{levels}]>'.encode()


BOMBS = {
    "laughs.xml": lambda: billion_laughs() + b"<rss><channel><title>&l11;</title></channel></rss>",
    "laughs.docx": lambda: make_docx(billion_laughs() + b"<w:document>&l11;</w:document>"),
    "text.docx": lambda: make_docx(b"<w:document>" + b"a" * 100_000_000),
    "picture.docx": lambda: make_docx(b"<w:document/>", picture_mb=1_100),
    "nested.json": lambda: b"[" * 1_000_000,
    "line.txt": lambda: b"The bridge is open. " * 500_000,
    "lines.txt": lambda: b"a\n" * 5_000_000,
    "cut.pdf": lambda: b"%PDF-1.7\n1 0 obj\n<</Length 99999999>>\nstream\n" + b"x" * 1_000_000,
    "noise.eml": lambda: b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 50_000,
}


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    """Return the bombs, each made once."""
    return {name: make() for name, make in BOMBS.items()}


@pytest.mark.slow
async def test_after_every_bomb_the_next_file_is_read(bombs: dict[str, bytes]) -> None:
    async with Sandbox(SandboxLimits(memory_mb=512, cpu_s=10, wall_s=40)) as sandbox:
        for name, bomb in bombs.items():
            reason = await refusal(sandbox, bomb, name)
            assert "could not be read" not in reason, name
            assert len(await sandbox.read(TEXT, path="a.txt")) == 1


HOSTILE = {
    "divs.html": b"<html><body>" + b"<div>" * 100_000 + b"The bridge is open to all cars. " * 20,
    "anchors.html": b"<html><body>" + b"<a " * 40_000,
    "cdata.html": b"<html><body><p>" + b"<![CDATA[" * 40_000,
    "entities.html": b"<html><body><p>" + b"&amp" * 200_000,
    "heading.md": b"# a" + b" " * 300_000 + b"b",
    "brackets.md": b"[" * 300_000 + b"\n" + b"[a](" * 50_000 + b"\n" + b"![" * 50_000,
    "stars.md": b"*" * 300_000 + b"_a" * 100_000 + b"`" * 100_000,
    "table.md": b"|" + b"-" * 300_000 + b"x two words",
    "rules.md": b"---\ntitle: x\n" * 10_000,
    "spaces.txt": b"a b\n" + b" " * 1_500_000 + b"c d",
    "anchors.md": b"words <a " * 40_000,
    "tags.jsonl": b'{"text": "' + b"<p><script>" * 40_000 + b'"}',
    "addresses.eml": b"From: " + b'"a" <a@b>, ' * 30_000 + b"\nDate: " + b"1 " * 100_000 + b"\n\nThe bridge is open.",
    "aliases.md": b"---\ntitle: x\nk0: &k0 [x]\n"
    + b"".join(b"k%d: &k%d [%s]\n" % (n, n, b"*k%d, " % (n - 1) * 9) for n in range(1, 30))
    + b"author: *k29\n---\nThe bridge is open.",
    "names.eml": b"From: " + b"a@b." * 50_000 + b"\nSubject: " + b"re:" * 50_000 + b"\n\nThe bridge is open.",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_text_is_read_or_refused_without_reaching_a_limit(name: str) -> None:
    async with Sandbox(SandboxLimits(memory_mb=512, cpu_s=10, wall_s=40)) as sandbox:
        reason = ""
        try:
            await sandbox.read(HOSTILE[name], path=name)
        except BadArticle as error:
            reason = str(error)
        assert not re.search("could not be read|took more|crashed|memory", reason)
        assert len(await sandbox.read(TEXT, path="a.txt")) == 1


@linux_only
async def test_a_file_that_needs_too_much_memory_is_refused_with_the_limit() -> None:
    async with Sandbox(SandboxLimits(memory_mb=100, cpu_s=20, wall_s=60)) as sandbox:
        assert "more than 100 MB of memory" in await refusal(sandbox, b"[" + b"[]," * 2_000_000 + b"[]]", "a.json")
        assert len(await sandbox.read(TEXT, path="a.txt")) == 1


@linux_only
@pytest.mark.slow
async def test_a_file_that_takes_too_much_processor_time_is_refused_with_the_limit() -> None:
    items = b"".join(b"<item><title>%d</title><description>The bridge.</description></item>" % n for n in range(30_000))
    feed = b'<rss version="2.0"><channel><title>Bay</title>' + items + b"</channel></rss>"
    async with Sandbox(SandboxLimits(memory_mb=512, cpu_s=1, wall_s=60)) as sandbox:
        assert "more than 1 s of processor time" in await refusal(sandbox, feed, "a.xml")
        assert len(await sandbox.read(TEXT, path="a.txt")) == 1


async def test_a_file_that_takes_too_long_is_refused_with_the_limit() -> None:
    rows = b"\n".join(b'{"text": "%s"}' % (b"The bridge is open to all. " * 200) for _ in range(500))
    async with Sandbox(SandboxLimits(wall_s=0.05)) as sandbox:
        await sandbox.start()
        assert "took more than 0.05 s" in await refusal(sandbox, rows, "a.jsonl")


@linux_only
@pytest.mark.parametrize(
    ("ended_by", "reason"), [(signal.SIGSEGV, "crashed its parser"), (signal.SIGKILL, "of memory")]
)
async def test_a_child_that_dies_over_a_file_costs_that_file_only(ended_by: signal.Signals, reason: str) -> None:
    rows = b"\n".join(b'{"text": "%s"}' % (b"The bridge is open to all. " * 400) for _ in range(500))
    before = children()
    async with Sandbox(PLENTY) as sandbox:
        await sandbox.start()
        (child,) = children() - before
        reading = asyncio.create_task(refusal(sandbox, rows, "a.jsonl"))
        await asyncio.sleep(0.1)
        os.kill(child, ended_by)
        assert reason in await reading
        assert len(await sandbox.read(TEXT, path="a.txt")) == 1


@linux_only
async def test_a_child_that_died_between_files_is_replaced_unnoticed() -> None:
    before = children()
    async with Sandbox(PLENTY) as sandbox:
        await sandbox.read(TEXT, path="a.txt")
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        assert len(await sandbox.read(TEXT, path="b.txt")) == 1


async def test_a_cancelled_reading_leaves_a_sandbox_that_works() -> None:
    rows = b"\n".join(b'{"text": "%s"}' % (b"The bridge is open to all. " * 200) for _ in range(500))
    async with Sandbox(PLENTY) as sandbox:
        reading = asyncio.create_task(sandbox.read(rows, path="a.jsonl"))
        await asyncio.sleep(0.1)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        (made,) = await sandbox.read(TEXT, path="a.txt")
        assert made.path == "a.txt"
