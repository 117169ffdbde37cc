"""Two hundred texts that want to come alive in Discord, and what would be live of a text as a client shows it."""

from __future__ import annotations

import itertools
import re

PAYLOADS = (
    "@everyone", "@here", "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>",
    "<#123456789012345678>", "</help:123456789012345678>", "<id:customize>", "<t:0:R>", "<:kappa:123456789012345678>",
    "<a:dance:123456789012345678>", "https://evil.example/x?d=1", "HTTP://EVIL.EXAMPLE", "<https://evil.example>",
    "[bank](https://evil.example)", "[a](<https://evil.example> \"b\")", "discord.gg/abcdef",
    "discord.com/invite/abcdef",
    "discordapp.com/invite/abcdef", "**bold** __under__ ~~gone~~ ||spoiler||", "```\ncode\n```", "# heading",
    ">>> quoted", "-# small print", ":rotating_light: 1. - *",
)  # fmt: skip
CARRIERS = ("{}", "read {} now", "{}{}", "\u202e{}\u202c", "@\u200b{}", "\\{}", "<{}>", "[{}]({})")
HOSTILE = [carrier.replace("{}", payload) for carrier, payload in itertools.product(CARRIERS, PAYLOADS)]
assert len(HOSTILE) == len(set(HOSTILE)) == 200

HIDDEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff\x00-\x09\x0b-\x1f]")
LIVE_ANYWHERE = re.compile(r"<(?=[@#/:\w])|@(?=[\w!&])|:/|(?i:discord(?:app)?\.\w)|(?i:\.gg\b)")
OWN_LINK = re.compile(r"(?<!\\)\[((?:[^\\\[\]]|\\.)*)\]\(<(https?://[^<>\s]+)>\)")
OWN_MARKS = re.compile(r"^(?:#{1,3} (?:\d+\. )?|-# |> |(?:  )?- )", re.MULTILINE)
OWN_BOLD = re.compile(r"^(- )?\*\*((?:[^*\\]|\\.)+)\*\*(?= · |: |$)", re.MULTILINE)
"""The first cell of a table's row, or the heading of a note."""
MARKUP = re.compile(r"(?<!\\)(?:\\\\)*(?:[*_~`|\[\]#]|[<>](?!\u200b))|^(?:-#?\s|\d+[.)]\s)", re.MULTILINE)


def live_in_text(content: str) -> list[str]:
    """Return what of a text with markup would be live, our own layout and links to articles apart."""
    bare = OWN_MARKS.sub("", OWN_BOLD.sub(r"\1\2", OWN_LINK.sub(r"\1", content)))
    return [match[0] for pattern in (LIVE_ANYWHERE, MARKUP, HIDDEN) for match in pattern.finditer(bare)]


def live_in_label(text: str) -> list[str]:
    """Return what of a text without markup (a button, a choice, a title) would be live."""
    return [match[0] for pattern in (LIVE_ANYWHERE, HIDDEN) for match in pattern.finditer(text)]
