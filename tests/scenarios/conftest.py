"""Runs the program as its users do: a process of its own, in an empty folder, with nothing set."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TIME_LIMIT_S = 120


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
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "COLUMNS": "100"}


@pytest.fixture
def newsbot(home: Path, environment: dict[str, str]) -> NewsbotCommand:
    """Run `newsbot` with these arguments to its end."""

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


@pytest.fixture
def samples(home: Path, project_root: Path) -> Path:
    """The project's sample articles, copied into the watched folder of `home`."""
    return shutil.copytree(project_root / "seeds", home / "seeds")
