"""Whatever is typed or pressed is answered, in a bounded size, and nothing breaks."""

from __future__ import annotations

import random

import pytest

from bot.commands.catalogue import CATALOGUE
from bot.commands.declaring import options_of
from bot.commands.dispatch import complete, dispatch_text, press
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import make_context, shown

WORDS = [
    "harbour", "tunnel", "#1", "#0", "#99999999999999999999", "08:00", "25:00", "7d", "all", "2026-05-03", "-1", "0",
    '"', "“", "”", ":", "::", "since:", "zone:", "<@1>", "</help:1>", "@everyone", "\u202e", "\u200d", "\ud800", "\x00",
    "%", "_", "'; DROP TABLE articles; --", "NEAR(", "*", "항구", "𝕳", "ﷺ" * 20, "x" * 700, "\n", "\t", "remove:yes",
    "view:removed", "size:3", "{}", "[x](https://paper.example)", "None", "nan", "1e9", "٣",
]  # fmt: skip
NAMES = [command.name for command in CATALOGUE]
MAX_ANSWER_CHARS = 20_000


@pytest.mark.parametrize("seed", range(12))
async def test_any_text_is_answered(seed: int, archive: SqlArchive) -> None:
    dice = random.Random(seed)
    context = make_context(archive)
    for _ in range(25):
        name = dice.choice([*NAMES, "schedule", "nothing", ""])
        text = " ".join([name, *dice.choices(WORDS, k=dice.randrange(6))])
        answer = shown(await dispatch_text(text, context))
        assert "Something broke" not in answer, text
        assert 0 < len(answer) < MAX_ANSWER_CHARS


@pytest.mark.parametrize("seed", range(4))
async def test_any_button_is_answered(seed: int, archive: SqlArchive) -> None:
    dice = random.Random(seed)
    context = make_context(archive)
    verbs = ["proof", "sources", "page", "page:article", "vote", "vote:up", "share", "again", "settled", "ask", "x"]
    pieces = ["0", "1", "4", "zz", "-1", "tbd4s0", "clean", "raw", "", ":", *WORDS]
    for _ in range(40):
        action = ":".join([dice.choice(verbs), *dice.choices(pieces, k=dice.randrange(6))])
        reply = await press(action, context, text=dice.choice(WORDS))
        assert reply is not None
        assert "Something broke" not in shown(reply), action


@pytest.mark.parametrize("typed", WORDS)
async def test_any_typing_is_completed_within_the_limits(typed: str, archive: SqlArchive) -> None:
    context = make_context(archive)
    for command in CATALOGUE:
        for option in options_of(command):
            offered = await complete(command.name, option.name, typed, context)
            assert len(offered) <= 25
            assert all(0 < len(text) <= 100 for text in offered)
