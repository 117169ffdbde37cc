"""Articles of invented towns, a few events of a few storylines, for the tests of stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.model import Article, Bullet, Summary
from tests.storage.archive_parts import make_article

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)

QUAKE_AT_SELBY = (
    "An earthquake of magnitude 5.8 struck Selbyhaven on Monday and brought down 40 houses. Rescuers pulled 12 people "
    "from the ruins of a school. Mayor Petra Lund asked the army for tents. The quake was felt as far as Oldport.",
    "Rescue teams in Selbyhaven searched the ruins of a school on Monday after an earthquake of magnitude 5.8. Twelve "
    "people were pulled out alive. Mayor Petra Lund said 40 houses had come down. Soldiers will bring tents.",
    "The army sends tents to Selbyhaven, where an earthquake destroyed 40 houses on Monday. Mayor Petra Lund thanked "
    "the soldiers. Twelve people were rescued from a school. Seismologists put the magnitude at 5.8.",
)
QUAKE_AT_MARREN = (
    "An earthquake of magnitude 7.1 hit the coast of Marren on Friday and a wave flooded the port of Tolle. Governor "
    "Ana Reis ordered 9,000 people to leave. Fishing boats were thrown onto the quay. Nobody is known to have died.",
    "A wave flooded the port of Tolle on Friday after an earthquake of magnitude 7.1 off Marren. Some 9,000 people had "
    "to leave their homes, Governor Ana Reis said. Boats lie on the quay.",
)
BAKERS = (
    "Bakers in Lindau went on strike after talks about night work failed. Their union asks for shorter nights. The "
    "guild of mills called the demand unaffordable. Shops have flour for a week, spokeswoman Greta Olm said.",
    "No bread in Lindau: the bakers' strike over night work entered its second day. Greta Olm of the guild said flour "
    "would last a week. The union wants shorter nights and two more free days.",
)


def report(name: str, body: str, *, at: datetime | None = None, title: str | None = None, seq: int = 0) -> Article:
    """Return an article with a date and a place in the order of reading."""
    article = make_article(name, body, title=title)
    return Article(
        **{field: getattr(article, field) for field in ("id", "version", "path", "title", "language", "body")},
        sentences=article.sentences,
        published_at=at,
        source=f"The {name} Gazette",
        ingested_seq=seq,
    )


def summary_of(article: Article, *lines: str | Bullet) -> Summary:
    """Return a summary with these bullets; a line given as text cites the sentence of its position."""
    bullets = tuple(
        line if isinstance(line, Bullet) else Bullet(text=line, sentences=(position,), quote=line)
        for position, line in enumerate(lines)
    )
    headline = article.title or f"Headline of {article.id}"
    return Summary(
        article_id=article.id, version=article.version, headline=headline, bullets=bullets, writer="extractive"
    )


def groups_of(ids: Sequence[str]) -> list[set[int]]:
    """Return which positions have the same id, in the order of their first member."""
    found: dict[str, set[int]] = {}
    for position, one in enumerate(ids):
        found.setdefault(one, set()).add(position)
    return list(found.values())
