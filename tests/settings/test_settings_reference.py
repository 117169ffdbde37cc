"""The settings as they are written down for people are the settings that there are."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import setting_names, settings_reference


def test_the_settings_page_is_made_from_the_program(project_root: Path) -> None:
    command = "from bot.settings import *; print(settings_reference(), end='')"
    remedy = f'write it anew: python -c "{command}" > docs/settings.md'
    assert (project_root / "docs" / "settings.md").read_text() == settings_reference(), remedy


def test_every_setting_stands_in_a_table_row() -> None:
    rows = [line for line in settings_reference().splitlines() if line.startswith("| `NEWSBOT_")]
    assert [row.split("`")[1] for row in rows] == list_by_section()
    assert all(row.count(" | ") == 2 for row in rows)


def test_secrets_are_marked_and_limits_stated() -> None:
    page = settings_reference()
    assert re.search(r"`NEWSBOT_DISCORD__TOKEN` .*Secret: best kept in a secret file", page)
    assert re.search(r"`NEWSBOT_READING__MAX_CPU_S` .*At least 1, at most 600\.", page)


def list_by_section() -> list[str]:
    names = list(setting_names())
    return [name for name in names if "__" not in name] + [name for name in names if "__" in name]
