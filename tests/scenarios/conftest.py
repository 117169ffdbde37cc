"""Runs the program as its users do: a process of its own, in an empty folder, with nothing set."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

TIME_LIMIT_S = 120
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "COLUMNS": "100"}


@dataclass(frozen=True)
class Ran:
    """What a finished command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; anything else there fails the test."""
        return [json.loads(line) for line in self.out.splitlines()]


NewsbotCommand = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    return tmp_path


@pytest.fixture
def environment() -> dict[str, str]:
    """What the program's process gets as its environment: nothing of ours, and no colours."""
    return dict(ENVIRONMENT)


@pytest.fixture
def started_newsbot(home: Path, environment: dict[str, str]) -> NewsbotCommand:
    """Start `newsbot` with these arguments as a user does and run it to its end."""

    def call(*arguments: str, env: dict[str, str] | None = None, stdin: str | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=home,
            env={**environment, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def command_process() -> Iterator[subprocess.Popen[str]]:
    """The process that has imported the program and forks commands."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.command_process"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


@pytest.fixture
def newsbot(
    home: Path,
    environment: dict[str, str],
    command_process: subprocess.Popen[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> NewsbotCommand:
    """Run `newsbot` with these arguments to its end, in a process of its own that need not import it."""
    streams = tmp_path_factory.mktemp("streams")
    given, out, err = (streams / name for name in ("input", "output", "errors"))

    def call(*arguments: str, env: dict[str, str] | None = None, stdin: str | None = None) -> Ran:
        given.write_text(stdin or "")
        order = {"arguments": arguments, "home": str(home), "environment": {**environment, **(env or {})}}
        code = _run_fork(command_process, {**order, "input": str(given), "output": str(out), "errors": str(err)})
        return Ran(code, out.read_text(), err.read_text())

    return call


@pytest.fixture
def samples(home: Path, project_root: Path) -> Path:
    """The project's sample articles, copied into the watched folder of `home`."""
    return shutil.copytree(project_root / "seeds", home / "seeds")


def _run_fork(process: subprocess.Popen[str], order: dict[str, Any]) -> int:
    """Have one command run; return its exit code, negative for a signal: that of one that takes too long is -9."""
    assert process.stdin is not None
    assert process.stdout is not None
    print(json.dumps(order), file=process.stdin, flush=True)
    _, pid = process.stdout.readline().split()
    limit = Timer(TIME_LIMIT_S, os.kill, (int(pid), signal.SIGKILL))
    limit.start()
    try:
        word, ended, status = process.stdout.readline().split()
    finally:
        limit.cancel()
    assert (word, ended) == ("ended", pid)
    return int(status)
