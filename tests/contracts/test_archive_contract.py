"""What the ports Archive, LedgerOfSpend and ReplyCache promise, held against every implementation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import FileState
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import (
    BRIDGE,
    STRIKE,
    all_files,
    make_article,
    make_digest,
    make_full_article,
    make_record,
    make_summary,
)


@pytest.fixture
async def archive(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place) as opened:
        yield opened


async def test_an_article_comes_back_as_it_was_stored(archive: SqlArchive) -> None:
    article = make_full_article()
    [stored] = await archive.save_articles([make_record(article.path, article)], [article], [])
    assert stored == replace(article, ingested_seq=1)
    assert await archive.article(article.id) == stored
    assert await archive.articles([article.id, "unknown"]) == [stored]


async def test_heads_are_articles_without_text_sentences_and_removed_lines(archive: SqlArchive) -> None:
    article = make_full_article()
    [stored] = await archive.save_articles([], [article], [])
    assert await archive.heads_between(0, 1) == [replace(stored, body="", sentences=(), removed=())]


async def test_saving_the_same_version_again_changes_nothing(archive: SqlArchive) -> None:
    article = make_article("bridge.txt")
    first = await archive.save_articles([make_record("bridge.txt", article)], [article], [make_summary(article)])
    again = await archive.save_articles([make_record("bridge.txt", article)], [article], [make_summary(article)])
    assert again == first
    assert await archive.last_seq() == 1


async def test_an_edit_is_a_new_version_of_the_same_article(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("a.txt")], [make_article("a.txt")], [])
    await archive.save_articles([make_record("b.txt")], [make_article("b.txt", STRIKE)], [])
    edited = make_article("a.txt", BRIDGE + " A second ferry was hired.")
    [stored] = await archive.save_articles([make_record("a.txt")], [edited], [])
    assert (stored.id, stored.ingested_seq, stored.duplicate_of) == ("a.txt", 3, None)
    assert [article.ingested_seq for article in await archive.articles_between(0, 3)] == [2, 3]


async def test_a_renamed_file_is_the_same_article(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("old.txt")], [make_article("old.txt")], [])
    gone = make_record("old.txt", state=FileState.GONE)
    moved = make_article("new.txt")
    [stored] = await archive.save_articles([gone, make_record("new.txt", moved)], [moved], [make_summary(moved)])
    assert (stored.id, stored.path, stored.ingested_seq) == ("old.txt", "new.txt", 1)
    assert (await all_files(archive))[b"new.txt"].article_ids == ("old.txt",)
    assert list(await archive.summaries_of([stored])) == ["old.txt"]


async def test_a_renamed_file_that_is_edited_later_stays_the_same_article(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("old.txt")], [make_article("old.txt")], [])
    await archive.save_files([make_record("old.txt", state=FileState.GONE)])
    await archive.save_articles([make_record("new.txt")], [make_article("new.txt")], [])
    [edited] = await archive.save_articles([make_record("new.txt")], [make_article("new.txt", STRIKE)], [])
    assert (edited.id, edited.ingested_seq) == ("old.txt", 2)


async def test_a_file_renamed_while_another_takes_its_name_keeps_its_article(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("today.txt")], [make_article("today.txt")], [])
    newcomer, renamed = make_article("today.txt", STRIKE), make_article("monday.txt")
    records = [make_record("today.txt"), make_record("monday.txt")]
    stored = await archive.save_articles(records, [newcomer, renamed], [])
    assert stored[1].id == "today.txt"
    assert stored[0].id != "today.txt"
    assert [article.ingested_seq for article in stored] == [2, 1]


async def test_an_article_moved_between_files_keeps_its_given_identity(archive: SqlArchive) -> None:
    url = "https://paper.example/bridge"
    await archive.save_articles([make_record("a.txt")], [make_article(url, path="a.txt")], [])
    edited = make_article(url, STRIKE, path="b.txt")
    records = [make_record("a.txt", state=FileState.GONE), make_record("b.txt")]
    [stored] = await archive.save_articles(records, [edited], [])
    assert (stored.id, stored.path, stored.ingested_seq) == (url, "b.txt", 2)


async def test_an_identity_that_is_alive_at_another_path_is_given_a_new_id(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("a.txt")], [make_article("same-id", path="a.txt")], [])
    other = make_article("same-id", STRIKE, path="b.txt")
    [stored] = await archive.save_articles([make_record("b.txt", other)], [other], [make_summary(other)])
    assert stored.id.startswith("same-id~")
    assert stored.duplicate_of is None
    assert list(await archive.summaries_of([stored])) == [stored.id]
    assert await archive.save_articles([make_record("b.txt", other)], [other], []) == [stored]


async def test_two_articles_of_one_identity_in_one_file_are_both_kept(archive: SqlArchive) -> None:
    twins = [make_article("same-id", path="a.jsonl"), make_article("same-id", STRIKE, path="a.jsonl")]
    stored = await archive.save_articles([make_record("a.jsonl", *twins)], twins, [])
    assert len({article.id for article in stored}) == 2
    assert await archive.save_articles([make_record("a.jsonl", *twins)], twins, []) == stored


async def test_an_exact_copy_points_to_the_first_article(archive: SqlArchive) -> None:
    batch = [make_article("a.txt"), make_article("b.txt"), make_article("c.txt")]
    stored = await archive.save_articles([], batch[:2], [])
    stored += await archive.save_articles([], batch[2:], [])
    assert [article.duplicate_of for article in stored] == [None, "a.txt", "a.txt"]


async def test_near_copies_point_to_the_root_and_not_to_each_other(archive: SqlArchive) -> None:
    first, second, third = (
        BRIDGE,
        BRIDGE + " Ida Holm wrote this.",
        "Oldport, Monday. " + BRIDGE + " Ida Holm wrote this.",
    )
    stored = await archive.save_articles([], [make_article("a", first)], [])
    stored += await archive.save_articles([], [make_article("b", second)], [])
    stored += await archive.save_articles([], [make_article("c", third)], [])
    stored += await archive.save_articles([], [make_article("d", STRIKE)], [])
    assert [article.duplicate_of for article in stored] == [None, "a", "a", None]


async def test_a_copy_that_is_rewritten_is_no_copy_any_more(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("a"), make_article("b")], [])
    [rewritten] = await archive.save_articles([], [make_article("b", STRIKE)], [])
    assert rewritten.duplicate_of is None


async def test_copies_follow_their_root_when_it_becomes_a_copy(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("other", STRIKE), make_article("a"), make_article("b")], [])
    await archive.save_articles([], [make_article("a", STRIKE)], [])
    assert [article.duplicate_of for article in await archive.articles(["other", "a", "b"])] == [None, "other", "other"]


async def test_short_notices_with_different_titles_are_no_copies(archive: SqlArchive) -> None:
    batch = [make_article("a", "Watch live.", title="Fire in Lindau"), make_article("b", "Watch live.", title="Vote")]
    stored = await archive.save_articles([], batch, [])
    assert [article.duplicate_of for article in stored] == [None, None]


async def test_a_cancelled_write_is_all_or_nothing_and_the_next_one_works(archive: SqlArchive) -> None:
    batch = [make_article(f"{number}", f"Notice{number} of the harbour office.") for number in range(300)]
    for delay_s in (0.0, 0.01, 0.05, 0.1):
        writing = asyncio.create_task(archive.save_articles([], batch, []))
        await asyncio.sleep(delay_s)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        assert await archive.last_seq() in (0, 300)
    assert len(await archive.save_articles([], batch, [])) == 300
    assert await archive.last_seq() == 300


async def test_a_deleted_file_does_not_unpublish_its_article(archive: SqlArchive) -> None:
    await archive.save_articles([make_record("a.txt")], [make_article("a.txt", title="Bridge")], [])
    await archive.save_files([make_record("a.txt", state=FileState.GONE)])
    assert await all_files(archive) == {}
    assert [article.id for article in await archive.articles_between(0, 1)] == ["a.txt"]
    assert [hit.article.id for hit in await archive.search("bridge", limit=3)] == ["a.txt"]


async def test_files_come_back_by_their_bytes(archive: SqlArchive) -> None:
    names = [b"plain.txt", b"line\nbreak.txt", b"\xff\xfe.txt", "\u202egnp.txt".encode(), b'it\'s "quoted".txt']
    records = [make_record(name, state=FileState.WAITING) for name in names]
    await archive.save_files(records)
    assert await all_files(archive) == {record.path: record for record in records}


async def test_files_are_counted_and_listed_by_state(archive: SqlArchive) -> None:
    states = [FileState.QUARANTINED, FileState.READ, FileState.QUARANTINED, FileState.GONE]
    records = [make_record(f"{number}.txt", state=state) for number, state in enumerate(states)]
    await archive.save_files(records)
    counts = await archive.count_files()
    assert counts == {FileState.WAITING: 0, FileState.READ: 1, FileState.QUARANTINED: 2, FileState.GONE: 1}
    assert await archive.files_in(FileState.QUARANTINED, limit=9) == [records[0], records[2]]
    assert await archive.files_in(FileState.QUARANTINED, limit=1) == [records[0]]


async def test_nuls_and_lone_surrogates_in_texts_survive(archive: SqlArchive) -> None:
    body = "A NUL \x00 and half a pair \udc80 stand here. The substitute \x1a too."
    article = replace(make_article("odd\udcff\x00\x1a0041", body, title="Ti\x00tle"), collection="c\udcff")
    [stored] = await archive.save_articles([], [article], [make_summary(article, headline="\x00\ud800")])
    assert await archive.article(article.id) == stored == replace(article, ingested_seq=1)
    assert (await archive.summaries_of([stored]))[article.id].headline == "\x00\ud800"


async def test_summaries_are_kept_by_version(archive: SqlArchive) -> None:
    article = make_article("a")
    await archive.save_articles([], [article], [make_summary(article)])
    better = make_summary(article, headline="Mayor opens bridge")
    await archive.save_summaries([better])
    assert await archive.summaries_of([article]) == {"a": better}
    assert await archive.summaries_of([make_article("a", STRIKE)]) == {}


async def test_the_cursor_of_a_destination_moves_with_its_digests_only(archive: SqlArchive) -> None:
    [stored] = await archive.save_articles([], [make_article("a")], [])
    digest = make_digest(0, 1, stored)
    await archive.save_digest("terminal", digest, "Bridge opens")
    assert await archive.digest_cursor("terminal") == 1
    assert await archive.last_digest_at("terminal") == digest.made_at
    assert await archive.digest_cursor("elsewhere") == 0
    assert await archive.last_digest_at("elsewhere") is None


async def test_sequence_numbers_are_found_by_the_moment_they_were_given(archive: SqlArchive) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    await archive.save_articles([], [make_article("a"), make_article("b", STRIKE)], [])
    assert await archive.seq_at(before) == 0
    assert await archive.seq_at(datetime.now(UTC) + timedelta(seconds=5)) == 2


async def test_a_search_finds_the_article_and_its_best_sentence(archive: SqlArchive) -> None:
    batch = [make_article("a", BRIDGE, title="Bridge opens"), make_article("b", STRIKE, title="No bread")]
    await archive.save_articles([], batch, [])
    hits = await archive.search("who asked for shorter nights?", limit=5)
    assert [hit.article.id for hit in hits] == ["b"]
    assert hits[0].sentence == batch[1].sentences[hits[0].sentence_index].text
    assert hits[0].sentence.startswith("Their union asks for shorter nights")
    assert hits[0].sentence in hits[0].passage
    assert hits[0].article == (await archive.articles(["b"]))[0]


async def test_korean_words_of_two_syllables_are_found_inside_longer_ones(archive: SqlArchive) -> None:
    body = "새항구 시장은 월요일에 다리를 열었다. 비용은 삼백만 원이었다."
    await archive.save_articles([], [replace(make_article("ko", body), language="ko"), make_article("en")], [])
    assert [hit.article.id for hit in await archive.search("비용", limit=5)] == ["ko"]
    assert [hit.sentence_index for hit in await archive.search("항구 다리", limit=5)] == [0]


@pytest.mark.parametrize(
    "words",
    ['"', "bridge AND", "NEAR(a b)", "title:x", "a* OR ^b", "-", "(((", "body : {x}", "'; DROP TABLE articles; --",
     "\x00", "\ud800", "+ + +", ""],
)  # fmt: skip
async def test_no_text_is_an_invalid_query(archive: SqlArchive, words: str) -> None:
    await archive.save_articles([], [make_article("a")], [])
    for hit in await archive.search(words, limit=3):
        assert hit.article.id == "a"


async def test_a_query_is_stemmed_as_each_language_of_the_archive_is(archive: SqlArchive) -> None:
    german = replace(make_article("de", "Die Bäckereien streiken seit Montag."), language="de")
    await archive.save_articles([], [make_article("en", STRIKE), german], [])
    assert [hit.article.id for hit in await archive.search("Bäckerei", limit=3)] == ["de"]
    assert [hit.article.id for hit in await archive.search("baker union", limit=3)] == ["en"]


async def test_a_hit_that_holds_more_of_the_query_scores_higher(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("a", BRIDGE), make_article("b", STRIKE)], [])
    [full] = await archive.search("mayor opened bridge", limit=1)
    [part] = await archive.search("mayor opened zoo kangaroo", limit=1)
    assert 0 < part.score < full.score <= 1


async def test_every_part_of_a_long_article_is_found(archive: SqlArchive) -> None:
    body = " ".join(f"Sentence number{number} speaks of ferries." for number in range(150))
    article = make_article("long", body)
    await archive.save_articles([], [article], [])
    for number in (0, 47, 48, 149):
        [hit] = await archive.search(f"number{number}", limit=5)
        assert hit.sentence_index == number
        assert f"number{number} " in hit.passage


async def test_a_query_of_stop_words_finds_nothing(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("a")], [])
    assert await archive.search("of the and", limit=3) == []


async def test_a_search_finds_only_the_current_version(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("a", BRIDGE)], [])
    await archive.save_articles([], [make_article("a", STRIKE)], [])
    assert await archive.search("ferries engineers", limit=3) == []
    assert [hit.article.id for hit in await archive.search("bakers", limit=3)] == ["a"]


async def test_writers_at_the_same_time_lose_nothing(archive: SqlArchive) -> None:
    async def write(writer: int) -> None:
        for number in range(8):
            article = make_article(f"{writer}-{number}", f"Word{writer}x{number} stands alone here.")
            await archive.save_articles([], [article], [make_summary(article)])

    await asyncio.gather(*(write(writer) for writer in range(4)))
    assert [article.ingested_seq for article in await archive.articles_between(0, 99)] == list(range(1, 33))


async def test_spending_is_reserved_under_its_caps_even_at_the_same_time(archive: SqlArchive) -> None:
    asked = [archive.reserve("2026-03-02", 10, 0.1, max_tokens=1_000, max_usd=0.5) for _ in range(20)]
    assert sum(await asyncio.gather(*asked)) == 5
    assert await archive.spent("2026-03-02") == (50, pytest.approx(0.5))
    assert await archive.reserve("2026-03-03", 1_001, 0.0, max_tokens=1_000, max_usd=0.5) is False
    assert await archive.spent("2026-03-03") == (0, 0.0)


async def test_settling_gives_back_what_was_not_spent(archive: SqlArchive) -> None:
    await archive.reserve("2026-03-02", 100, 0.4, max_tokens=1_000, max_usd=0.5)
    await archive.settle("2026-03-02", -60, -0.3)
    assert await archive.spent("2026-03-02") == (40, pytest.approx(0.1))


async def test_a_reply_is_kept_until_it_is_replaced(archive: SqlArchive) -> None:
    assert await archive.cached_reply("key") is None
    await archive.cache_reply("key", "one\x00")
    await archive.cache_reply("key", "two\udc80")
    assert await archive.cached_reply("key") == "two\udc80"


async def test_the_facts_count_what_the_archive_holds(archive: SqlArchive) -> None:
    batch = [make_article("a.txt"), make_article("b.txt")]
    stored = await archive.save_articles([make_record(one.path, one) for one in batch], batch, [])
    await archive.save_digest("terminal", make_digest(0, 2, *stored), "text")
    facts = await archive.archive_facts()
    assert (facts.articles, facts.duplicates, facts.last_seq, facts.last_digest_to) == (2, 1, 2, "terminal")
    assert facts.files[FileState.READ] == 2
    assert facts.size_bytes > 0
