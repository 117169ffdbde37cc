"""What the readers make of an article beside reading it is what the bot itself would have made."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.building import PREPARE
from bot.articles.raw import Articles
from bot.articles.sandbox import Preparing, Sandbox, SandboxLimits
from bot.articles.wire import pack_prepared, unpack_prepared
from bot.pipeline import Limits, Pipeline
from bot.storage.archive import SqlArchive, open_archive
from bot.storage.copies import fingerprint_of
from bot.storage.passages import cut_sections, number_sections
from bot.summaries.extractive import summarize_article
from tests.pipeline.test_pipeline import StepClock, article_about

BULLETS = 3
PREPARING = Preparing(function=PREPARE, options={"bullets": BULLETS})
PLENTY = SandboxLimits(memory_mb=512, cpu_s=20, wall_s=60)
TEXT = article_about("mill").encode()


async def read(preparing: Preparing | None, data: bytes = TEXT) -> Articles:
    async with Sandbox(PLENTY, preparing=preparing) as reader:
        return await reader.read(data, path="a.txt")


async def fill(archive: SqlArchive, folder: Path, preparing: Preparing | None) -> None:
    async with Sandbox(PLENTY, preparing=preparing) as reader:
        pipeline = Pipeline(
            folder=folder,
            archive=archive,
            reader=reader,
            clock=StepClock(),
            limits=Limits(max_bytes=1_000_000, settle_s=0),
            bullets=BULLETS,
        )
        await pipeline.ingest()


async def test_a_reader_prepares_what_the_bot_would_make() -> None:
    articles = await read(PREPARING)
    [article], [prepared] = articles, articles.prepared
    assert prepared is not None
    assert prepared.summary == summarize_article(article, bullets=BULLETS)
    assert number_sections(prepared.sections, 7) == cut_sections(article, 7)
    print_ = fingerprint_of(article)
    assert (frozenset(prepared.shingles), prepared.sample) == (print_.shingles, print_.sample)


async def test_a_reader_that_only_reads_prepares_nothing() -> None:
    articles = await read(None)
    assert len(articles) == 1
    assert not any(articles.prepared)


async def test_a_preparation_that_fails_costs_no_article() -> None:
    articles = await read(Preparing(function=PREPARE, options={}))  # the number of bullets is missing
    assert len(articles) == 1
    assert articles.prepared == [None]


async def test_an_article_of_a_long_file_is_left_to_the_bot() -> None:
    long = "\n\n".join(article_about("canal", seed=number) for number in range(700)).encode()
    articles = await read(PREPARING, long)
    assert len(articles) == 1
    assert articles.prepared == [None]


async def test_a_bullet_that_cites_no_sentence_of_the_article_is_refused() -> None:
    articles = await read(PREPARING)
    [article], [prepared] = articles, articles.prepared
    assert prepared is not None
    packed = pack_prepared(prepared)
    text, _, *rest = packed["bullets"][0]
    packed["bullets"] = [(text, [99], *rest)]
    with pytest.raises(ValueError, match="another article"):
        unpack_prepared(article, packed)


async def test_an_archive_holds_the_same_whoever_prepared_it(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(6):
        (seeds / f"{number}.txt").write_text(article_about("mill", seed=number % 5))
    found = []
    for name, preparing in (("with.db", PREPARING), ("without.db", None)):
        async with open_archive(tmp_path / name) as archive:
            await fill(archive, seeds, preparing)
            articles = await archive.articles_between(0, 100)
            hits = await archive.search("mill council harbour", limit=10)
            found.append((articles, await archive.summaries_of(articles), hits))
    assert found[0] == found[1]
    assert [article.duplicate_of is None for article in found[0][0]] == [True] * 5 + [False]
