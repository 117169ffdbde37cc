"""Every command answers: with news, without any, and when nothing matches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands.catalogue import CATALOGUE
from bot.commands.digest import gather_digest
from bot.commands.dispatch import complete, dispatch, dispatch_text, press
from bot.model import Button, Buttons
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import TUNNEL, FixedClock, actions, fill, make_context, make_news, shown

EXAMPLES = [command.example for command in CATALOGUE]


@pytest.mark.parametrize("example", EXAMPLES)
async def test_every_command_has_a_helpful_answer_when_nothing_was_read(
    example: str, empty_archive: SqlArchive
) -> None:
    reply = await dispatch_text(example, make_context(empty_archive))
    text = shown(reply)
    assert reply.private
    assert text.strip()
    assert "Something broke" not in text


@pytest.mark.parametrize(
    "text",
    ["digest", "ask when does it open", "search ferry", "story tunnel", "timeline tunnel", "article x", "why tunnel"],
)
async def test_an_empty_archive_is_said_to_be_empty(text: str, empty_archive: SqlArchive) -> None:
    assert "no articles yet" in shown(await dispatch_text(text, make_context(empty_archive)))


@pytest.mark.parametrize("command", ["digest since:all topic:", "ask ", "search ", "story ", "timeline ", "article "])
async def test_words_that_nothing_matches_get_a_helpful_answer(command: str, archive: SqlArchive) -> None:
    reply = await dispatch_text(f"{command}zeppelin", make_context(archive))
    text = shown(reply)
    assert "Something broke" not in text
    assert "zeppelin" in text or "/digest" in text or "Nothing new" in text


async def test_the_digest_tells_what_is_new_with_a_proof_button_an_article(archive: SqlArchive) -> None:
    reply = await dispatch("digest", {}, make_context(archive))
    text = shown(reply)
    assert text.index("1 Hollow Bank to close branch") < text.index("[Proof of 1]") < text.index("\n2 ")
    assert set(actions(reply)) >= {"Proof of 1", "Proof of 4", "Sources", "Ask", "👍", "👎"}
    assert "4 articles read" in text


async def test_a_topic_leaves_out_what_is_not_about_it_and_counts_it(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("digest topic:ferry", make_context(archive)))
    assert "Harbour tunnel opens in May" in text
    assert "Bakers" not in text
    assert "Left out: 3 articles" in text


async def test_a_digest_continues_on_its_next_page_until_nothing_is_left(empty_archive: SqlArchive) -> None:
    await fill(
        empty_archive, [make_news(f"{n}.txt", f"Pier {n} opened in Vessa.", title=f"Pier {n}") for n in range(20)]
    )
    context = make_context(empty_archive)
    reply = await dispatch("digest", {}, context)
    told: list[str] = []
    for _ in range(3):
        told.extend(line for line in shown(reply).splitlines() if " Pier " in line and line[0].isdigit())
        following = actions(reply).get("Next page")
        if following is None:
            break
        pressed = await press(following, context)
        assert pressed is not None
        reply = pressed
    assert sorted(line.split(" ", 1)[1] for line in told) == sorted(f"Pier {n}" for n in range(20))
    assert [int(line.split(" ", 1)[0]) for line in told] == list(range(1, 21))


async def test_the_proof_of_a_bullet_is_the_sentence_it_cites(archive: SqlArchive) -> None:
    context = make_context(archive)
    proof = await press(actions(await dispatch("digest", {}, context))["Proof of 4"], context)
    assert proof is not None
    assert "s1: Nobody fell seriously ill, doctor Amir Solano said." in shown(proof)
    seq = actions(await dispatch("digest", {}, context))["Proof of 4"].removeprefix("proof:")
    one = await press(f"proof:{seq}:1", context)
    assert one is not None
    assert "s1:" not in shown(one)


async def test_the_sources_of_a_digest_come_with_their_addresses(archive: SqlArchive) -> None:
    context = make_context(archive)
    sources = await press(actions(await dispatch("digest", {}, context))["Sources"], context)
    assert sources is not None
    assert "Quell Daily <https://paper.example/bakers.txt>" in shown(sources)


async def test_an_answer_cites_its_sentences_and_says_what_it_is(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("ask When does the tunnel open?", make_context(archive)))
    assert "will open on 14 May 2026, mayor Ilse Brandt said on Tuesday. [1:s0]" in text
    assert "not a summary" in text
    assert "Hollow Bank" not in text


async def test_a_question_that_nothing_answers_names_the_nearest_articles(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("ask Which telescope photographed comets over Vessa?", make_context(archive)))
    assert "I find no answer to this in what I have read." in text
    assert "Harbour tunnel opens in May" in text


async def test_a_question_can_be_kept_to_a_source_and_a_time(archive: SqlArchive) -> None:
    context = make_context(archive)
    elsewhere = shown(await dispatch_text('ask tunnel open? source:"Quell Daily"', context))
    assert "Nothing I have read of Quell Daily" in elsewhere
    assert "The Vessa Post" in elsewhere
    assert "since 1h" in shown(await dispatch_text("ask tunnel harbour since:1h", context))


async def test_a_timeline_is_in_order_and_marks_plans(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("timeline harbour tunnel", make_context(archive)))
    assert "14 May 2026 · (planned) The harbour tunnel of Vessa will open" in text
    assert text.index("Jan 2026 ·") < text.index("14 May 2026 ·")


@pytest.mark.parametrize(("span", "is_told"), [("until:2026-05-13", False), ("until:2026-05-14", True)])
async def test_a_timeline_keeps_to_its_span(span: str, is_told: bool, archive: SqlArchive) -> None:
    text = shown(await dispatch_text(f"timeline harbour tunnel {span}", make_context(archive)))
    assert ("14 May 2026 · (planned)" in text) is is_told


async def test_an_article_shows_its_text_and_every_removed_line_with_its_reason(archive: SqlArchive) -> None:
    context = make_context(archive)
    clean = await dispatch_text("article Harbour tunnel opens in May", context)
    assert "It cost 41 million crowns." in shown(clean)
    removed = await press(actions(clean)["Taken out (1)"], context)
    assert removed is not None
    assert "7 | Subscribe to our letter | asks to subscribe" in shown(removed)
    by_view = await dispatch_text("article tunnel view:removed", context)
    assert shown(by_view) == shown(removed)


async def test_the_file_itself_is_shown_when_it_can_be_read(archive: SqlArchive) -> None:
    async def read_file(path: str) -> str:
        return f"HARBOUR TUNNEL\nfile {path}\nSubscribe to our letter"

    context = make_context(archive)
    assert "can't be read from here" in shown(await dispatch_text("article tunnel view:raw", context))
    text = shown(await dispatch_text("article tunnel view:raw", replace(context, read_file=read_file)))
    assert "file tunnel.txt\nSubscribe to our letter" in text


async def test_a_long_article_is_paged_without_losing_a_word(empty_archive: SqlArchive) -> None:
    body = " ".join(f"word{number}" for number in range(3_000))
    await fill(empty_archive, [make_news("long.txt", body, title="Long")])
    context = make_context(empty_archive)
    reply = await dispatch_text("article Long", context)
    words: list[str] = []
    while True:
        assert len(shown(reply)) < 4_000
        words.extend(word for word in shown(reply).split() if word.startswith("word"))
        following = actions(reply).get("Next page")
        if following is None:
            break
        pressed = await press(following, context)
        assert pressed is not None
        reply = pressed
    assert words == body.split()


@pytest.mark.parametrize(
    "name",
    ["#1", "tunnel.txt", "https://paper.example/tunnel.txt", "harbour TUNNEL", "habour tunnel opens in may"],
)
async def test_an_article_is_found_by_number_path_address_or_headline(name: str, archive: SqlArchive) -> None:
    assert "It cost 41 million" in shown(await dispatch("article", {"name": name}, make_context(archive)))


async def test_a_name_that_means_no_article_gets_the_nearest_ones(archive: SqlArchive) -> None:
    reply = await dispatch("article", {"name": "bakers strike ends in Quell harbour"}, make_context(archive))
    assert reply.failed
    assert "Did you mean" in shown(reply)
    assert "“Bakers on strike in Quell” (#2)" in shown(reply)


async def test_a_story_tells_its_bullets_and_its_copies(empty_archive: SqlArchive) -> None:
    long = TUNNEL + " " + " ".join(f"Pier {n} was measured by the harbour office." for n in range(30))
    original = make_news("tunnel.txt", long, title="Harbour tunnel opens in May")
    copy = make_news("copy.txt", long, title="Tunnel to open", source="Tarn Herald", copy_note="More tomorrow.")
    stored = await fill(empty_archive, [original, copy])
    assert stored[1].duplicate_of == stored[0].id
    context = make_context(empty_archive)
    told = shown(await dispatch_text("story Tunnel to open", context))
    assert "Harbour tunnel opens in May" in told
    assert "nearly word for word, 1 time: Tarn Herald" in told
    assert "a copy of “Harbour tunnel opens in May” (#1)" in shown(await dispatch_text("why #2", context))
    assert "1 near-copy of it" in shown(await dispatch_text("why #1", context))


async def test_why_says_rank_filter_and_writer(archive: SqlArchive) -> None:
    context = make_context(archive)
    text = shown(await dispatch_text("why Harbour tunnel opens in May", context))
    assert "number 3 of 4" in text
    assert "recency: 0.25 × 0.66 = 0.16 (last published on 3 Mar 2026)" in text
    assert "filter lets it pass" in text
    assert "extractive" in text
    await dispatch_text("filter exclude ferries", context)
    text = shown(await dispatch_text("why Harbour tunnel opens in May", context))
    assert "this channel excludes “ferries”" in text
    assert "merged or left out" in text


async def test_the_status_tells_of_files_schedules_and_spending(archive: SqlArchive) -> None:
    context = make_context(archive, max_usd_per_day=2.0)
    await dispatch_text("schedule add 08:00 zone:Europe/Berlin", context)
    text = shown(await dispatch_text("status", context))
    assert "4 files read" in text
    assert "Thu 5 Mar 2026, 08:00 CET" in text
    assert "$0.00 of $2.00 today" in text


@pytest.mark.parametrize("name", [command.name for command in CATALOGUE])
async def test_the_help_explains_every_command(name: str, archive: SqlArchive) -> None:
    context = make_context(archive, is_admin=False)
    assert f"/{name}" in shown(await dispatch_text("help", context))
    explained = shown(await dispatch_text(f"help {name}", context))
    assert "Example: /" in explained


async def test_every_button_of_every_answer_fits_and_does_something(archive: SqlArchive) -> None:
    context = make_context(archive)
    questions = ("digest topic:harbour", "ask When does the tunnel open?", "search harbour", "story #1", "why #1")
    for text in (*questions, "article #1"):
        reply = await dispatch_text(text, context)
        found = [button for block in reply.message.blocks if isinstance(block, Buttons) for button in block.buttons]
        assert found
        for button in found:
            await _press_and_check(button, context)


async def _press_and_check(button: Button, context: object) -> None:
    assert len(button.action) <= 90
    assert len(button.label) <= 80
    pressed = await press(button.action, context, text="When does the tunnel open?")  # type: ignore[arg-type]
    assert pressed is not None
    assert not pressed.failed, button


async def test_completion_offers_what_is_there(archive: SqlArchive) -> None:
    context = make_context(archive)
    assert await complete("story", "name", "harb", context) == ["Harbour tunnel opens in May"]
    assert await complete("ask", "source", "", context) == ["Board Letter", "The Vessa Post", "Quell Daily"]
    assert await complete("article", "view", "r", context) == ["raw", "removed"]
    assert "Europe/Berlin" in await complete("schedule add", "zone", "berlin", context)
    assert await complete("help", "command", "schedule a", context) == ["schedule add"]
    assert await complete("search", "words", "x", context) == []
    assert await complete("nothing", "words", "x", context) == []
    await dispatch_text("schedule add 08:00", context)
    offered = await complete("schedule remove", "id", "", context)
    assert len(offered) == 1
    assert not (await dispatch("schedule remove", {"id": offered[0]}, context)).failed


async def test_completions_keep_to_the_limits_of_platforms(empty_archive: SqlArchive) -> None:
    title = "Very long headline about the harbour tunnel " * 5
    await fill(empty_archive, [make_news(f"{n}.txt", f"Pier {n} opened.", title=f"{n} {title}") for n in range(40)])
    context = make_context(empty_archive)
    offered = await complete("story", "name", "", context)
    assert len(offered) == 25
    assert all(len(text) <= 100 for text in offered)
    found = await dispatch("story", {"name": offered[0]}, context)
    assert not found.failed


async def test_a_digest_told_to_a_channel_is_not_told_again(archive: SqlArchive) -> None:
    context = make_context(archive)
    key = context.caller.destination.key
    digest = await gather_digest(archive, destination=key, clock=FixedClock(), size=context.size)
    await archive.save_digest(key, digest, "told")
    dated_1970 = datetime(1970, 1, 1, tzinfo=UTC)
    await fill(archive, [make_news("late.txt", "A ferry sank a buoy.", title="Buoy sunk", published_at=dated_1970)])
    text = shown(await dispatch("digest", {}, context))
    assert "Buoy sunk" in text
    assert "Bakers" not in text
    other = shown(await dispatch("digest", {}, make_context(archive, channel="channel-2")))
    assert "Bakers" in other
