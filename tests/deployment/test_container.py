"""The container's files keep the rules for a hardened image; no Docker engine is needed to read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def dockerfile(project_root: Path) -> list[tuple[str, str]]:
    """The Dockerfile's instructions, in order, continuation lines joined."""
    text = (project_root / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0].upper(), line.split(maxsplit=1)[1]) for line in lines]


@pytest.fixture
def service(project_root: Path) -> dict[str, Any]:
    """The bot's service of compose.yaml."""
    compose = yaml.safe_load((project_root / "compose.yaml").read_text())
    assert list(compose["services"]) == ["newsbot"]
    bot: dict[str, Any] = compose["services"]["newsbot"]
    return bot


def of_kind(dockerfile: list[tuple[str, str]], kind: str) -> list[str]:
    return [rest for instruction, rest in dockerfile if instruction == kind]


def test_base_images_are_pinned_to_a_version(dockerfile: list[tuple[str, str]]) -> None:
    for image in of_kind(dockerfile, "FROM"):
        assert re.match(r"python:3\.\d+-slim\b", image), image


def test_the_image_runs_as_a_user_without_rights_or_shell(dockerfile: list[tuple[str, str]]) -> None:
    assert of_kind(dockerfile, "USER") == ["newsbot"]
    last = [instruction for instruction, _ in dockerfile]
    assert last.index("USER") > max(index for index, name in enumerate(last) if name in ("RUN", "COPY"))
    assert any("nologin" in run for run in of_kind(dockerfile, "RUN"))


def test_dependencies_come_from_the_lock_file_alone(dockerfile: list[tuple[str, str]]) -> None:
    syncs = [run for run in of_kind(dockerfile, "RUN") if "uv sync" in run]
    assert syncs
    assert all("--locked" in run and "--no-dev" in run for run in syncs)


def test_the_tool_that_builds_is_pinned_to_the_makefiles_version(
    dockerfile: list[tuple[str, str]], project_root: Path
) -> None:
    version = re.search(r"UV_VERSION := (\S+)", (project_root / "Makefile").read_text())
    assert version is not None
    assert any(f"uv=={version[1]}" in run for run in of_kind(dockerfile, "RUN"))


def test_package_lists_are_not_left_in_the_image(dockerfile: list[tuple[str, str]]) -> None:
    for run in of_kind(dockerfile, "RUN"):
        if "apt-get install" in run:
            assert "--no-install-recommends" in run
            assert "rm -rf /var/lib/apt/lists" in run


def test_no_secret_is_baked_into_the_image(dockerfile: list[tuple[str, str]]) -> None:
    settings = " ".join(of_kind(dockerfile, "ENV") + of_kind(dockerfile, "ARG"))
    assert not re.search(r"(?i)key|token|password|secret", settings)


def test_the_image_ends_on_sigterm_and_tells_its_health(dockerfile: list[tuple[str, str]]) -> None:
    assert of_kind(dockerfile, "STOPSIGNAL") == ["SIGTERM"]
    assert of_kind(dockerfile, "HEALTHCHECK")
    assert of_kind(dockerfile, "ENTRYPOINT")[0].startswith("[")


def test_only_what_the_build_needs_is_sent_to_it(project_root: Path) -> None:
    rules = (project_root / ".dockerignore").read_text().split()
    assert rules[0] == "*"
    assert not any(rule in ("!.env", "!data", "!.git") for rule in rules)


def test_the_service_can_change_nothing_but_its_volume(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "./seeds:/app/seeds:ro" in service["volumes"]
    assert all("noexec" in mount for mount in service["tmpfs"])


def test_the_service_has_limits_an_init_and_time_to_drain(service: dict[str, Any]) -> None:
    assert service["init"] is True
    assert {"pids_limit", "mem_limit", "cpus"} <= service.keys()
    assert service["stop_grace_period"] == "30s"


def test_the_service_holds_no_secret_in_its_environment(service: dict[str, Any]) -> None:
    assert not re.search(r"(?i)key|token|password|secret", str(service["environment"]))
