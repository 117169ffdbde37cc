"""Turns pages and messages into HTML. Every text is escaped by the templates: nothing an article says is markup."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.messages.wording import bullet_text, byline_of, count_of, day_of, minute_of
from bot.model import Block, Message
from bot.text.normalizing import strip_hidden

HERE = Path(__file__).parent
STATIC = HERE / "static"
HASH_CHARS = 10

_ARTICLE_PAGE = "page:article:"


def render(template: str, **values: object) -> str:
    """Return a template filled in with these values."""
    return _environment().get_template(template).render(**values)


def render_message(message: Message) -> list[Markup]:
    """Return the message's blocks, each as a piece of HTML."""
    macro = _blocks_macro()
    return [macro(block) for block in message.blocks]


def text_of(value: object) -> str:
    """Return a text as it is shown: without hidden characters, which reverse or smuggle."""
    return strip_hidden(str(value))


def static_address(name: str) -> str:
    """Return the address of one of our own files; it changes with the file, so that browsers may keep it for good."""
    return f"/static/{name}?v={_hash_of(name)}"


@cache
def _hash_of(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:HASH_CHARS]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(day=day_of, minute=minute_of, count=count_of, live=_live_address)
    environment.globals.update(
        static=static_address,
        kind_of=_kind_of,
        byline_of=byline_of,
        bullet_text=bullet_text,
        page_of_action=page_of_action,
    )
    return environment


@cache
def _blocks_macro() -> Any:
    module: Any = _environment().get_template("blocks.html").module
    return module.block


def page_of_action(action: str) -> str | None:
    """Return the address of the page that shows what a button of the chat would, None when only the chat does."""
    if not action.startswith(_ARTICLE_PAGE):
        return None
    seq, _, rest = action.removeprefix(_ARTICLE_PAGE).partition(":")
    view, _, page = rest.partition(":")
    if not seq.isdigit() or page != "0" or view not in ("clean", "removed"):
        return None
    return f"/article/{seq}" + ("#removed" if view == "removed" else "")


def _shown(value: object) -> object:
    # Markup of our own macros is a str subclass and stays as it is.
    return strip_hidden(value) if type(value) is str else value


def _kind_of(block: Block) -> str:
    return type(block).__name__


def _live_address(address: str | None) -> str | None:
    """Return an article's own address when a browser can follow it safely, else None."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
