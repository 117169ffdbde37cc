"""What the deployment page says is what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import cli
from bot.settings import FAMILIAR_NAMES, setting_names


@pytest.fixture
def page(project_root: Path) -> str:
    """The text of the page."""
    return (project_root / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_every_setting_it_names_exists(page: str) -> None:
    named = set(re.findall(r"\b(?:NEWSBOT|OPENAI|DISCORD|SLACK)_[A-Z_]+[A-Z]\b", page))
    assert named <= {*setting_names(), *FAMILIAR_NAMES}


def test_every_command_it_names_exists(page: str) -> None:
    known = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    named = set(re.findall(r"(?:`|^|bin/)newsbot ([a-z]+)", page, re.MULTILINE))
    assert named
    assert named <= known


def test_every_file_and_heading_it_links_to_exists(page: str, project_root: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page):
        assert (project_root / "docs" / target).exists(), target
    titles = re.findall(r"^## (.+)$", page, re.MULTILINE)
    headings = {re.sub(r"[^a-z0-9-]", "", title.lower().replace(" ", "-")) for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) == headings


def test_the_permissions_it_names_are_those_of_the_invite_link(page: str) -> None:
    from bot.platforms.discord.inviting import PERMISSIONS

    for name in PERMISSIONS:
        assert f"*{name.title().replace('In', 'in')}*" in page, name


def test_the_figures_it_names_are_on_the_dashboard(page: str, project_root: Path) -> None:
    dashboard = (project_root / "deploy" / "grafana.json").read_text()
    for name in set(re.findall(r"newsbot_[a-z_]+", page)):
        assert name in dashboard


def test_the_oldest_python_it_names_is_the_programs(page: str, project_root: Path) -> None:
    required = tomllib.loads((project_root / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"Python {required.removeprefix('>=')}" in page
