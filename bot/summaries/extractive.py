"""The summary of one article in its own words: the most telling sentences, shortened by deletion, each standing alone.

Pure and synchronous. The way: leave out what gives orders, rank the rest, then take from the top the sentences that make
a bullet people can read on its own. Key points, captions, subheads and the deck take no part in the ranking.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from bot.model import Article, Sentence, Summary
from bot.summaries.drafting import CUT_TO_FIT, POINTS_ELSEWHERE, STANDS_ALONE, Draft, Drafting
from bot.summaries.headline import derive_headline
from bot.summaries.instructions import find_planted, is_instruction
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
    chosen = _select(_draft_best_first(drafting, ranking), ranking, bullets)
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


def _draft_best_first(drafting: Drafting, ranking: Ranking) -> Iterator[Draft]:
    """Drafts by falling score, made as they are asked for.

    A penalty found while drafting can only lower a score, so a draft is given out once no sentence still waiting can
    beat it.
    """
    order = sorted(range(len(ranking.scores)), key=lambda position: -ranking.scores[position])[:MAX_DRAFTS]
    waiting: list[tuple[float, int, Draft]] = []
    for position in order:
        while waiting and -waiting[0][0] >= ranking.scores[position]:
            yield heapq.heappop(waiting)[2]
        draft = drafting.draft(position)
        if draft:
            heapq.heappush(waiting, (draft.penalty - ranking.scores[position], position, draft))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _select(drafts: Iterator[Draft], ranking: Ranking, bullets: int) -> list[Draft]:
    """The drafts to show: those that stand alone and differ first; then, while too few, the next best.

    The stream is read only as far as it is needed, so that few sentences are worked out.
    """
    chosen: list[Draft] = []
    passed: list[Draft] = []
    for draft in drafts:
        if len(chosen) >= bullets:
            return chosen
        stands = draft.fault == STANDS_ALONE and _is_new(draft, chosen, ranking, MAX_SIMILARITY)
        (chosen if stands else passed).append(draft)
    fewest = min(bullets, MIN_BULLETS)
    for max_fault, wanted in ((STANDS_ALONE, bullets), (POINTS_ELSEWHERE, fewest), (CUT_TO_FIT, fewest)):
        for draft in passed:
            if len(chosen) >= wanted:
                break
            if draft.fault <= max_fault and draft not in chosen and _is_new(draft, chosen, ranking, SAME_SIMILARITY):
                chosen.append(draft)
    return chosen


def _is_new(draft: Draft, chosen: Sequence[Draft], ranking: Ranking, max_similarity: float) -> bool:
    """Whether the draft says something else than those chosen."""
    return all(ranking.similarity(draft.position, other.position) <= max_similarity for other in chosen)
