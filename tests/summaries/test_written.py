"""Summaries by an LLM, over a real server on loopback: what is asked, what is accepted, what it costs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Misconfigured, Unavailable
from bot.model import Article, Cost
from bot.summaries.written_asking import UNUSABLE_FOR
from tests.llm.fake_openai import (
    Body,
    as_bullet,
    copying,
    drop,
    fails,
    fake_openai,
    hang,
    html,
    ok,
    refusal,
    says,
    shown_sentences,
    slow,
    without_json_schema,
)
from tests.llm.written_parts import Bench, MemoryCache, make_article

GARBAGE = says("I had a lovely day.")


def drafted(*bullets: dict[str, object], headline: str = "Bridge at Vellmouth will close") -> str:
    return json.dumps({"headline": headline, "bullets": list(bullets)})


def long_article(paragraphs: int) -> Article:
    return make_article(
        [
            f"Station {number} in the Orrin valley measured {number + 100} millimetres of rain. "
            f"The keeper of hut {number} counted {number + 300} goats on the slope. Snow fell above the lake."
            for number in range(paragraphs)
        ],
        title="Rain in the Orrin valley",
    )


async def test_a_summary_cites_sentences_and_says_who_wrote_it_and_what_it_cost() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=4)
    assert (summary.writer, summary.model, summary.note) == ("llm", "fake-1", None)
    assert len(summary.bullets) == 4
    for bullet in summary.bullets:
        (index,) = bullet.sentences
        assert make_article().sentences[index].text == bullet.text == bullet.quote
    assert summary.prompt_hash
    assert summary.cost == Cost(tokens_in=900, tokens_out=300, usd=pytest.approx(0.0021))
    assert bench.spent() == (1_200, pytest.approx(0.0021))


async def test_the_prompt_shows_marked_sentences_between_lines_with_a_new_mark_each_time() -> None:
    dated = replace(make_article(), published_at=datetime(2031, 5, 3, tzinfo=UTC))
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        await bench.writer.write(dated, bullets=3)
        await bench.writer.write(make_article(["Another day begins. The sun is up."]), bullets=3)
    first, second = (body["messages"][1]["content"] for body in server.requests)
    lines = first.splitlines()
    assert lines[0].startswith("<<<ARTICLE ")
    assert lines[1:4] == ["[title] Bridge to close", "[published] 2031-05-03", f"[s0] {dated.sentences[0].text}"]
    assert "<<<END ARTICLE " in first
    assert lines[0].split()[1].strip(">") in server.requests[0]["messages"][0]["content"]
    assert lines[0] != second.splitlines()[0]


@pytest.mark.parametrize(
    ("code", "configured", "named"),
    [("en", None, "English"), ("ko", None, "Korean"), ("de-AT", None, "German"), ("fr", "french", "french"),
        ("pt", "Brazilian Portuguese", "Brazilian Portuguese"),
        ("und", "French", "French"),
     ("und", None, "the language that the sentences of the article are written in")],
)  # fmt: skip
async def test_the_output_language_is_named(code: str, configured: str | None, named: str) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, language=configured) as bench:
        await bench.writer.write(make_article(language=code), bullets=3)
    assert f"You write in {named}, and in no other" in server.requests[0]["messages"][0]["content"].replace("\n", " ")


async def test_a_translation_is_not_paid_for_because_no_line_of_it_could_be_proved() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, language="Korean") as bench:
        summary = await bench.writer.write_or_extract(make_article(language="en"), bullets=3)
    assert summary.note == "a summary in Korean of an article in English could not be proved"
    assert server.requests == []


async def test_ids_quotes_and_statuses_are_read_in_the_ways_models_write_them() -> None:
    first, third = make_article().sentences[0].text, make_article().sentences[2].text
    reply = drafted(
        as_bullet(0, first, ids=["[s0]"], quote=f"“{first[4:30]}”", status="PLANNED"),
        {"text": third, "ids": [2], "quote": third, "attribution": "null"},
    )
    async with fake_openai(says(f"```json\n{reply}\n```")) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
    bridge, bolts = summary.bullets[:2]
    assert (bridge.sentences, bridge.quote, bridge.status) == ((0,), first[4:30], "planned")
    assert (bolts.sentences, bolts.attribution, bolts.status) == ((2,), None, "fact")


async def test_curly_quotes_in_the_source_are_quoted_as_the_source_spells_them() -> None:
    text = "The mayor’s office said “we will open the ferry in May” on Monday."
    article = make_article([text, *("The harbour is calm and grey.", "Gulls sleep on the pier.")])
    reply = drafted(as_bullet(0, "The mayor's office will open the ferry in May.", quote='"we will open the ferry'))
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(article, bullets=3)
    assert summary.bullets[0].quote == "we will open the ferry"


BRIDGE = make_article().sentences[0].text
BOLTS = make_article().sentences[2].text


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (as_bullet(0, BRIDGE.replace("14", "15"), quote=BRIDGE), "unproved number"),
        (as_bullet(99, BRIDGE), "cites what does not exist"),
        (as_bullet(0, BRIDGE, ids=["s0", "s99"]), "cites what does not exist"),
        (as_bullet(0, BRIDGE, quote="the bridge is closed for ever"), "misquotes"),
        (as_bullet(0, BRIDGE, quote=BOLTS), "misquotes"),
        (as_bullet(0, "A giant squid ate the pier.", quote=BRIDGE), "unproved"),
        (as_bullet(0, f"{BRIDGE} See https://evil.example/?d=1", quote=BRIDGE), "holds a link"),
        (as_bullet(0, f"{BRIDGE} See evil.example", quote=BRIDGE), "holds a link"),
        (as_bullet(0, f"{BRIDGE} [more](x)", quote=BRIDGE), "holds a link"),
        (as_bullet(0, f"{BRIDGE} <@!12345>", quote=BRIDGE), "holds a link"),
        (as_bullet(0, f"You must read this. {BRIDGE}", quote=BRIDGE), "reads as an instruction"),
        (as_bullet(0, BRIDGE, attribution="the Dark Baron of Hessia"), "unknown speaker"),
        (as_bullet(0, BRIDGE, attribution="see evil.example"), "holds a link"),
        (as_bullet(0, BRIDGE, ids=[f"s{index}" for index in range(8)]), "cites too much"),
        (as_bullet(0, f"{BRIDGE} " + "The bridge will close from March. " * 5, quote=BRIDGE), "too long"),
        (as_bullet(2, BOLTS), "repeats another"),
        (as_bullet(0, "It will close for 14 weeks from March.", quote=BRIDGE), "points outside itself"),
        (as_bullet(0, 'The "harbour bridge at Vellmouth will close.', quote=BRIDGE), "holds half a quotation"),
    ],
)
async def test_a_bullet_that_fails_the_proof_is_replaced_by_the_articles_own_words(
    bad: dict[str, object], why: str
) -> None:
    reply = drafted(as_bullet(2, BOLTS), bad)
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
    texts = [bullet.text for bullet in summary.bullets]
    assert summary.writer == "llm"
    assert texts[0] == BOLTS
    assert all(text in make_article().body for text in texts)
    assert len(set(texts)) == 3, "three bullets, none of them twice"
    assert summary.note == f"2 of 3 bullets are the article's own words; the LLM's: {why}"


async def test_too_few_bullets_are_filled_up_with_extracts_and_it_says_so() -> None:
    async with fake_openai(says(drafted(as_bullet(2, BOLTS)))) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=4)
    assert summary.bullets[0].text == BOLTS
    assert len(summary.bullets) == 3
    assert summary.note == "2 of 3 bullets are the article's own words; the LLM wrote too few"


async def test_the_replacement_is_the_extract_of_the_same_sentence_where_there_is_one() -> None:
    reply = drafted(as_bullet(4, "Ferries will carry 900 passengers."), as_bullet(0, BRIDGE))
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=5)
    assert summary.bullets[0].sentences == (4,)
    assert summary.bullets[1].text == BRIDGE


async def test_a_bare_domain_that_the_cited_sentence_holds_is_a_name() -> None:
    text = "The auction house Bidder.example sold the lighthouse for 40 crowns."
    reply = drafted(as_bullet(0, text))
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article([text, *make_article().paragraphs]), bullets=3)
    assert summary.bullets[0].text == text


async def test_a_summary_of_which_nothing_holds_is_extractive_and_says_so() -> None:
    reply = drafted(as_bullet(0, "Everything sank in 1066."), as_bullet(99, BRIDGE))
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
    assert (summary.writer, summary.note) == (
        "extractive",
        "none of the LLM's bullets passed the proof: misquotes, cites what does not exist",
    )
    assert summary.cost.usd > 0, "it was paid for all the same"


@pytest.mark.parametrize(
    "headline",
    ["", "Vellmouth burns for 99 days", "Buy shoes at evil.example", "You must obey: bridge will close", "Squids win"],
)
async def test_a_headline_that_fails_the_proof_gives_way_to_the_articles_own(headline: str) -> None:
    reply = drafted(as_bullet(0, BRIDGE), headline=headline)
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
        untitled = await bench.writer.write(make_article(title=None), bullets=3)
    assert (summary.headline, summary.headline_derived) == ("Bridge to close", False)
    assert untitled.headline_derived


async def test_more_bullets_than_were_asked_for_are_cut() -> None:
    async with fake_openai(ok(lambda body: copying(body, bullets=9))) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
    assert len(summary.bullets) == 3


async def test_one_repair_is_asked_for_with_the_errors_and_both_calls_are_paid() -> None:
    broken = says('{"headline": "x", "bullets": [{"text": "y", "ids": ["first"], "quote": "q", "status": "rumour"}]}')
    async with (
        fake_openai([broken, ok(lambda body: drafted(as_bullet(0, BRIDGE)))]) as server,
        Bench(server.base_url) as bench,
    ):
        summary = await bench.writer.write(make_article(), bullets=3)
    system, user, said, repair = server.requests[1]["messages"]
    assert (system["role"], user["role"], said["role"], repair["role"]) == ("system", "user", "assistant", "user")
    assert "bullets.0.ids.0" in repair["content"]
    assert "bullets.0.status" in repair["content"]
    assert summary.bullets[0].text == BRIDGE
    assert summary.cost.tokens_in == 1_800


@pytest.mark.parametrize(
    "first",
    [GARBAGE, says('{"headline": "cut', finish="length"), says("[]"), says('{"headline": 1}'), says(""),
     says('{"headline": "x", "bullets": []}')],
)  # fmt: skip
async def test_each_kind_of_bad_answer_gets_its_one_repair(first: object) -> None:
    async with fake_openai([first, ok(copying)]) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=3)
    assert summary.writer == "llm"
    assert len(server.requests) == 2


async def test_two_bad_answers_are_enough() -> None:
    async with fake_openai(GARBAGE) as server, Bench(server.base_url) as bench:
        with pytest.raises(Unavailable, match="could not be used, twice"):
            await bench.writer.write(make_article(), bullets=3)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("behaviour", "note", "calls"),
    [
        (hang, "the LLM did not answer within 0.3 s", 1),
        (fails(500), "the LLM server failed (HTTP 500)", 1),
        (html, "the LLM server sent something that is no answer", 1),
        (drop, "the LLM server broke off the connection", 1),
        (refusal, "the LLM declined to write this", 1),
        (GARBAGE, "the LLM's answer could not be used, twice", 2),
    ],
)
async def test_every_failure_ends_in_the_labelled_extractive_summary(behaviour: object, note: str, calls: int) -> None:
    async with fake_openai(behaviour) as server, Bench(server.base_url, timeout_s=0.3) as bench:
        summary = await bench.writer.write_or_extract(make_article(), bullets=4)
    assert (summary.writer, summary.note, len(server.requests)) == ("extractive", note, calls)
    assert len(summary.bullets) == 4
    assert summary.cost.tokens_in == (900 * calls if behaviour in (refusal, GARBAGE) else 0)


async def test_the_daily_cap_ends_in_the_labelled_extractive_summary_without_a_call() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_usd_per_day=0.001) as bench:
        summary = await bench.writer.write_or_extract(make_article(), bullets=4)
    assert (summary.writer, summary.note) == ("extractive", "daily limit of $0.00 for the LLM reached")
    assert server.requests == []


async def test_a_call_that_nobody_answered_stays_reserved_and_one_that_failed_does_not() -> None:
    async with fake_openai([hang, fails(500)]) as server, Bench(server.base_url, timeout_s=0.2) as bench:
        await bench.writer.write_or_extract(make_article(), bullets=4)
        after_silence = bench.spent()
        await bench.writer.write_or_extract(make_article(), bullets=4)
    assert after_silence[0] > 3_000
    assert bench.spent() == after_silence


async def test_a_server_that_counts_no_tokens_is_charged_by_the_estimate() -> None:
    async with fake_openai(ok(copying, usage=None)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article(), bullets=4)
    assert summary.cost.tokens_in > 500
    assert summary.cost.tokens_out > 100


async def test_nothing_is_paid_for_twice() -> None:
    cache = MemoryCache()
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, cache=cache) as bench:
        first = await bench.writer.write(make_article(), bullets=4)
        async with Bench(server.base_url, cache=cache) as restarted:
            again = await restarted.writer.write(make_article(), bullets=4)
    assert len(server.requests) == 1
    assert again.cost == Cost()
    assert replace(again, cost=first.cost) == first


async def test_a_model_that_declined_is_not_asked_again() -> None:
    async with fake_openai(refusal) as server, Bench(server.base_url) as bench:
        notes = [(await bench.writer.write_or_extract(make_article(), bullets=4)).note for _ in range(3)]
    assert notes == ["the LLM declined to write this"] * 3
    assert len(server.requests) == 1


async def test_an_edit_another_size_or_another_language_is_asked_anew() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        await bench.writer.write(make_article(), bullets=4)
        await bench.writer.write(make_article(), bullets=3)
        await bench.writer.write(make_article(["Gulls sleep. Crabs do not."]), bullets=4)
        await bench.writer.write(make_article(language="fr"), bullets=4)
    assert len(server.requests) == 4


async def test_ten_equal_requests_at_once_are_sent_once_and_paid_once() -> None:
    async with fake_openai(slow(0.1, ok(copying))) as server, Bench(server.base_url) as bench:
        summaries = await asyncio.gather(*(bench.writer.write(make_article(), bullets=4) for _ in range(10)))
    assert len(server.requests) == 1
    assert len({summary.bullets for summary in summaries}) == 1
    assert sum(summary.cost.tokens_in for summary in summaries) == 900


async def test_one_of_two_equal_requests_may_be_cancelled_without_harm_to_the_other() -> None:
    async with fake_openai(slow(0.1, ok(copying))) as server, Bench(server.base_url) as bench:
        first = asyncio.create_task(bench.writer.write(make_article(), bullets=4))
        second = asyncio.create_task(bench.writer.write(make_article(), bullets=4))
        await server.arrived.wait()
        first.cancel()
        assert (await second).writer == "llm"
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_a_cache_that_fails_or_holds_rubbish_is_done_without() -> None:
    class FullDisk(MemoryCache):
        async def cached_reply(self, key: str) -> str | None:
            return '{"draft": 7}'

        async def cache_reply(self, key: str, reply: str) -> None:
            raise Unavailable("the disk is full")

    async with fake_openai(ok(copying)) as server, Bench(server.base_url, cache=FullDisk()) as bench:
        assert (await bench.writer.write(make_article(), bullets=4)).writer == "llm"


async def test_a_server_without_json_schema_summarizes_all_the_same() -> None:
    async with fake_openai(without_json_schema(ok(copying))) as server, Bench(server.base_url) as bench:
        assert (await bench.writer.write(make_article(), bullets=4)).writer == "llm"


async def test_a_long_article_is_read_in_parts_and_merged_with_the_original_ids() -> None:
    article = long_article(60)
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_input_tokens=2_400) as bench:
        summary = await bench.writer.write(article, bullets=4)
    seen = [index for body in server.requests for index, _ in shown_sentences(body)]
    assert seen == sorted(seen)
    assert set(seen) == set(range(len(article.sentences))), "every sentence was read once"
    assert len(seen) == len(article.sentences)
    assert "<<<NOTES " in server.requests[-1]["messages"][1]["content"]
    assert summary.writer == "llm"
    assert all(article.sentences[bullet.sentences[0]].text == bullet.text for bullet in summary.bullets)
    assert summary.cost.tokens_in == 900 * len(server.requests)


async def test_every_request_of_a_long_article_stays_within_the_limit() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_input_tokens=2_000) as bench:
        await bench.writer.write_or_extract(long_article(60), bullets=4)
    assert len(server.requests) > 2
    assert all(len(json.dumps(body["messages"], ensure_ascii=False)) < 2_000 * 3.6 for body in server.requests)


async def test_the_parts_of_a_long_article_that_were_paid_for_are_not_asked_again() -> None:
    def fail_to_merge(body: Body) -> str:
        return "no" if "<<<NOTES" in body["messages"][1]["content"] else copying(body)

    article = long_article(60)
    cache = MemoryCache()
    async with (
        fake_openai(ok(fail_to_merge)) as server,
        Bench(server.base_url, max_input_tokens=2_400, cache=cache) as bench,
    ):
        failed = await bench.writer.write_or_extract(article, bullets=4)
    parts = len(server.requests) - 2
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_input_tokens=2_400, cache=cache) as bench:
        at_once = await bench.writer.write_or_extract(article, bullets=4)
        asked_at_once = len(server.requests)
        bench.clock.advance(UNUSABLE_FOR.total_seconds())
        summary = await bench.writer.write_or_extract(article, bullets=4)
    assert (failed.writer, failed.cost.tokens_in) == ("extractive", 900 * (parts + 2))
    assert (at_once.writer, at_once.note, asked_at_once) == ("extractive", failed.note, 0)
    assert (summary.writer, len(server.requests)) == ("llm", 1)


async def test_an_answer_that_could_not_be_used_twice_is_paid_for_again_only_hours_later() -> None:
    article = make_article()
    async with fake_openai(says("Gladly!")) as server, Bench(server.base_url) as bench:
        for hours in (0, 1, 4, 2, 1):
            bench.clock.advance(3_600 * hours)
            summary = await bench.writer.write_or_extract(article, bullets=4)
            assert summary.note == "the LLM's answer could not be used, twice"
    assert len(server.requests) == 4, "two calls at first, two when six hours had passed"


async def test_an_unusable_answer_dated_ahead_of_a_clock_set_back_keeps_nobody_waiting() -> None:
    article = make_article()
    cache = MemoryCache()
    async with fake_openai(says("Gladly!")) as server, Bench(server.base_url, cache=cache) as bench:
        bench.clock.advance(24 * 3_600)
        await bench.writer.write_or_extract(article, bullets=4)
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, cache=cache) as bench:
        summary = await bench.writer.write_or_extract(article, bullets=4)
    assert (summary.writer, len(server.requests)) == ("llm", 1)


async def test_a_note_that_cites_what_no_part_stated_is_not_merged() -> None:
    def invent(body: Body) -> str:
        if "<<<NOTES" in body["messages"][1]["content"]:
            return drafted(as_bullet(5, "Station 7 in the Orrin valley measured 999 millimetres of rain."))
        return copying(body)

    async with fake_openai(ok(invent)) as server, Bench(server.base_url, max_input_tokens=2_400) as bench:
        summary = await bench.writer.write(long_article(60), bullets=4)
    assert summary.writer == "extractive"


async def test_a_book_is_not_sent_at_all() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_input_tokens=2_000) as bench:
        summary = await bench.writer.write_or_extract(long_article(2_000), bullets=4)
    assert summary.note is not None
    assert "too long for the LLM" in summary.note
    assert server.requests == []


async def test_a_sentence_too_long_for_any_model_is_left_out() -> None:
    article = make_article(["word " * 200_000, *make_article().paragraphs])
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(article, bullets=3)
    assert 0 not in [index for index, _ in shown_sentences(server.requests[0])]
    assert summary.writer == "llm"


async def test_an_article_without_sentences_is_never_sent() -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        with pytest.raises(Unavailable, match="holds no sentence"):
            await bench.writer.write(make_article(()), bullets=3)
    assert server.requests == []


async def test_an_input_limit_below_the_prompt_itself_is_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="set it to"):
        Bench("http://127.0.0.1:9/v1", max_input_tokens=600)


async def test_one_sentence_makes_one_bullet() -> None:
    text = "The lighthouse at Orrin went dark on Sunday."
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(make_article([text]), bullets=4)
    assert [bullet.text for bullet in summary.bullets] == [text]


async def test_a_korean_speaker_is_known_with_and_without_its_particle() -> None:
    text = "퀼 시장은 다리의 피해가 심각하다고 말했다."
    reply = drafted(as_bullet(0, text, attribution="퀼 시장", status="claim"))
    article = make_article([text], title="다리", language="ko")
    async with fake_openai(says(reply)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(article, bullets=3)
    assert (summary.note, summary.bullets[0].attribution, summary.bullets[0].status) == (None, "퀼 시장", "claim")


async def test_a_korean_article_is_summarized_like_any_other() -> None:
    article = make_article(
        ["벨마우스 항구 다리가 3월부터 14주 동안 폐쇄된다. 시의회가 화요일에 보수를 승인했다.",
         "기술자들은 북쪽 구간에서 균열된 볼트 212개를 발견했다. 퀼 시장은 피해가 심각하다고 말했다."],
        title="다리 폐쇄", language="ko",
    )  # fmt: skip
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        summary = await bench.writer.write(article, bullets=4)
    assert (summary.writer, summary.note) == ("llm", None)
    assert len(summary.bullets) == 4
