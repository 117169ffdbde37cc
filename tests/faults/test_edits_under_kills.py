"""kill -9 of the whole program while it notes in posted messages what changed: each note is there once.

The first process posts digests. Then files change one after the other, and at each named point a process dies; the
next one begins with what that one left.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import Destination
from bot.ports import EditState
from bot.storage.archive import open_archive
from tests.fault_table import FAULTS, fault_row
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.program_parts import ARTICLES_A_DIGEST, DESTINATIONS, SETTLES_WITHIN_S, Program, program

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("kills of the program")]

POINTS = (
    "articles: before commit",
    "articles: after commit",
    "edit wanted: before commit",
    "edit wanted: after commit",
    "discord edit: came",
    "discord edit: taken",
    "discord edit: answered",
    "slack edit: came",
    "slack edit: taken",
    "slack edit: answered",
    "edit noted down: before commit",
    "edit noted down: after commit",
)
_NUMBER = re.compile(r"\d[\d,]*")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def forks() -> AsyncIterator[ForkingProcess]:
    """The process that forks the program."""
    async with forking_process("tests.faults.program") as process:
        yield process


def change_file(bot: Program, number: int) -> None:
    """Change every number in the body of an article that was told."""
    [path] = (bot.home / "seeds").glob(f"*/{number:05d}.txt")
    title, body = path.read_text(encoding="utf-8").split("\n", 1)
    changed = _NUMBER.sub(lambda match: f"{int(match[0].replace(',', '')) + 1:,}", body)
    draft = bot.home / "draft.txt"
    draft.write_text(f"{title}\n{changed}", encoding="utf-8")
    draft.rename(path)


def notes_in(bot: Program, destination: Destination) -> Counter[str]:
    """Return how many notes readers of a channel see under each article."""
    on_discord = destination.platform == "discord"
    messages = (bot.discord.messages if on_discord else bot.slack.channels)[destination.channel]
    found = Counter[str]()
    for message in messages:
        layout = json.dumps(message.get("components") or message.get("blocks") or ())
        open_article = ""
        for match in re.finditer(r"Case (\d{5})|Updated \d", layout):
            open_article = match[1] or open_article
            found[open_article] += match[1] is None
    return +found


async def until_noted(bot: Program, numbers: list[int]) -> None:
    """Wait until each of these articles has a note in every channel and no edit is open."""
    wanted = {f"{number:05d}" for number in numbers}
    async with asyncio.timeout(SETTLES_WITHIN_S):
        while True:
            if all(set(notes_in(bot, to)) >= wanted for to in DESTINATIONS) and not await open_edits(bot):
                return
            await asyncio.sleep(0.1)


async def open_edits(bot: Program) -> int:
    """Return how many edits are still to be made."""
    async with open_archive(bot.archive, create=False, read_only=True) as archive:
        return sum([len(await archive.edits_in(EditState.PENDING, platform=one)) for one in ("discord", "slack")])


async def test_an_update_lands_once_wherever_the_program_is_killed(
    forks: ForkingProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with program(tmp_path, forks, seed=3, stormy=False) as bot:
        await bot.schedule_digests()
        bot.write_articles(ARTICLES_A_DIGEST)
        await bot.settle()
        told = {to: list(bot.accepted(to)) for to in DESTINATIONS}
        for number, point in enumerate(POINTS):
            # A file that changes again is noted in the same place.
            change_file(bot, number % ARTICLES_A_DIGEST + 1)
            await bot.die_at(point)
        pid = await bot.start()
        await until_noted(bot, list(range(1, ARTICLES_A_DIGEST + 1)))
        assert await bot.stop(pid) == 0, bot.log()[-3_000:]
        posts = await bot.posts()
        seen = {to: notes_in(bot, to) for to in DESTINATIONS}
    accepted = Counter(post_id for to in DESTINATIONS for post_id in bot.accepted(to))
    once = {f"{number:05d}": 1 for number in range(1, ARTICLES_A_DIGEST + 1)}
    wrong = sum(seen[to] != once for to in DESTINATIONS)
    doubled = sum(accepted.values()) - len(accepted)
    record_property(
        FAULTS,
        fault_row(
            "the program, editing", faults=len(POINTS), tried=len(posts), survived=len(accepted) - wrong,
            lost=len({post.id for post in posts} - set(accepted)), doubled=doubled,
        ),
    )  # fmt: skip
    assert seen == dict.fromkeys(DESTINATIONS, once)
    # Digests came once, too; one may tell of a change as an update.
    assert set(accepted) == {post.id for post in posts}
    assert doubled == 0
    assert all(bot.accepted(to)[: len(told[to])] == told[to] for to in DESTINATIONS)
