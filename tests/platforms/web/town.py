"""The news of an invented town, read and summarized the way the bot does it, and told as two digests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.articles.building import build_articles
from bot.articles.raw import RawArticle
from bot.commands.digest import gather_digest
from bot.digests.composing import Size
from bot.model import Article, FileRecord, FileState
from bot.platforms.terminal.commands import record_digest
from bot.storage.archive import SqlArchive
from bot.stories.placing import StoryPlacer
from bot.summaries.extractive import summarize_article

BRIDGE = """Oldport opens its new bridge over the Arvel

By Ida Holm
The Oldport Courier
2 March 2026

The mayor of Oldport opened the new bridge over the Arvel on Monday after three years of work.

It cost 3.4 million crowns, twice the sum of the first plan. Engineers had warned of floods in spring.

Nobody was hurt when the old bridge closed in January. Ferries run until the end of the month, the harbour office said.

Share this article
"""
STRIKE = """Bakers in Lindau strike over night work

By Per Ek
Lindau Morning Letter
3 March 2026

Bakers in Lindau went on strike on Tuesday after talks about night work failed.

Their union asks for shorter nights and two more free days. The guild of mills called the demand unaffordable.

Shops have flour for a week, a spokeswoman said.
"""
SCHOOL = """Eddingholm will build a school on the hill

By Mara Voss
The Eddingholm Herald
4 March 2026

The council of Eddingholm decided on Wednesday to build a school for 240 pupils on the hill above the harbour.

Work will begin in May and cost 9 million crowns. Neighbours had collected 1,200 signatures against the plan.

The school is to open in August 2028.
"""
LATER = """A storm closes the harbour of Oldport

By Ida Holm
The Oldport Courier
5 March 2026

A storm closed the harbour of Oldport on Thursday for six hours.

Two boats broke loose and were brought back by the pilots. Damage is put at 80,000 crowns, the harbour office said.
"""
SALE = """The board sells the ferry Alma

By Jon Rask
Notes of the board
6 March 2026

The board sells the ferry Alma to a yard in Lindau for 700,000 crowns, its chairman wrote on Friday.

The crew of eleven is to be told next week. Nobody outside the board knows of it yet.
"""


FIRE = """Fire on the ferry Alma off Oldport

By Ida Holm
The Oldport Courier
7 March 2026

A fire on the ferry Alma off Oldport injured 12 people on Saturday morning.

The ferry was on its way from Oldport to Eddingholm when smoke came from the engine room. Pilots towed the ferry Alma
into the harbour of Oldport. The harbour office said the cause was not known.
"""
FIRE_ELSEWHERE = """Ferry Alma burns off Oldport

By Mara Voss
The Eddingholm Herald
7 March 2026

The fire on the ferry Alma off Oldport injured 17 people on Saturday morning.

Smoke came from the engine room of the ferry Alma half way between Oldport and Eddingholm. Pilots towed the ferry into
the harbour of Oldport, where doctors waited on the quay.
"""


class At:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def fill_town(archive: SqlArchive) -> None:
    """Put three articles into the archive, tell a digest, and add a fourth that no digest has told."""
    await add_articles(archive, {"bridge.txt": BRIDGE, "strike.txt": STRIKE, "school.txt": SCHOOL})
    await tell(archive, datetime(2026, 3, 5, 8, tzinfo=UTC))
    await add_articles(archive, {"storm.txt": LATER})


async def add_articles(archive: SqlArchive, texts: dict[str, str], **changes: object) -> list[Article]:
    """Read the texts as files of these names, summarize and keep them; `changes` are made to each article."""
    articles = [
        replace(build_articles([RawArticle(text=text)], path=path, collection="")[0], **changes)
        for path, text in texts.items()
    ]
    records = [record_of(article) for article in articles]
    summaries = [summarize_article(one, bullets=3) for one in articles]
    stored = await archive.save_articles(records, articles, summaries)
    await StoryPlacer(archive, At(datetime(2026, 3, 5, 7, tzinfo=UTC))).catch_up()
    return stored


def record_of(article: Article) -> FileRecord:
    """Return what is known of the file of an article."""
    return FileRecord(
        path=article.path.encode(),
        signature=(1, hash(article.path) % 2**32, 1, 1, 1),
        state=FileState.READ,
        article_ids=(article.id,),
    )


async def tell(archive: SqlArchive, moment: datetime, *, destination: str = "terminal") -> None:
    """Tell what is new at this moment, and write it down."""
    digest = await gather_digest(
        archive, destination=destination, clock=At(moment), size=Size(max_articles=8, max_chars=12_000)
    )
    if destination == "terminal":
        await record_digest(archive, digest)
    else:
        await archive.save_digest(destination, digest, "text")
