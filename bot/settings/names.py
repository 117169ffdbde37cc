"""Every setting by its name, and the refusal of names that are none."""

from __future__ import annotations

import difflib

from bot.errors import Misconfigured
from bot.settings.places import PREFIX, SECRETS_DIR_VARIABLE, names_set
from bot.settings.section import Section
from bot.settings.settings import Settings


def refuse_unknown_names() -> None:
    """Raise Misconfigured when a `NEWSBOT_*` name set anywhere is not a setting, naming the nearest one."""
    known = set(setting_names()) | {SECRETS_DIR_VARIABLE}
    for name, place in names_set():
        if name.upper() in known:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else " docs/settings.md lists all of them."
        raise Misconfigured(f"{name} ({place}) is not a setting.{hint}")


def setting_names() -> dict[str, str]:
    """Return every setting's environment name with its description, in order."""
    names: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for inner, inner_field in section.model_fields.items():
                names[f"{PREFIX}{name}__{inner}".upper()] = inner_field.description or ""
        else:
            names[f"{PREFIX}{name}".upper()] = field.description or ""
    return names
