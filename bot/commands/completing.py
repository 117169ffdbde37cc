"""What may be meant while somebody types: headlines, sources, zones, schedules of this channel, names of commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.commands.context import Context
from bot.commands.declaring import Option
from bot.commands.finding import label_of, recent_heads
from bot.commands.times import near_zones, rhythm_text

MAX_COMPLETIONS = 25
MAX_COMPLETION_CHARS = 100
"""Source: https://discord.com/developers/docs/interactions/application-commands (autocomplete choices)"""


async def complete_option(option: Option, typed: str, context: Context, *, commands: Sequence[str]) -> list[str]:
    """Return what may be meant, best first: what begins with the text, then what holds it; each fits a choice."""
    if option.choices:
        return _pick(option.choices, typed)
    if option.complete == "zones":
        return near_zones(typed, limit=MAX_COMPLETIONS)
    if option.complete == "commands":
        return _pick(commands, typed)
    if option.complete == "schedules":
        schedules = await context.desk.schedules(context.caller.destination)
        labels = (f"{one.id} · {rhythm_text(one.times, one.weekdays)} · {one.zone}" for one in schedules)
        return _pick(labels, typed)
    if option.complete in ("stories", "articles"):
        wants_copies = option.complete == "articles"
        heads = await recent_heads(context)
        return _pick((label_of(head) for head in heads if wants_copies or head.duplicate_of is None), typed)
    if option.complete == "sources":
        return _pick((head.source for head in await recent_heads(context) if head.source), typed)
    return []


def _pick(labels: Iterable[str], typed: str) -> list[str]:
    wanted = " ".join(typed.casefold().split())
    begins: dict[str, None] = {}
    holds: dict[str, None] = {}
    for label in labels:
        flat = _fit(" ".join(label.split()))
        folded = flat.casefold()
        if folded.startswith(wanted):
            begins[flat] = None
            if len(begins) == MAX_COMPLETIONS:
                break
        elif wanted in folded and len(holds) < MAX_COMPLETIONS:
            holds[flat] = None
    return [label for label in (*begins, *holds) if label][:MAX_COMPLETIONS]


def _fit(label: str) -> str:
    return label if len(label) <= MAX_COMPLETION_CHARS else label[: MAX_COMPLETION_CHARS - 1].rstrip() + "…"
