"""What the rooms need from outside, as small Protocols; storage, llm and platforms implement them, app wires them."""

from bot.ports.archive import Archive, ArchiveFacts, Clock
from bot.ports.desk import ChannelFilter, Desk
from bot.ports.llm import ChatMessage, ChatModel, LedgerOfSpend, NoAnswer, PromptBook, Reply, ReplyCache, SummaryWriter
from bot.ports.posting import (
    Absent,
    Ambiguous,
    FindOutcome,
    Limited,
    Outbox,
    Posted,
    PostOutcome,
    Publisher,
    Refused,
    Told,
    Unreadable,
)
from bot.ports.stories import StoryBook

__all__ = [
    "Absent",
    "Ambiguous",
    "Archive",
    "ArchiveFacts",
    "ChannelFilter",
    "ChatMessage",
    "ChatModel",
    "Clock",
    "Desk",
    "FindOutcome",
    "LedgerOfSpend",
    "Limited",
    "NoAnswer",
    "Outbox",
    "PostOutcome",
    "Posted",
    "PromptBook",
    "Publisher",
    "Refused",
    "Reply",
    "ReplyCache",
    "StoryBook",
    "SummaryWriter",
    "Told",
    "Unreadable",
]
