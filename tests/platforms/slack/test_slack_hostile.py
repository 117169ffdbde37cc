"""Articles full of hostile text, on every surface of Slack that readers see: nothing of it comes alive anywhere.

The loopback server looks at each call and answer for what would be live in it (blocks, fallback texts, menus, forms,
the home page); its fixture demands at the end that there was nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.commands.catalogue import CATALOGUE
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.model import Destination, Heading, Message, Schedule
from bot.platforms.slack.connection import SlackPlatform
from bot.platforms.slack.forms import answer_view, command_form, menu_entries, question_form
from bot.platforms.slack.home import home_view
from bot.platforms.slack.noting import annotate_body
from bot.platforms.slack.rendering import plain_body, render_bodies
from bot.ports import Note
from tests.platforms.hostile_reports import fill
from tests.platforms.slack.conftest import RealServices
from tests.platforms.slack.hostile_texts import HOSTILE
from tests.platforms.slack.slack_limits import (
    links_of,
    problems_of_message,
    problems_of_options,
    problems_of_view,
    texts_of,
)
from tests.platforms.slack.slack_loopback import ADMIN, BOT_USER, CHANNEL, READER, TEAM, SlackLoopback
from tests.platforms.slack.test_slack_rendering import message_of

pytestmark = pytest.mark.fault("hostile text and limits in Slack")

HERE = Destination(platform="slack", workspace=TEAM, channel=CHANNEL)
SHORT = [text for text in HOSTILE if 3 < len(text) < 300][::3]
"""As many as fit a test through the whole bot; every one of them goes through each builder."""
UNREAD = (b"<!channel> @here :smile: <https://evil.example|x>.txt", "<@U0READER> broken")
A_DIGEST = 40
"""Articles of one digest; eight of them are told in lines, the others by their headlines."""


class LateClock:
    """The time of the machine and five minutes: what was stored just now waits for its story no more."""

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + timedelta(minutes=5)


def test_no_hostile_string_is_live_in_a_menu_a_form_or_on_the_home_page() -> None:
    for text in HOSTILE:
        assert problems_of_options(menu_entries([text, text[:60]])) == []
        assert problems_of_view(answer_view(message_of(text))) == []
        schedule = Schedule(
            id="s", destination=HERE, times=(time(8),), weekdays=(), zone="UTC", topics=(text[:200],)
        )  # fmt: skip
        home = home_view(message_of(text), [schedule], {CHANNEL: text[:80]})
        assert problems_of_view(home) == []
        assert {url for url in links_of([home]) if url != text} <= {"https://paper.example/a"}
    origin = {"channel": CHANNEL, "response_url": "https://hooks.slack.com/" + "x" * 200}
    assert problems_of_view(question_form("ask:" + HOSTILE[0][:60], origin=origin)) == []
    for command in CATALOGUE:
        assert problems_of_view(command_form(command, origin=origin)) == []


def test_no_hostile_string_is_live_in_a_note_under_a_posted_digest() -> None:
    for text in HOSTILE:
        message = Message(blocks=(Heading(text="News"), Heading(text=text, level=2, marker="1")))
        note = Note(anchor="proof:1", about=text, when="4 May, 08:00", changes=(f"“{text}” is now “{text}”",))
        for body in (render_bodies(message, marker="ab12")[0], plain_body(render_bodies(message, marker="ab12")[0])):
            noted = annotate_body(body, [note])
            assert noted is not None
            assert problems_of_message(noted) == []


async def test_no_answer_menu_form_or_home_page_has_anything_live_in_it(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    await fill(services.archive, SHORT, unread=UNREAD)
    for slash, text in (
        ("/digest", "since:all"), ("/news-search", "report boats"), ("/ask", "How many boats were counted?"),
        ("/timeline", "boats"), ("/news-status", ""), ("/article", "#9 view:raw"), ("/schedule", "preview"),
    ):  # fmt: skip
        await slack.answer_to(await slack.type_command(slash, text, user=ADMIN))
    for number in range(3, len(SHORT), 20):
        for slash in ("/story", "/article", "/why"):
            await slack.answer_to(await slack.type_command(slash, f"#{number}"))
        await slack.answer_to(await slack.press(f"proof:{number}", private=False))
    for text in SHORT[::4]:
        # What is asked for stands in the refusal.
        await slack.answer_to(await slack.type_command("/newsbot", f"story {text} of nowhere"))
        await slack.answer_to(await slack.type_command("/newsbot", text))
    for name, option in (("story", "name"), ("article", "name"), ("why", "story"), ("ask", "source")):
        for typed in ("", "r", "<", "h", "@"):
            await slack.deliver("interactive", {
                "type": "block_suggestion", "team": {"id": TEAM}, "user": {"id": READER}, "value": typed,
                "api_app_id": "A", "action_id": f"complete:{name}:{option}", "block_id": option,
                "view": {"private_metadata": json.dumps({"channel": CHANNEL})},
            })  # fmt: skip
    await slack.write(f"<@{BOT_USER}> How many boats were counted?", kind="app_mention")
    await slack.until(slack.posts)
    await services.archive.save_schedule(
        Schedule(id="s1", destination=HERE, times=(time(8),), weekdays=(), zone="UTC", topics=tuple(SHORT[:5]))
    )
    await slack.event({"type": "app_home_opened", "user": ADMIN, "channel": "D1", "tab": "home"})
    await slack.until(lambda: slack.calls_of("views.publish"))
    sent = [body for _, body in slack.responses] + [call for _, call in slack.calls]
    links = set(links_of([body.get("blocks", body.get("view", [])) for body in sent]))
    assert all(re.fullmatch(r"https://paper\.example/\d+", url) for url in links)
    assert slack.problems == []


async def test_a_posted_digest_and_its_update_have_nothing_live_in_them(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, archive = LateClock(), services.archive
    context = RealServices.context
    monkeypatch.setattr(RealServices, "context", lambda self, caller: replace(context(self, caller), clock=clock))
    deliverer = Deliverer(archive, {"slack": platform.publisher}, clock)
    editor = Editor(archive, {"slack": platform.publisher}, clock)
    for first in range(0, len(SHORT), A_DIGEST):
        await fill(archive, SHORT[first : first + A_DIGEST], unread=UNREAD, first=first)
        await slack.answer_to(await slack.press("share:digest", user=ADMIN))
        await deliverer.deliver_due()
    posted = len(slack.posts())
    await fill(archive, SHORT, unread=UNREAD, edition=5_000)
    await editor.compare_all()
    edited = await editor.edit_due()
    noted = [post for post in slack.posts() if "Updated" in "\n".join(texts_of(post["blocks"]))]
    assert edited.made == len(noted) >= len(SHORT) // A_DIGEST
    assert len(slack.posts()) == posted
    assert slack.problems == []
