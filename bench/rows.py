"""The rows of an evaluation set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any


def read_rows(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    """Yield the first `limit` rows (None: all) of a set of JSON lines, none when the set is not there."""
    if path.exists():
        yield from _rows_of(path, limit)


def load_rows(eval_dir: Path, name: str, limit: int | None = None) -> list[dict[str, Any]]:
    """Return the first `limit` rows (None: all) of a set that must be there. Raises: FileNotFoundError."""
    return list(_rows_of(eval_dir / f"{name}.jsonl", limit))


def _rows_of(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, limit):
            yield json.loads(line)
