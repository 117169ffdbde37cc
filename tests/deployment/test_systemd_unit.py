"""The systemd unit keeps the rules for a hardened service; systemd itself looks at it where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import setting_names

MOST_EXPOSED = 25
"""Tenths of systemd's own measure of exposure, from 0 (nothing) to 100; a unit without hardening has 92 to 96."""


@pytest.fixture
def unit(project_root: Path) -> list[tuple[str, str]]:
    """The unit's lines as (name, value), in order."""
    text = (project_root / "deploy" / "newsbot.service").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "["))]
    return [(line.partition("=")[0], line.partition("=")[2]) for line in lines]


def test_the_service_has_a_user_of_its_own_and_no_rights(unit: list[tuple[str, str]]) -> None:
    given = dict(unit)
    assert given["User"] == "newsbot"
    assert (given["CapabilityBoundingSet"], given["AmbientCapabilities"]) == ("", "")
    assert given["NoNewPrivileges"] == "yes"
    assert (given["ProtectSystem"], given["ProtectHome"], given["PrivateTmp"]) == ("strict", "yes", "yes")
    assert {"TasksMax", "MemoryMax", "CPUQuota"} <= given.keys()


def test_work_under_way_gets_time_to_end(unit: list[tuple[str, str]]) -> None:
    assert int(dict(unit)["TimeoutStopSec"]) >= 30


def test_it_sets_only_settings_that_exist_and_no_secret(unit: list[tuple[str, str]]) -> None:
    named = [value.partition("=")[0] for name, value in unit if name == "Environment"]
    ours = {name for name in named if name.startswith("NEWSBOT_")}
    assert ours <= {*setting_names(), "NEWSBOT_SECRETS_DIR"}
    assert not any(word in name for name in named for word in ("TOKEN", "KEY", "PASSWORD"))


def test_a_wrong_setting_does_not_start_it_over_and_over(unit: list[tuple[str, str]]) -> None:
    given = dict(unit)
    assert given["Restart"] == "on-failure"
    assert given["RestartPreventExitStatus"] == "2"


def test_systemd_finds_the_unit_well_closed(project_root: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("this machine has no systemd; the rules above stand in")
    unit = project_root / "deploy" / "newsbot.service"
    done = subprocess.run(
        [analyze, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
