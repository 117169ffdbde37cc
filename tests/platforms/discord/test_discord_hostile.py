"""Articles full of hostile text, on every surface of Discord that readers see: nothing of it comes alive anywhere.

The loopback server looks at each request for what would be live in it (texts, buttons, choices, forms, names of
threads); its fixture demands at the end that there was nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.model import Bullets, Heading, Line, Message
from bot.platforms.discord.neutralizing import neutralize_label, units
from bot.platforms.discord.noting import annotate_body
from bot.platforms.discord.publishing import thread_name
from bot.platforms.discord.rendering import render_bodies, texts_of
from bot.ports import Note
from bot.summaries.extractive import summarize_article
from tests.platforms.discord.conftest import Bot
from tests.platforms.discord.hostile_texts import HOSTILE, live_in_label, live_in_text
from tests.platforms.discord.loopback import CHANNEL, LoopbackDiscord, buttons_in, texts_in
from tests.platforms.hostile_reports import fill, report_of
from tests.storage.archive_parts import make_article

pytestmark = pytest.mark.fault("hostile text in Discord")

UNREAD = (b"<@&1> @everyone [x](https://evil.example).txt", "@here broken")
A_DIGEST = 40
"""Articles of one digest; eight of them are told in lines, the others by their headlines."""


@pytest.mark.parametrize(
    "text",
    [
        "@here", "<t:0:R>", "see https://evil.example", "[a](https://evil.example)", "so **bold** it", "a `b`", "# big",
        "- item", "1. item", "discord.gg/abc", "\u202eabc", "-# small", "> quoted", "<@1>",
    ],
)  # fmt: skip
def test_the_check_sees_what_is_live(text: str) -> None:
    assert live_in_text(f"- {text}")


def test_the_check_takes_our_own_layout() -> None:
    ours = "## 2 articles\n### 1. Title\n-# small\n- **/ask** · asks\n  - proof\n> quoted\n- [Paper](<https://a.example/x>)"
    assert live_in_text(ours) == []


def test_no_hostile_string_is_live_in_a_label_a_choice_or_the_name_of_a_thread() -> None:
    for text in HOSTILE:
        body = render_bodies(Message(blocks=(Heading(text=text), Bullets(lines=(Line(text=text),)))), marker="ab12")[0]
        for label in (neutralize_label(text, limit=80), neutralize_label(text * 9, limit=100), thread_name(body)):
            assert live_in_label(label) == []
            assert 1 <= units(label) <= 100


def test_no_hostile_string_is_live_in_a_note_under_a_posted_digest() -> None:
    for text in HOSTILE:
        message = Message(blocks=(Heading(text="News"), Heading(text=text, level=2, marker="1")))
        note = Note(anchor="proof:1", about=text, when="4 May, 08:00", changes=(f"“{text}” is now “{text}”",))
        for spare in (500, 40):
            body = render_bodies(message, marker="ab12", spare=spare)[0]
            noted = annotate_body(body, [note])
            assert noted is not None
            assert [live for content in texts_of(noted["components"]) for live in live_in_text(content)] == []


def _last(server: LoopbackDiscord, token: str) -> dict[str, Any]:
    return server.answers[token][-1] if server.answers[token] else {}


async def fill_bot(bot: Bot, texts: Sequence[str], *, first: int = 0) -> None:
    """Put an article for each of these strings into the archive; what is stored waits for its story no more."""
    await fill(bot.archive, texts, unread=UNREAD, first=first)
    bot.clock.ahead += timedelta(minutes=5)


async def test_no_answer_page_choice_form_or_thread_has_anything_live_in_it(bot: Bot) -> None:
    texts = HOSTILE[::2]
    await fill_bot(bot, texts)
    server = bot.server
    seen = ""
    async with bot.running():
        token = await server.use_command("digest", admin=True)
        while True:
            # The buttons of a page stand in its last part.
            await server.until(lambda token=token: "Sources" in buttons_in(_last(server, token)))
            seen += "".join(texts_in(part) for part in server.answers[token])
            page = _last(server, token)
            if "Next page" not in buttons_in(page):
                break
            token = await server.press(buttons_in(page)["Next page"], page)
        for number in range(0, len(texts), 10):
            for name, option in (("story", "name"), ("article", "name"), ("why", "story")):
                await server.answer_to(await server.use_command(name, {option: f"#{number + 3}"}))
        for command, options in (
            ("search", {"words": "report boats"}), ("ask", {"question": "How many boats were counted?"}),
            ("timeline", {"topic": "boats"}), ("status", {}), ("article", {"name": "#9", "view": "raw"}),
        ):  # fmt: skip
            await server.answer_to(await server.use_command(command, options, admin=True))
        for text in texts[::4]:
            # What is asked for stands in the refusal.
            await server.answer_to(await server.use_command("story", {"name": f"{text} of nowhere"[:100]}))
            await server.callback_to(await server.type_option("story", "name", text[:20]))
            message = server.add_message(f"{text} {text}")
            await server.callback_to(await server.use_menu("Ask about this", message))
        for name, option in (("article", "name"), ("why", "story"), ("ask", "source")):
            for typed in ("", "r", "<", "h", "@"):
                await server.callback_to(await server.type_option(name, option, typed))
    assert len(set(re.findall(r"counted (\d+) boats", seen))) > len(texts) // 2, seen[:3_000]
    assert server.problems == []


async def test_a_posted_digest_its_thread_and_its_update_have_nothing_live_in_them(bot: Bot) -> None:
    server = bot.server
    async with bot.running() as platform:
        deliverer = Deliverer(bot.archive, {"discord": platform.publisher}, bot.clock)
        editor = Editor(bot.archive, {"discord": platform.publisher}, bot.clock)
        for first in range(0, len(HOSTILE), A_DIGEST):
            await fill_bot(bot, HOSTILE[first : first + A_DIGEST], first=first)
            token = await server.use_command("digest", admin=True)
            await server.until(lambda token=token: "Post to channel" in buttons_in(_last(server, token)))
            private = _last(server, token)
            await server.answer_to(await server.press(buttons_in(private)["Post to channel"], private, admin=True))
            await deliverer.deliver_due()
        posted = list(server.messages[CHANNEL])
        await server.until(lambda: len(server.threads) == len(HOSTILE) // A_DIGEST)
        changed = []
        for number, text in enumerate(HOSTILE):
            body = report_of(text, number, edition=5_000)
            changed.append(make_article(f"h{number}.txt", body, title=f"{text} {number} corrected"))
        await bot.archive.save_articles([], changed, [summarize_article(article) for article in changed])
        await editor.compare_all()
        edited = await editor.edit_due()
    noted = [message for message in server.messages[CHANNEL] if "Updated" in texts_in(message)]
    assert edited.made == len(noted) >= len(HOSTILE) // A_DIGEST
    assert len(server.messages[CHANNEL]) == len(posted)
    assert server.problems == []
