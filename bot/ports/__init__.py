"""What the rooms need from outside, as small Protocols; storage, llm and platforms implement them, app wires them."""

from bot.ports.archive import Archive, ArchiveFacts, Clock
from bot.ports.desk import ChannelFilter, Desk
from bot.ports.editions import Edition, EditionBook, ToldStory
from bot.ports.feeds import FeedBook, FeedReport
from bot.ports.llm import ChatMessage, ChatModel, LedgerOfSpend, NoAnswer, PromptBook, Reply, ReplyCache, SummaryWriter
from bot.ports.metering import Meter, Unmetered
from bot.ports.posting import (
    Absent,
    Ambiguous,
    Annotates,
    Corrections,
    Edit,
    EditState,
    FindOutcome,
    Limited,
    Note,
    Outbox,
    Posted,
    PostOutcome,
    Publisher,
    Refused,
    Shown,
    ShownLine,
    Simplifies,
    Told,
    Unreadable,
)
from bot.ports.stories import Placed, StoryBook, Window
from bot.ports.told import ToldBook, ToldLine
from bot.ports.working import Jobs, NewJob, WorkBook, WorkFacts

__all__ = [
    "Absent",
    "Ambiguous",
    "Annotates",
    "Archive",
    "ArchiveFacts",
    "ChannelFilter",
    "ChatMessage",
    "ChatModel",
    "Clock",
    "Corrections",
    "Desk",
    "Edit",
    "EditState",
    "Edition",
    "EditionBook",
    "FeedBook",
    "FeedReport",
    "FindOutcome",
    "Jobs",
    "LedgerOfSpend",
    "Limited",
    "Meter",
    "NewJob",
    "NoAnswer",
    "Note",
    "Outbox",
    "Placed",
    "PostOutcome",
    "Posted",
    "PromptBook",
    "Publisher",
    "Refused",
    "Reply",
    "ReplyCache",
    "Shown",
    "ShownLine",
    "Simplifies",
    "StoryBook",
    "SummaryWriter",
    "Told",
    "ToldBook",
    "ToldLine",
    "ToldStory",
    "Unmetered",
    "Unreadable",
    "Window",
    "WorkBook",
    "WorkFacts",
]
