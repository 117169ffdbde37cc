"""Which articles a digest shows, in which order, and that none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.digests.composing import FolderCounts, Size, compose_digest, select_for_digest
from bot.digests.telling import digest_message
from bot.messages.rendering import render_plain
from bot.model import Article, Bullet, Digest, Summary

NOW = datetime(2026, 5, 3, 8, 0, tzinfo=UTC)
ROOMY = Size(max_articles=10, max_chars=100_000)


def article(number: int, *, published_at: datetime | None = None, copy_of: int | None = None) -> Article:
    return Article(
        id=f"a{number}",
        version="v1",
        path=f"{number}.txt",
        title=f"Headline {number}",
        published_at=published_at,
        ingested_seq=number,
        duplicate_of=None if copy_of is None else f"a{copy_of}",
    )


def summary_of(told: Article, *, bullets: int = 3, words: int = 8) -> Summary:
    text = " ".join(["word"] * words)
    lines = tuple(Bullet(text=f"{text} {index}.", sentences=(), quote="") for index in range(bullets))
    return Summary(article_id=told.id, version="v1", headline=told.title or "", bullets=lines, writer="extractive")


def digest_of(articles: list[Article], *, size: Size = ROOMY, bullets: int = 3) -> Digest:
    selection = select_for_digest(articles, made_at=NOW, max_articles=size.max_articles)
    return compose_digest(
        list(selection.shown),
        {told.id: summary_of(told, bullets=bullets) for told in articles},
        selection=selection,
        since_seq=0,
        until_seq=len(articles),
        folder=FolderCounts(quarantined=2, waiting=0),
        made_at=NOW,
        size=size,
    )


def shown_ids(digest: Digest) -> list[str]:
    return [item.article.id for item in digest.items]


def test_the_newest_article_comes_first() -> None:
    old = article(1, published_at=NOW - timedelta(days=9))
    fresh = article(2, published_at=NOW - timedelta(hours=1))
    assert shown_ids(digest_of([old, fresh])) == ["a2", "a1"]


def test_an_article_dated_1970_and_one_dated_2099_are_told_like_any_other() -> None:
    ancient = article(1, published_at=datetime(1970, 1, 1, tzinfo=UTC))
    future = article(2, published_at=datetime(2099, 1, 1, tzinfo=UTC))
    undated = article(3)
    assert shown_ids(digest_of([ancient, future, undated])) == ["a3", "a2", "a1"]


def test_a_near_copy_is_merged_into_its_original() -> None:
    digest = digest_of([article(1), replace(article(2, copy_of=1), source="The Other Paper")])
    assert shown_ids(digest) == ["a1"]
    assert digest.items[0].merged == ("The Other Paper",)
    assert digest.coverage.merged == 1


def test_a_copy_of_something_told_before_is_counted_and_not_told_again() -> None:
    digest = digest_of([article(7, copy_of=1)])
    assert not digest.items
    assert "near-copies of what was told before" in render_plain(digest_message(digest))


def test_an_empty_day_says_so() -> None:
    assert "Nothing new" in render_plain(digest_message(digest_of([])))


def test_what_does_not_fit_is_named_by_its_headline() -> None:
    digest = digest_of([article(number) for number in range(1, 6)], size=Size(max_articles=2, max_chars=100_000))
    assert digest.held_back == ("Headline 3", "Headline 2", "Headline 1")
    assert "Also new" in render_plain(digest_message(digest))


def test_a_small_digest_shortens_articles_before_it_drops_them() -> None:
    digest = digest_of([article(1), article(2)], size=Size(max_articles=10, max_chars=600), bullets=5)
    assert [len(item.summary.bullets) for item in digest.items] == [5, 3]


def test_the_footer_says_what_was_read_left_out_and_merged() -> None:
    text = render_plain(digest_message(digest_of([article(1), article(2, copy_of=1)])))
    assert "2 articles read, 2 quarantined, 1 merged" in text
    assert "1 extractive; cost $0.00" in text


@given(
    st.lists(st.tuples(st.integers(-9000, 9000), st.booleans()), max_size=30),
    st.integers(1, 10),
    st.integers(100, 5000),
)
def test_every_article_is_shown_named_or_merged(rows: list[tuple[int, bool]], most: int, chars: int) -> None:
    articles = [
        article(number, published_at=NOW + timedelta(days=day), copy_of=1 if copy and number > 1 else None)
        for number, (day, copy) in enumerate(rows, start=1)
    ]
    digest = digest_of(articles, size=Size(max_articles=most, max_chars=chars))
    assert len(digest.items) + len(digest.held_back) + digest.coverage.merged == len(articles)
    assert len(digest.items) <= most
