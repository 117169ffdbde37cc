"""Gathers what the reading pages show, of those articles that the web's workspace may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.commands.visibility import is_visible, visible_hits
from bot.model import Article, Bullet, Novelty, Status, Summary
from bot.platforms.web.house import WORKSPACE, House
from bot.ports import Edition, ToldLine, ToldStory

HOUSE_DESTINATIONS = ("terminal", "terminal:", f"web:{WORKSPACE}:")
"""Whose digests the page shows: the house's own, and those its readers ordered. Other workspaces' are theirs."""

LATEST_SEQS = 60
"""Sequence numbers looked at for what came in since a digest."""
LATEST_SHOWN = 12
EDITIONS_A_PAGE = 12
FRESH_S = 10.0
"""Seconds for which a digest is shown again without looking into the archive."""
VIEWS_KEPT = 100
HEADLINES_AN_EDITION = 4
TOPIC_HITS = 60
MAX_EDITIONS_SEARCHED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of a story as it was told, who says so, and where its proof stands."""

    text: str
    address: str
    quote: str
    attribution: str | None = None
    status: Status = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story of a digest. `sources` names where its lines come from, `articles` counts what it was told from."""

    headline: str
    address: str
    language: str
    novelty: Novelty
    sources: tuple[str, ...]
    published_at: datetime | None
    lines: tuple[LineView, ...]
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """A digest that was told, with what of it may be read here; `told` counts its stories, also those not loaded."""

    edition: Edition
    made_at: datetime
    stories: tuple[StoryView, ...]
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article with its summary, when it has one."""

    article: Article
    summary: Summary | None

    @property
    def headline(self) -> str:
        """What it is called."""
        return self.summary.headline if self.summary else self.article.title or self.article.path


async def latest_edition(house: House, context: Context) -> EditionView | None:
    """Return the newest digest of the house that told anything; of none, the newest."""
    found = await house.archive.editions(HOUSE_DESTINATIONS, limit=EDITIONS_A_PAGE)
    if not found:
        return None
    return await view_edition(next((one for one in found if one.stories), found[0]), house, context)


async def edition_of(number: int, house: House, context: Context) -> EditionView | None:
    """Return one digest, None when there is none of this number or it is another workspace's."""
    edition = await house.archive.edition(number)
    if edition is None or not _is_of_the_house(edition):
        return None
    return await view_edition(edition, house, context)


async def view_edition(
    edition: Edition, house: House, context: Context, *, only: Collection[str] | None = None, at_most: int | None = None
) -> EditionView:
    """Return a digest with its stories, `at_most` so many; with `only`, those told from any of these articles.

    What was told does not change: a view is kept for `FRESH_S`, and is made anew then for what was deleted since.
    """
    key = (edition.number, at_most, context.collections)
    now = house.clock.now().timestamp()
    kept: EditionView | None
    made_at, kept = house.views.get(key, (0.0, None))
    if only is None and kept is not None and now - made_at < FRESH_S:
        return kept
    view = await _make_view(edition, house, context, only=only, at_most=at_most)
    if only is None:
        while len(house.views) >= VIEWS_KEPT:
            house.views.pop(next(iter(house.views)))
        house.views[key] = (now, view)
    return view


async def _make_view(
    edition: Edition, house: House, context: Context, *, only: Collection[str] | None, at_most: int | None
) -> EditionView:
    wanted = [story for story in edition.stories if only is None or any(one in only for one in story.articles)]
    wanted = wanted[:at_most]
    lines = await house.archive.told_in(replace(edition, stories=tuple(wanted))) if wanted else []
    # A story may have many articles; those that lead it and those its lines cite are all that is shown of them.
    ids = {line.citation.article_id for line in lines} | {story.articles[0] for story in wanted if story.articles}
    if context.collections is not None:
        ids.update(article_id for story in wanted for article_id in story.articles)
    articles = await house.archive.articles(sorted(ids))
    visible = {article.id: article for article in articles if is_visible(article, context.collections)}
    summaries = await house.archive.summaries_of(list(visible.values()))
    is_limited = context.collections is not None
    views = (
        _view_story(
            story, [line for line in lines if line.event == story.id], visible, summaries, is_limited=is_limited
        )
        for story in wanted
    )
    return EditionView(
        edition=edition,
        made_at=in_zone(edition.made_at, house),
        stories=tuple(view for view in views if view is not None),
        told=len(edition.stories),
    )


async def with_summaries(articles: Sequence[Article], house: House) -> tuple[Told, ...]:
    """Return the articles with their summaries."""
    summaries = await house.archive.summaries_of(articles)
    return tuple(Told(article=article, summary=summaries.get(article.id)) for article in articles)


async def came_in_since(seq: int, house: House, context: Context) -> list[Article]:
    """Return the newest articles after this sequence number, newest first, without texts and without copies."""
    last = await house.archive.last_seq()
    heads = await house.archive.heads_between(max(seq, last - LATEST_SEQS), last)
    seen = [head for head in heads if head.duplicate_of is None and is_visible(head, context.collections)]
    return seen[::-1][:LATEST_SHOWN]


async def list_editions(
    house: House, context: Context, *, before: int | None, until: datetime | None
) -> list[EditionView]:
    """Return one page of past digests, newest first."""
    found = await house.archive.editions(HOUSE_DESTINATIONS, limit=EDITIONS_A_PAGE, before=before, until=until)
    return [await view_edition(one, house, context, at_most=HEADLINES_AN_EDITION) for one in found]


async def editions_about(topic: str, house: House, context: Context) -> list[EditionView]:
    """Return the digests that told stories about this topic, newest first, with these stories alone."""
    hits = await visible_hits(house.archive, topic, limit=TOPIC_HITS, collections=context.collections)
    about = {hit.article.id for hit in hits}
    views: list[EditionView] = []
    for edition in await house.archive.editions(HOUSE_DESTINATIONS, limit=MAX_EDITIONS_SEARCHED):
        if any(one in about for story in edition.stories for one in story.articles):
            views.append(await view_edition(edition, house, context, only=about))
        if len(views) == EDITIONS_A_PAGE:
            break
    return views


def in_zone(moment: datetime, house: House) -> datetime:
    """Return the moment in the zone of the house."""
    return moment.astimezone(ZoneInfo(house.timetable.zone))


def article_address(seq: int, sentences: Sequence[int] = ()) -> str:
    """Return the address of an article, or of the first of these sentences in it."""
    return f"/article/{seq}#s{sentences[0]}" if sentences else f"/article/{seq}"


def _view_story(
    story: ToldStory,
    lines: Sequence[ToldLine],
    visible: dict[str, Article],
    summaries: dict[str, Summary],
    *,
    is_limited: bool,
) -> StoryView | None:
    """Return a story as it was told, of the articles that may be seen; None when none of them may."""
    articles = [visible[one] for one in story.articles if one in visible]
    if not articles:
        return None
    lead = articles[0]
    own = summaries.get(lead.id)
    seen = [line for line in lines if line.citation.article_id in visible]
    if seen:
        shown = [_told_line(line, summaries) for line in seen]
        # The headline is the lead's words: when that may not be seen, another's title stands for it.
        headline = seen[0].headline if story.articles[0] in visible else lead.title or lead.path
    else:
        shown = [_summary_line(bullet, lead) for bullet in own.bullets] if own else []
        headline = own.headline if own else lead.title or lead.path
    return StoryView(
        headline=headline,
        address=f"/story/{story.id}" if story.id else article_address(lead.ingested_seq),
        language=lead.language,
        novelty=story.novelty,
        sources=tuple(dict.fromkeys(article.source or article.path for article in articles)),
        published_at=lead.published_at,
        lines=tuple(line for line in shown if line.text.rstrip(".") != headline.rstrip(".")),
        articles=len(articles) if is_limited else len(story.articles),
    )


def _told_line(line: ToldLine, summaries: dict[str, Summary]) -> LineView:
    """Return a told line with who says so, which its article's summary knows; else the source's own words."""
    citation = line.citation
    summary = summaries.get(citation.article_id)
    bullet = next((one for one in summary.bullets if one.text == line.text), None) if summary else None
    return LineView(
        text=line.text if bullet else citation.quote,
        address=article_address(citation.seq, citation.sentences),
        quote=citation.quote,
        attribution=bullet.attribution if bullet else None,
        status=bullet.status if bullet else "fact",
    )


def _summary_line(bullet: Bullet, article: Article) -> LineView:
    return LineView(
        text=bullet.text,
        address=article_address(article.ingested_seq, bullet.sentences),
        quote=bullet.quote,
        attribution=bullet.attribution,
        status=bullet.status,
    )


def _is_of_the_house(edition: Edition) -> bool:
    return any(
        edition.destination.startswith(name) if name.endswith(":") else edition.destination == name
        for name in HOUSE_DESTINATIONS
    )
