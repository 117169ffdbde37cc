"""Words and sources a channel wants or does not want; every digest of the channel keeps to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help, NoArguments
from bot.commands.visibility import SOURCE_PREFIX, split_list
from bot.commands.wording import shorten
from bot.errors import BadRequest
from bot.messages.wording import count_of
from bot.model import Block, Bullets, Heading, Line, Message, Paragraph
from bot.ports import ChannelFilter

MAX_ENTRIES = 100
"""Entries of one list; each is looked for in every article."""

MAX_ENTRY_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterArguments:
    """What `/filter include` and `/filter exclude` take."""

    words: Annotated[str, Help("Words or phrases, separated by commas", max=1_000, rest=True)] = ""
    source: Annotated[str, Help("Names of sources, separated by commas", complete="sources", max=500)] = ""
    remove: Annotated[bool, Help("Take these off the list instead of adding them")] = False


async def include(arguments: FilterArguments, context: Context) -> Message:
    """Change what this channel wants, and show the filter. Raises: BadRequest."""
    filters = await context.desk.filters(context.caller.destination)
    entries = _entries(arguments)
    changed = replace(
        filters,
        include=_changed(filters.include, entries, remove=arguments.remove),
        exclude=filters.exclude if arguments.remove else _without(filters.exclude, entries),
    )
    return await _save(changed, filters, context)


async def exclude(arguments: FilterArguments, context: Context) -> Message:
    """Change what this channel does not want, and show the filter. Raises: BadRequest."""
    filters = await context.desk.filters(context.caller.destination)
    entries = _entries(arguments)
    changed = replace(
        filters,
        exclude=_changed(filters.exclude, entries, remove=arguments.remove),
        include=filters.include if arguments.remove else _without(filters.include, entries),
    )
    return await _save(changed, filters, context)


async def list_filters(_: NoArguments, context: Context) -> Message:
    """Return this channel's filter."""
    return filters_message(await context.desk.filters(context.caller.destination))


def filters_message(filters: ChannelFilter) -> Message:
    """Return a filter as it is shown."""
    if not filters.include and not filters.exclude:
        return Message(
            blocks=(
                Paragraph(text="This channel has no filter: its digests tell everything."),
                Paragraph(
                    text='Try /filter exclude words:"horoscope, lottery" or /filter include source:…', quiet=True
                ),
            )
        )
    blocks: list[Block] = [Heading(text="The filter of this channel")]
    for heading, entries in (("Only articles with", filters.include), ("No articles with", filters.exclude)):
        if entries:
            blocks.append(Heading(text=heading, level=2))
            blocks.append(Bullets(lines=tuple(Line(text=_shown(entry)) for entry in entries)))
    hint = "Words match in every inflection, phrases word by word. remove:yes takes an entry off the list."
    return Message(blocks=(*blocks, Paragraph(text=hint, quiet=True)))


async def _save(changed: ChannelFilter, before: ChannelFilter, context: Context) -> Message:
    for entries in (changed.include, changed.exclude):
        if len(entries) > MAX_ENTRIES:
            raise BadRequest(
                f"A filter has at most {count_of(MAX_ENTRIES, 'entry', 'entries')}; this makes it {len(entries)}."
            )
    message = filters_message(changed)
    if changed == before:
        return Message(blocks=(Paragraph(text="That changes nothing."), *message.blocks))
    await context.desk.save_filters(context.caller.destination, changed)
    return message


def _entries(arguments: FilterArguments) -> tuple[str, ...]:
    entries = (*split_list(arguments.words), *(f"{SOURCE_PREFIX}{name}" for name in split_list(arguments.source)))
    if not entries:
        raise BadRequest('Say which: words:"ferry, harbour office" or source:"The Harbour Post".')
    too_long = next((entry for entry in entries if len(entry) > MAX_ENTRY_CHARS), None)
    if too_long is not None:
        raise BadRequest(f"“{shorten(too_long)}” is too long: an entry has at most {MAX_ENTRY_CHARS} characters.")
    return tuple(entries)


def _changed(entries: Sequence[str], wanted: Sequence[str], *, remove: bool) -> tuple[str, ...]:
    if remove:
        left = _without(entries, wanted)
        if len(left) == len(entries):
            raise BadRequest(f"“{_shown(wanted[0])}” is not on that list. /filter list shows what is.")
        return left
    present = {entry.casefold() for entry in entries}
    return (*entries, *(entry for entry in wanted if entry.casefold() not in present))


def _without(entries: Sequence[str], unwanted: Sequence[str]) -> tuple[str, ...]:
    gone = {entry.casefold() for entry in unwanted}
    return tuple(entry for entry in entries if entry.casefold() not in gone)


def _shown(entry: str) -> str:
    return f"source: {entry.removeprefix(SOURCE_PREFIX)}" if entry.startswith(SOURCE_PREFIX) else entry
