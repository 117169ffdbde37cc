"""Builds modals from the declaration of a command, and reads back what was filled in; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands.declaring import Command, Option, options_of
from bot.model import Message
from bot.platforms.slack.blocks import Json, plain
from bot.platforms.slack.neutralizing import one_line, shorten
from bot.platforms.slack.rendering import render_view_blocks

COMMAND_FORM = "command-form"
QUESTION_FORM = "question-form"
ANSWER_VIEW = "answer-view"
COMPLETE_PREFIX = "complete:"
"""The action_id of a menu whose entries are asked for while somebody types: command and option follow."""

MAX_TITLE_CHARS = 24
"""Source: https://docs.slack.dev/reference/views/modal-views"""
MAX_METADATA_CHARS = 3_000
MAX_LABEL_CHARS = 200
MAX_INPUT_CHARS = 3_000
"""Source: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""
MAX_CHOICES = 100
MAX_CHOICE_CHARS = 75
"""Of a menu's entry. Source: https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
MAX_VALUE_CHARS = 150
LONG_TEXT_CHARS = 400
"""A text that may be longer gets a field of several lines."""
_QUESTION_BLOCK = "question"
_YES = "yes"


def command_form(command: Command, *, origin: Mapping[str, str]) -> Json:
    """Return a modal with one field for each option; `origin` comes back with the submission."""
    fields = [_field(command, option) for option in options_of(command)]
    return {
        "type": "modal",
        "callback_id": COMMAND_FORM,
        "title": plain(shorten(f"/{command.name}", max_weight=MAX_TITLE_CHARS)),
        "submit": plain("Go"),
        "close": plain("Cancel"),
        "private_metadata": json.dumps({**origin, "command": command.name})[:MAX_METADATA_CHARS],
        "blocks": [{"type": "context", "elements": [plain(command.help)]}, *fields],
    }


def question_form(action: str, *, origin: Mapping[str, str]) -> Json:
    """Return a modal that asks for the question of a button."""
    field = {
        "type": "input",
        "block_id": _QUESTION_BLOCK,
        "label": plain("Your question"),
        "hint": plain("The answer comes from the articles that were read, with citations."),
        "element": {
            "type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": MAX_INPUT_CHARS,
            "focus_on_load": True,
        },
    }  # fmt: skip
    return {
        "type": "modal",
        "callback_id": QUESTION_FORM,
        "title": plain("Ask about the news"),
        "submit": plain("Ask"),
        "close": plain("Cancel"),
        "private_metadata": json.dumps({**origin, "action": action})[:MAX_METADATA_CHARS],
        "blocks": [field],
    }


def answer_view(message: Message) -> Json:
    """Return a modal that shows an answer where no message can: after a button on the home page."""
    return {
        "type": "modal",
        "callback_id": ANSWER_VIEW,
        "title": plain("newsbot"),
        "close": plain("Close"),
        "blocks": render_view_blocks(message),
    }


def read_form(view: Mapping[str, Any]) -> dict[str, object]:
    """Return what was filled in, by option name; empty fields are left out."""
    values: dict[str, object] = {}
    for block_id, fields in view["state"]["values"].items():
        for field in fields.values():
            value = _value_of(field)
            if value is not None and value != "":
                values[block_id] = value
    return values


def question_of(view: Mapping[str, Any]) -> str:
    """Return the question of a question form."""
    return str(read_form(view).get(_QUESTION_BLOCK, ""))


def origin_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the origin a form was opened with; empty when it is none of ours."""
    try:
        origin = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return {key: str(value) for key, value in origin.items()} if isinstance(origin, dict) else {}


def blamed_field(command: Command, sentence: str) -> str:
    """Return the field to show a complaint at: the option it names, else the first."""
    names = [option.name for option in options_of(command)]
    return next((name for name in names if name in sentence), names[0])


def menu_entries(texts: list[str]) -> list[Json]:
    """Return the entries of a menu."""
    return [_entry(text) for text in texts if one_line(text) and len(text) <= MAX_VALUE_CHARS][:MAX_CHOICES]


def _field(command: Command, option: Option) -> Json:
    return {
        "type": "input",
        "block_id": option.name,
        "optional": not option.required,
        "label": plain(shorten(one_line(option.name).capitalize().replace("_", " "), max_weight=MAX_LABEL_CHARS)),
        "hint": plain(shorten(one_line(option.help), max_weight=MAX_LABEL_CHARS)),
        "element": _element(command, option),
    }


def _element(command: Command, option: Option) -> Json:
    default = "" if option.default is None else str(option.default)
    if option.kind == "choice":
        entries = menu_entries([str(choice) for choice in option.choices])
        element: Json = {"type": "static_select", "action_id": "value", "options": entries}
        return {**element, "initial_option": _entry(default)} if default in option.choices else element
    if option.kind == "flag":
        entry = _entry(_YES)
        element = {"type": "checkboxes", "action_id": "value", "options": [entry]}
        return {**element, "initial_options": [entry]} if option.default is True else element
    if option.kind == "integer":
        bounds = {"min_value": option.min, "max_value": option.max}
        limits = {name: str(bound) for name, bound in bounds.items() if bound is not None}
        initial = {"initial_value": default} if default else {}
        return {"type": "number_input", "action_id": "value", "is_decimal_allowed": False, **limits, **initial}
    if option.complete:
        action_id = f"{COMPLETE_PREFIX}{command.name}:{option.name}"
        element = {"type": "external_select", "action_id": action_id, "min_query_length": 1}
        return {**element, "initial_option": _entry(default)} if 0 < len(default) <= MAX_CHOICE_CHARS else element
    longest = min(option.max or MAX_INPUT_CHARS, MAX_INPUT_CHARS)
    element = {"type": "plain_text_input", "action_id": "value", "max_length": longest}
    if longest > LONG_TEXT_CHARS:
        element["multiline"] = True
    return {**element, "initial_value": default} if default else element


def _entry(text: str) -> Json:
    return {"text": plain(shorten(one_line(text), max_weight=MAX_CHOICE_CHARS)), "value": text}


def _value_of(field: Mapping[str, Any]) -> object:
    if field["type"] == "checkboxes":
        return any(chosen["value"] == _YES for chosen in field.get("selected_options") or ())
    if field["type"] in ("static_select", "external_select"):
        return (field.get("selected_option") or {}).get("value")
    return field.get("value")
