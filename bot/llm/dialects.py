"""Which parts of OpenAI's chat protocol a server speaks, learned from its refusals and kept for the next call.

Local servers know no json_schema; reasoning models want another name for the length limit and no temperature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.ports import ChatMessage

_SCHEMA_WORDS = ("response_format", "json_schema", "structured output", "guided", "grammar", "json schema")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the server is asked with; at first everything, as OpenAI's classic models take it."""

    json_schema: bool = True
    temperature: bool = True
    max_completion_tokens: bool = False
    reasoning_effort: bool = False


def adapt(dialect: Dialect, refusal: str) -> Dialect | None:
    """Return the dialect without what this refusal (the server's message) complains about; None if it names nothing."""
    said = refusal.lower()
    if dialect.json_schema and any(word in said for word in _SCHEMA_WORDS):
        return replace(dialect, json_schema=False)
    if not dialect.max_completion_tokens and "max_completion_tokens" in said:
        return replace(dialect, max_completion_tokens=True)
    if dialect.reasoning_effort and "reasoning_effort" in said:
        return replace(dialect, reasoning_effort=False)
    if dialect.temperature and "temperature" in said:
        # Only reasoning models refuse a temperature; a summary needs little thought, and thoughts are paid for.
        return replace(dialect, temperature=False, reasoning_effort=True)
    return None


def build_request(
    dialect: Dialect, messages: Sequence[ChatMessage], *, model: str, schema: Mapping[str, object], max_tokens: int
) -> dict[str, Any]:
    """Return the arguments of one chat completion: no tools, no sampling."""
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.text} for message in messages],
        ("max_completion_tokens" if dialect.max_completion_tokens else "max_tokens"): max_tokens,
    }
    if dialect.temperature:
        request["temperature"] = 0
    if dialect.reasoning_effort:
        request["reasoning_effort"] = "low"
    if dialect.json_schema:
        request["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
        }
    else:
        request["messages"].insert(0, {"role": "system", "content": _describe(schema)})
        request["messages"] = _with_one_system_message(request["messages"])
    return request


def _describe(schema: Mapping[str, object]) -> str:
    return (
        f"Answer with one JSON object only, without fences. Its JSON schema: {json.dumps(schema, ensure_ascii=False)}"
    )


def _with_one_system_message(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the messages with the leading system messages made one: chat templates of small models allow only one."""
    leading = [message["content"] for message in messages[:2] if message["role"] == "system"]
    return [{"role": "system", "content": "\n\n".join(reversed(leading))}, *messages[len(leading) :]]
