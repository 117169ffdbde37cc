"""No line is told twice to a channel, and nothing new is lost, whatever comes, is edited and is told in which order."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bot.commands.actions import DigestPart, action_of_part, read_digest_part
from bot.commands.digest import gather_channel_digest
from bot.commands.gathering import gather_part
from bot.commands.visibility import Wish
from bot.digests.composing import Size
from bot.digests.remembering import lines_told
from bot.model import Article, Digest
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.novelty import History, fingerprint_of
from bot.stories.placing import StoryPlacer
from tests.commands.commands_parts import NOW, FixedClock, fill, make_news

CHANNEL = "discord:guild-1:channel-1"
ROOMY = Size(max_articles=50, max_chars=1_000_000)
TIGHT = Size(max_articles=2, max_chars=900)

SENTENCES = (
    "Twelve people were hurt in the warehouse fire in Oldport on Monday.",
    "Fourteen people were hurt in the warehouse fire in Oldport on Monday.",
    "The fire brigade of Vessa said that the roof of the warehouse fell in at midnight.",
    "A faulty cable set the roof of the warehouse in Oldport alight, inspectors found.",
    "The owner of the warehouse, Norrland Lines, was warned twice about its exits.",
    "The cause of the warehouse fire in Oldport is not known.",
    "The harbour tunnel of Vessa opens on 14 May, mayor Ilse Brandt said.",
    "The harbour tunnel of Vessa opens on 21 May, mayor Ilse Brandt said.",
    "The harbour tunnel of Vessa cost 41 million crowns, twice the first estimate.",
    "Bakers in Quell went on strike after talks about night work failed.",
    "The guild of mills called the demand of the bakers in Quell unaffordable.",
    "A clinic in Tarn has tested a vaccine against marsh fever on 300 people.",
)

file_names = st.integers(0, 5)
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("file"), file_names, texts),
        st.tuples(st.just("digest"), st.sampled_from([ROOMY, TIGHT]), st.booleans()),
    ),
    min_size=2,
    max_size=10,
)


@dataclass
class Channel:
    """What one channel was told so far."""

    told: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


# The day of a tunnel's opening is told before another count of the hurt.
_DAY_THEN_COUNT: list[tuple[object, ...]] = [
    ("file", 1, [SENTENCES[10]]),
    ("file", 1, [SENTENCES[3]]),
    ("digest", ROOMY, True),
    ("file", 2, [SENTENCES[0], SENTENCES[4], SENTENCES[6]]),
    ("digest", ROOMY, False),
    ("file", 5, [SENTENCES[3]]),
    ("file", 2, [SENTENCES[4], SENTENCES[11], SENTENCES[5]]),
    ("digest", ROOMY, False),
    ("file", 3, [SENTENCES[0], SENTENCES[5], SENTENCES[1]]),
]


@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(steps)
@example(_DAY_THEN_COUNT)
def test_no_line_is_told_twice_and_nothing_new_is_lost(plan: list[tuple[object, ...]]) -> None:
    asyncio.run(_play([*plan, ("digest", ROOMY, False)]))


async def _play(plan: list[tuple[object, ...]]) -> None:
    clock, channel = FixedClock(), Channel()
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        placer = StoryPlacer(archive, clock)
        for kind, one, other in plan:
            clock.time += timedelta(minutes=7)
            if kind == "file":
                assert isinstance(one, int)
                assert isinstance(other, list)
                title = None if one % 2 else f"News of desk {one}"
                await fill(archive, [make_news(f"{one}.txt", " ".join(other), title=title, source=f"Paper {one % 3}")])
                await placer.catch_up()
            else:
                assert isinstance(one, Size)
                await _tell(archive, clock, one, channel, recorded_by_topic=bool(other))


async def _tell(
    archive: SqlArchive, clock: FixedClock, size: Size, channel: Channel, *, recorded_by_topic: bool
) -> None:
    """Tell what is new, now and then by a schedule with a cursor of its own, which tells it to the same channel."""
    cursor = f"{CHANNEL}/3f9a" if recorded_by_topic else CHANNEL
    before = await archive.told_lines(CHANNEL, limit=1_000)
    fresh = await archive.articles_between(await archive.digest_cursor(cursor), await archive.last_seq())
    found = await gather_channel_digest(
        archive, destination=cursor, channel=CHANNEL, clock=clock, size=size, wish=Wish()
    )
    digest = found.digest
    for line in lines_told(digest):
        channel.told[fingerprint_of(line.text)] += 1
        channel.lines.append(line.text)
    repeated = [line for line in channel.lines if channel.told[fingerprint_of(line)] > 1]
    assert not repeated
    if size is ROOMY:
        assert not digest.held_back
        await _assert_nothing_lost(archive, fresh, digest, History(before))
    await archive.save_digest(cursor, digest, "told")


async def _assert_nothing_lost(archive: SqlArchive, fresh: list[Article], digest: Digest, history: History) -> None:
    """Every line of a new article is told now, was told before, or says no more than a line that was."""
    shown = {article.id for item in digest.items for article in item.articles}
    known = History([*history.lines, *lines_told(digest)])
    summaries = await archive.summaries_of(fresh)
    counted = sum(story.articles for story in digest.known) + digest.coverage.merged
    unseen = [article for article in fresh if article.id not in shown]
    assert len(unseen) <= counted
    for article in unseen:
        original = await archive.article(article.duplicate_of) if article.duplicate_of else None
        for bullet in summaries[article.id].bullets:
            in_original = original is not None and bullet.quote in original.body
            stories = shown | {article.id, article.duplicate_of or ""}
            assert in_original or not known.judge(bullet.text, article.language, stories=stories).is_new


async def test_two_digests_of_one_moment_tell_their_channel_each_line_once() -> None:
    clock = FixedClock()
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        await fill(archive, [make_news("fire.txt", " ".join(SENTENCES[2:5]), title="Fire")])
        for cursor, expected in ((f"{CHANNEL}/3f9a", 3), (CHANNEL, 0)):
            found = await gather_channel_digest(
                archive, destination=cursor, channel=CHANNEL, clock=clock, size=ROOMY, wish=Wish()
            )
            assert len(lines_told(found.digest)) == expected
            await archive.save_digest(cursor, found.digest, "told")
            clock.time += timedelta(milliseconds=1)


async def test_what_one_channel_was_told_is_news_to_another() -> None:
    clock = FixedClock()
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        await fill(archive, [make_news("fire.txt", " ".join(SENTENCES[2:5]), title="Fire")])
        for channel in (CHANNEL, "discord:guild-1:channel-2"):
            found = await gather_channel_digest(
                archive, destination=channel, channel=channel, clock=clock, size=ROOMY, wish=Wish()
            )
            assert len(lines_told(found.digest)) == 3
            await archive.save_digest(channel, found.digest, "told")


async def test_a_digest_told_again_by_its_buttons_is_the_one_that_was_told() -> None:
    clock = FixedClock(NOW + timedelta(microseconds=1_999))
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        await fill(archive, [make_news("fire.txt", " ".join(SENTENCES[2:5]), title="Fire")])
        found = await gather_channel_digest(
            archive, destination=CHANNEL, channel=CHANNEL, clock=clock, size=ROOMY, wish=Wish()
        )
        await archive.save_digest(CHANNEL, found.digest, "told")
        part = DigestPart(since_seq=0, until_seq=1, made_at=found.digest.made_at)
        action = action_of_part("sources", part)
        assert action is not None
        read = read_digest_part(action.removeprefix("sources:"))
        assert read == part
        again = await gather_part(archive, read, channel=CHANNEL, wish=Wish(), size=ROOMY)
        assert again.digest == replace(found.digest, coverage=again.digest.coverage)
        assert again.digest.items
