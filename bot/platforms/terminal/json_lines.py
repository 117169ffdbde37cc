"""Reads files of one JSON object a line, as other programs hand them to us."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bot.errors import BadRequest

STANDARD_INPUT = "-"


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of each line that is not blank.

    Raises: BadRequest naming the file, the line and what is wrong with it.
    """
    if str(path) == STANDARD_INPUT:
        yield from _objects(sys.stdin.buffer, "standard input")
        return
    try:
        with path.open("rb") as file:
            yield from _objects(file, str(path))
    except OSError as error:
        raise BadRequest(f"{path} can't be read: {(error.strerror or 'unknown error').lower()}.") from error


def text_field(value: dict[str, Any], name: str, where: str) -> str:
    """Return a field that must be text. Raises: BadRequest when it is missing or something else."""
    field = value.get(name)
    if not isinstance(field, str):
        raise BadRequest(f"{where}: the field {name!r} is missing or not text.")
    return field


def _objects(file: IO[bytes], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"{name}, line {number}: not a JSON object in UTF-8 on one line.") from error
        if not isinstance(value, dict):
            raise BadRequest(f"{name}, line {number}: should be an object with fields, not a bare value.")
        yield number, value
