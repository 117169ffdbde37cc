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
def compose(project_root: Path) -> dict[str, Any]:
    """All of compose.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((project_root / "compose.yaml").read_text())
    return loaded


@pytest.fixture(params=["newsbot", "worker", "poster", "database"])
def any_service(request: pytest.FixtureRequest, compose: dict[str, Any]) -> dict[str, Any]:
    """Each service of compose.yaml in turn."""
    assert set(compose["services"]) == {"newsbot", "worker", "poster", "database"}
    one: dict[str, Any] = compose["services"][request.param]
    return one


@pytest.fixture
def service(compose: dict[str, Any]) -> dict[str, Any]:
    """The bot's service of compose.yaml."""
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


def test_a_service_can_change_nothing_but_its_volume(any_service: dict[str, Any]) -> None:
    assert any_service["read_only"] is True
    assert any_service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in any_service["security_opt"]
    assert all("noexec" in mount and "nosuid" in mount and "size=" in mount for mount in any_service["tmpfs"])
    assert int(any_service["user"]) > 0
    assert not {"privileged", "network_mode", "pid", "ipc", "cap_add", "devices"} & any_service.keys()


def test_a_service_has_limits_an_init_and_time_to_drain(any_service: dict[str, Any]) -> None:
    assert any_service["init"] is True
    assert {"pids_limit", "mem_limit", "cpus"} <= any_service.keys()
    assert int(any_service["stop_grace_period"].removesuffix("s")) >= 30
    assert any_service["restart"] == "unless-stopped"


def test_a_service_holds_no_secret_in_its_environment(any_service: dict[str, Any]) -> None:
    for name, value in any_service["environment"].items():
        assert not re.search(r"(?i)key|token|password|secret", name) or (
            name.endswith("_FILE") and value.startswith("/run/secrets/")
        )


def test_the_articles_are_mounted_for_reading_only(service: dict[str, Any]) -> None:
    assert service["volumes"] == ["./seeds:/app/seeds:ro", "data:/data"]


def test_the_bots_user_is_that_of_the_image(service: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    assert any(f"--uid {service['user']}" in run for run in of_kind(dockerfile, "RUN"))


def test_the_database_starts_with_its_profile_only_and_tells_its_health(compose: dict[str, Any]) -> None:
    database = compose["services"]["database"]
    assert database["profiles"] == ["postgres"]
    assert "ports" not in database
    assert "pg_isready" in database["healthcheck"]["test"]
    assert compose["services"]["newsbot"]["depends_on"]["database"] == {
        "condition": "service_healthy",
        "required": False,
    }


@pytest.mark.parametrize("name", ["worker", "poster"])
def test_more_processes_start_with_their_profile_only_and_are_asked_whether_they_are_ready(
    compose: dict[str, Any], name: str
) -> None:
    process, bot = compose["services"][name], compose["services"]["newsbot"]
    assert process["profiles"] == ["workers"]
    assert process["command"] == [{"worker": "work", "poster": "post"}[name]]
    port = process["environment"]["NEWSBOT_PROBES__PORT"]
    assert process["environment"] == {**bot["environment"], "NEWSBOT_PROBES__PORT": port}
    test = " ".join(process["healthcheck"]["test"])
    assert f"http://127.0.0.1:{port}/ready" in test
    compile(process["healthcheck"]["test"][-1], "healthcheck", "exec")
    assert "ports" not in process
    assert process["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_every_secret_is_a_file(compose: dict[str, Any], project_root: Path) -> None:
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())
    assert "secrets/" in (project_root / ".gitignore").read_text().split()


def test_the_lines_in_marks_are_settings_that_exist(project_root: Path) -> None:
    from bot.settings import FAMILIAR_NAMES, setting_names

    text = (project_root / "compose.yaml").read_text()
    named = set(re.findall(r"\b(?:NEWSBOT|OPENAI|DISCORD|SLACK)_[A-Z_]+\b", text))
    assert named <= {*setting_names(), *FAMILIAR_NAMES}
