"""The process that `newsbot` of the scenarios forks: it has imported the program, which takes most of a short command.

Each line it reads is one command: JSON with its `arguments`, `home`, `environment`, and the files that are its
standard `input`, `output` and `errors`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module

from bot.__main__ import main
from tests.faults.forking import serve_forks

IMPORTED = (
    "bot.app.answering",
    "bot.app.building",
    "bot.app.checking",
    "bot.app.dating",
    "bot.app.fetching",
    "bot.app.keeping",
    "bot.platforms.terminal.asking",
    "bot.platforms.terminal.stories",
    "bot.platforms.terminal.verifying",
    "bot.storage.archive",
    "sqlalchemy.dialects.sqlite.aiosqlite",
)


def live(line: str) -> int:
    """Be one command; return its exit code."""
    order = json.loads(line)
    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (name, flags) in enumerate((("input", os.O_RDONLY), ("output", writing), ("errors", writing))):
        opened = os.open(order[name], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["newsbot", *order["arguments"]]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    for module in IMPORTED:
        import_module(module)
    serve_forks(live)
