"""What Discord takes: its OpenAPI file where that lies beside the project, and the limits that the file misses."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from tests.platforms.discord.hostile_texts import HIDDEN, live_in_label, live_in_text

SHARED = Path(os.environ.get("TESTS_SHARED", Path(__file__).parents[4] / "shared"))
SPEC = SHARED / "specs" / "discord-openapi.json"

V2_FLAG = 1 << 15
ALLOWED_FLAGS = V2_FLAG | 1 << 2 | 1 << 6
COMMAND_NAME = re.compile(r"^[-_'\w]{1,32}$")
TEXT, BUTTON = 10, 2
_LENGTHS = (0, 1, 25, 32, 45, 80, 100, 256, 512, 1_024, 2_000, 4_000)
"""Lengths that Discord's schemas speak of."""
_proper_shapes: set[str] = set()

_TEMPLATES = (
    ("POST", "/channels/{channel_id}/messages"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads"),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
    ("PUT", "/applications/{application_id}/commands"),
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"),
    ("POST", "/users/@me/channels"),
)
_PATTERNS = [(method, re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), template) for method, template in _TEMPLATES]


def problems_of(method: str, path: str, body: Any) -> list[str]:
    """Return what Discord would refuse about a request; `path` is what follows the version."""
    template = next((t for m, pattern, t in _PATTERNS if m == method and pattern.fullmatch(path)), None)
    if template is None:
        return [] if body is None else [f"{method} {path} is not a request that is known to carry a body"]
    found = [f"{method} {path}: {problem}" for problem in _missed_limits(template, body)]
    return found + [f"{method} {path}: {problem}" for problem in _problems_by_schema(method, template, body)]


def message_problems(body: dict[str, Any]) -> list[str]:
    """Return which limits of a message with components the body breaks; lengths are UTF-16 units."""
    found = []
    components = list(_walk(body.get("components") or []))
    flags = body.get("flags", 0)
    if flags & ~ALLOWED_FLAGS:
        found.append(f"flags {flags} are not a bot's to set")
    if flags & V2_FLAG and (body.get("content") or body.get("embeds")):
        found.append("a message with the Components V2 flag takes no content and no embeds")
    if not flags & V2_FLAG and any(c["type"] >= 9 for c in components):
        found.append("new components without the Components V2 flag")
    if not components and not body.get("content"):
        found.append("empty message")
    if len(components) > 40:
        found.append(f"{len(components)} components")
    texts = [c["content"] for c in components if c["type"] == TEXT]
    if any(not text.strip() for text in texts):
        found.append("empty text")
    found.extend(f"live in a text: {live}: {text[:200]!r}" for text in texts if (live := live_in_text(text)))
    labels = [c["label"] for c in components if c["type"] == BUTTON]
    found.extend(f"live on a button: {live}" for label in labels if (live := live_in_label(label)))
    if sum(map(_units, texts)) + sum(map(_units, labels)) > 4_000:
        found.append("more than 4,000 characters")
    ids = [c["custom_id"] for c in components if "custom_id" in c]
    if len(ids) != len(set(ids)):
        found.append("the same custom_id twice")
    if any(not 1 <= _units(i) <= 100 for i in ids) or any(not 1 <= _units(label) <= 80 for label in labels):
        found.append("custom_id or label too long or empty")
    if any(c["type"] == 1 and not 1 <= len(c["components"]) <= 5 for c in components):
        found.append("a row of more than five")
    if body.get("allowed_mentions", {}).get("parse") != []:
        found.append("mentions are allowed")
    if len(str(body.get("nonce", ""))) > 25:
        found.append("nonce too long")
    return found


def has_spec() -> bool:
    """Return whether Discord's OpenAPI file is there."""
    return SPEC.exists()


def _missed_limits(template: str, body: Any) -> list[str]:
    if template.endswith("/callback"):
        return list(_callback_problems(body))
    if template.endswith("/commands"):
        return [problem for command in body for problem in _command_problems(command, depth=0)]
    if template.endswith("/threads"):
        name = body["name"]
        return [f"thread {name!r}"] if not 1 <= _units(name) <= 100 or live_in_label(name) else []
    if template.endswith("/users/@me/channels"):
        return []
    return message_problems(body)


def _callback_problems(body: dict[str, Any]) -> Iterator[str]:
    data = body.get("data") or {}
    if body["type"] not in (5, 6, 8, 9) or data.get("flags", 0) not in (0, 1 << 6):
        yield f"callback {body}"
    choices = data.get("choices") or []
    if len(choices) > 25:
        yield f"{len(choices)} choices"
    for choice in choices:
        if not 1 <= _units(choice["name"]) <= 100 or not 1 <= _units(choice["value"]) <= 100:
            yield f"choice {choice}"
        if live_in_label(choice["name"]):
            yield f"live in a choice: {choice['name']!r}"
    if body["type"] == 9:
        labels = [data["title"], *(component["label"] for component in data["components"])]
        if any(not 1 <= _units(label) <= 45 or live_in_label(label) for label in labels):
            yield f"form {labels}"
        for field in (component["component"] for component in data["components"]):
            value = field.get("value") or ""
            if _units(value) > field["max_length"] or HIDDEN.search(value):
                yield f"filled in beforehand: {value!r}"


def _command_problems(command: dict[str, Any], *, depth: int) -> Iterator[str]:
    name = command["name"]
    if command.get("type", 1) == 1 and (not COMMAND_NAME.match(name) or name != name.lower()):
        yield f"name {name!r}"
    if command.get("type", 1) in (1,) and not 1 <= _units(command.get("description", "")) <= 100:
        yield f"description of {name}"
    options = command.get("options") or []
    if len(options) > 25 or len({o["name"] for o in options}) != len(options):
        yield f"options of {name}"
    is_group = [o["type"] in (1, 2) for o in options]
    if any(is_group) and (not all(is_group) or depth):
        yield f"nesting of {name}"
    required = [bool(o.get("required")) for o in options]
    if required != sorted(required, reverse=True):
        yield f"a required option after an optional one in {name}"
    for option in options:
        if len(option.get("choices") or []) > 25 or not 1 <= _units(option["description"]) <= 100:
            yield f"option {option['name']} of {name}"
        if option["type"] == 1:
            yield from _command_problems({**option, "type": 1}, depth=depth + 1)


def _problems_by_schema(method: str, template: str, body: Any) -> list[str]:
    validator = _validator(method, template)
    # Validating takes long; a body of the same shape as one that was proper is proper, too.
    shape = f"{method} {template} {json.dumps(_shape(body), sort_keys=True)}"
    if validator is None or shape in _proper_shapes:
        return []
    found = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(body)]
    if not found:
        _proper_shapes.add(shape)
    return found


def _shape(value: Any, name: str = "") -> Any:
    """Return a value with the words in it replaced by how long they may be at most."""
    if isinstance(value, dict):
        return {key: _shape(child, key) for key, child in value.items()}
    if isinstance(value, list):
        return [_shape(child, name) for child in value]
    if not isinstance(value, str) or (name.endswith(("_id", "permissions")) and name != "custom_id"):
        return value
    return f"<= {next((bound for bound in _LENGTHS if len(value) <= bound), len(value))}"


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@cache
def _validator(method: str, template: str) -> Validator | None:
    if not has_spec():
        return None
    document = _document()
    schema = document["paths"][template][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({"components": document["components"], "allOf": [schema]})


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return json.loads(SPEC.read_text(encoding="utf-8"))
