"""An archive full of hostile text, the same for every platform: wherever readers see a text, one of these stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Article, FileRecord, FileState
from bot.storage.archive import SqlArchive
from bot.summaries.extractive import summarize_article
from tests.storage.archive_parts import make_article

_COUNTED = 1_017
_SIGNATURE = (1, 1, 1, 1, 1)


def report_of(text: str, number: int, *, edition: int = 0) -> str:
    """Return the text of a report that counts boats; another edition counts as many more."""
    return f"Report {number} of {text} counted {_COUNTED + edition + number} boats. {text} was seen, {text} said."


async def fill(
    archive: SqlArchive, texts: Sequence[str], *, unread: tuple[bytes, str], first: int = 0, edition: int = 0
) -> None:
    """Put an article for each of these strings into the archive, and a file that could not be read: (path, why)."""
    articles = [_article_of(text, number, edition) for number, text in enumerate(texts, start=first)]
    await archive.save_articles([], articles, [summarize_article(article) for article in articles])
    path, reason = unread
    record = FileRecord(path=path, signature=_SIGNATURE, state=FileState.QUARANTINED, reason=reason)
    await archive.save_files([record])


def _article_of(text: str, number: int, edition: int) -> Article:
    article = make_article(f"h{number}.txt", report_of(text, number, edition=edition), title=f"{text} {number}")
    return replace(
        article, source=f"{text} {number}"[:80], byline=(text,), deck=text, url=f"https://paper.example/{number}"
    )
