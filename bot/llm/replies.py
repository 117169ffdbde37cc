"""What a server's answer holds: the text, why it ended, and the JSON object in it.

Models wrap JSON in fences, in thoughts and in small talk; servers answer with HTML, without choices, or refuse.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from bot.ports import Reply

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

_THOUGHTS_END = "</think>"


def read_reply(completion: ChatCompletion, *, model: str) -> Reply:
    """Return the first choice of a completion as a reply; `model` is its name when the server gives none.

    Raises: AttributeError, IndexError or TypeError when the answer is no completion at all (an HTML page, no choices).
    """
    choice = completion.choices[0]
    text = choice.message.content or ""
    usage = completion.usage
    return Reply(
        text=text,
        data=find_json_object(text),
        finish=_finish(choice.finish_reason, refusal=choice.message.refusal),
        model=str(completion.model or model),
        tokens_in=_count(usage.prompt_tokens) if usage else None,
        tokens_out=_count(usage.completion_tokens) if usage else None,
    )


def find_json_object(text: str) -> dict[str, object] | None:
    """Return the outermost JSON object in a model's answer, whatever stands around it; None when there is none."""
    answer = text.rpartition(_THOUGHTS_END)[2]
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(answer[start : end + 1], strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _finish(reason: object, *, refusal: object) -> Literal["complete", "truncated", "refused"]:
    if refusal or reason == "content_filter":
        return "refused"
    return "truncated" if reason == "length" else "complete"


def _count(tokens: object) -> int | None:
    return tokens if isinstance(tokens, int) and tokens >= 0 else None
