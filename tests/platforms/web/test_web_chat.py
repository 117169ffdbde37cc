"""The chat over its own protocol: forms in, events out, none lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.commands.catalogue import CATALOGUE
from bot.deliveries.delivering import Deliverer
from bot.deliveries.outbox import marker_of, posts_of_message
from bot.model import Destination, Heading, Message, Paragraph
from bot.platforms.web.conversations import MAX_EVENTS, Conversation
from bot.platforms.web.posting import WebPublisher, message_of, payload_of
from tests.platforms.web.conftest import Page
from tests.platforms.web.town import BRIDGE, add_articles

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Told:
    id: str
    kind: str
    data: dict


class Stream:
    """An open stream of events, read one by one."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> Told:
        fields: dict[str, str] = {}
        async with asyncio.timeout(30):
            while True:
                line = (await self._answer.content.readline()).decode().rstrip("\r\n")
                if not line and "data" in fields:
                    return Told(fields["id"], fields["event"], json.loads(fields["data"]))
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value

    async def until(self, kind: str) -> list[Told]:
        seen = [await self.next()]
        while seen[-1].kind != kind:
            seen.append(await self.next())
        return seen


@asynccontextmanager
async def listening(page: Page, after: str, *, header: str | None = None) -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": header} if header else {}
    async with page.client.get("/chat/events", params={"after": after}, headers=headers) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        yield Stream(answer)


async def open_chat(page: Page) -> str:
    """Open the chat; return the id of its last event so far."""
    async with page.client.get("/chat") as answer:
        return (await answer.text()).split('data-after="')[1].split('"')[0]


async def say(page: Page, text: str, **more: str) -> str:
    async with page.client.post("/chat", data={"text": text, **more}, headers={**page.own, **JSON}) as answer:
        assert answer.status == 202, await answer.text()
        return (await answer.json())["exchange"]


async def test_an_answer_streams_as_asked_working_blocks_done(page: Page) -> None:
    after = await open_chat(page)
    async with listening(page, after) as stream:
        await say(page, "/search bridge")
        told = await stream.until("done")
    assert [one.kind for one in told[:2]] == ["asked", "working"]
    assert {one.kind for one in told[2:-1]} == {"block"}
    assert "Oldport opens its new bridge" in "".join(one.data["html"] for one in told[2:-1])


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
async def test_every_command_of_the_catalogue_is_answered(page: Page, command) -> None:
    after = await open_chat(page)
    async with listening(page, after) as stream:
        await say(page, command.example)
        told = await stream.until("done")
    html = "".join(one.data["html"] for one in told if one.kind == "block")
    assert html
    assert "Something broke" not in html
    assert "There is no command" not in html


async def test_free_words_are_a_question_even_when_they_begin_like_a_command(page: Page) -> None:
    after = await open_chat(page)
    async with listening(page, after) as stream:
        await say(page, "Why did bakers in Lindau strike?")
        told = await stream.until("done")
    html = "".join(one.data["html"] for one in told if one.kind == "block")
    assert "night work" in html


async def test_a_follow_up_is_read_after_the_questions_before_it(page: Page) -> None:
    await open_chat(page)
    await say_and_wait(page, "What does the new bridge over the Arvel cost?")
    await say_and_wait(page, "/status")
    conversation = next(iter(page.house.conversations._by_channel.values()))
    assert conversation.earlier_questions() == ("What does the new bridge over the Arvel cost?",)


async def say_and_wait(page: Page, text: str) -> str:
    async with page.client.post("/chat", data={"text": text}, headers=page.own) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_without_a_script_the_page_comes_back_with_the_answer(page: Page) -> None:
    html = await say_and_wait(page, "/help")
    assert "/schedule add" in html[html.index('id="transcript"') :]


async def test_a_button_without_a_script_works_like_one_with_it(page: Page) -> None:
    await say_and_wait(page, "/story Oldport opens its new bridge")
    async with page.client.post("/chat/press", data={"action": "proof:1"}, headers=page.own) as answer:
        html = await answer.text()
    assert "opened the new bridge over the Arvel on Monday after three years of work" in html


async def test_a_vote_is_kept(page: Page) -> None:
    await open_chat(page)
    form = {"action": "vote:up:ask-abc", "label": "Useful"}
    async with page.client.post("/chat/press", data=form, headers=page.own) as answer:
        assert "Thank you, noted." in await answer.text()


async def test_a_page_that_reconnects_gets_every_event_it_missed_once(page: Page) -> None:
    after = await open_chat(page)
    async with listening(page, after) as stream:
        await say(page, "/search bridge")
        seen = [await stream.next(), await stream.next()]
    await say(page, "/search bakers")
    async with listening(page, after, header=seen[-1].id) as stream:
        rest = [*await stream.until("done"), *await stream.until("done")]
    numbers = [int(one.id.rpartition("-")[2]) for one in [*seen, *rest]]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_page_that_was_away_for_too_long_is_told_to_load_anew() -> None:
    conversation = Conversation()
    begin = conversation.last_event_id
    for number in range(MAX_EVENTS + 5):
        conversation.tell("block", number=number)
    assert [event.kind for event in conversation.after(begin)] == ["reload"]
    assert [event.kind for event in conversation.after("other-3")] == ["reload"]
    assert [event.kind for event in conversation.after(f"{conversation.epoch}-999999")] == ["reload"]
    assert len(list(conversation.after(f"{conversation.epoch}-5"))) == MAX_EVENTS


async def test_two_browsers_do_not_hear_each_other(page: Page) -> None:
    await open_chat(page)
    await say_and_wait(page, "/search bridge")
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(page.base, cookie_jar=jar) as other, other.get("/chat") as answer:
        assert "Oldport opens its new bridge" not in await answer.text()


async def test_many_readers_lose_no_event_while_articles_come_in(page: Page) -> None:
    reading = asyncio.create_task(_add_articles(page, 60))
    async with asyncio.TaskGroup() as tasks:
        seen = [tasks.create_task(_read_and_ask(page)) for _ in range(40)]
    await reading
    for numbers in (task.result() for task in seen):
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 10


async def _add_articles(page: Page, count: int) -> None:
    for number in range(count):
        await add_articles(page.archive, {f"more{number}.txt": BRIDGE.replace("3.4 million", f"3.{number} million")})
        await asyncio.sleep(0)


async def _read_and_ask(page: Page) -> list[int]:
    """Be one reader: ask three times, each time breaking the stream off in the middle; return the events' numbers."""
    jar = aiohttp.CookieJar(unsafe=True)
    numbers: list[int] = []
    async with aiohttp.ClientSession(page.base, cookie_jar=jar) as client:
        reader = replace(page, client=client)
        last = await open_chat(reader)
        for command in ("/search bridge", "/help", "/article #1"):
            await say(reader, command)
            told: list[Told] = []
            async with listening(reader, last) as stream:
                told += [await stream.next(), await stream.next()]
            async with listening(reader, last, header=told[-1].id) as stream:
                told += await stream.until("done")
            last = told[-1].id
            numbers += [int(one.id.rpartition("-")[2]) for one in told]
    return numbers


async def test_completion_offers_values_of_the_archive(page: Page) -> None:
    async with page.client.get("/chat/commands") as answer:
        commands = {command["name"]: command for command in await answer.json()}
    assert set(commands) == {command.name for command in CATALOGUE}
    asked = {"command": "article", "option": "name", "typed": "bakers"}
    async with page.client.get("/chat/completions", params=asked) as answer:
        assert await answer.json() == ["Bakers in Lindau strike over night work"]


async def test_what_a_schedule_posts_stands_in_its_chat_also_after_a_restart(page: Page) -> None:
    after = await open_chat(page)
    channel = next(iter(page.house.conversations._by_channel))
    here = Destination(platform="web", workspace="local", channel=channel)
    publisher = WebPublisher(page.house.conversations)
    message = Message(blocks=(Heading(text="News digest"), Paragraph(text="The harbour is open.")))
    payloads = publisher.render(message, marker=marker_of(here, batch="b"))
    await page.archive.enqueue(posts_of_message(payloads, here, batch="b", clock=page.clock))

    async def nobody(destination: Destination, sentence: str) -> None:
        raise AssertionError(sentence)

    done = await Deliverer(page.archive, {"web": publisher}, page.clock, notify_admin=nobody).deliver_due()
    assert done.sent == 1
    async with listening(page, after) as stream:
        assert "The harbour is open." in (await stream.next()).data["html"]
    page.house.conversations.forget(channel)
    async with page.client.get("/chat") as answer:
        assert "The harbour is open." in await answer.text()


async def test_a_payload_holds_every_kind_of_block() -> None:
    from bot.model import Bullets, Button, Buttons, Footer, Line, Link, Links, Quote, Table

    message = Message(
        blocks=(
            Heading(text="a", level=2, marker="1"),
            Paragraph(text="b", quiet=True),
            Bullets(lines=(Line(text="c", marks=("s1",), proof=("s1: d",)),)),
            Table(columns=("e",), rows=(("f",),)),
            Quote(text="g", source="h"),
            Links(links=(Link(text="i", url="https://paper.example/i"),)),
            Footer(lines=("j",)),
            Buttons(buttons=(Button(label="k", action="proof:1"),)),
        )
    )
    assert message_of(payload_of(message, marker="m")) == message


async def test_streams_end_when_the_bot_stops(page: Page) -> None:
    after = await open_chat(page)
    async with listening(page, after) as stream:
        page.stop.set()
        started = datetime.now(UTC)
        with pytest.raises((aiohttp.ClientError, TimeoutError, AssertionError)):
            await _read_to_end(stream)
    assert (datetime.now(UTC) - started).total_seconds() < 4


async def _read_to_end(stream: Stream) -> None:
    async with asyncio.timeout(5):
        while await stream._answer.content.readline():
            pass
    raise AssertionError("the stream has ended")


async def test_a_page_that_is_closed_leaves_no_stream_and_no_trouble_behind(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    after = await open_chat(page)
    for number in range(6):
        async with listening(page, after):
            if number < 3:
                await say(page, "/search bridge")
    await asyncio.sleep(2.5)
    async with listening(page, after) as stream:
        await stream.until("done")
    assert "Traceback" not in capsys.readouterr().out
