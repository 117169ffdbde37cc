"""Shows the home page: how the bot is doing, and the digests of the channels that its reader is in."""

from __future__ import annotations

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.context import Services
from bot.model import Block, Bullets, Heading, Line, Message, Paragraph, Schedule
from bot.platforms.slack.asking import ask_values
from bot.platforms.slack.blocks import Json
from bot.platforms.slack.callers import Callers
from bot.platforms.slack.rendering import render_view_blocks
from bot.platforms.slack.tasks import Work

log = structlog.get_logger()

MAX_CHANNELS = 1_000
"""Channels of a reader that are looked at."""
_PAGE = 200
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EVERY_DAY = 7
_OF_A_CHANNEL = "in this channel"
_ABOUT = (
    "I tell each channel once a day what is new, with proof for every line, and answer questions from what I have"
    " read. Type /newsbot for the commands, mention me in a channel, or write to me here."
)


class HomeDoor:
    """The home page of one workspace's readers."""

    def __init__(self, services: Services, client: AsyncWebClient, callers: Callers, work: Work) -> None:
        self._services = services
        self._client = client
        self._callers = callers
        self._work = work

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt to bring visits to the home page here."""
        app.event("app_home_opened")(self._on_opened)

    async def _on_opened(self, body: Json, event: Json) -> None:
        if event.get("tab", "home") == "home":
            self._work.start(self.show(str(body["team_id"]), str(event["user"])), name="slack home page")

    async def show(self, team: str, user: str) -> None:
        """Put the page as it is now before this reader."""
        # A home page has no channel; the reader's own id stands for it, as in a direct message.
        caller = await self._callers.caller(team=team, user=user, channel=user)
        context = self._services.context(caller)
        status = await ask_values("status", {}, context)
        names = await self._channels_of(user)
        schedules = [
            schedule
            for schedule in await context.desk.schedules()
            if schedule.destination.platform == "slack"
            and schedule.destination.workspace == team
            and schedule.destination.channel in names
        ]
        await self._client.views_publish(user_id=user, view=home_view(status.message, schedules, names))

    async def _channels_of(self, user: str) -> dict[str, str]:
        """Return the names of the channels this reader is in, by id; what Slack does not tell is not shown."""
        names: dict[str, str] = {}
        cursor = ""
        try:
            while len(names) < MAX_CHANNELS:
                answer = await self._client.users_conversations(
                    user=user,
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=_PAGE,
                    cursor=cursor or None,
                )
                channels: list[Json] = answer["channels"]
                names.update((str(channel["id"]), str(channel["name"])) for channel in channels)
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break
        except (SlackApiError, OSError, TimeoutError) as error:
            log.warning("Slack does not tell the channels of a reader", why=type(error).__name__)
        return names


def home_view(status: Message, schedules: list[Schedule], names: dict[str, str]) -> Json:
    """Return the home page: what the bot is for, the reader's channels, and the status."""
    blocks: list[Block] = [Heading(text="newsbot"), Paragraph(text=_ABOUT), Heading(text="Your channels", level=2)]
    if schedules:
        lines = (Line(text=schedule_line(schedule, names)) for schedule in schedules)
        blocks.append(Bullets(lines=tuple(lines)))
    else:
        blocks.append(Paragraph(text="No digests are scheduled in your channels yet. An admin adds one: /schedule add"))
    blocks.extend(_without_channel(block) for block in status.blocks)
    return {"type": "home", "blocks": render_view_blocks(Message(blocks=tuple(blocks)))}


def _without_channel(block: Block) -> Block:
    """Return a block of the status without the lines about "this channel": a home page is none."""
    if not isinstance(block, Bullets):
        return block
    return Bullets(lines=tuple(line for line in block.lines if _OF_A_CHANNEL not in line.text))


def schedule_line(schedule: Schedule, names: dict[str, str]) -> str:
    """Return one schedule in words: "#harbour: 08:00, Mon, Thu (Europe/Berlin), about ferries"."""
    times = ", ".join(f"{time:%H:%M}" for time in schedule.times)
    every_day = len(schedule.weekdays) in (0, _EVERY_DAY)
    days = "every day" if every_day else ", ".join(_DAYS[day] for day in sorted(schedule.weekdays))
    topics = f", about {', '.join(schedule.topics)}" if schedule.topics else ""
    paused = " (paused)" if schedule.paused else ""
    name = names.get(schedule.destination.channel, schedule.destination.channel)
    return f"#{name}: {times}, {days} ({schedule.zone}){topics}{paused}"
