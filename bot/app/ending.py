"""How a command ends: with its exit code, and with one sentence on standard error where something was wrong.

Exit codes: 0 done, 1 nothing found, 2 usage or settings, 70 something broke on our side, 130 interrupted.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer

from bot.errors import BotError, new_reference

DONE, NOT_ALIVE, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 70, 130


def run_to_end(command_line: Callable[[], object]) -> NoReturn:
    """Run the command line and leave with its exit code, whatever happens."""
    try:
        command_line()
    except BotError as error:
        _say(str(error))
        sys.exit(USAGE)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:
        _report_fault()
        sys.exit(BROKEN)
    sys.exit(DONE)


def finish(work: Coroutine[Any, Any, int]) -> NoReturn:
    """Do the work of a command and leave with what it returns."""
    raise typer.Exit(asyncio.run(work))


def refuse(sentence: str) -> NoReturn:
    """Leave because of how the command was called."""
    _say(sentence)
    raise typer.Exit(USAGE)


def _say(sentence: str) -> None:
    print(f"newsbot: {sentence}", file=sys.stderr)


def _report_fault() -> None:
    import traceback

    traceback.print_exc()
    _say(f"Something broke on my side (ref {new_reference()}). Please report it with the lines above.")
