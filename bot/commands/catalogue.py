"""Every command there is; help, README, Discord, Slack and the terminal are made from this list."""

from __future__ import annotations

import difflib

from bot.commands.article import ArticleArguments, show_article
from bot.commands.ask import AskArguments, answer_question
from bot.commands.context import Context
from bot.commands.declaring import Command, NoArguments
from bot.commands.digest import DigestArguments, tell_digest
from bot.commands.filter import FilterArguments, exclude, include, list_filters
from bot.commands.help import HelpArguments, command_message, markdown_table, overview_message
from bot.commands.schedule import (
    AddArguments,
    IdArguments,
    PreviewArguments,
    add_schedule,
    list_schedules,
    pause_schedule,
    preview_schedule,
    remove_schedule,
    resume_schedule,
)
from bot.commands.search import SearchArguments, tell_hits
from bot.commands.status import tell_status
from bot.commands.story import StoryArguments, tell_story
from bot.commands.timeline import TimelineArguments, tell_timeline
from bot.commands.why import WhyArguments, explain_article
from bot.commands.wording import SHOWN_CHARS, shorten
from bot.errors import NotFound
from bot.model import Message

NEAR = 0.5
"""How like the name of a command a word must be to be suggested."""


async def _help(arguments: HelpArguments, _: Context) -> Message:
    wanted = " ".join(arguments.command.casefold().removeprefix("/").split())
    if not wanted:
        return overview_message(CATALOGUE)
    group = [command for command in CATALOGUE if command.name.startswith(f"{wanted} ")]
    if group:
        return overview_message(group, heading=f"/{wanted}")
    return command_message(find_command(wanted))


def find_command(name: str) -> Command:
    """Return the command of this name, "digest" or "schedule add". Raises: NotFound, which names the nearest."""
    wanted = " ".join(name.casefold().removeprefix("/").split())
    found = _BY_NAME.get(wanted)
    if found is None:
        raise NotFound(_explain_unknown(wanted))
    return found


def readme_table() -> str:
    """Return the table of commands that stands in the README, as Markdown."""
    return markdown_table(CATALOGUE)


def _explain_unknown(wanted: str) -> str:
    of_group = [command.name for command in CATALOGUE if command.name.partition(" ")[0] == wanted.partition(" ")[0]]
    if of_group:
        return f"Say which: {', '.join(f'/{name}' for name in of_group)}."
    shown = shorten(wanted)
    near = difflib.get_close_matches(wanted[:SHOWN_CHARS], [*_BY_NAME, *_GROUPS], n=1, cutoff=NEAR)
    if near:
        return f"There is no command /{shown}. Did you mean /{near[0]}? /help shows them all."
    return f"There is no command /{shown}. /help shows them all."


CATALOGUE: tuple[Command, ...] = (
    Command(
        name="digest",
        help="What is new here since the last digest, or since a moment you name",
        arguments=DigestArguments,
        handle=tell_digest,
        example="/digest since:7d topic:harbour",
        costs=True,
    ),
    Command(
        name="ask",
        help="An answer from what I have read, every sentence with its source, or the nearest articles",
        arguments=AskArguments,
        handle=answer_question,
        example="/ask When does the new bridge open?",
        costs=True,
    ),
    Command(
        name="search",
        help="Articles that match some words, best first",
        arguments=SearchArguments,
        handle=tell_hits,
        example="/search harbour ferry",
    ),
    Command(
        name="story",
        help="One story: its bullets, its proof and who else told it",
        arguments=StoryArguments,
        handle=tell_story,
        example="/story Bridge opens",
    ),
    Command(
        name="timeline",
        help="What happened when, as the articles date it; plans are marked",
        arguments=TimelineArguments,
        handle=tell_timeline,
        example="/timeline bridge since:2026-01-01",
    ),
    Command(
        name="article",
        help="One article: its clean text, its file, or every line taken out and why",
        arguments=ArticleArguments,
        handle=show_article,
        example="/article Bridge opens view:removed",
    ),
    Command(
        name="why",
        help="How an article was ordered, merged or left out in this channel",
        arguments=WhyArguments,
        handle=explain_article,
        example="/why Bridge opens",
    ),
    Command(
        name="schedule add",
        help="Have digests come to this channel: when, in which zone, about what",
        arguments=AddArguments,
        handle=add_schedule,
        example='/schedule add 08:00 weekdays zone:Europe/Berlin topics:"harbour, ferry"',
        who="admin",
        changes=True,
    ),
    Command(
        name="schedule list",
        help="This channel's schedules with their short ids",
        arguments=NoArguments,
        handle=list_schedules,
        example="/schedule list",
        who="admin",
    ),
    Command(
        name="schedule pause",
        help="Stop a schedule until it is resumed",
        arguments=IdArguments,
        handle=pause_schedule,
        example="/schedule pause 3f9a",
        who="admin",
        changes=True,
    ),
    Command(
        name="schedule resume",
        help="Let a paused schedule go on",
        arguments=IdArguments,
        handle=resume_schedule,
        example="/schedule resume 3f9a",
        who="admin",
        changes=True,
    ),
    Command(
        name="schedule remove",
        help="Remove a schedule for good",
        arguments=IdArguments,
        handle=remove_schedule,
        example="/schedule remove 3f9a",
        who="admin",
        changes=True,
    ),
    Command(
        name="schedule preview",
        help="The next five times of a schedule and a sample of its digest",
        arguments=PreviewArguments,
        handle=preview_schedule,
        example="/schedule preview 3f9a",
        who="admin",
    ),
    Command(
        name="filter include",
        help="Only articles with these words or of these sources come to this channel",
        arguments=FilterArguments,
        handle=include,
        example='/filter include words:"harbour, ferry" source:"The Oldport Courier"',
        who="admin",
        changes=True,
    ),
    Command(
        name="filter exclude",
        help="Articles with these words or of these sources do not come to this channel",
        arguments=FilterArguments,
        handle=exclude,
        example='/filter exclude words:"horoscope, lottery"',
        who="admin",
        changes=True,
    ),
    Command(
        name="filter list",
        help="The words and sources this channel includes and excludes",
        arguments=NoArguments,
        handle=list_filters,
        example="/filter list",
        who="admin",
    ),
    Command(
        name="status",
        help="What was read, what could not be and why, posts on their way, cost, and the next digest",
        arguments=NoArguments,
        handle=tell_status,
        example="/status",
    ),
    Command(
        name="help",
        help="What I can do, or one command with its arguments",
        arguments=HelpArguments,
        handle=_help,
        example="/help command:digest",
    ),
)

_BY_NAME = {command.name: command for command in CATALOGUE}
_GROUPS = sorted({command.name.partition(" ")[0] for command in CATALOGUE if " " in command.name})
