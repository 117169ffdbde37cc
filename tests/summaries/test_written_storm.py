"""A storm of failures at the LLM: every article still gets its summary, and the caps and the breaker hold."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter

import pytest
from aiohttp import web

from bot.model import Article, Summary
from tests.llm.fake_openai import (
    Behaviour,
    Body,
    copying,
    drop,
    empty_choices,
    fails,
    fake_openai,
    hang,
    hang_midway,
    html,
    malformed,
    ok,
    refusal,
    says,
    slow,
    without_json_schema,
)
from tests.llm.written_parts import PARAGRAPHS, Bench, make_article

pytestmark = pytest.mark.fault("LLM storms and outages")

ARTICLES = 200
USAGE = (900, 300)
TOKENS_A_CALL = sum(USAGE)
OUTAGES: tuple[Behaviour, ...] = (
    hang, hang_midway, slow(5, ok(copying)), fails(429, retry_after="30"), fails(429, retry_after="nonsense"),
    fails(429, code="insufficient_quota"), fails(500), fails(502), fails(503, retry_after="1"), fails(400, "what?"),
    html, malformed, empty_choices, drop, refusal, says("Gladly!"), says('{"headline": "x', finish="length"),
    says("[" * 20_000),
)  # fmt: skip
FAILURES = (
    *OUTAGES,
    says('{"headline": "x", "bullets": [{"text": "Squids win.", "ids": [0], "quote": "squid"}]}'),
    says('{"headline": "x", "bullets": 7}'),
    without_json_schema(ok(lambda body: f"```json\n{copying(body)}\n```")),
)


def numbered(number: int) -> Article:
    return make_article([f"Hut {number} stands on the hill of Orrin.", *PARAGRAPHS], name=f"a{number}")


def stormy(seed: int, *, share_of_failures: float, failures: tuple[Behaviour, ...] = FAILURES) -> Behaviour:
    """Fail in a random way that often, else answer."""
    chance = random.Random(seed)

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        behaviour = chance.choice(failures) if chance.random() < share_of_failures else ok(copying, usage=USAGE)
        return await behaviour(request, body)

    return behave


async def summarize_all(bench: Bench) -> list[Summary]:
    return await asyncio.gather(
        *(bench.writer.write_or_extract(numbered(number), bullets=4) for number in range(ARTICLES))
    )


def requests_by_article(requests: list[Body]) -> Counter[str]:
    found = (re.search(r"Hut (\d+) stands", str(body["messages"])) for body in requests)
    return Counter(match[1] for match in found if match)


async def test_in_a_storm_every_article_gets_a_summary_and_no_request_is_repeated_by_the_library() -> None:
    async with (
        fake_openai(stormy(3, share_of_failures=0.6)) as server,
        Bench(server.base_url, timeout_s=1.0, parallel_calls=16, with_real_parts=True) as bench,
    ):
        summaries = await summarize_all(bench)
    assert len(summaries) == ARTICLES
    assert all(len(summary.bullets) >= 3 and summary.headline for summary in summaries)
    written = [summary for summary in summaries if summary.writer == "llm"]
    extracted = [summary for summary in summaries if summary.writer == "extractive"]
    assert len(written) > 40
    assert len(extracted) > 40
    assert all(summary.note for summary in extracted)
    # One call, one repair, and once for the whole storm (up to 16 calls at a time) the change of dialect.
    assert max(requests_by_article(server.requests).values()) <= 4
    assert len(server.requests) < 1.5 * ARTICLES


async def test_in_a_storm_the_daily_caps_are_never_passed() -> None:
    caps = 60 * TOKENS_A_CALL
    async with (
        fake_openai(stormy(5, share_of_failures=0.5)) as server,
        Bench(server.base_url, timeout_s=1.0, parallel_calls=16, max_tokens_per_day=caps) as bench,
    ):
        summaries = await summarize_all(bench)
    notes = Counter(summary.note for summary in summaries)
    assert notes[f"daily limit of {caps:,} LLM tokens reached"] > 50
    assert bench.spent()[0] <= caps
    assert sum(summary.cost.tokens_in + summary.cost.tokens_out for summary in summaries) <= caps
    assert len(summaries) == ARTICLES


async def test_articles_that_wait_for_their_turn_do_not_use_up_the_cap() -> None:
    caps = ARTICLES * TOKENS_A_CALL + 20_000
    async with (
        fake_openai(ok(copying, usage=USAGE)) as server,
        Bench(server.base_url, parallel_calls=4, max_tokens_per_day=caps) as bench,
    ):
        summaries = await summarize_all(bench)
    assert {summary.writer for summary in summaries} == {"llm"}
    assert bench.spent()[0] == ARTICLES * TOKENS_A_CALL


async def test_a_server_that_counts_more_than_was_estimated_overspends_by_one_call_at_most() -> None:
    greedy = 9_000
    caps = 30_000
    async with (
        fake_openai(ok(copying, usage=(greedy, 0))) as server,
        Bench(server.base_url, parallel_calls=1, max_tokens_per_day=caps) as bench,
    ):
        summaries = await summarize_all(bench)
    assert sum(1 for summary in summaries if summary.writer == "llm") >= 3
    assert summaries[-1].writer == "extractive"
    assert bench.spent()[0] <= caps + greedy


async def test_an_outage_opens_the_breaker_and_the_rest_of_the_storm_is_never_sent() -> None:
    async with (
        fake_openai(stormy(7, share_of_failures=1.0, failures=OUTAGES)) as server,
        Bench(server.base_url, timeout_s=0.3, breaker_failures=5, parallel_calls=4) as bench,
    ):
        summaries = await summarize_all(bench)
        sent = len(server.requests)
        assert bench.breaker.state == "open"
        bench.clock.advance(24 * 3_600)
        await summarize_all(bench)
    assert all(summary.bullets for summary in summaries)
    assert sum(1 for summary in summaries if summary.note == "the LLM is paused after repeated failures") > 150
    assert sent <= 5 + 4
    assert len(server.requests) - sent <= 3, "one probe, with what its dialect and its repair take"


async def test_after_an_outage_one_probe_brings_the_writer_back() -> None:
    down = True

    async def recovering(request: web.Request, body: Body) -> web.StreamResponse:
        return await (fails(503) if down else ok(copying))(request, body)

    async with fake_openai(recovering) as server, Bench(server.base_url, breaker_failures=5) as bench:
        for number in range(10):
            await bench.writer.write_or_extract(numbered(number), bullets=4)
        down = False
        still_paused = await bench.writer.write_or_extract(numbered(10), bullets=4)
        bench.clock.advance(301)
        back = [await bench.writer.write_or_extract(numbered(number), bullets=4) for number in range(10)]
    assert still_paused.note == "the LLM is paused after repeated failures"
    assert [summary.writer for summary in back] == ["llm"] * 10
    assert len(server.requests) == 15


async def test_the_event_loop_never_stalls_while_articles_are_written() -> None:
    longest_s = 0.0
    done = asyncio.Event()

    async def watch() -> None:
        nonlocal longest_s
        loop = asyncio.get_running_loop()
        while not done.is_set():
            before = loop.time()
            await asyncio.sleep(0.005)
            longest_s = max(longest_s, loop.time() - before)

    async with fake_openai(ok(copying)) as server, Bench(server.base_url, with_real_parts=True) as bench:
        watching = asyncio.create_task(watch())
        await asyncio.gather(*(bench.writer.write_or_extract(numbered(number), bullets=4) for number in range(40)))
        done.set()
        await watching
    assert longest_s < 2.0, "generous, since the machine may be busy; the import of the client alone takes .4 s"
