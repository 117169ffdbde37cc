"""Every process answers operators, also those that serve no page."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_place, shared_postgres
from tests.scenarios.conftest import NewsbotCommand

__all__ = ["postgres_place", "shared_postgres"]

PATIENCE_S = 60.0
NOWHERE = "http://127.0.0.1:9/api"
ASKED = {"NEWSBOT_WEB__ENABLED": "false", "NEWSBOT_READING__SCAN_INTERVAL_S": "0.3", "NEWSBOT_READING__SETTLE_S": "0.2"}


@pytest.fixture
def start(home: Path, environment: dict[str, str]) -> Iterator[Callable[..., int]]:
    """Start a process of the program with a port for operators; return the port."""
    started: list[subprocess.Popen[bytes]] = []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])

    def start_one(command: str, **settings: str) -> int:
        own = {**environment, **ASKED, **settings, "NEWSBOT_PROBES__PORT": str(port)}
        with (home / "log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "bot", command], cwd=home, env=own, stdout=log, stderr=subprocess.STDOUT
                )
            )
        return port

    yield start_one
    for process in started:
        process.terminate()
        assert process.wait(PATIENCE_S) == 0, (home / "log").read_text()


def asked(port: int, path: str) -> tuple[int, str]:
    """Return the status and the text of an answer; 0 while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def until_ready(port: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while asked(port, "/ready")[0] != 200:
        assert time.monotonic() < deadline, (home / "log").read_text()
        time.sleep(0.1)


def figure(port: int, name: str) -> float:
    status, text = asked(port, "/metrics")
    assert status == 200
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not among the figures"
    return float(found[1])


def test_a_bot_without_a_page_answers_on_a_port_of_its_own(start: Callable[..., int], samples: Path) -> None:
    port = start("run")
    until_ready(port, samples.parent)
    assert asked(port, "/live") == (200, "live\n")
    deadline = time.monotonic() + PATIENCE_S
    while figure(port, "newsbot_articles") < 12:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert figure(port, "newsbot_heartbeat_age_seconds") < 60
    assert asked(port, "/chat")[0] == 404


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("work", {}),
        ("post", {"DISCORD_TOKEN": "invented", "NEWSBOT_DISCORD__API_BASE": NOWHERE}),
    ],
)
def test_a_worker_and_a_poster_answer_and_show_what_they_share(
    command: str, settings: dict[str, str], start: Callable[..., int], samples: Path, postgres_place: str
) -> None:
    place = postgres_place.replace("postgresql://", "postgresql+asyncpg://")
    port = start(command, NEWSBOT_DATABASE__URL=place, **settings)
    until_ready(port, samples.parent)
    assert asked(port, "/live") == (200, "live\n")
    role = {"work": "reading", "post": "posting:discord"}[command]
    deadline = time.monotonic() + PATIENCE_S
    while figure(port, f'newsbot_roles_held{{role="{role}"}}') != 1:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert figure(port, 'newsbot_jobs{state="held"}') == 0
    assert figure(port, "newsbot_heartbeat_age_seconds") < 60


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({}, 0, "have no port of their own; the web page serves them"),
        ({"NEWSBOT_PROBES__PORT": "18473"}, 0, "http://127.0.0.1:18473"),
        ({"NEWSBOT_PROBES__PORT": "18472"}, 2, "port 18472 is that of the web page"),
        ({"NEWSBOT_PROBES__PORT": "18473", "NEWSBOT_PROBES__HOST": "0.0.0.0"}, 0, "set NEWSBOT_WEB__TOKEN"),
        ({"NEWSBOT_PROBES__PORT": "18473", "NEWSBOT_PROBES__HOST": "203.0.113.7"}, 2, "set NEWSBOT_PROBES__HOST"),
    ],
)
def test_the_check_says_where_operators_are_answered(
    settings: dict[str, str], code: int, said: str, newsbot: NewsbotCommand, samples: Path
) -> None:
    done = newsbot("check", env={"NEWSBOT_WEB__PORT": "18472", **settings})
    assert done.code == code
    assert said in " ".join(done.out.split())
