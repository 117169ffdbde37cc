"""Articles of an invented coast that are told as stories, and what a digest of them holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.digests.composing import FolderCounts, Size, Told, compose_digest
from bot.digests.items import Material, compose_item, judge_candidate
from bot.digests.ranking import Candidate, group_stories, rank_stories, spread_sources
from bot.digests.remembering import lines_told
from bot.model import Article, Bullet, Digest, KnownStory, Placement, Sentence, Summary
from bot.ports import ToldLine
from bot.stories.novelty import History
from bot.text.sentences import split_sentences

NOW = datetime(2026, 5, 3, 8, 0, tzinfo=UTC)
ROOMY = Size(max_articles=10, max_chars=100_000)


def make_article(
    number: int,
    *lines: str,
    title: str | None = None,
    source: str | None = None,
    published_at: datetime | None = None,
    copy_of: int | None = None,
) -> Article:
    """Return an article of these sentences; by default of three about a matter that no other article has."""
    body = " ".join(lines or _own_lines(number))
    spans = split_sentences(body, "en")
    sentences = tuple(
        Sentence(index=index, text=body[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(spans)
    )
    return Article(
        id=f"a{number}",
        version=f"v{number}",
        path=f"{number}.txt",
        title=f"Headline {number}" if title is None else title or None,
        source=source,
        published_at=published_at,
        language="en",
        body=body,
        sentences=sentences,
        ingested_seq=number,
        duplicate_of=None if copy_of is None else f"a{copy_of}",
    )


def summary_of(article: Article, *, headline: str = "") -> Summary:
    """Return a summary whose bullets are the article's sentences."""
    bullets = tuple(Bullet(text=one.text, sentences=(one.index,), quote=one.text) for one in article.sentences)
    return Summary(
        article_id=article.id,
        version=article.version,
        headline=headline or article.title or article.sentences[0].text.rstrip("."),
        bullets=bullets,
        writer="extractive",
        headline_derived=article.title is None,
    )


def digest_of(
    articles: Sequence[Article],
    *,
    fresh: Sequence[Article] | None = None,
    events: Mapping[int, str] | None = None,
    told: Sequence[ToldLine] = (),
    size: Size = ROOMY,
    until_seq: int | None = None,
) -> Digest:
    """Return the digest of the fresh articles (all by default); `events` names the event of an article by its number.

    This is what `bot.commands.gathering` does with an archive.
    """
    new = list(articles if fresh is None else fresh)
    placements = {
        article.id: Placement(article_id=article.id, event=event, storyline=f"line of {event}")
        for article in articles
        if (event := (events or {}).get(article.ingested_seq)) is not None
    }
    summaries = {article.id: summary_of(article) for article in articles}
    history = History(told)
    candidates, merged = group_stories(new, placements)
    judged = [judge_candidate(candidate, summaries, history) for candidate in candidates]
    news = [candidate for candidate in judged if candidate.novelty != "unchanged"]
    ranked = spread_sources(rank_stories(news, made_at=NOW))
    items = [
        compose_item(
            Material(
                ranked=one,
                articles=tuple(_members(one.candidate, articles, placements)),
                summaries=summaries,
                fresh=frozenset(article.id for article in new),
            ),
            history,
        )
        for one in ranked[: size.max_articles]
    ]
    known = [one for one in judged if one.novelty == "unchanged"]
    return compose_digest(
        Told(
            items=tuple(item for item in items if item.novelty != "unchanged"),
            named=tuple(one.candidate.heads[0].title or "" for one in ranked[size.max_articles :]),
            known=(
                *(KnownStory(headline=item.headline, articles=1) for item in items if item.novelty == "unchanged"),
                *(KnownStory(headline=one.heads[0].title or "", articles=len(one.heads)) for one in known),
            ),
            read=len(new),
            merged=merged,
        ),
        since_seq=0,
        until_seq=until_seq or len(articles),
        folder=FolderCounts(quarantined=2, waiting=0),
        made_at=NOW,
        max_chars=size.max_chars,
    )


def told_by(digest: Digest) -> list[ToldLine]:
    """Return what a channel remembers of a digest, as the archive gives it: newest first."""
    return lines_told(digest)[::-1]


def leads(digest: Digest) -> list[str]:
    """Return the ids of the articles that lead the stories shown."""
    return [item.article.id for item in digest.items]


def _members(candidate: Candidate, articles: Sequence[Article], placements: Mapping[str, Placement]) -> list[Article]:
    own = {head.id for head in (*candidate.heads, *candidate.copies)}
    return [
        article
        for article in articles
        if article.id in own or (article.id in placements and placements[article.id].event == candidate.event)
    ]


def _own_lines(number: int) -> tuple[str, ...]:
    # Words of their own: stories that share words are compared with each other.
    name = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return (
        f"Mayor Quill{name} opened pier{name} on lake Vorn{name}.",
        f"Engineer Brandt{name} paid for timber{name} from Tarn{name}.",
        f"Ferry Ilsa{name} carries miners{name} to Harl{name}.",
    )
