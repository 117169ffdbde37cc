"""One story as a digest tells it: only what its channel has not been told, what changed, and earlier coverage. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Final

from bot.digests.ranking import Candidate, Ranked
from bot.digests.remembering import lines_of_item
from bot.model import Article, Change, DigestItem, Earlier, Novelty, Story, StoryBullet, Summary
from bot.stories.novelty import History
from bot.stories.telling import tell_story
from bot.summaries.reference import leaves_unnamed, points_backwards
from bot.text.words import content_terms

# Bullets of one story in one digest: a briefing, not the whole story.
MAX_BULLETS: Final = 5
# New bullets among which those to be told mostly are: the rest of a long story is not judged then.
FIRST_JUDGED: Final = 2 * MAX_BULLETS
# Bullets that are left at least when those that lean on others are passed over.
FEWEST_STANDING: Final = 2
# Earlier headlines linked under one story.
MAX_EARLIER: Final = 2
# Share of a bullet's words that stand in the headline when the headline tells it by itself.
SAME_AS_HEADLINE: Final = 0.9
# Lines remembered with whether a headline tells them: those of the stories of a day, told to many channels.
_REMEMBERED_LINES: Final = 2_048
# When lines of the same digest were told; nothing is compared with it.
_NOW: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What one story is told from: its articles that may be seen and are wanted here, with their summaries.

    `fresh` are the ids of those that came in since the last digest.
    """

    ranked: Ranked
    articles: tuple[Article, ...]
    summaries: Mapping[str, Summary]
    fresh: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What is told of a story: the bullet that its headline tells by itself, and those below it."""

    in_headline: StoryBullet | None
    standing: tuple[StoryBullet, ...]


def judge_candidate(candidate: Candidate, summaries: Mapping[str, Summary], history: History) -> Candidate:
    """Return the candidate with its novelty: how much of its new articles' bullets this channel has not been told."""
    names = candidate.names
    was_told = bool(history.lines_of(candidate.names))
    told = [
        history.judge(bullet.text, head.language, stories=names).is_new
        for head in candidate.heads
        if head.id in summaries
        for bullet in summaries[head.id].bullets
    ]
    share = sum(told) / len(told) if told else 1.0
    novelty: Novelty = "unchanged" if told and not share else "update" if was_told else "new"
    return replace(candidate, novelty=novelty, new_share=share)


def compose_items(
    materials: Sequence[Material | None], history: History, before: Sequence[DigestItem] = ()
) -> list[DigestItem | None]:
    """Return the stories as they are told now, in their order; what one tells, no later one tells again.

    `before` are the stories of the same digest that stand before these.
    """
    items: list[DigestItem | None] = []
    above = History([line for item in before for line in lines_of_item(item, at=_NOW, seq=0)])
    for material in materials:
        item = None if material is None else compose_item(material, history, above)
        items.append(item)
        if item is not None:
            above = History([*above.lines, *lines_of_item(item, at=_NOW, seq=0)])
    return items


def compose_item(material: Material, history: History, above: History | None = None) -> DigestItem:
    """Return the story as it is told now; `unchanged`, without bullets, when nothing of it is new to the channel.

    `above` is what the same digest tells already.
    """
    candidate = material.ranked.candidate
    story = _tell(material, material.articles)
    fresh = [article for article in material.articles if article.id in material.fresh]
    language_of = {article.id: article.language for article in material.articles}
    names = candidate.names | {story.id, *story.articles}
    ordered = {article.id: article for article in material.articles}
    articles = tuple(ordered[article_id] for article_id in story.articles)
    # Told from the new articles alone; markers are those of the whole story.
    bullets = story.bullets if len(fresh) in (0, len(articles)) else _tell(material, fresh).bullets
    histories = (history,) if above is None else (history, above)
    untold = (
        bullet
        for bullet in bullets
        if all(
            one.judge(bullet.text, language_of[bullet.citations[0].article_id], stories=names).is_new
            for one in histories
        )
    )
    first = list(islice(untold, FIRST_JUDGED))
    chosen = _choose(story.headline, first, articles[0], language_of)
    if len(chosen.standing) < MAX_BULLETS and (more := list(untold)):
        chosen = _choose(story.headline, [*first, *more], articles[0], language_of)
    if bullets is not story.bullets:
        chosen = _remarked(chosen, story)
    was_told = bool(history.lines_of(names))
    novelty: Novelty = "unchanged" if not first else "update" if was_told else "new"
    fresh_summaries = [material.summaries[article.id] for article in fresh if article.id in material.summaries]
    return DigestItem(
        story=story,
        articles=articles,
        novelty=novelty,
        headline=story.headline,
        bullets=chosen.standing,
        headline_bullet=chosen.in_headline,
        changes=tuple(_changes(chosen.standing, history, language_of, names)) if was_told else (),
        earlier=_earlier(history, names, candidate.storyline),
        merged=tuple(dict.fromkeys(copy.source or copy.path for copy in candidate.copies)),
        factors=material.ranked.factors,
        writer="llm" if any(summary.writer == "llm" for summary in fresh_summaries) else "extractive",
        usd=sum(summary.cost.usd for summary in fresh_summaries),
        note=_note(fresh_summaries),
    )


def _choose(headline: str, untold: Sequence[StoryBullet], lead: Article, language_of: Mapping[str, str]) -> _Chosen:
    in_headline = _find_headline_line(headline, untold, lead)
    rest = [bullet for bullet in untold if bullet is not in_headline]
    return _Chosen(
        in_headline=in_headline, standing=tuple(prefer_standing(rest, in_headline, language_of)[:MAX_BULLETS])
    )


def prefer_standing(
    bullets: Sequence[StoryBullet], above: StoryBullet | None, language_of: Mapping[str, str]
) -> list[StoryBullet]:
    """Return the bullets without those that lean on a sentence that is not told right above them.

    "The ministry confirmed it" is clear under what was confirmed, and a riddle anywhere else. A leaning bullet stays
    when too few others are left.
    """
    kept: list[StoryBullet] = []
    leaning: list[StoryBullet] = []
    before = above
    for bullet in bullets:
        language = language_of.get(bullet.citations[0].article_id, "en")
        leans = points_backwards(bullet.text, language) or (language == "en" and leaves_unnamed(bullet.text))
        if leans and not _follows(bullet, before):
            leaning.append(bullet)
            continue
        kept.append(bullet)
        before = bullet
    missing = FEWEST_STANDING - len(kept)
    if missing <= 0:
        return kept
    added = leaning[:missing]
    return [bullet for bullet in bullets if bullet in kept or bullet in added]


def _tell(material: Material, articles: Sequence[Article]) -> Story:
    candidate = material.ranked.candidate
    story = tell_story(articles, material.summaries, placement_event=candidate.event, storyline=candidate.storyline)
    return mark_conflicts(story)


def mark_conflicts(story: Story) -> Story:
    """Return the story with its disagreements citing its articles by the numbers its bullets cite them by."""
    marker_of = {article_id: str(number) for number, article_id in enumerate(story.articles, start=1)}
    return replace(
        story,
        conflicts=tuple(
            replace(
                conflict,
                sides=tuple(
                    replace(
                        side,
                        citation=replace(
                            side.citation, marker=marker_of.get(side.citation.article_id, side.citation.marker)
                        ),
                    )
                    for side in conflict.sides
                ),
            )
            for conflict in story.conflicts
        ),
    )


def _remarked(chosen: _Chosen, whole: Story) -> _Chosen:
    """Return bullets told from some of a story's articles with the markers their citations have in the whole one."""
    marker_of = {article_id: str(number) for number, article_id in enumerate(whole.articles, start=1)}

    def remark(bullet: StoryBullet) -> StoryBullet:
        return replace(
            bullet, citations=tuple(replace(one, marker=marker_of[one.article_id]) for one in bullet.citations)
        )

    return _Chosen(
        in_headline=None if chosen.in_headline is None else remark(chosen.in_headline),
        standing=tuple(map(remark, chosen.standing)),
    )


def _find_headline_line(headline: str, bullets: Sequence[StoryBullet], lead: Article) -> StoryBullet | None:
    """Return the bullet that the headline tells by itself, unless it is the only one.

    An article without a headline is given one from its lead; its first bullet is mostly the same sentence.
    """
    if len(bullets) < 2:
        return None
    for bullet in bullets[:MAX_BULLETS]:
        if not bullet.attribution and bullet.status == "fact" and _is_told_by(headline, bullet.text, lead.language):
            return bullet
    return None


@lru_cache(maxsize=_REMEMBERED_LINES)
def _is_told_by(headline: str, line: str, language: str) -> bool:
    said, told = set(content_terms(headline, language)), set(content_terms(line, language))
    return bool(told) and len(told & said) >= SAME_AS_HEADLINE * len(told)


def _follows(bullet: StoryBullet, before: StoryBullet | None) -> bool:
    if before is None:
        return False
    one, other = bullet.citations[0], before.citations[0]
    if one.article_id != other.article_id or not one.sentences or not other.sentences:
        return False
    return min(one.sentences) - max(other.sentences) in (0, 1)


def _changes(
    bullets: Sequence[StoryBullet], history: History, language_of: Mapping[str, str], names: Collection[str]
) -> list[Change]:
    found: list[Change] = []
    seen: set[str] = set()
    for bullet in bullets:
        now = bullet.citations[0]
        difference = history.find_difference(bullet.text, language_of[now.article_id], stories=names)
        if difference is None or difference.told.fingerprint in seen:
            continue
        seen.add(difference.told.fingerprint)
        found.append(
            Change(
                kind=difference.kind,
                before=difference.before or difference.told.text,
                after=difference.after or bullet.text,
                told_text=difference.told.text,
                told=difference.told.citation,
                told_at=difference.told.at,
                now=now,
            )
        )
    return found


def _earlier(history: History, names: Collection[str], storyline: str) -> tuple[Earlier, ...]:
    """Return what the channel was told of this story, then of its storyline, each the latest first."""
    found: dict[str, Earlier] = {}
    for lines in (history.lines_of(names), history.lines_of([storyline])):
        for line in sorted(lines, key=lambda line: line.at, reverse=True):
            found.setdefault(line.headline, Earlier(headline=line.headline, told_at=line.at, seq=line.citation.seq))
    return tuple(found.values())[:MAX_EARLIER]


def _note(summaries: Sequence[Summary]) -> str | None:
    return next((summary.note for summary in summaries if summary.note), None)
