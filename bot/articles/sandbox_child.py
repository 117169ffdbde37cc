"""The process that parses: reads files from its standard input, answers with articles, and can do nothing else.

Started by `bot.articles.sandbox` as `python -m ... MEMORY_MB PARENT_PID FUNCTION`; ends when its input does. FUNCTION
is what makes more of each article ("module:name"), or empty.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

from bot.articles.confinement import confine, limit_processor_time, resident_bytes
from bot.articles.wire import REQUEST_PREFIX, pack_article, pack_feed, pack_frame, pack_prepared, pack_problem
from bot.errors import BadArticle
from bot.model import Article, Prepared

# What nearly every file needs: before the process is confined, so that compiled modules are kept for the next child.
PRELOADED = ("bot.articles.building", "bot.articles.formats.text")
BATCH_ARTICLES = 20  # articles a frame: the parent unpacks one in a few milliseconds
BATCH_CHARS = 2_000_000  # the same for long ones
BATCH_S = 1.0  # a frame at least this often, so that slow items don't add up to the wall time of a file
MAX_DETAIL_CHARS = 4_000  # of a traceback that goes to the parent's log
COLLECTOR_THRESHOLDS = (20_000, 20, 20)  # an article is many small objects in no cycle
NICENESS = 5  # what answers people and keeps the archive goes first where processors are few
MAX_PREPARED_CHARS = 200_000  # of an article of which more is made here: a longer one needs its time to be read

Prepare = Callable[[Article, Mapping[str, Any]], Prepared]


def main() -> None:
    """Serve requests until the input ends."""
    requests, answers = _take_pipes()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    tempfile.TemporaryFile = _memory_file  # type: ignore[assignment]  # a library unpacks its model into one
    for module in PRELOADED:
        import_module(module)
    prepare = _find_function(sys.argv[3])
    # What was imported lives as long as the process: the collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    sys.dont_write_bytecode = True
    isolation = confine(int(sys.argv[1]), int(sys.argv[2]))
    _send(answers, {"isolation": isolation})
    while True:
        prefix = requests.read(REQUEST_PREFIX.size)
        if len(prefix) < REQUEST_PREFIX.size:
            return
        header_bytes, data_bytes = REQUEST_PREFIX.unpack(prefix)
        header = json.loads(requests.read(header_bytes))
        data = requests.read(data_bytes)
        limit_processor_time(header["cpu_s"])
        for frame in _answer(data, header, prepare):
            _send(answers, frame)
            limit_processor_time(header["cpu_s"])


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes to the parent, and leave nothing there for a library that prints or reads."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, answers


def _memory_file(*_: object, **__: object) -> BytesIO:
    """Stand in for a temporary file: nothing may be written to disk here."""
    return BytesIO()


def _send(answers: BinaryIO, frame: dict[str, Any]) -> None:
    answers.write(pack_frame(frame))
    answers.flush()


def _find_function(name: str) -> Prepare | None:
    """Return the function "module:name"."""
    module, _, attribute = name.partition(":")
    found: Prepare | None = getattr(import_module(module), attribute) if module else None
    return found


def _answer(data: bytes, header: dict[str, Any], prepare: Prepare | None) -> Iterator[dict[str, Any]]:
    """Yield the frames of one file; the last one has "done" or "error"."""
    try:
        if header.get("wants") == "feed":
            yield _list_feed(data, header["path"])
        else:
            yield from _read(data, header, prepare)
    except BadArticle as error:
        yield {"error": str(error)}
    except MemoryError:
        yield {"error": "", "memory": True}
    except Exception as error:
        yield {
            "error": f"could not be read: its parser failed ({type(error).__name__}); save it in another format",
            "detail": traceback.format_exc()[-MAX_DETAIL_CHARS:],
        }


def _read(data: bytes, header: dict[str, Any], prepare: Prepare | None) -> Iterator[dict[str, Any]]:
    from bot.articles.building import build_each, why_no_article
    from bot.articles.formats import parse_file

    path = header["path"]
    raws = parse_file(data, path).numbered_after(header["items_before"])
    problems = list(raws.problems)
    batch: list[dict[str, Any]] = []
    prepared: list[Any] = []
    found = False
    chars = 0
    sent_at = time.monotonic()
    for built in build_each(raws, path=path, collection=header["collection"]):
        if isinstance(built, Article):
            batch.append(pack_article(built))
            prepared.append(_prepare(built, header, prepare))
            found = True
            chars += len(built.body)
        else:
            problems.append(built)
        if len(batch) >= BATCH_ARTICLES or chars >= BATCH_CHARS or time.monotonic() - sent_at > BATCH_S:
            yield {"articles": batch, "prepared": prepared}
            batch = []
            prepared = []
            chars = 0
            sent_at = time.monotonic()
    if not found:
        raise BadArticle(why_no_article(problems), path=path)
    problems.sort(key=lambda problem: problem.item)
    yield {
        "articles": batch,
        "prepared": prepared,
        "problems": [pack_problem(problem) for problem in problems],
        "resident": resident_bytes(),
        "done": True,
    }


def _prepare(article: Article, header: dict[str, Any], prepare: Prepare | None) -> Any:
    """Return what more is made of an article; None when nothing is, or when that fails: the parent makes it then."""
    if prepare is None or len(article.body) > MAX_PREPARED_CHARS:
        return None
    try:
        return pack_prepared(prepare(article, header["options"]))
    except Exception:
        return None


def _list_feed(data: bytes, path: str) -> dict[str, Any]:
    from bot.articles.formats import list_feed

    return {"feed": pack_feed(list_feed(data, path)), "resident": resident_bytes(), "done": True}


if __name__ == "__main__":
    main()
