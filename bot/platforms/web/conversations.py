"""What was said in each browser's chat, and the events that tell its open pages so, none lost when one reconnects.

A conversation lives in memory: it is short, and whatever was posted by a schedule is in the archive. Each event has a
number; a page names the last one it saw and gets those after it, or is told to load anew when they are gone.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.model import Message

MAX_CONVERSATIONS = 2_000
"""Browsers whose conversation is kept; the one that was quiet for longest is forgotten first."""
MAX_EXCHANGES = 60
"""Questions with their answers that are kept of one conversation."""
MAX_EVENTS = 1_000
"""Events kept for pages that reconnect: some hundred answers."""
MAX_EARLIER = 5
"""Questions that a follow-up is read after."""
MAX_RUNNING = 4
"""Commands of one browser under way at once."""
EPOCH_BYTES = 4

EventKind = Literal["asked", "working", "block", "done", "posted", "reload"]


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What somebody asked and what was answered; `answer` is None while it is being worked on.

    `asked` is empty for what the bot said by itself. `is_question` tells a question in free words from a command.
    """

    id: str
    asked: str
    is_question: bool = False
    answer: Message | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as a page gets it: `id` names its conversation's life and its number in it."""

    id: str
    kind: EventKind
    data: dict[str, object]


@dataclass(slots=True, kw_only=True)
class Conversation:
    """One browser's chat. `grown` is replaced each time something happens, and set: whoever waits on it wakes up."""

    epoch: str = field(default_factory=lambda: secrets.token_hex(EPOCH_BYTES))
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=MAX_EXCHANGES))
    events: deque[tuple[int, Event]] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))
    last: int = 0
    running: int = 0
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last_event_id(self) -> str:
        """The id of the last event so far."""
        return f"{self.epoch}-{self.last}"

    def begin(self, asked: str, *, is_question: bool) -> Exchange:
        """Add a question that is now being worked on."""
        exchange = Exchange(id=secrets.token_hex(EPOCH_BYTES), asked=asked, is_question=is_question)
        self.exchanges.append(exchange)
        return exchange

    def tell(self, kind: EventKind, **data: object) -> None:
        """Add an event and wake up whoever waits for one."""
        self.last += 1
        self.events.append((self.last, Event(id=f"{self.epoch}-{self.last}", kind=kind, data=data)))
        self.grown.set()
        self.grown = asyncio.Event()

    def after(self, event_id: str) -> Iterator[Event]:
        """Yield the events after this one; one "reload" when some of them are gone or the id is not of this life."""
        epoch, _, number = event_id.rpartition("-")
        seen = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else -1
        first_kept = self.events[0][0] if self.events else self.last + 1
        if epoch != self.epoch or not first_kept - 1 <= seen <= self.last:
            yield Event(id=self.last_event_id, kind="reload", data={})
            return
        yield from [event for number_of, event in self.events if number_of > seen]

    def earlier_questions(self) -> tuple[str, ...]:
        """Return the latest questions in free words that were answered, oldest first."""
        asked = [one.asked for one in self.exchanges if one.is_question and one.answer is not None and not one.failed]
        return tuple(asked[-MAX_EARLIER:])

    def exchange(self, exchange_id: str) -> Exchange | None:
        """Return the exchange of this id."""
        return next((one for one in self.exchanges if one.id == exchange_id), None)


class Conversations:
    """The conversations of all browsers, by channel."""

    def __init__(self) -> None:
        self._by_channel: OrderedDict[str, Conversation] = OrderedDict()

    def of(self, channel: str) -> Conversation:
        """Return a channel's conversation, a new one when there is none."""
        conversation = self._by_channel.get(channel)
        if conversation is None:
            conversation = self._by_channel[channel] = Conversation()
        self._by_channel.move_to_end(channel)
        while len(self._by_channel) > MAX_CONVERSATIONS:
            self._by_channel.popitem(last=False)
        return conversation

    def known(self, channel: str) -> Conversation | None:
        """Return a channel's conversation when there is one."""
        return self._by_channel.get(channel)

    def forget(self, channel: str) -> None:
        """Drop a conversation: its browser signed out."""
        self._by_channel.pop(channel, None)
