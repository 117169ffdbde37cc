"""No secret reaches the log, whatever carries it there."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot.jobs.logging import redactor, set_up_logging

pytestmark = pytest.mark.fault("secrets in logs")

CANARY = "canary-4f1b-not-shaped-like-a-key"


@pytest.fixture(autouse=True)
def fresh_logging():
    """Leave logging as it was found."""
    yield
    structlog.reset_defaults()
    logging.basicConfig(force=True)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_known_secret_never_shows(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(level="debug", as_json=as_json, secrets=[CANARY])
    log = structlog.get_logger()
    log.info(f"key {CANARY}", key=CANARY, nested={"deep": [CANARY]})
    logging.getLogger("library").error("request with %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed")
    shown = capsys.readouterr()
    assert CANARY not in shown.err + shown.out
    assert "[secret]" in shown.err


@pytest.mark.parametrize(
    "text",
    [
        "sk-proj-abcdefgh12345678",
        "xoxb-1234567890-abcdef",
        "Authorization: Bearer abc.def.ghi-123",
        "postgresql://bot:hunter2@db:5432/news",
    ],
)
def test_what_is_shaped_like_a_secret_is_blotted_out(text: str) -> None:
    blotted = redactor([])(text)
    assert "[secret]" in blotted
    assert "hunter2" not in blotted


def test_ordinary_text_stays_as_it_is() -> None:
    text = "The council met at 10:30 at https://example.org/a:b and kept its task-force."
    assert redactor([])(text) == text
