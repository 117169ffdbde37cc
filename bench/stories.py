"""Stories beside peers: events (TF-IDF single pass with a tuned threshold), near-copies (MinHash), and the cost of
placing one article as the archive grows.
"""

from __future__ import annotations

import math
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import mean
from typing import Any

from bench.figures import Figure
from bench.rows import read_rows
from bot.articles.building import build_articles
from bot.articles.raw import RawArticle
from bot.errors import BotError
from bot.model import Article
from bot.stories.clustering import Arrival, StoryIndex
from bot.stories.features import Features, When, read_features
from bot.stories.placing import sort_into_stories
from bot.stories.similarity import find_duplicates
from bot.text.words import content_terms

NOW = datetime(2026, 3, 20, tzinfo=UTC)
SHUFFLES = 3  # orders of reading whose mean is told
PEER_THRESHOLDS = tuple(step / 100 for step in range(12, 40, 3))  # the peer gets the best of these
MIN_HASHES = 128
MIN_RESEMBLANCE = 0.5
GROWTH = (1_000, 10_000, 20_000, 100_000)  # articles already placed when the cost of one more is measured
MEASURED = 500  # articles whose cost is averaged
BATCH = 256
VOCABULARY = 40_000  # invented words of the synthetic stream, drawn by Zipf's law
PROJECT_SEEDS = "seeds"
# Articles placed at a time: all, as the command line does; as many as the folder's files are read at once; one by one.
BATCHES = ((5_000, "one batch"), (64, "64 at a time"), (1, "one by one"))

Vector = dict[str, float]


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of stories on at most `limit` rows of each set under `eval_dir`."""
    figures = _measure_events(eval_dir / "clu_ecbplus.jsonl", limit)
    figures += _measure_copies(eval_dir / "dup_ladder.jsonl", limit)
    figures += _measure_seeds(eval_dir.parent / PROJECT_SEEDS)
    figures += _measure_growth(eval_dir / "clu_ecbplus.jsonl", GROWTH if limit is None else GROWTH[:2])
    return figures


def _to_article(text: str, name: str) -> Article | None:
    try:
        return build_articles([RawArticle(text=text)], path=f"{name}.txt", collection="")[0]
    except BotError:
        return None


def _measure_events(path: Path, limit: int | None) -> list[Figure]:
    """BCubed over events, articles in random orders; the peer sees the same articles in the same orders."""
    rows = [
        (article, row["event"]) for row in read_rows(path, limit) if (article := _to_article(row["text"], row["id"]))
    ]
    if not rows:
        return []
    ours: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    peers: dict[float, list[float]] = defaultdict(list)
    vectors = _tf_idf([article for article, _ in rows])
    features = [read_features(article, ingested_at=NOW) for article, _ in rows]
    for seed in range(SHUFFLES):
        order = list(range(len(rows)))
        random.Random(seed).shuffle(order)
        gold = [rows[position][1] for position in order]
        for size, name in BATCHES:
            ours[name].append(_bcubed(gold, _place([features[position] for position in order], size)))
        for threshold in PEER_THRESHOLDS:
            found = _single_pass([vectors[position] for position in order], threshold)
            peers[threshold].append(_bcubed(gold, found)[2])
    best = max(peers, key=lambda threshold: mean(peers[threshold]))
    return [
        Figure(
            data="clu_ecbplus",
            metric=f"event BCubed F1, {name}",
            ours=mean(one[2] for one in found),
            goal=0.94,
            peer=mean(peers[best]),
            peer_name=f"TF-IDF single pass, best threshold {best:.2f}",
            note=f"P {mean(one[0] for one in found):.3f} R {mean(one[1] for one in found):.3f}, {SHUFFLES} orders, "
            f"worst {min(one[2] for one in found):.3f}",
        )
        for name, found in ours.items()
    ]


def _place(features: Sequence[Features], size: int) -> list[str]:
    """Return the event of each article in the end, when so many are placed at a time."""
    index = StoryIndex()
    event_of: dict[str, str] = {}
    for start in range(0, len(features), size):
        batch = [
            Arrival(article_id=str(start + offset), features=one)
            for offset, one in enumerate(features[start : start + size])
        ]
        placing = index.place(batch)
        for arrival, place in zip(batch, placing.places, strict=True):
            event_of[arrival.article_id] = place.event
        event_of.update({one.article_id: one.place.event for one in placing.moved})
    return [event_of[str(position)] for position in range(len(features))]


def _bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the clusters that items are in."""
    golds, founds = Counter(gold), Counter(found)
    both = Counter(zip(gold, found, strict=True))
    pairs = list(zip(gold, found, strict=True))
    precision = mean(both[pair] / founds[pair[1]] for pair in pairs)
    recall = mean(both[pair] / golds[pair[0]] for pair in pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _tf_idf(articles: Sequence[Article]) -> list[Vector]:
    """Vectors of length 1: damped counts of all terms of title and body, by inverse document frequency of the set."""
    counts = [Counter(content_terms(f"{article.title or ''}\n{article.body}")) for article in articles]
    seen = Counter(term for count in counts for term in count)
    vectors = []
    for count in counts:
        raw = {term: (1 + math.log(times)) * math.log(len(counts) / seen[term]) for term, times in count.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        vectors.append({term: value / length for term, value in raw.items()})
    return vectors


def _single_pass(vectors: Sequence[Vector], threshold: float) -> list[int]:
    """Each article joins the cluster of the nearest centroid, or opens one."""
    sums: list[Vector] = []
    lengths: list[float] = []
    under: dict[str, set[int]] = defaultdict(set)
    found = []
    for vector in vectors:
        dots: dict[int, float] = defaultdict(float)
        for term, value in vector.items():
            for cluster in under[term]:
                dots[cluster] += value * sums[cluster][term]
        best = max(dots, key=lambda cluster: dots[cluster] / lengths[cluster], default=-1)
        if best < 0 or dots[best] / lengths[best] < threshold:
            best = len(sums)
            sums.append({})
            lengths.append(0.0)
        for term, value in vector.items():
            sums[best][term] = sums[best].get(term, 0.0) + value
            under[term].add(best)
        lengths[best] = math.sqrt(sum(value * value for value in sums[best].values()))
        found.append(best)
    return found


def _measure_copies(path: Path, limit: int | None) -> list[Figure]:
    """Precision and recall of pairs that are copies of one base text."""
    rows = list(read_rows(path, limit))
    if not rows:
        return []
    bases = [row["base"] for row in rows]
    texts = [row["text"] for row in rows]
    roots = find_duplicates(texts)
    ours = _pairs_right(bases, [position if root is None else root for position, root in enumerate(roots)])
    peer = _pairs_right(bases, _min_hash_groups(texts))
    return [
        Figure(
            data="dup_ladder",
            metric=f"near-copies, pair {metric}",
            ours=ours[index],
            goal=goal,
            peer=peer[index],
            peer_name="MinHash (rensa), 5-shingles, .5",
        )
        for index, (metric, goal) in enumerate((("precision", 0.98), ("recall", 0.93)))
    ]


def _pairs_right(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float]:
    def pairs(groups: Sequence[Hashable]) -> int:
        return sum(size * (size - 1) // 2 for size in Counter(groups).values())

    right = pairs(list(zip(gold, found, strict=True)))
    return right / max(1, pairs(found)), right / max(1, pairs(gold))


def _min_hash_groups(texts: Sequence[str]) -> list[int]:
    """Each text joins the first earlier one whose estimated resemblance is high enough."""
    from rensa import RMinHash

    hashes: list[Any] = []
    groups: list[int] = []
    for position, text in enumerate(texts):
        words = text.lower().split()
        own = RMinHash(num_perm=MIN_HASHES, seed=1)
        own.update([" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))])
        same = (other for other in range(position) if own.jaccard(hashes[other]) >= MIN_RESEMBLANCE)
        first = next(same, None)
        groups.append(position if first is None else groups[first])
        hashes.append(own)
    return groups


def _measure_seeds(folder: Path) -> list[Figure]:
    articles = [
        article
        for file in sorted(folder.glob("*.txt"))
        if (article := _to_article(file.read_text(encoding="utf-8"), file.stem))
    ]
    if not articles:
        return []
    places = sort_into_stories(articles, NOW)
    storylines = len({place.storyline for place in places})
    events = len({place.event for place in places})
    return [
        Figure(data=f"{len(places)} real files", metric="events", ours=events, goal=5),
        Figure(data=f"{len(places)} real files", metric="storylines", ours=storylines, goal=1, higher_is_better=False),
    ]


def _measure_growth(path: Path, sizes: Sequence[int]) -> list[Figure]:
    """CPU time of placing one article into an index that has seen so many, and what reading its features costs."""
    articles = [article for row in read_rows(path, MEASURED) if (article := _to_article(row["text"], row["id"]))]
    figures = []
    if articles:
        started = time.process_time()
        for article in articles:
            read_features(article, ingested_at=NOW)
        cost = (time.process_time() - started) * 1000 / len(articles)
        data = f"{len(articles)} articles of clu_ecbplus"
        figures.append(Figure(data=data, metric="features, CPU an article", ours=cost, unit="ms"))
    stream = _synthetic_stream()
    index = StoryIndex()
    placed = 0
    for size in sizes:
        while placed < size:
            index.place(_next_batch(stream, placed))
            placed += BATCH
        batches = [_next_batch(stream, placed + offset) for offset in range(0, MEASURED, BATCH)]
        started = time.process_time()
        for batch in batches:
            index.place(batch)
            placed += len(batch)
        cost = (time.process_time() - started) * 1000 / sum(map(len, batches))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        figures.append(
            Figure(
                data=f"synthetic stream, {size:,} articles placed",
                metric="placing, CPU an article",
                ours=cost,
                goal=0.4,
                unit="ms",
                higher_is_better=False,
                note=f"{index.size:,} neighbourhoods can grow; process {memory:,.0f} MB at most",
            )
        )
    return figures


def _next_batch(stream: Iterator[Features], number: int) -> list[Arrival]:
    return [Arrival(article_id=str(number + offset), features=next(stream)) for offset in range(BATCH)]


def _synthetic_stream() -> Iterator[Features]:
    """Articles of invented words: an event has 40 words of its own, an article 60 of it and of everybody's words."""
    picker = random.Random(7)
    everybody = range(VOCABULARY)
    heights = list(accumulate(1 / (rank + 10) for rank in everybody))
    running = [_event_words(picker) for _ in range(200)]
    for number in range(1_000_000_000):
        if picker.random() < 0.3:
            running[picker.randrange(len(running))] = _event_words(picker)
        own = picker.sample(picker.choice(running), 25)
        terms = dict.fromkeys(own + picker.choices(everybody, cum_weights=heights, k=60))
        yield Features(
            terms=tuple(terms),
            kinds=bytes(0 if term < VOCABULARY else 1 + term % 3 // 2 for term in terms),
            counts=bytes(picker.choice((1, 1, 1, 2, 3)) for _ in terms),
            when=When(day=(NOW + timedelta(minutes=number)).timestamp() / 86_400),
        )


def _event_words(picker: random.Random) -> list[int]:
    return [VOCABULARY + picker.randrange(2**31) for _ in range(40)]
