"""Articles, files and digests of an invented town, for the tests of the archive."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime

from bot.model import (
    Article,
    Bullet,
    Coverage,
    Digest,
    DigestItem,
    FileRecord,
    FileState,
    RemovedLine,
    Sentence,
    Summary,
)
from bot.storage.archive import SqlArchive
from bot.stories.telling import tell_story

BRIDGE = (
    "The mayor of Oldport opened the new bridge over the Arvel on Monday. It cost 3.4 million crowns, twice the sum "
    "of the first plan. Engineers had warned of floods in spring. Nobody was hurt when the old bridge closed. "
    "Ferries will run until the end of the month, the harbour office said."
)
STRIKE = (
    "Bakers in Lindau went on strike after talks about night work failed. Their union asks for shorter nights and "
    "two more free days. The guild of mills called the demand unaffordable. Shops have flour for a week, a "
    "spokeswoman said."
)


def make_article(article_id: str, body: str = BRIDGE, *, path: str | None = None, title: str | None = None) -> Article:
    """Return an article whose sentences end at full stops and whose version is a hash of title and body."""
    starts = [0, *(index + 2 for index in range(len(body) - 1) if body[index : index + 2] == ". ")]
    ends = [*(start - 1 for start in starts[1:]), len(body)]
    sentences = tuple(
        Sentence(index=index, text=body[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
        if end > start
    )
    content = f"{title}\n{body}".encode("utf-8", "surrogatepass")
    return Article(
        id=article_id,
        version=hashlib.sha256(content).hexdigest(),
        path=path or article_id,
        title=title,
        language="en",
        body=body,
        sentences=sentences,
    )


def make_full_article() -> Article:
    """Return an article with every field filled."""
    article = make_article("https://paper.example/bridge", title="Bridge opens")
    return Article(
        **{name: getattr(article, name) for name in ("id", "version", "title", "body", "sentences")},
        path="town/bridge.txt",
        collection="town",
        deck="After three years",
        byline=("Ida Holm", "Per Ek"),
        source="The Oldport Courier",
        url="https://paper.example/bridge",
        published_at=datetime(2026, 3, 2, 6, 30, tzinfo=UTC),
        published_day_only=True,
        modified_at=datetime(2026, 3, 3, tzinfo=UTC),
        language="en",
        key_points=("Bridge is open",),
        captions=("The bridge at dawn",),
        subheads=("The cost",),
        removed=(RemovedLine(line=4, text="Share this", reason="share line"),),
    )


def make_record(path: str | bytes, *articles: Article, state: FileState = FileState.READ) -> FileRecord:
    """Return what is known of a file that holds these articles."""
    return FileRecord(
        path=os.fsencode(path),
        signature=(1, 2**64 - 1, 300, -5, 10**18),
        state=state,
        reason=None if state is FileState.READ else "not readable",
        article_ids=tuple(article.id for article in articles),
    )


def make_summary(article: Article, *, headline: str = "Bridge opens") -> Summary:
    """Return a summary with one bullet that cites the first sentence."""
    bullet = Bullet(text="The bridge is open.", sentences=(0,), quote=article.sentences[0].text, attribution="mayor")
    return Summary(
        article_id=article.id, version=article.version, headline=headline, bullets=(bullet,), writer="extractive"
    )


def make_item(article: Article) -> DigestItem:
    """Return a story of this article alone, told with the one bullet of its summary."""
    summary = make_summary(article)
    story = tell_story([article], {article.id: summary}, placement_event=article.id, storyline=article.id)
    return DigestItem(story=story, articles=(article,), novelty="new", headline=story.headline, bullets=story.bullets)


def make_digest(since_seq: int, until_seq: int, *articles: Article) -> Digest:
    """Return a digest of these articles."""
    return Digest(
        made_at=datetime(2026, 3, 2, 7, tzinfo=UTC),
        since_seq=since_seq,
        until_seq=until_seq,
        items=tuple(make_item(article) for article in articles),
        held_back=(),
        coverage=Coverage(read=1, quarantined=0, merged=0, shown=1, extractive=1, llm=0),
    )


async def all_files(archive: SqlArchive) -> dict[bytes, FileRecord]:
    """Return every file that is not gone, by path."""
    return {record.path: record for record in await archive.files_after(b"", limit=100_000)}
