"""The settings as texts for people: `.env.example` and docs/settings.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings.familiar import FAMILIAR_NAMES
from bot.settings.names import setting_names
from bot.settings.places import DEFAULT_SECRETS_DIR, PREFIX, SECRETS_DIR_VARIABLE
from bot.settings.section import Section
from bot.settings.settings import Settings

_ABBREVIATIONS = {"llm": "LLM"}


def example_env() -> str:
    """Return the text of `.env.example`: every setting, commented out, with its description and default."""
    lines = [
        "# Every setting with its default. Copy this file to .env, take the mark off a line and change it;",
        "# `newsbot check` says whether it works. OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL work too.",
    ]
    for name, description in setting_names().items():
        lines += ["", f"# {description}", f"# {name}={_default_text(name)}"]
    return "\n".join(lines) + "\n"


def settings_reference() -> str:
    """Return the text of docs/settings.md: every setting by section, with its default and its limits."""
    lines = [
        "# Settings",
        "",
        "Made from the program by `python -c 'from bot.settings import *; print(settings_reference(), end=\"\")'`.",
        "",
        "A setting is looked for in the environment, then in a `.env` file in the folder the program is started in,",
        f"then in a folder of secret files: one file a setting, named like it, in `{DEFAULT_SECRETS_DIR}` or where",
        f"`{SECRETS_DIR_VARIABLE}` says. A misspelt name is an error that names the nearest real one. `newsbot check`",
        "says whether everything works.",
        "",
        "These names work too: " + ", ".join(f"`{name}`" for name in FAMILIAR_NAMES) + ".",
        "",
        "## General",
        "",
        *_table({name: field for name, field in Settings.model_fields.items() if _section_of(field) is None}, PREFIX),
    ]
    for name, field in Settings.model_fields.items():
        section = _section_of(field)
        if section is not None:
            doc = " ".join((section.__doc__ or "").split())
            lines += ["", f"## {_ABBREVIATIONS.get(name, name.capitalize())}", "", doc, ""]
            lines += _table(section.model_fields, f"{PREFIX}{name.upper()}__")
    return "\n".join(lines) + "\n"


def _section_of(field: FieldInfo) -> type[Section] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _table(fields: Mapping[str, FieldInfo], prefix: str) -> list[str]:
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in fields.items():
        full = f"{prefix}{name}".upper()
        default = _default_text(full)
        shown = f"`{default}`" if default else ""
        meaning = " ".join(filter(None, (field.description, _limits(field), _secret_note(field))))
        rows.append(f"| `{full}` | {shown} | {meaning.replace('|', chr(92) + '|')} |")
    return rows


def _limits(field: FieldInfo) -> str:
    """Return the least and greatest value a number may have, as a sentence."""
    bounds = {
        name: value
        for part in field.metadata
        for name in ("ge", "gt", "le")
        if (value := getattr(part, name, None)) is not None
    }
    worded = {"ge": "at least", "gt": "more than", "le": "at most"}
    said = ", ".join(f"{worded[name]} {value:g}" for name, value in bounds.items() if (name, value) != ("ge", 0))
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _secret_note(field: FieldInfo) -> str:
    return "Secret: best kept in a secret file." if SecretStr.__name__ in str(field.annotation) else ""


def _default_text(name: str) -> str:
    first, *inner = name.removeprefix(PREFIX).lower().split("__")
    value = Settings.model_fields[first].default
    for part in inner:
        value = getattr(value, part)
    if isinstance(value, tuple):
        return ",".join(f"{part:%H:%M}" if isinstance(part, time) else str(part) for part in value)
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
