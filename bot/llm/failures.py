"""What went wrong in a call, in a user's words, and what it means for the next one.

The sentence never holds what the server said: error pages repeat keys and articles. The log gets a scrubbed cause.
"""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import openai

from bot.errors import Unavailable
from bot.ports import NoAnswer

# Enough of a server's error to know what it was.
_CAUSE_CHARS = 500
_CONTEXT_WORDS = ("context length", "context_length", "maximum context", "context size", "too many tokens")
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"})


class CallFailed(Exception):
    """The cause of a failed call as the log may show it: the class of the error and what it said, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed call. `counts` says whether the server looks down; `charged` whether the call may cost money."""

    sentence: str
    cause: str
    counts: bool = True
    charged: bool = False
    retry_after_s: float | None = None

    def to_error(self) -> Unavailable:
        """Return the error to raise, its cause chained."""
        kind = NoAnswer if self.charged else Unavailable
        error = kind(self.sentence, retry_after_s=self.retry_after_s)
        error.__cause__ = CallFailed(self.cause)
        return error


def judge(error: Exception, *, server: str, model: str, timeout_s: float, secrets: Sequence[str]) -> Failure:
    """Return what this error of the openai client or the network under it means."""
    cause = f"{server}: {_scrubbed(error, secrets)}"
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return Failure(sentence=f"the LLM did not answer within {timeout_s:g} s", cause=cause, charged=True)
    if isinstance(error, openai.APIConnectionError):
        if type(error.__cause__).__name__ in _NEVER_SENT:
            return Failure(sentence="the LLM server can't be reached", cause=cause)
        return Failure(sentence="the LLM server broke off the connection", cause=cause, charged=True)
    if isinstance(error, openai.APIStatusError):
        return _judge_status(error, model=model, cause=cause)
    return Failure(sentence="the LLM server sent something that is no answer", cause=cause, charged=True)


def _judge_status(error: openai.APIStatusError, *, model: str, cause: str) -> Failure:
    status = error.status_code
    if status == 429:
        if str(error.code) in _QUOTA_CODES or str(error.type) in _QUOTA_CODES:
            return Failure(sentence="the LLM account has no credit left", cause=cause)
        wait_s = _retry_after_s(error.response.headers.get("retry-after"))
        return Failure(sentence="the LLM server is too busy (HTTP 429)", cause=cause, retry_after_s=wait_s)
    if status in (401, 403):
        return Failure(sentence=f"the LLM server refused the API key (HTTP {status})", cause=cause)
    if status == 404:
        return Failure(
            sentence=f"the LLM server has no model '{model}', or its address lacks /v1 (HTTP 404)", cause=cause
        )
    said = error.message.lower()
    if status in (400, 413, 422) and any(word in said for word in _CONTEXT_WORDS):
        return Failure(sentence="the article is too long for the LLM", cause=cause, counts=False)
    if status >= 500:
        wait_s = _retry_after_s(error.response.headers.get("retry-after"))
        return Failure(sentence=f"the LLM server failed (HTTP {status})", cause=cause, retry_after_s=wait_s)
    return Failure(sentence=f"the LLM server refused the request (HTTP {status})", cause=cause)


def _retry_after_s(value: str | None) -> float | None:
    """Return the seconds of a Retry-After header, given as seconds or as a date. Source: RFC 9110 section 10.2.3."""
    if value is None:
        return None
    try:
        wait_s = float(value) if value.strip()[:1].isdigit() else _seconds_until(value)
    except (ValueError, OverflowError):
        return None
    return wait_s if math.isfinite(wait_s) else None


def _seconds_until(date: str) -> float:
    return max(0.0, email.utils.parsedate_to_datetime(date).timestamp() - time.time())


def _scrubbed(error: Exception, secrets: Sequence[str]) -> str:
    said = " ".join(f"{type(error).__name__}: {error}".split())
    for secret in secrets:
        said = said.replace(secret, "***")
    return said[:_CAUSE_CHARS]
