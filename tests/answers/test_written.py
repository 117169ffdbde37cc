"""Answers written by an LLM on loopback: every claim cited and proved, or the extracted answer with a note."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from bot.answers.answering import compose_answer, gather_evidence
from bot.answers.written import NOT_TO_THE_POINT, OUT_OF_TIME, UNSUPPORTED
from bot.commands.ask import answer_message
from bot.messages.rendering import render_plain
from bot.storage.archive import SqlArchive, open_archive
from tests.answers.coast import COAST, UNANSWERABLE, make_article
from tests.answers.written_parts import ask, claim, copying, evidence_in, reply, stating, writer_of
from tests.llm.fake_openai import (
    Behaviour,
    Body,
    drop,
    empty_choices,
    fails,
    fake_openai,
    hang,
    html,
    malformed,
    ok,
    refusal,
    says,
    slow,
)
from tests.llm.written_parts import Bench

WHEN = "When will the Marl Bridge close?"
CLOSES = "The Marl Bridge in Oldport will close on 14 June, the council said."
HOW_MANY = "How many welders does the work on the bridge need?"
KILLED = "How many people did the landslide near Quell kill?"


@pytest.fixture
async def archive() -> AsyncIterator[SqlArchive]:
    """An archive of the coast."""
    async with open_archive(":memory:") as opened:
        await opened.save_articles([], [make_article(name, text) for name, text in COAST.items()], [])
        yield opened


async def test_a_proved_answer_consists_of_its_claims_each_with_its_sentence(archive: SqlArchive) -> None:
    behaviour = ok(stating("Marl Bridge", CLOSES, answer="14 June"))
    async with fake_openai(behaviour) as server, Bench(server.base_url) as bench:
        _, answer = await ask(archive, writer_of(bench), WHEN)
    assert (answer.writer, answer.text, answer.grounded, answer.note) == ("llm", CLOSES, True, None)
    assert answer.bold is not None
    assert answer.text[slice(*answer.bold)] == "14 June"
    (only,) = answer.claims
    assert (only.citations[0].article_id, only.citations[0].sentences) == ("bridge", (0,))
    text = render_plain(answer_message(answer))
    assert f"{CLOSES} [1:s0]" in text
    assert "Written by the LLM" in text
    assert bench.spent()[0] > 0


async def test_the_model_sees_ids_of_articles_and_sentences_between_marks_and_the_question_among_the_data(
    archive: SqlArchive,
) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        await ask(archive, writer_of(bench), WHEN)
    system, user = (message["content"] for message in server.requests[0]["messages"])
    mark = user.split("<<<EVIDENCE ", 1)[1].split(">>>", 1)[0]
    assert mark in system
    data = user.split(f"<<<EVIDENCE {mark}>>>", 1)[1].split(f"<<<END EVIDENCE {mark}>>>", 1)[0]
    assert f"[question] {WHEN}" in data
    assert "[A1.s0] The Marl Bridge" in data
    assert WHEN not in system


async def test_the_same_question_is_paid_for_once(archive: SqlArchive) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        for _ in range(3):
            _, answer = await ask(archive, writer_of(bench), WHEN)
            assert answer.writer == "llm"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "text",
    [
        reply(claim(["A1.s99"], CLOSES, "The Marl Bridge")),
        reply(claim(["A44.s0"], CLOSES, "The Marl Bridge")),
        reply(claim(["A1.s0", "A2.s0"], CLOSES, "The Marl Bridge")),
        reply(claim(["A1.s0"], CLOSES, "The Marl Bridge shall close")),
        reply(claim(["A1.s0"], CLOSES, COAST["bridge"].split(". ")[0])),
        reply(claim(["A1.s0"], CLOSES.replace("14", "15"), "The Marl Bridge")),
        reply(*(claim(["A1.s0"], CLOSES, "The Marl Bridge") for _ in range(5))),
        reply(claim(["A1.s0"], CLOSES, "The Marl Bridge"), claim(["A1.s0"], "The union cheered.", "The Marl Bridge")),
    ],
    ids=["sentence", "article", "two articles", "misquoted", "long quote", "number", "five claims", "one of two"],
)
async def test_one_claim_that_does_not_hold_costs_one_repair_and_then_the_extract_stands(
    archive: SqlArchive, text: str
) -> None:
    async with fake_openai(says(text)) as server, Bench(server.base_url) as bench:
        extracted, answer = await ask(archive, writer_of(bench), WHEN)
        _, again = await ask(archive, writer_of(bench), WHEN)
    assert (answer.text, answer.writer) == (extracted.text, "extractive")
    assert answer.note == "the LLM's answer did not pass the proof"
    assert again.note == answer.note
    assert len(server.requests) == 2
    assert answer.note in render_plain(answer_message(answer))


async def test_a_repaired_answer_is_shown(archive: SqlArchive) -> None:
    wrong = ok(stating("Marl Bridge", CLOSES.replace("14 June", "15 June")))
    async with fake_openai([wrong, ok(stating("Marl Bridge", CLOSES))]) as server, Bench(server.base_url) as bench:
        _, answer = await ask(archive, writer_of(bench), WHEN)
    assert (answer.writer, answer.text) == ("llm", CLOSES)
    assert "claim 1: unproved" in server.requests[1]["messages"][-1]["content"]


async def test_a_claim_names_whose_word_it_is_and_what_takes_it_back_may_not_be_left_out(archive: SqlArchive) -> None:
    text = "Port officials estimate that the work will need around 340 welders."
    async with fake_openai(ok(stating("340 welders", text))) as server, Bench(server.base_url) as bench:
        extracted, alone = await ask(archive, writer_of(bench), HOW_MANY)
    assert (alone.writer, alone.text) == ("extractive", extracted.text)
    assert "limits what is claimed" in server.requests[1]["messages"][-1]["content"]
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        _, whole = await ask(archive, writer_of(bench), HOW_MANY)
    assert whole.writer == "llm"
    assert "Neither the council nor the union has confirmed the figure." in whole.text
    assert whole.caveat == "as of 2 May 2026, according to Port officials"


async def test_sources_that_disagree_stay_side_by_side_whatever_the_model_chose(archive: SqlArchive) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        _, answer = await ask(archive, writer_of(bench), KILLED)
    assert answer.writer == "llm"
    assert {side.value for side in answer.conflicts[0].sides} == {"12", "19"}


async def test_a_true_claim_that_does_not_bear_on_the_question_is_no_answer(archive: SqlArchive) -> None:
    text = "The town lacks a dock that could hold a large ferry."

    def aside(body: Body) -> str:
        found = [one for one in evidence_in(body) if "Marl Bridge" not in one[1]]
        return reply(claim([found[-1][0]], found[-1][1], " ".join(found[-1][1].split()[:6]))) if found else text

    async with fake_openai(ok(aside)) as server, Bench(server.base_url) as bench:
        extracted, answer = await ask(archive, writer_of(bench), WHEN)
    assert answer.text == extracted.text
    assert answer.note == NOT_TO_THE_POINT


@pytest.mark.parametrize("question", UNANSWERABLE)
async def test_a_model_that_answers_everything_does_not_answer_what_nothing_says(
    archive: SqlArchive, question: str
) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        extracted, answer = await ask(archive, writer_of(bench), question)
    assert not extracted.grounded
    assert not answer.grounded
    assert answer.text == ""
    assert answer.nearest == extracted.nearest


async def test_a_model_that_finds_no_answer_does_not_take_the_extract_away(archive: SqlArchive) -> None:
    async with fake_openai(says(reply(status="unsupported"))) as server, Bench(server.base_url) as bench:
        extracted, answer = await ask(archive, writer_of(bench), WHEN)
    assert (answer.text, answer.note) == (extracted.text, UNSUPPORTED)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "note"),
    [
        (refusal, "the LLM declined to write this"),
        (says("Gladly!"), "the LLM's answer could not be used, twice"),
        (says('{"answer": "14 Ju', finish="length"), "the LLM's answer could not be used, twice"),
        (says(reply()), UNSUPPORTED),
        (hang, OUT_OF_TIME),
        (slow(5, ok(copying)), OUT_OF_TIME),
        (fails(429, retry_after="30"), None),
        (fails(500), None),
        (fails(503), None),
        (fails(401), None),
        (html, None),
        (malformed, None),
        (empty_choices, None),
        (drop, None),
    ],
)
async def test_whatever_fails_the_extracted_answer_comes_in_time_and_says_why(
    archive: SqlArchive, behaviour: Behaviour, note: str | None
) -> None:
    async with fake_openai(behaviour) as server, Bench(server.base_url, timeout_s=30) as bench:
        began = time.monotonic()
        extracted, answer = await ask(archive, writer_of(bench, time_limit_s=1.0), WHEN)
        assert time.monotonic() - began < 5
    assert (answer.text, answer.writer, answer.grounded) == (extracted.text, "extractive", True)
    assert answer.note
    assert note is None or answer.note == note
    assert f"{answer.note}." in render_plain(answer_message(answer))


async def test_a_spent_budget_leaves_the_extract(archive: SqlArchive) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url, max_tokens_per_day=10) as bench:
        _, answer = await ask(archive, writer_of(bench), WHEN)
    assert answer.note == "daily limit of 10 LLM tokens reached"
    assert not server.requests


async def test_another_language_than_the_articles_is_not_asked_for(archive: SqlArchive) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        _, answer = await ask(archive, writer_of(bench, language="Korean"), WHEN)
    assert answer.note == "an answer in Korean from articles in English could not be proved"
    assert not server.requests


async def test_articles_that_are_asked_for_are_listed_without_the_model(archive: SqlArchive) -> None:
    async with fake_openai(ok(copying)) as server, Bench(server.base_url) as bench:
        extracted, answer = await ask(archive, writer_of(bench), "Which articles mention Oldport?")
    assert answer == extracted
    assert not server.requests


async def test_a_thousand_questions_while_the_model_hangs_are_answered_by_extracts(archive: SqlArchive) -> None:
    async with (
        fake_openai(hang) as server,
        Bench(server.base_url, timeout_s=0.3, breaker_failures=5) as bench,
    ):
        gathered = await gather_evidence(WHEN, archive=archive, collections=None)
        extracted = compose_answer(WHEN, gathered)
        writer = writer_of(bench, time_limit_s=1.0)
        began = time.monotonic()
        shown = [await writer.write(gathered, extracted) for _ in range(1_000)]
        assert time.monotonic() - began < 60
    assert all(answer.text == extracted.text and answer.note for answer in shown)
    assert len(server.requests) <= 10, "the breaker keeps the rest from being sent"
