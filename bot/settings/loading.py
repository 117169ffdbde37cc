"""Loads the settings of this process; every mistake is named, and no value is ever printed."""

from __future__ import annotations

from pydantic import ValidationError

from bot.errors import Misconfigured
from bot.settings.names import refuse_unknown_names
from bot.settings.places import PREFIX
from bot.settings.settings import Settings


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises: Misconfigured naming each wrong setting, what it should be and, for a misspelt name, the nearest real one.
    """
    refuse_unknown_names()
    try:
        return Settings()
    except ValidationError as error:
        lines = [_describe(problem["loc"], problem["msg"]) for problem in error.errors(include_input=False)]
        raise Misconfigured("; ".join(lines)) from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + "__".join(str(part) for part in location if not isinstance(part, int)).upper()
    return f"{name}: {message[:1].lower()}{message[1:]}"
