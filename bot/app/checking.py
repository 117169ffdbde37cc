"""`newsbot check`: tries every part the way the bot will use it, and says what works, what doesn't, and what to do."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from typing import Literal

from bot.app.building import SystemClock, build_chat, open_archive, open_reader, prompts_folder
from bot.articles.scanning import scan_folder
from bot.errors import BotError, InUse, Misconfigured, Unavailable
from bot.messages.wording import count_of
from bot.model import Block, Heading, Message, Table
from bot.platforms.terminal.printing import print_message
from bot.settings import Settings, load_settings

DONE, WRONG = 0, 2
Mark = Literal["ok", "note", "WRONG"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found; `mark` is WRONG when the bot can't work like that."""

    part: str
    mark: Mark
    text: str


async def check_all() -> int:
    """Print every finding; return 0 when the bot can run, 2 when something is wrong."""
    try:
        settings = load_settings()
    except Misconfigured as error:
        return _print([_python(), Finding(part="settings", mark="WRONG", text=str(error))])
    findings = [_python(), Finding(part="settings", mark="ok", text="every name and value is known")]
    for part, check in (
        ("folder", _check_folder),
        ("archive", _check_archive),
        ("sandbox", _check_sandbox),
        ("prompts", _check_prompts),
        ("llm", _check_llm),
        ("discord", _check_discord),
        ("slack", _check_slack),
    ):
        try:
            findings.append(await check(settings))
        except BotError as error:
            findings.append(Finding(part=part, mark="WRONG", text=str(error)))
    return _print(findings)


def _print(findings: list[Finding]) -> int:
    rows = tuple((finding.part, finding.mark, finding.text) for finding in findings)
    wrong = sum(finding.mark == "WRONG" for finding in findings)
    closing = f"{count_of(wrong, 'thing')} to mend before the bot can run" if wrong else "the bot can run: newsbot run"
    blocks: tuple[Block, ...] = (
        Heading(text="Check"),
        Table(columns=("part", "", "what was found"), rows=rows),
        Heading(text=closing[0].upper() + closing[1:], level=2),
    )
    print_message(Message(blocks=blocks))
    return WRONG if wrong else DONE


def _python() -> Finding:
    return Finding(part="python", mark="ok", text=f"{platform.python_version()} on {sys.platform}")


async def _check_folder(settings: Settings) -> Finding:
    entries = list(scan_folder(settings.seeds_dir))
    refused = sum(entry.refusal is not None for entry in entries)
    text = f"{settings.seeds_dir}: {count_of(len(entries), 'file')}"
    if refused:
        text += f", of which {refused:,} can never be read (links, pipes, folders without permission)"
    return Finding(part="folder", mark="ok", text=text)


async def _check_archive(settings: Settings) -> Finding:
    try:
        async with open_archive(settings) as archive:
            facts = await archive.archive_facts()
    except InUse as error:
        return Finding(part="archive", mark="note", text=str(error))
    versions = f"schema {facts.schema_version}, SQLite {facts.sqlite_version}"
    text = f"{facts.place}: {count_of(facts.articles, 'article')}, {versions}"
    return Finding(part="archive", mark="ok", text=text)


async def _check_sandbox(settings: Settings) -> Finding:
    async with open_reader(settings) as reader:
        isolation = await reader.start()
    if isolation == "none":
        text = "parsers run with limits on memory and time, but this system can't keep the network from them"
        return Finding(part="sandbox", mark="note", text=text)
    return Finding(part="sandbox", mark="ok", text=f"parsers run with limits and without network ({isolation})")


async def _check_prompts(settings: Settings) -> Finding:
    from bot.llm.prompts import load_prompts

    folder = prompts_folder(settings)
    load_prompts(folder)
    return Finding(part="prompts", mark="ok", text=f"{folder}: every template renders")


async def _check_llm(settings: Settings) -> Finding:
    if not settings.llm.is_on:
        text = "off: summaries are extractive. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
        return Finding(part="llm", mark="ok", text=text)
    try:
        answer = await build_chat(settings.llm, SystemClock()).find_model()
    except Unavailable as error:
        text = f"{error}. Check its address, key and model; until it answers, summaries are extractive"
        return Finding(part="llm", mark="WRONG", text=text)
    return Finding(part="llm", mark="ok", text=answer)


async def _check_discord(settings: Settings) -> Finding:
    if settings.discord.token is None:
        return Finding(part="discord", mark="ok", text="off: set DISCORD_TOKEN to the bot's token")
    return Finding(part="discord", mark="ok", text="on: a token is set")


async def _check_slack(settings: Settings) -> Finding:
    missing = [
        name
        for name, token in (
            ("SLACK_BOT_TOKEN (xoxb-...)", settings.slack.bot_token),
            ("SLACK_APP_TOKEN (xapp-...)", settings.slack.app_token),
        )
        if token is None
    ]
    if len(missing) == 1:
        return Finding(part="slack", mark="WRONG", text=f"one of two tokens is set: {missing[0]} is missing")
    text = f"off: set {' and '.join(missing)}" if missing else "on: both tokens are set"
    return Finding(part="slack", mark="ok", text=text)
