"""The summary of one article in its own words: the most telling sentences, shortened by deletion, each standing alone.

Pure and synchronous. The way: leave out what gives orders, rank the rest, then take from the top the sentences that
make a bullet people can read on its own. Key points, captions, subheads and the deck take no part in the ranking.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from bot.model import Article, Sentence, Summary
from bot.summaries.drafting import CUT_TO_FIT, FRAGMENT, POINTS_ELSEWHERE, STANDS_ALONE, Draft, Drafting
from bot.summaries.headline import derive_headline
from bot.summaries.instructions import find_aliens, find_orders, is_instruction
from bot.summaries.ranking import MAX_RANKED, Ranking, rank_sentences
from bot.text.words import content_terms

MIN_BULLETS = 3  # to reach so many, sentences that do not quite stand alone are taken too
MAX_SIMILARITY = 0.3  # cosine to a chosen sentence above which a sentence says the same again
SAME_SIMILARITY = 0.8  # above which it is not taken even when bullets are missing
MAX_DRAFTS = 40  # sentences worked out; the bullets lie among the best of them


def summarize_article(article: Article, *, bullets: int = 4) -> Summary:
    """The summary of the article with at most `bullets` bullets, in the order of the article.

    Fewer only when the article has not that many sentences that tell something. The headline is the title, or is
    derived from the lead (`headline_derived`).
    """
    language = article.language if article.language != "und" else "en"
    title = _trusted_title(article, language)
    sentences, ranking = _rank_reports(article.sentences[:MAX_RANKED], title, language)
    drafting = Drafting(sentences, article.body, language)
    chosen = _choose(drafting, ranking, bullets)
    return Summary(
        article_id=article.id,
        version=article.version,
        headline=title or derive_headline(drafting.texts, language),
        bullets=tuple(drafting.to_bullet(draft) for draft in sorted(chosen, key=lambda draft: draft.position)),
        writer="extractive",
        headline_derived=title is None,
    )


def _trusted_title(article: Article, language: str) -> str | None:
    """The title, unless it gives an order or asks about something the article never mentions."""
    title = article.title
    if not title or is_instruction(title):
        return None
    if title.rstrip().endswith(("?", "？")):
        terms = set(content_terms(title, language))
        if terms and terms.isdisjoint(content_terms(article.body[:20_000], language)):
            return None
    return title


def _rank_reports(sentences: Sequence[Sentence], title: str | None, language: str) -> tuple[list[Sentence], Ranking]:
    """The sentences that report instead of giving orders, and their ranking."""
    orders = find_orders(sentences)
    kept = [sentence for position, sentence in enumerate(sentences) if position not in orders]
    ranking = rank_sentences([sentence.text for sentence in kept], title=title, language=language)
    aliens = find_aliens(kept, ranking.vectors)
    if aliens:
        known = [position for position in range(len(kept)) if position not in aliens]
        kept = [kept[position] for position in known]
        counts = [ranking.counts[position] for position in known]
        ranking = rank_sentences([sentence.text for sentence in kept], title=title, language=language, counts=counts)
    return kept, ranking


def _choose(drafting: Drafting, ranking: Ranking, bullets: int) -> list[Draft]:
    """The drafts to show: those that stand alone and differ come first; then, while too few, the next best.

    Sentences are worked out by falling score and only as far as needed; one that says again what was chosen, or is too
    long, is left for later. A penalty found while drafting lowers a score, so a draft waits until no better sentence
    can come.
    """
    order = sorted(range(len(ranking.scores)), key=lambda position: -ranking.scores[position])[:MAX_DRAFTS]
    chosen: list[Draft] = []
    passed: list[Draft] = []
    later: list[int] = []
    waiting: list[tuple[float, int, Draft]] = []
    for position in [*order, None]:
        bound = -ranking.scores[position] if position is not None else math.inf
        while waiting and waiting[0][0] <= bound and len(chosen) < bullets:
            draft = heapq.heappop(waiting)[2]
            stands = draft.fault == STANDS_ALONE and _is_new(draft.position, chosen, ranking, MAX_SIMILARITY)
            (chosen if stands else passed).append(draft)
        if len(chosen) >= bullets:
            return chosen
        if position is None:
            break
        if not _is_new(position, chosen, ranking, MAX_SIMILARITY) or not drafting.fits(position):
            later.append(position)
        elif drawn := drafting.draft(position):
            heapq.heappush(waiting, (drawn.penalty - ranking.scores[position], position, drawn))
    passed += [draft for draft in map(drafting.draft, later) if draft]
    return _fill(
        chosen, sorted(passed, key=lambda draft: draft.penalty - ranking.scores[draft.position]), ranking, bullets
    )


def _fill(chosen: list[Draft], spare: Sequence[Draft], ranking: Ranking, bullets: int) -> list[Draft]:
    """The chosen drafts and, while they are too few, spare ones: rather alike than not standing alone."""
    filled = list(chosen)
    fewest = min(bullets, MIN_BULLETS)
    wanted_by_fault = (
        (STANDS_ALONE, bullets),
        (POINTS_ELSEWHERE, fewest),
        (CUT_TO_FIT, fewest),
        (FRAGMENT, min(bullets, 1)),
    )
    for max_fault, wanted in wanted_by_fault:
        for draft in spare:
            if len(filled) >= wanted:
                break
            fits = draft.fault <= max_fault and draft not in filled
            if fits and _is_new(draft.position, filled, ranking, SAME_SIMILARITY):
                filled.append(draft)
    return filled


def _is_new(position: int, chosen: Sequence[Draft], ranking: Ranking, max_similarity: float) -> bool:
    """Whether the sentence says something else than those chosen."""
    return all(ranking.similarity(position, other.position) <= max_similarity for other in chosen)
