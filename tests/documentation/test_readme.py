"""What the README says is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.commands.catalogue import readme_table
from bot.settings import setting_names


@pytest.fixture
def readme(project_root: Path) -> str:
    """The text of the README."""
    return (project_root / "README.md").read_text(encoding="utf-8")


def test_the_table_of_commands_is_the_catalogues(readme: str) -> None:
    assert readme_table().strip() in readme


def test_every_setting_it_names_exists(readme: str) -> None:
    named = set(re.findall(r"NEWSBOT_[A-Z_]+", readme))
    assert named - set(setting_names()) == {"NEWSBOT_SECRETS_DIR"}


def test_every_file_it_links_to_exists(readme: str, project_root: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (project_root / target).exists(), target


def test_the_two_commands_are_targets_of_the_makefile(readme: str, project_root: Path) -> None:
    makefile = (project_root / "Makefile").read_text()
    for target in ("run", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
