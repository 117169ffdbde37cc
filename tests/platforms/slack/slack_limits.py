"""Checks calls of Slack's Web API: the published length limits, what may be live, and the argument schemas if given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

BLOCK_LIMITS = {"actions": 25, "context": 10, "context_actions": 5}
LIVE_ELEMENTS = ("user", "usergroup", "channel", "broadcast", "date", "emoji", "team", "color")
MAX_PAYLOAD = 10_000
LIVE_IN_FALLBACK = re.compile(r"(?<!\u200b)@(?!\u200b)|(?i:https?://)|www\.|:[a-z_+0-9'-]+:")
HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2060-\u206f\U000e0000-\U000e007f\x00-\x08\x0b-\x1f]")
WITHOUT_SCHEMA = ("apps.connections.open", "users.list", "users.conversations")


def problems_of_call(method: str, arguments: Json, schemas: Json | None) -> list[str]:
    """Return everything that is wrong with one call."""
    found: list[str] = []
    if method.startswith("chat.") and "text" in arguments:
        found += problems_of_message(arguments)
        if arguments.get("link_names") not in (False, 0) or arguments.get("parse") != "none":
            found.append("names or addresses may be parsed")
        if method == "chat.postMessage" and (arguments["unfurl_links"] or arguments["unfurl_media"]):
            found.append("previews are on")
    if method in ("views.open", "views.publish"):
        found += problems_of_view(arguments["view"])
    if schemas is not None:
        found += problems_by_schema(method, arguments, schemas)
    return [f"{method}: {problem}" for problem in found]


def problems_of_response(body: Json, *, uses: int, schemas: Json | None) -> list[str]:
    """Return everything that is wrong with a message to a response address."""
    found = ["more than five uses of a response address"] if uses > 5 else []
    if "text" in body:
        found += problems_of_message(body)
        if schemas is not None:
            message = {name: body[name] for name in ("text", "blocks")}
            found += problems_by_schema("chat.postMessage", {"channel": "C1", **message}, schemas)
    return found


def problems_of_message(body: Json) -> list[str]:
    """Return everything that breaks a limit of a message, or could be live in it."""
    found = list(problems_of_blocks(body["blocks"], most=50))
    size = len(escaped(json.dumps(body, ensure_ascii=False)))
    if size > MAX_PAYLOAD:
        found.append(f"the payload has {size} characters")
    if not body["text"].strip() or len(body["text"]) > 4000:
        found.append("the fallback text is empty or too long")
    bare = body["text"].replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    if any(mark in bare for mark in "<>&"):
        found.append(f"the fallback text is not escaped: {body['text'][:80]!r}")
    if live := LIVE_IN_FALLBACK.search(body["text"]):
        found.append(f"live in the fallback text: {live[0]!r}")
    return found


def problems_of_blocks(blocks: list[Json], *, most: int) -> Iterator[str]:
    """Yield what is wrong with a list of blocks."""
    if not 0 < len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        kind = block["type"]
        elements = block.get("elements", [])
        if kind in BLOCK_LIMITS and not 0 < len(elements) <= BLOCK_LIMITS[kind]:
            yield f"{len(elements)} elements in {kind}"
        ids = [element["action_id"] for element in elements if "action_id" in element]
        if len(ids) != len(set(ids)) or any(len(name) > 255 for name in ids):
            yield f"action ids: {ids}"
        if kind == "header" and not 0 < len(escaped(block["text"]["text"])) <= 150:
            yield "a header is empty or too long"
        if kind in ("section", "context", "rich_text"):
            texts = "".join(text for text in texts_of(block))
            if not 0 < len(escaped(texts)) <= 3000:
                yield f"{kind} has {len(escaped(texts))} characters"
        yield from _live_things(block)
        yield from (f"hidden characters: {text[:80]!r}" for text in texts_of(block) if HIDDEN.search(text))


def problems_of_options(options: list[Json]) -> list[str]:
    """Return what is wrong with the entries of a menu."""
    found = [f"{len(options)} entries"] if len(options) > 100 else []
    for option in options:
        text = option["text"]
        if text["type"] != "plain_text" or text.get("emoji") is not False or HIDDEN.search(text["text"]):
            found.append(f"live in a menu: {text}")
        if not 0 < len(escaped(text["text"])) <= 75 or not 0 < len(option["value"]) <= 150:
            found.append(f"an entry is empty or too long: {option}")
    return found


def problems_of_view(view: Json) -> list[str]:
    """Return what is wrong with a modal or a home page."""
    found = list(problems_of_blocks(view["blocks"], most=100))
    if view["type"] == "modal" and not 0 < len(view["title"]["text"]) <= 24:
        found.append("the title is empty or too long")
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata is too long")
    names = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    if len(names) != len(set(names)):
        found.append("two blocks have one id")
    return found


def problems_by_schema(method: str, arguments: Json, schemas: Json) -> list[str]:
    """Return what the schema of a method's arguments says against these."""
    import jsonschema

    if method in WITHOUT_SCHEMA:
        return []
    if method not in schemas:
        return ["no schema for this method"]
    validators = schemas.setdefault("", {})
    if method not in validators:
        validators[method] = jsonschema.Draft7Validator(schemas[method])
    typed = {name: _typed(name, value) for name, value in arguments.items()}
    proper_shapes = schemas[""].setdefault("shapes", set())
    shape = method + json.dumps(_shape(typed), sort_keys=True)
    if shape in proper_shapes:
        return []
    found = [f"{'/'.join(map(str, e.path))}: {e.message[:300]}" for e in validators[method].iter_errors(typed)]
    if not found:
        proper_shapes.add(shape)
    return found


def escaped(text: str) -> str:
    """Return the text as Slack stores it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text that readers see in blocks, buttons included."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for name, child in value.items():
            if name != "value":
                yield from texts_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts_of(child)


def links_of(value: Any) -> Iterator[str]:
    """Yield every address that readers could follow."""
    if isinstance(value, dict):
        if isinstance(value.get("url"), str):
            yield value["url"]
        for child in value.values():
            yield from links_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from links_of(child)


def _live_things(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        kind = value.get("type")
        if kind == "mrkdwn" or (kind in LIVE_ELEMENTS and "elements" not in value):
            yield f"{kind} is live: {value}"
        if kind == "plain_text" and value.get("emoji") is not False:
            yield f"emoji are live: {value}"
        for child in value.values():
            yield from _live_things(child)
    elif isinstance(value, list):
        for child in value:
            yield from _live_things(child)


def _shape(value: Any, name: str = "") -> Any:
    """Return a value without the words that no schema looks at, so that each shape is checked once."""
    if isinstance(value, dict):
        return {key: _shape(child, key) for key, child in value.items()}
    if isinstance(value, list):
        return [_shape(child) for child in value]
    return "" if isinstance(value, str) and name not in ("type", "style", "parse", "event_type") else value


def _typed(name: str, value: Any) -> Any:
    """Return an argument as it was before it was put into a query: there everything is text."""
    if name == "limit":
        return int(value)
    if name in ("include_all_metadata", "exclude_archived", "include_locale", "inclusive"):
        return str(value).lower() in ("1", "true")
    return value
