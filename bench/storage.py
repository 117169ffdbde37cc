"""Search and near-copies against the evaluation sets, and what the archive costs at 20,000 articles."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import load_rows
from bot.model import Article, Sentence
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.similarity import find_duplicates
from bot.text.sentences import split_sentences

# Articles of the archive whose speed and size are measured, and of one batch.
BIG_ARCHIVE = 20_000
BIG_ARCHIVE_LIMITED = 2_000
BATCH = 200
HITS = 5
# The peer's settings of README: 128 permutations, 32 bands, resemblance of .5.
PEER_PERMUTATIONS = 128
PEER_BANDS = 32
PEER_RESEMBLANCE = 0.5
SHINGLE_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query and the id of the only article that is right."""

    words: str
    article_id: str


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of retrieval, near-copies and the archive; `limit` cuts queries and rows."""
    return [
        *asyncio.run(_measure_retrieval(eval_dir, limit)),
        *_measure_copies(load_rows(eval_dir, "dup_ladder")[:limit]),
        *asyncio.run(_measure_archive(load_rows(eval_dir, "ret_news_known"), limit)),
    ]


async def _measure_retrieval(eval_dir: Path, limit: int | None) -> list[Figure]:
    news = load_rows(eval_dir, "ret_news_known")
    documents = [article_of(row["id"], row["text"], "en") for row in news if row["kind"] == "doc"]
    asked = [Question(words=row["query"], article_id=_one(row["relevant"])) for row in news if row["kind"] == "query"]
    found = [
        _retrieval("ret_news_known", await _recall_at_1(documents, asked[:limit]), 0.925, 0.901, "tantivy en_stem")
    ]
    korean = await _recall_at_1(*_passages(load_rows(eval_dir, "qa_korquad"), "ko", limit))
    found.append(_retrieval("qa_korquad", korean, 0.92, 0.885, "bm25s character bigrams"))
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in load_rows(eval_dir, "qa_xquad"):
        by_language[row["lang"]].append(row)
    shares = {lang: await _recall_at_1(*_passages(rows, lang, limit)) for lang, rows in sorted(by_language.items())}
    found.append(_retrieval("qa_xquad en", shares["en"], 0.95, 0.932, "tantivy en_stem"))
    mean = statistics.mean(shares.values())
    found.append(_retrieval(f"qa_xquad, {len(shares)} languages", mean, 0.91, 0.849, "character bigrams"))
    return found


def _passages(rows: Sequence[dict[str, Any]], language: str, limit: int | None) -> tuple[list[Article], list[Question]]:
    articles = [article_of(row["id"], row["passage"], language) for row in rows]
    asked = [Question(words=qa["question"], article_id=row["id"]) for row in rows for qa in row["qas"]]
    return articles, asked[:limit]


async def _recall_at_1(articles: Sequence[Article], asked: Sequence[Question]) -> float:
    async with open_archive(":memory:") as archive:
        await archive.save_articles([], articles, [])
        right = 0
        for question in asked:
            hits = await archive.search(question.words, limit=HITS)
            right += bool(hits) and hits[0].article.id == question.article_id
    return right / len(asked)


def _retrieval(data: str, share: float, goal: float, peer: float, peer_name: str) -> Figure:
    return Figure(data=data, metric="R@1", ours=share, goal=goal, peer=peer, peer_name=f"{peer_name} (quoted)")


def _measure_copies(rows: Sequence[dict[str, Any]]) -> list[Figure]:
    texts = [row["text"] for row in rows]
    groups = [index if root is None else root for index, root in enumerate(find_duplicates(texts))]
    pairs = list(combinations(range(len(rows)), 2))
    ours = _pair_shares(rows, pairs, {pair for pair in pairs if groups[pair[0]] == groups[pair[1]]})
    peer = _pair_shares(rows, pairs, _peer_pairs(texts))
    return [
        Figure(data="dup_ladder", metric=metric, ours=ours[at], goal=goal, peer=peer[at], peer_name="rensa MinHash LSH")
        for at, (metric, goal) in enumerate((("pair precision", 0.99), ("pair recall", 0.95)))
    ]


def _pair_shares(
    rows: Sequence[dict[str, Any]], pairs: Sequence[tuple[int, int]], said: set[tuple[int, int]]
) -> tuple[float, float]:
    """Return precision and recall of the pairs said to be copies."""
    true = {pair for pair in pairs if rows[pair[0]]["base"] == rows[pair[1]]["base"]}
    right = len(true & said)
    return right / max(1, len(said)), right / max(1, len(true))


def _peer_pairs(texts: Sequence[str]) -> set[tuple[int, int]]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=PEER_RESEMBLANCE, num_perm=PEER_PERMUTATIONS, num_bands=PEER_BANDS)
    sketches: list[RMinHash] = []
    pairs: set[tuple[int, int]] = set()
    for number, text in enumerate(texts):
        words = text.lower().split()
        sketch = RMinHash(num_perm=PEER_PERMUTATIONS, seed=1)
        sketch.update(
            [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(max(1, len(words) - SHINGLE_WORDS + 1))]
        )
        near = index.query(sketch)
        pairs.update((other, number) for other in near if sketches[other].jaccard(sketch) >= PEER_RESEMBLANCE)
        index.insert(number, sketch)
        sketches.append(sketch)
    return pairs


async def _measure_archive(rows: Sequence[dict[str, Any]], limit: int | None) -> list[Figure]:
    size = BIG_ARCHIVE if limit is None else BIG_ARCHIVE_LIMITED
    asked = [row["query"] for row in rows if row["kind"] == "query"][: 200 if limit is None else limit]
    texts = [row["text"] for row in rows if row["kind"] == "doc"]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "archive.db"
        async with open_archive(place) as archive:
            text_bytes, seconds = await _fill(archive, texts, size)
            latencies = [await _time_search(archive, words) for words in asked]
        ratio = place.stat().st_size / text_bytes
    data = f"{size:,} articles"
    return [
        Figure(
            data=data,
            metric="saved a CPU second",
            ours=size / seconds,
            unit="articles",
            note="WAL, FULL, batches of 200",
        ),
        Figure(
            data=data,
            metric="query CPU p50",
            ours=statistics.median(latencies),
            goal=5,
            unit="ms",
            higher_is_better=False,
        ),
        Figure(
            data=data,
            metric="query CPU p95",
            ours=statistics.quantiles(latencies, n=20)[-1],
            unit="ms",
            higher_is_better=False,
            note="whole sentences as queries",
        ),
        Figure(
            data=data, metric="archive / text", ours=ratio, goal=3, higher_is_better=False, note="with search index"
        ),
    ]


async def _fill(archive: SqlArchive, texts: Sequence[str], size: int) -> tuple[int, float]:
    """Save articles made of shuffled words of the texts; return the bytes of their texts and the CPU seconds."""
    text_bytes, seconds = 0, 0.0
    made = shuffled_articles(texts, size)
    while batch := list(islice(made, BATCH)):
        text_bytes += sum(len(article.body.encode()) for article in batch)
        started = time.process_time()
        await archive.save_articles([], batch, [])
        seconds += time.process_time() - started
    return text_bytes, seconds


def shuffled_articles(texts: Sequence[str], size: int) -> Iterator[Article]:
    """Return articles with the lengths and word frequencies of the texts, none a copy of another."""
    dice = random.Random(1)
    for number in range(size):
        sentences = [sentence.split() for sentence in texts[number % len(texts)].split(". ")]
        words = [word for sentence in sentences for word in sentence]
        dice.shuffle(words)
        rest = iter(words)
        shuffled = [" ".join(next(rest) for _ in sentence).capitalize() for sentence in sentences]
        yield article_of(str(number), ". ".join(shuffled) + ".", "en")


async def _time_search(archive: SqlArchive, words: str) -> float:
    """Return the milliseconds of CPU of one search, all threads together."""
    started = time.process_time()
    await archive.search(words, limit=HITS)
    return (time.process_time() - started) * 1000


def article_of(article_id: str, text: str, language: str) -> Article:
    sentences = tuple(
        Sentence(index=index, text=text[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(split_sentences(text, language))
    )
    version = blake2b(text.encode(), digest_size=16).hexdigest()
    return Article(id=article_id, version=version, path=article_id, language=language, body=text, sentences=sentences)


def _one(relevant: str | list[str]) -> str:
    return relevant if isinstance(relevant, str) else relevant[0]
