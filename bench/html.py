"""Reading of HTML pages measured on labelled sets, beside trafilatura (its extract and its metadata) in the same run.

The metrics are those of the sets' own papers: see each scoring function.
"""

from __future__ import annotations

import base64
import gzip
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import read_rows
from bot.articles.html import HtmlArticle, read_html
from bot.errors import BadArticle

PEER = "trafilatura"

_WORD = re.compile(r"\w+")
_SHINGLE_WORDS = 4  # as in scrapinghub/article-extraction-benchmark

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader made of one page; `date` is YYYY-MM-DD."""

    body: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readings:
    """The readings of a set in row order, and the CPU seconds they took."""

    readings: list[Reading]
    cpu_s: float


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of every HTML set under `eval_dir`, on at most `limit` rows of each."""
    figures: list[Figure] = []
    pages = 0
    ours_s = 0.0
    peer_s = 0.0
    for name, score in _SCORES:
        rows = list(_rows(eval_dir / f"{name}.jsonl", limit))
        if not rows:
            continue
        ours = _read_all(rows, read_ours)
        peer = _read_all(rows, read_peer)
        figures.extend(_compared(name, score, rows, ours.readings, peer.readings))
        pages += len(rows)
        ours_s += ours.cpu_s
        peer_s += peer.cpu_s
    if pages:
        figures.append(
            Figure(
                data="all HTML sets",
                metric="pages per CPU second",
                ours=pages / ours_s,
                goal=150.0,
                peer=pages / peer_s,
                peer_name=PEER,
                note="text and metadata",
            )
        )
    return figures


def read_ours(html: bytes, url: str | None) -> Reading:
    """Return what `read_html` makes of a page; an empty reading where it finds no article."""
    try:
        article: HtmlArticle = read_html(html, url=url)
    except BadArticle:
        return Reading(body="")
    published = article.published_at
    return Reading(
        body="\n".join(article.paragraphs),
        title=article.title,
        authors=article.byline,
        date=published.date().isoformat() if published else None,
    )


def read_peer(html: bytes, url: str | None) -> Reading:
    """Return what trafilatura's extract and metadata make of a page, with its default options."""
    import trafilatura

    document = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    if document is None or isinstance(document, dict):
        return Reading(body="")
    authors = tuple(name.strip() for name in (document.author or "").split(";") if name.strip())
    return Reading(body=document.text or "", title=document.title, authors=authors, date=document.date)


def _rows(path: Path, limit: int | None) -> Iterator[Row]:
    for row in read_rows(path, limit):
        row["html"] = gzip.decompress(base64.b64decode(row.pop("html_gz_b64")))
        yield row


def _read_all(rows: Sequence[Row], read: Callable[[bytes, str | None], Reading]) -> _Readings:
    started = time.process_time()
    readings = [read(row["html"], _url(row)) for row in rows]
    return _Readings(readings=readings, cpu_s=time.process_time() - started)


def _url(row: Row) -> str | None:
    url = row.get("url") or ""
    return url if url.startswith("http") else None


Score = Callable[[Sequence[Row], Sequence[Reading]], dict[str, float]]

_GOALS = {
    ("ext_scrapinghub", "shingle F1"): 0.972,
    ("ext_trafilatura", "segment F1"): 0.935,
    ("ext_fundus80", "body LCS F1"): 0.955,
    ("meta_fundus", "body LCS F1"): 0.965,
    ("meta_fundus", "title exact"): 0.92,
    ("meta_fundus", "author F1"): 0.90,
    ("meta_fundus", "date exact"): 0.98,
    ("date_htmldate", "date F1"): 0.96,
}


def _compared(
    name: str, score: Score, rows: Sequence[Row], ours: Sequence[Reading], peer: Sequence[Reading]
) -> Iterator[Figure]:
    our_scores = score(rows, ours)
    peer_scores = score(rows, peer)
    for metric, value in our_scores.items():
        yield Figure(
            data=name,
            metric=metric,
            ours=value,
            goal=_GOALS.get((name, metric)),
            peer=peer_scores[metric],
            peer_name=PEER,
            note=f"{len(rows)} pages",
        )


def _score_shingles(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, float]:
    """Return precision, recall and F1 over 4-gram shingles.

    Source: scrapinghub/article-extraction-benchmark, evaluate.py (mean precision and mean recall, then F1).
    """
    precisions = []
    recalls = []
    for row, reading in zip(rows, readings, strict=True):
        precision, recall = shingle_precision_recall(row["body"], reading.body)
        precisions.append(precision)
        recalls.append(recall)
    precision = _mean(precisions)
    recall = _mean(recalls)
    return {"shingle F1": _f1(precision, recall), "shingle precision": precision, "shingle recall": recall}


def _score_segments(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, float]:
    """Return precision, recall and F1 over segments that must and must not be in the text.

    Source: adbar/trafilatura, tests/comparison.py.
    """
    hits = wrong = missed = 0
    for row, reading in zip(rows, readings, strict=True):
        text = _squeezed(reading.body)
        found = sum(_squeezed(segment) in text for segment in row["with"])
        hits += found
        missed += len(row["with"]) - found
        wrong += sum(_squeezed(segment) in text for segment in row["without"])
    precision = hits / max(hits + wrong, 1)
    recall = hits / max(hits + missed, 1)
    return {"segment F1": _f1(precision, recall), "segment precision": precision, "segment recall": recall}


def _score_bodies(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, float]:
    """Return the mean F1 of the longest common subsequence of words."""
    scores = [
        lcs_f1(" ".join(row["body"]).split(), reading.body.split()) for row, reading in zip(rows, readings, strict=True)
    ]
    return {"body LCS F1": _mean(scores)}


def _score_publishers(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, float]:
    """Return body LCS F1, share of exact titles and dates, and the mean F1 of the author sets of pages with authors."""
    titles = []
    dates = []
    authors = []
    for row, reading in zip(rows, readings, strict=True):
        titles.append(float(_squeezed(row["title"]) == _squeezed(reading.title or "")))
        dates.append(float(row["date"] == reading.date))
        if row["authors"]:
            authors.append(author_f1(row["authors"], reading.authors))
    return {
        **_score_bodies(rows, readings),
        "title exact": _mean(titles),
        "author F1": _mean(authors),
        "date exact": _mean(dates),
    }


def _score_dates(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, float]:
    """Return F1 of exact dates: a wrong date counts against precision, a missing one against recall.

    Source: adbar/htmldate, tests/comparison.py.
    """
    right = sum(row["date"] == reading.date for row, reading in zip(rows, readings, strict=True))
    given = sum(reading.date is not None for reading in readings)
    missing = len(rows) - given
    return {"date F1": _f1(right / max(given, 1), right / max(right + missing, 1))}


_SCORES: tuple[tuple[str, Score], ...] = (
    ("ext_scrapinghub", _score_shingles),
    ("ext_trafilatura", _score_segments),
    ("ext_fundus80", _score_bodies),
    ("meta_fundus", _score_publishers),
    ("date_htmldate", _score_dates),
)


def shingle_precision_recall(expected: str, actual: str) -> tuple[float, float]:
    """Return precision and recall of `actual`'s 4-gram shingles against those of `expected`."""
    wanted = _shingles(expected)
    got = _shingles(actual)
    hits = sum((wanted & got).values())
    extra = sum((got - wanted).values())
    missed = sum((wanted - got).values())
    if extra == missed == 0:
        return 1.0, 1.0
    return hits / max(hits + extra, 1), hits / max(hits + missed, 1)


def lcs_f1(expected: Sequence[str], actual: Sequence[str]) -> float:
    """Return F1 of the longest common subsequence of two word lists."""
    if not expected or not actual:
        return float(not expected and not actual)
    length = _lcs_length(expected, actual)
    return 2 * length / (len(expected) + len(actual))


def author_f1(expected: Sequence[str], actual: Sequence[str]) -> float:
    """Return F1 of two sets of names, case and white space apart."""
    wanted = {_squeezed(name).casefold() for name in expected}
    got = {_squeezed(name).casefold() for name in actual}
    if not wanted or not got:
        return float(wanted == got)
    hits = len(wanted & got)
    return 2 * hits / (len(wanted) + len(got))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    count = max(1, len(words) - _SHINGLE_WORDS + 1)
    return Counter(tuple(words[start : start + _SHINGLE_WORDS]) for start in range(count))


def _lcs_length(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest common subsequence.

    Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    positions: dict[str, int] = {}
    for index, word in enumerate(first):
        positions[word] = positions.get(word, 0) | (1 << index)
    everything = (1 << len(first)) - 1
    row = everything
    for word in second:
        matches = row & positions.get(word, 0)
        row = ((row + matches) | (row - matches)) & everything
    return len(first) - row.bit_count()


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _squeezed(text: str) -> str:
    return " ".join(text.split())
