"""How new a line is, beside simple peers: which sentences tell something that a history of told lines does not hold.

Two sets. `sum_writers`: a sentence of an article against the rest of it is new, a sentence of a reference summary
against the whole article is known. ECB+: the opening of a report of another event of the same topic (another quake) is
new against one event's articles, the opening of a further report of that event is mostly known.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure
from bench.rows import read_rows
from bot.model import Citation
from bot.ports import ToldLine
from bot.stories.novelty import NEW_SCORE, History, fingerprint_of
from bot.text.names import find_names
from bot.text.numbers import find_numbers
from bot.text.sentences import split_sentences
from bot.text.words import content_terms, count_words

SEED = 1  # the sentences taken out of an article are the same in every run
TAKEN_OUT = 6  # sentences of an article judged against the rest of it
MIN_WORDS = 8  # of a sentence that is judged
MIN_WORDS_WRITTEN = 6  # of a sentence of a reference summary
MAX_HISTORY_ARTICLES = 3  # of an event, told before another one comes

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_Weight = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A sentence, the lines told before it, and whether it is new."""

    sentence: str
    told: tuple[str, ...]
    is_new: bool


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of novelty on at most `limit` rows of each set under `eval_dir`."""
    figures: list[Figure] = []
    for name, cases, goal in (
        ("sum_writers", _writers_cases(eval_dir, limit), 0.816),
        ("clu_ecbplus", _events_cases(eval_dir, limit), None),
    ):
        if any(case.is_new for case in cases) and not all(case.is_new for case in cases):
            figures += _compare(name, cases, goal)
    return figures


def _compare(name: str, cases: Sequence[_Case], goal: float | None) -> list[Figure]:
    ours = [_history(case.told).judge(case.sentence, "en", stories=("story",)) for case in cases]
    weigh = _document_weights(cases)
    peers: dict[str, Callable[[_Case], float]] = {
        "coverage + unseen + facts": lambda case: _coverage_unseen_facts(case, weigh),
        "1 - best cosine": lambda case: 1.0 - _best(case, weigh, _cosine),
        "unseen words": lambda case: _unseen(case, weigh),
    }
    measured = {peer: _auc(cases, [score(case) for case in cases]) for peer, score in peers.items()}
    best = max(measured, key=measured.__getitem__)
    others = ", ".join(f"{peer} {value:.3f}" for peer, value in measured.items() if peer != best)
    kept = [judged.is_new for judged, case in zip(ours, cases, strict=True) if case.is_new]
    dropped = [not judged.is_new for judged, case in zip(ours, cases, strict=True) if not case.is_new]
    rule = f"score >= {NEW_SCORE}, a new figure or another denial"
    return [
        Figure(
            data=name,
            metric="AUC new / known",
            ours=_auc(cases, [judged.score for judged in ours]),
            goal=goal,
            peer=measured[best],
            peer_name=best,
            note=others,
        ),
        Figure(data=name, metric="new lines told", ours=sum(kept) / len(kept), note=rule),
        Figure(data=name, metric="known lines dropped", ours=sum(dropped) / len(dropped), note=rule),
    ]


def _writers_cases(eval_dir: Path, limit: int | None) -> list[_Case]:
    chance = random.Random(SEED)
    cases: list[_Case] = []
    for row in read_rows(eval_dir / "sum_writers.jsonl", limit):
        article = _sentences(row["doc"])
        for written in (sentence for reference in row["refs"] for sentence in _sentences(reference)):
            if count_words(written) >= MIN_WORDS_WRITTEN:
                cases.append(_Case(sentence=written, told=tuple(article), is_new=False))
        for index in chance.sample(range(len(article)), min(TAKEN_OUT, len(article))):
            if count_words(article[index]) >= MIN_WORDS:
                rest = (*article[:index], *article[index + 1 :])
                cases.append(_Case(sentence=article[index], told=rest, is_new=True))
    return cases


def _events_cases(eval_dir: Path, limit: int | None) -> list[_Case]:
    topics: dict[str, dict[str, list[list[str]]]] = {}
    for row in read_rows(eval_dir / "clu_ecbplus.jsonl", limit):
        topics.setdefault(row["topic"], {}).setdefault(row["event"], []).append(row["sentences"])
    cases: list[_Case] = []
    for events in topics.values():
        for event, articles in events.items():
            told = tuple(line for article in articles[:MAX_HISTORY_ARTICLES] for line in article)
            for other, reports in events.items():
                judged = reports[MAX_HISTORY_ARTICLES:] if other == event else reports
                for report in judged:
                    opening = next((line for line in report if count_words(line) >= MIN_WORDS), None)
                    if opening and told:
                        cases.append(_Case(sentence=opening, told=told, is_new=other != event))
    return cases


def _sentences(text: str) -> list[str]:
    return [line[start:end] for line in text.split("\n") for start, end in split_sentences(line, "en")]


def _history(told: Sequence[str]) -> History:
    citation = Citation(marker="1", article_id="a", seq=1, path="a.txt", title="", sentences=(), quote="")
    return History(
        [
            ToldLine(
                fingerprint=fingerprint_of(text),
                text=text,
                language="en",
                event="story",
                storyline="story",
                headline="",
                citation=citation,
                at=_AT,
                seq=1,
            )
            for text in told
        ]
    )


def _document_weights(cases: Sequence[_Case]) -> _Weight:
    documents = {case.told for case in cases}
    counts = Counter(term for told in documents for term in {term for line in told for term in content_terms(line)})

    def weigh(term: str) -> float:
        return max(0.0, math.log((len(documents) + 1) / (counts[term] + 0.5)))

    return weigh


def _coverage_unseen_facts(case: _Case, weigh: _Weight) -> float:
    told = " ".join(case.told)
    names = {part for name in find_names(case.sentence) if name.certain for part in name.text.casefold().split()}
    numbers = {number.value for number in find_numbers(case.sentence)}
    facts = len(names - set(told.casefold().split())) + len(numbers - {number.value for number in find_numbers(told)})
    return 0.45 * (1.0 - _best(case, weigh, _coverage)) + 0.35 * _unseen(case, weigh) + 0.2 * min(1.0, facts / 3)


def _unseen(case: _Case, weigh: _Weight) -> float:
    words = set(content_terms(case.sentence))
    seen = {term for line in case.told for term in content_terms(line)}
    return sum(map(weigh, words - seen)) / (sum(map(weigh, words)) or 1.0)


def _best(case: _Case, weigh: _Weight, likeness: Callable[[set[str], set[str], _Weight], float]) -> float:
    words = set(content_terms(case.sentence))
    return max((likeness(words, set(content_terms(line)), weigh) for line in case.told), default=0.0)


def _coverage(words: set[str], line: set[str], weigh: _Weight) -> float:
    return sum(map(weigh, words & line)) / (sum(map(weigh, words)) or 1.0)


def _cosine(words: set[str], line: set[str], weigh: _Weight) -> float:
    lengths = sum(weigh(word) ** 2 for word in words) * sum(weigh(word) ** 2 for word in line)
    return sum(weigh(word) ** 2 for word in words & line) / math.sqrt(lengths) if lengths else 0.0


def _auc(cases: Sequence[_Case], scores: Sequence[float]) -> float:
    """Return how often a new line scores above a known one; equal scores count half."""
    new = [score for case, score in zip(cases, scores, strict=True) if case.is_new]
    known = [score for case, score in zip(cases, scores, strict=True) if not case.is_new]
    wins = sum((one > other) + 0.5 * (one == other) for one in new for other in known)
    return wins / (len(new) * len(known)) if new and known else 0.0
