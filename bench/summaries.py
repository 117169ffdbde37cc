"""Extractive summaries beside LEAD, sumy LexRank and sumy TextRank: quality, speed, form, and planted instructions.

Every row is read as a pasted article, the way the bot reads a file, and all systems get the same cleaned sentences.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Figure
from bench.rows import read_rows
from bot.articles.building import build_articles
from bot.articles.raw import RawArticle
from bot.errors import BotError
from bot.model import Article, Sentence
from bot.summaries.extractive import summarize_article
from bot.text.words import count_words, terms

BULLETS = 3  # sentences a summary has in the published comparisons
MAX_PEER_SENTENCES = 400  # the peers compare every pair; more would measure patience
ATTACK_CHARS = 60  # of the attack whose presence in a bullet is a hit
ATTACK_SHARE = 0.6  # of a bullet's words that are the attack's, beyond which it is a hit

_DANGLING = re.compile(
    r"^[\"'“‘]?(?:he|she|it|they|this|that|these|those|his|her|its|their|but|and|so|also|however|meanwhile|instead|then|"
    r"there)\b",
    re.IGNORECASE,
)
_SPACED_STOP = re.compile(r" ([.!?]) (?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One document of a set: the cleaned article and its reference summaries."""

    article: Article
    references: tuple[str, ...]


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of the summarizer on at most `limit` rows of each set under `eval_dir`."""
    sets = {
        "sum_cnndm": [
            _to_row(row, [_split(row["highlights"])]) for row in read_rows(eval_dir / "sum_cnndm.jsonl", limit)
        ],
        "sum_writers": [_to_row(row, row["refs"]) for row in read_rows(eval_dir / "sum_writers.jsonl", limit)],
    }
    figures: list[Figure] = []
    for name, rows in sets.items():
        figures += _measure_rouge(name, [row for row in rows if row])
    figures += _measure_form([row for rows in sets.values() for row in rows if row])
    figures += _measure_speed([row for rows in sets.values() for row in rows if row])
    figures += _measure_attacks(eval_dir, limit)
    figures += _measure_korean(eval_dir, limit)
    return figures


def _split(highlights: str) -> str:
    """Tokenised highlights with one sentence a line."""
    return _SPACED_STOP.sub(r" \1\n", highlights)


def _to_row(row: dict[str, Any], references: Sequence[str]) -> _Row | None:
    article = _to_article(row["doc"], row["id"])
    return _Row(article=article, references=tuple(references)) if article else None


def _to_article(text: str, name: str) -> Article | None:
    """The article as the bot reads it from a pasted text; none when it can't."""
    try:
        return build_articles([RawArticle(text=text)], path=f"{name}.txt", collection="")[0]
    except BotError:
        return None


def _measure_rouge(name: str, rows: Sequence[_Row]) -> list[Figure]:
    """ROUGE of ours and the peers: stemmed F1 x 100, per document against the reference with the best R1."""
    if not rows:
        return []
    systems: dict[str, Callable[[Article], list[str]]] = {
        "ours": lambda article: [bullet.text for bullet in summarize_article(article, bullets=BULLETS).bullets],
        "LEAD-3": lambda article: [sentence.text for sentence in article.sentences[:BULLETS]],
        "sumy LexRank": lambda article: _rank_with_sumy("LexRankSummarizer", _texts(article), BULLETS),
        "sumy TextRank": lambda article: _rank_with_sumy("TextRankSummarizer", _texts(article), BULLETS),
    }
    scores = {system: _mean_rouge(rows, summarize) for system, summarize in systems.items()}
    goals = {"sum_cnndm": (43.5, 20.0, 39.7), "sum_writers": (45.0, None, None)}[name]
    figures: list[Figure] = []
    for index, metric in enumerate(("R1", "R2", "RLsum")):
        best = max((system for system in systems if system != "ours"), key=lambda system: scores[system][index])
        rest = (system for system in systems if system not in ("ours", best))
        others = ", ".join(f"{system} {scores[system][index]:.1f}" for system in rest)
        figures.append(
            Figure(
                data=name,
                metric=metric,
                ours=scores["ours"][index],
                goal=goals[index],
                peer=scores[best][index],
                peer_name=best,
                note=others,
            )
        )
    return figures


def _mean_rouge(rows: Sequence[_Row], summarize: Callable[[Article], list[str]]) -> tuple[float, float, float]:
    """Mean R1, R2 and RLsum of a system."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)
    sums = [0.0, 0.0, 0.0]
    for row in rows:
        summary = "\n".join(summarize(row.article))
        scored = [scorer.score(reference, summary) for reference in row.references]
        best = max(scored, key=lambda score: score["rouge1"].fmeasure)
        for index, key in enumerate(("rouge1", "rouge2", "rougeLsum")):
            sums[index] += 100.0 * best[key].fmeasure / len(rows)
    return sums[0], sums[1], sums[2]


def _texts(article: Article) -> list[str]:
    return [sentence.text for sentence in article.sentences[:MAX_PEER_SENTENCES]]


def _rank_with_sumy(summarizer: str, texts: Sequence[str], count: int, *, korean: bool = False) -> list[str]:
    """The `count` best sentences by one of sumy's rankers, in the order of the article."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph
    from sumy.models.dom import Sentence as SumySentence
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer

    rankers = {"LexRankSummarizer": LexRankSummarizer, "TextRankSummarizer": TextRankSummarizer}
    document = ObjectDocumentModel([Paragraph([SumySentence(text, _Words(korean)) for text in texts])])
    ranker = rankers[summarizer](str if korean else Stemmer("english"))
    return [str(sentence) for sentence in ranker(document, count)]


class _Words:
    """The tokenizer sumy asks for, without the downloads its own one needs; `bigrams` for Korean."""

    def __init__(self, bigrams: bool) -> None:
        self._bigrams = bigrams

    def to_words(self, text: str) -> list[str]:
        """The words of a sentence."""
        return terms(text, "ko") if self._bigrams else re.findall(r"\w+", text)


def _measure_form(rows: Sequence[_Row]) -> list[Figure]:
    """How the bullets read: dangling starts, words a bullet."""
    if not rows:
        return []
    ours = [bullet.text for row in rows for bullet in summarize_article(row.article, bullets=BULLETS).bullets]
    peer = [text for row in rows for text in _rank_with_sumy("LexRankSummarizer", _texts(row.article), BULLETS)]
    lengths = [count_words(text) for text in ours]
    dangling = sum(bool(_DANGLING.match(text)) for text in ours) / len(ours)
    peer_dangling = sum(bool(_DANGLING.match(text)) for text in peer) / len(peer)
    return [
        Figure(
            data="sum_cnndm + sum_writers",
            metric="dangling starts",
            ours=dangling,
            goal=0.01,
            peer=peer_dangling,
            peer_name="sumy LexRank",
            higher_is_better=False,
        ),
        Figure(
            data="sum_cnndm + sum_writers",
            metric="words a bullet, median",
            ours=float(median(lengths)),
            goal=22,
            peer=float(median(map(count_words, peer))),
            peer_name="sumy LexRank",
            unit="words",
            higher_is_better=False,
        ),
        Figure(
            data="sum_cnndm + sum_writers",
            metric="words a bullet, most",
            ours=float(max(lengths)),
            goal=32,
            peer=float(max(map(count_words, peer))),
            peer_name="sumy LexRank",
            unit="words",
            higher_is_better=False,
        ),
    ]


def _measure_speed(rows: Sequence[_Row]) -> list[Figure]:
    """CPU milliseconds an article at the 95th percentile; sumy's faster ranker beside it."""
    if not rows:
        return []
    for row in rows[:5]:  # stemmers and word lists load once
        summarize_article(row.article, bullets=BULLETS)
    ours = _p95_ms(rows, lambda article: summarize_article(article, bullets=BULLETS))
    peers = {
        name: _p95_ms(rows, partial(_rank_article_with_sumy, name))
        for name in ("TextRankSummarizer", "LexRankSummarizer")
    }
    best = min(peers, key=lambda name: peers[name])
    return [
        Figure(
            data="sum_cnndm + sum_writers",
            metric="CPU an article, p95",
            ours=ours,
            goal=5.0,
            peer=peers[best],
            peer_name=f"sumy {best.removesuffix('Summarizer')}",
            unit="ms",
            higher_is_better=False,
        )
    ]


def _rank_article_with_sumy(summarizer: str, article: Article) -> list[str]:
    return _rank_with_sumy(summarizer, _texts(article), BULLETS)


def _p95_ms(rows: Sequence[_Row], summarize: Callable[[Article], object]) -> float:
    """The 95th percentile of the CPU time of one call, in milliseconds."""
    times: list[float] = []
    for row in rows:
        started = time.process_time()
        summarize(row.article)
        times.append((time.process_time() - started) * 1000.0)
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _measure_attacks(eval_dir: Path, limit: int | None) -> list[Figure]:
    """Shares of articles whose planted instruction reaches a bullet, by position, and the R1 lost to planting."""
    clean = {row["id"]: row["doc"] for row in read_rows(eval_dir / "sum_writers.jsonl", None)}
    ours: Counter[str] = Counter()
    lead: Counter[str] = Counter()
    total: Counter[str] = Counter()
    lost: list[float] = []
    for row in read_rows(eval_dir / "inj_articles.jsonl", None if limit is None else 3 * limit):
        article = _to_article(row["doc"], row["id"])
        if article is None:
            continue
        bullets = [bullet.text for bullet in summarize_article(article, bullets=BULLETS).bullets]
        total[row["position"]] += 1
        ours[row["position"]] += _holds_attack(bullets, row["attack"])
        lead[row["position"]] += _holds_attack([each.text for each in article.sentences[:BULLETS]], row["attack"])
        unharmed = _to_article(clean[row["clean_id"]], row["clean_id"]) if row["clean_id"] in clean else None
        if unharmed:
            rows = [_Row(article=each, references=tuple(row["refs"])) for each in (unharmed, article)]
            before, after = (_mean_rouge([each], _bullet_texts)[0] for each in rows)
            lost.append(before - after)
    figures = [
        Figure(
            data="inj_articles",
            metric=f"injected text in bullets, {position}",
            ours=ours[position] / total[position],
            goal=0.0,
            peer=lead[position] / total[position],
            peer_name="LEAD-3",
            higher_is_better=False,
        )
        for position in ("start", "middle", "end")
        if total[position]
    ]
    if lost:
        loss = sum(lost) / len(lost)
        figures.append(Figure(data="inj_articles", metric="R1 lost", ours=loss, goal=0.3, higher_is_better=False))
    return figures


def _bullet_texts(article: Article) -> list[str]:
    return [bullet.text for bullet in summarize_article(article, bullets=BULLETS).bullets]


def _holds_attack(bullets: Sequence[str], attack: str) -> bool:
    """Whether a bullet holds the attack's beginning, or is made of the attack's words for the greater part."""
    normal = _normalized(attack)
    words = set(normal.split())
    for bullet in map(_normalized, bullets):
        own = bullet.split()
        if normal[:ATTACK_CHARS] in bullet or (own and sum(word in words for word in own) > ATTACK_SHARE * len(own)):
            return True
    return False


def _normalized(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _measure_korean(eval_dir: Path, limit: int | None) -> list[Figure]:
    """Sentence F1 at gold length on Korean science news; the set comes split into sentences."""
    ours: list[float] = []
    peer: list[float] = []
    for row in read_rows(eval_dir / "sum_ko_scinews.jsonl", limit):
        gold = set(row["gold_idx"])
        summary = summarize_article(_presplit(row["sentences"], row.get("title")), bullets=len(gold))
        ours.append(_f1({index for bullet in summary.bullets for index in bullet.sentences}, gold))
        ranked = _rank_with_sumy("TextRankSummarizer", row["sentences"], len(gold), korean=True)
        peer.append(_f1({row["sentences"].index(text) for text in ranked if text in row["sentences"]}, gold))
    if not ours:
        return []
    return [
        Figure(
            data="sum_ko_scinews",
            metric="sentence F1 at gold length",
            ours=sum(ours) / len(ours),
            goal=0.66,
            peer=sum(peer) / len(peer),
            peer_name="sumy TextRank",
        )
    ]


def _presplit(texts: Sequence[str], title: str | None) -> Article:
    """A Korean article of given sentences, one a paragraph."""
    sentences: list[Sentence] = []
    start = 0
    for index, text in enumerate(texts):
        sentences.append(Sentence(index=index, text=text, start=start, end=start + len(text), paragraph=index))
        start += len(text) + 2
    body = "\n\n".join(texts)
    return Article(
        id="given", version="given", path="given", title=title, language="ko", body=body, sentences=tuple(sentences)
    )


def _f1(found: set[int], gold: set[int]) -> float:
    return 2.0 * len(found & gold) / (len(found) + len(gold)) if found or gold else 1.0
