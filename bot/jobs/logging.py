"""The log: structlog on standard error, for people or as JSON, with every secret blotted out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

import structlog

BLOT = "[secret]"

SECRET_SHAPES = re.compile(
    r"\b(?:sk-[\w-]{8,}|xox[abpr]-[\w-]{8,}|xapp-[\w-]{8,}|gh[pousr]_\w{16,}"
    r"|[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}"
    r"|Bearer\s+[\w.~+/-]{8,}=*)|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[\w/-]+|\b(?:webhooks|interactions)/\d{15,22}/[\w-]{20,}"
    r"|\bwss?://[^\s\"'<>]+"
)
"""Keys of OpenAI, Slack and GitHub, Discord tokens, bearer headers, passwords inside addresses, and addresses that are
keys themselves: webhooks, one interaction's callback, a socket with its ticket."""

Redact = Callable[[str], str]


def set_up_logging(*, level: str, as_json: bool, secrets: Sequence[str]) -> None:
    """Send our log and the standard library's to standard error; `secrets` never appear in it."""
    redact = redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[*shared, _Redaction(redact), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(redact))
    # Libraries speak up only when something is wrong; their debug lines hold requests and headers.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def redactor(secrets: Sequence[str]) -> Redact:
    """Return a function that blots out these secrets and everything shaped like one."""
    known = [re.escape(secret) for secret in secrets if secret]
    literal = re.compile("|".join(known)) if known else None

    def redact(text: str) -> str:
        blotted = literal.sub(BLOT, text) if literal else text
        return SECRET_SHAPES.sub(BLOT, blotted)

    return redact


class _Redaction:
    """Blots secrets out of every value of a log line, however deep it lies."""

    def __init__(self, redact: Redact) -> None:
        self._redact = redact

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {str(key): self._clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in value]
        return self._redact(str(value))


class _RedactingFormatter(logging.Formatter):
    """Formats the standard library's log lines, blotting secrets out of messages and tracebacks."""

    def __init__(self, redact: Redact) -> None:
        super().__init__("%(asctime)s [%(levelname)s] %(name)s: %(message)s", "%H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))
