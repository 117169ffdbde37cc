"""`newsbot check`: tries every part the way the bot will use it, and says what works, what doesn't, and what to do."""

from __future__ import annotations

import asyncio
import errno
import os
import platform
import socket
import sys
from dataclasses import dataclass
from typing import Literal

from bot.app.building import SystemClock, build_chat, open_archive, open_reader, prompts_folder
from bot.app.fetching import FeedsOfSettings, feeds_of
from bot.app.web import KEY_BYTES
from bot.articles.scanning import scan_folder
from bot.errors import BotError, InUse, Misconfigured, Unavailable
from bot.messages.wording import count_of
from bot.model import Block, Heading, Link, Links, Message, Table
from bot.platforms.terminal.printing import print_message
from bot.settings import Settings, load_settings
from bot.text.safe import escape_visible

DONE, WRONG = 0, 2
Mark = Literal["ok", "note", "WRONG"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found; `mark` is WRONG when the bot can't work like that, `link` what to open in a browser."""

    part: str
    mark: Mark
    text: str
    link: Link | None = None


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
        ("web", _check_web),
        ("probes", _check_probes),
        ("feeds", _check_feeds),
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
    links = tuple(finding.link for finding in findings if finding.link)
    print_message(Message(blocks=(*blocks, Links(links=links)) if links else blocks))
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
    versions = f"schema {facts.schema_version}, {facts.engine}"
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
    from bot.platforms.discord.inviting import application_in, find_application, invite_link

    token = settings.discord.token.get_secret_value().strip()
    try:
        application = await find_application(token, api_base=settings.discord.api_base)
    except Unavailable as error:
        guessed = application_in(token)
        if guessed is None:
            text = f"{error}, and DISCORD_TOKEN does not look like a bot's token: copy it anew from the page Bot"
            return Finding(part="discord", mark="WRONG", text=text)
        link = Link(text="Invite the bot to Discord", url=invite_link(guessed))
        return Finding(part="discord", mark="note", text=f"{error}; a token is set", link=link)
    link = Link(text="Invite the bot to Discord", url=invite_link(application.id))
    return Finding(part="discord", mark="ok", text=f"on, as {application.name or application.id}", link=link)


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
    bot_token, app_token = settings.slack.bot_token, settings.slack.app_token
    if bot_token is None or app_token is None:
        return Finding(part="slack", mark="ok", text=f"off: set {' and '.join(missing)}")
    for name, token, shape in (("SLACK_BOT_TOKEN", bot_token, "xoxb-"), ("SLACK_APP_TOKEN", app_token, "xapp-")):
        if not token.get_secret_value().strip().startswith(shape):
            text = f"{name} must begin with {shape}: the two tokens may have been swapped"
            return Finding(part="slack", mark="WRONG", text=text)
    return Finding(part="slack", mark="ok", text="on: both tokens are set")


async def _check_web(settings: Settings) -> Finding:
    web = settings.web
    if not web.enabled:
        return Finding(part="web", mark="ok", text="off: set NEWSBOT_WEB__ENABLED=true to serve the web page")
    from bot.app.web import web_access
    from bot.platforms.web.access import why_not_serve

    refusal = why_not_serve(web_access(settings, key=bytes(KEY_BYTES)))
    if refusal is not None:
        return Finding(part="web", mark="WRONG", text=refusal)
    taken = await _why_not_listen(web.host, web.port, section="NEWSBOT_WEB__")
    if taken is not None:
        return Finding(part="web", mark="note", text=taken)
    where = _address(web.host, web.port)
    return Finding(part="web", mark="ok", text=f"{where}, {'with a login token' if web.token else 'without a token'}")


async def _check_probes(settings: Settings) -> Finding:
    host, port = settings.probes.host, settings.probes.port
    if port is None:
        beside = "; the web page serves them" if settings.web.enabled else ": set NEWSBOT_PROBES__PORT to serve them"
        return Finding(part="probes", mark="ok", text=f"/live, /ready and /metrics have no port of their own{beside}")
    if settings.web.enabled and port == settings.web.port:
        text = f"port {port} is that of the web page, which serves them too: set NEWSBOT_PROBES__PORT to another one"
        return Finding(part="probes", mark="WRONG", text=text)
    taken = await _why_not_listen(host, port, section="NEWSBOT_PROBES__")
    if taken is not None:
        return Finding(part="probes", mark="note", text=taken)
    from bot.platforms.web.access import is_loopback

    if settings.web.token is None and not is_loopback(host):
        text = f"{_address(host, port)}: beyond this machine /metrics needs a login token: set NEWSBOT_WEB__TOKEN"
        return Finding(part="probes", mark="note", text=text)
    return Finding(part="probes", mark="ok", text=_address(host, port))


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def _why_not_listen(host: str, port: int, *, section: str) -> str | None:
    """Return why nothing can be served here now, None when it can. Raises: Misconfigured when it never can."""
    try:
        port_is_free = await asyncio.to_thread(_can_listen, host, port)
    except OSError as error:
        raise Misconfigured(f"{host} is no address of this machine: set {section}HOST") from error
    return (
        None if port_is_free else f"port {port} is taken, by the running bot or another program: then set {section}PORT"
    )


def _can_listen(host: str, port: int) -> bool:
    """Return whether the port is free. Raises: OSError when the address is not one of this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


async def _check_feeds(settings: Settings) -> Finding:
    feeds = feeds_of(settings)
    if not feeds:
        text = f"off: put a feeds file at {settings.fetch.opml}, or set NEWSBOT_FETCH__FEEDS"
        return Finding(part="feeds", mark="ok", text=text)
    from bot.fetching.addresses import PublicInternet, read_address

    for feed in feeds:
        try:
            read_address(feed, PublicInternet())
        except ValueError as error:
            text = f"{escape_visible(feed)} {error}: correct it, or take it out of the list"
            return Finding(part="feeds", mark="note", text=text)
    folder = settings.seeds_dir / settings.fetch.folder
    writable = folder if folder.exists() else settings.seeds_dir
    if not os.access(writable, os.W_OK):
        text = f"{writable} can't be written, so no article can be fetched: make it writable"
        return Finding(part="feeds", mark="WRONG", text=text)
    reports = await FeedsOfSettings(settings=settings).feed_reports()
    failing = [report for report in reports if not report.works]
    if failing:
        first = f"{escape_visible(failing[0].url)} {escape_visible(failing[0].sentence)}"
        text = f"{count_of(len(feeds), 'feed')}, of which {len(failing):,} failed the last time: {first}"
        return Finding(part="feeds", mark="note", text=text)
    return Finding(part="feeds", mark="ok", text=f"{count_of(len(feeds), 'feed')}, written to {folder}")
