"""Where a story comes from, in as few words as say it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.messages.stories import sources_text
from bot.model import Article

MARCH = datetime(2026, 3, 2, tzinfo=UTC)


def article(source: str, *, at: datetime | None = None) -> Article:
    return Article(id=source, version="v", path=f"{source}.txt", source=source, published_at=at, body="", sentences=())


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["Courier", "Herald"], "2 articles · 1 Courier, undated · 2 Herald, undated"),
        (["Wire"] * 12, "12 articles · Wire, undated"),
        (
            ["Wire", "Wire", "Courier", "Wire", "Wire", "Wire"],
            "6 articles · 1, 2, 4–6 Wire, undated · 3 Courier, undated",
        ),
    ],
)
def test_a_source_is_named_once_with_the_numbers_of_its_articles(sources: list[str], expected: str) -> None:
    assert sources_text([article(source) for source in sources]) == expected


def test_sources_without_room_are_counted_by_their_articles() -> None:
    many = [article(source) for source in ("A", "B", "C", "D", "E", "F", "G", "G")]
    assert sources_text(many).endswith("· 5 E, undated · and 3 more articles")


def test_days_tell_articles_of_one_source_apart() -> None:
    text = sources_text([article("Wire", at=MARCH), article("Wire")])
    assert text == "2 articles · 1 Wire, 2 Mar 2026 · 2 Wire, undated"
