"""The summary of one article in its own words: the most telling sentences, shortened by deletion, each standing alone.

Pure and synchronous. The way: leave out what gives orders, rank the rest, then take from the top the sentences that make
a bullet people can read on its own. Key points, captions, subheads and the deck take no part in the ranking.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.model import Article, Bullet, Sentence, Status, Summary
from bot.summaries.compression import MAX_CHARS, MAX_WORDS, Compressed, compress_sentence, cut_to_fit
from bot.summaries.headline import derive_headline
from bot.summaries.instructions import find_planted, is_instruction
from bot.summaries.ranking import MAX_RANKED, Ranking, rank_sentences
from bot.summaries.reference import Antecedent, find_antecedent, find_split_quotes, leaves_unnamed, points_backwards, replace_subject
from bot.text.cues import FUTURES, HEDGES
from bot.text.words import count_words

MIN_BULLETS = 3  # to reach so many, sentences that do not quite stand alone are taken too
MAX_SIMILARITY = 0.3  # cosine to a chosen sentence above which a sentence says the same again
SAME_SIMILARITY = 0.8  # above which it is not taken even when bullets are missing
MIN_WORDS = 5  # a shorter sentence tells too little
UNNAMED_PENALTY = 0.15  # of the score, for a sentence that speaks of somebody it does not name
MAX_DRAFTS = 40  # sentences worked out; the bullets lie among the best of them


_PLAN = re.compile(
    r"\b(?:intent(?:ion)?\s+to|expected\s+to|(?:prepar|hop|look)(?:es?|ing|ed)?\s+to|(?:is|are)\s+to\s+[a-z]+|agree[sd]?\s+to|vow(?:s|ed)?\s+to|"
    r"(?:may|might|could)\b[^.]{0,80}\b(?:next|later\s+this|early\s+next|coming)\s+(?:week|month|year|spring|summer|autumn|fall|"
    r"winter|days|weeks|months|years)|by\s+20\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A bullet that could be shown, the position of its sentence among the ranked, its score, and its faults.

    `fault` is 0 for a bullet that stands alone, 1 when it points backwards, 2 when it had to be cut to fit.
    """

    bullet: Bullet
    position: int
    score: float
    fault: int


def summarize_article(article: Article, *, bullets: int = 4) -> Summary:
    """The summary of the article with at most `bullets` bullets, in the order of the article.

    Fewer only when the article has not that many sentences that tell something. The headline is the title, or is
    derived from the lead (`headline_derived`).
    """
    language = article.language if article.language != "und" else "en"
    title = article.title if article.title and not is_instruction(article.title) else None
    sentences, ranking = _rank_reports(article.sentences[:MAX_RANKED], title, language)
    texts = [sentence.text[:MAX_CHARS] for sentence in sentences]
    split_quotes = find_split_quotes(sentences)
    chosen = _select(_draft_best_first(sentences, texts, ranking, split_quotes, language), ranking, bullets)
    headline = title or derive_headline(texts, language)
    return Summary(
        article_id=article.id,
        version=article.version,
        headline=headline,
        bullets=tuple(draft.bullet for draft in sorted(chosen, key=lambda draft: draft.position)),
        writer="extractive",
        headline_derived=title is None,
    )


def _rank_reports(
    sentences: Sequence[Sentence], title: str | None, language: str
) -> tuple[list[Sentence], Ranking]:
    """The sentences that report instead of giving orders, and their ranking."""
    ranking = rank_sentences([sentence.text for sentence in sentences], title=title, language=language)
    planted = find_planted(sentences, ranking.vectors)
    if not planted:
        return list(sentences), ranking
    kept = [sentence for position, sentence in enumerate(sentences) if position not in planted]
    return kept, rank_sentences([sentence.text for sentence in kept], title=title, language=language)


def _draft_best_first(
    sentences: Sequence[Sentence], texts: Sequence[str], ranking: Ranking, split_quotes: frozenset[int], language: str
) -> Iterator[_Draft]:
    """Drafts by falling score. A penalty found while drafting can only lower a score, so a draft is given out once no
    sentence still waiting can beat it.
    """
    order = sorted(range(len(texts)), key=lambda position: -ranking.scores[position])[:MAX_DRAFTS]
    waiting: list[tuple[float, int, _Draft]] = []
    for position in order:
        while waiting and -waiting[0][0] >= ranking.scores[position]:
            yield heapq.heappop(waiting)[2]
        draft = _draft(sentences, texts, position, ranking.scores[position], language)
        if position in split_quotes and draft.fault == 0:
            draft = replace(draft, fault=1)
        if draft.bullet.text:
            heapq.heappush(waiting, (-draft.score, position, draft))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _draft(sentences: Sequence[Sentence], texts: Sequence[str], position: int, score: float, language: str) -> _Draft:
    """The bullet made of one sentence, with a name brought in for its leading pronoun where that is certain."""
    source = texts[position]
    antecedent = find_antecedent(texts, position) if language == "en" else None
    named = replace_subject(source, antecedent.text) if antecedent else source
    short = compress_sentence(named, language=language)
    text = short.text if short.fits else short.text
    fault = _fault(short, language)
    if not short.fits:
        text = cut_to_fit(short.text)
    if language == "en" and position > 0 and (short.source_is_pronoun or (cased and leaves_unnamed(text))):
        score -= UNNAMED_PENALTY
    bullet = Bullet(
        text=text,
        sentences=_cited(sentences, position, antecedent),
        quote=_passage(sentences, position, antecedent),
        attribution=short.attribution,
        status=_status(text, short),
    )
    return _Draft(bullet, position, score, fault)


def _fault(short: Compressed, language: str) -> int:
    """How far the bullet is from standing alone, see `_Draft`."""
    if not short.fits:
        return 2
    if points_backwards(short.text, language) or "?" in short.text or count_words(short.text) < MIN_WORDS:
        return 1
    return 0


def _cited(sentences: Sequence[Sentence], position: int, antecedent: Antecedent | None) -> tuple[int, ...]:
    """The indexes of the sentence and of the one a name was taken from, in order."""
    own = sentences[position].index
    return (sentences[antecedent.position].index, own) if antecedent else (own,)


def _passage(sentences: Sequence[Sentence], position: int, antecedent: Antecedent | None) -> str:
    """The sentence as the body has it; the cited sentence before it is named by its index only."""
    return sentences[position].text[:MAX_CHARS]


def _status(text: str, short: Compressed) -> Status:
    """Whether the bullet states a plan, somebody's claim, or a fact."""
    if FUTURES.search(text) or _PLAN.search(text):
        return "planned"
    if short.attribution or HEDGES.search(text):
        return "claim"
    return "fact"


def _select(drafts: Iterator[_Draft], ranking: Ranking, bullets: int) -> list[_Draft]:
    """The drafts to show: clean and different ones first; then, while too few, the next best.

    The stream is read only as far as the first pass needs it, so that few sentences are worked out.
    """
    chosen: list[_Draft] = []
    passed: list[_Draft] = []
    for draft in drafts:
        if draft.fault == 0 and _is_new(draft, chosen, ranking, MAX_SIMILARITY):
            chosen.append(draft)
        else:
            passed.append(draft)
        if len(chosen) >= bullets:
            return chosen
    for max_fault, wanted in ((0, bullets), (1, min(bullets, MIN_BULLETS)), (2, min(bullets, MIN_BULLETS))):
        for draft in passed:
            if len(chosen) >= wanted:
                break
            if draft.fault <= max_fault and draft not in chosen and _is_new(draft, chosen, ranking, SAME_SIMILARITY):
                chosen.append(draft)
    return chosen


def _is_new(draft: _Draft, chosen: Sequence[_Draft], ranking: Ranking, max_similarity: float) -> bool:
    """Whether the draft says something else than those chosen."""
    return all(ranking.similarity(draft.position, other.position) <= max_similarity for other in chosen)
