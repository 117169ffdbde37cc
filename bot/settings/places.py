"""The places settings are read from: the environment, a `.env` file and a folder of secret files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import Misconfigured

PREFIX = "NEWSBOT_"
SECRETS_DIR_VARIABLE = "NEWSBOT_SECRETS_DIR"
DEFAULT_SECRETS_DIR = "/run/secrets"
ENV_FILE = ".env"


def secrets_dir() -> Path | None:
    """Return the folder of secret files when there is one. Raises: Misconfigured when the named one is missing."""
    named = os.environ.get(SECRETS_DIR_VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise Misconfigured(
                f"{SECRETS_DIR_VARIABLE} names {named}, which is not a folder. Make it or unset the name."
            )
        return Path(named)
    return Path(DEFAULT_SECRETS_DIR) if Path(DEFAULT_SECRETS_DIR).is_dir() else None


def names_set() -> Iterator[tuple[str, str]]:
    """Yield every `NEWSBOT_*` name that is set anywhere, and where."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            yield name, "environment"
    if Path(ENV_FILE).is_file():
        for name in dotenv_values(ENV_FILE):
            if name.upper().startswith(PREFIX):
                yield name, ENV_FILE
    folder = secrets_dir()
    if folder is not None:
        for path in folder.iterdir():
            if path.name.upper().startswith(PREFIX):
                yield path.name, str(folder)


def read_secret(folder: Path | None, name: str) -> str | None:
    """Return the content of the secret file of this name, in capitals or not; None when there is none."""
    for candidate in (name, name.lower()):
        path = folder / candidate if folder else None
        if path is not None and path.is_file():
            return path.read_text(encoding="utf-8").strip()
    return None
