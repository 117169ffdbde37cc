"""Stories in the chat: merged bullets, disagreements, what is new here, and that nothing hidden is part of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.context import Context
from bot.commands.digest import gather_digest
from bot.commands.dispatch import dispatch_text, press
from bot.model import Article
from bot.ports import Placed
from bot.storage.archive import SqlArchive
from bot.stories.features import NO_FEATURES, pack_features
from bot.stories.naming import EVENT_PREFIX, STORYLINE_PREFIX, name_story
from bot.stories.placing import StoryPlacer
from tests.commands.commands_parts import NOW, FixedClock, actions, fill, make_context, make_news, shown

FIRE = (
    "Twelve people were hurt in the warehouse fire in Oldport on Monday evening. The roof of the warehouse in Oldport "
    "fell in at midnight, the fire brigade of Vessa said. The owner of the warehouse, Norrland Lines, stored grain and "
    "timber in it."
)
FIRE_LATER = (
    "Fourteen people were hurt in the warehouse fire in Oldport on Monday evening. A faulty cable set the roof of the "
    "warehouse in Oldport alight, inspector Runa Falk of Vessa found. Norrland Lines stored grain and timber there."
)
FIRE_INSIDE = (
    "The board of Hollow Bank insured the warehouse in Oldport that burned in the fire on Monday evening. The bank "
    "expects to pay 9 million crowns to Norrland Lines for the warehouse fire in Oldport."
)


def fire() -> list[Article]:
    return [
        make_news(
            "fire.txt", FIRE, title="Warehouse fire in Oldport hurts twelve", published_at=NOW - timedelta(hours=9)
        ),
        make_news(
            "cause.txt",
            FIRE_LATER,
            title="Warehouse fire in Oldport: cable to blame",
            source="Quell Daily",
            published_at=NOW - timedelta(hours=2),
        ),
    ]


async def read(archive: SqlArchive, *articles: Article) -> list[Article]:
    stored = await fill(archive, articles)
    await StoryPlacer(archive, FixedClock()).catch_up()
    return stored


async def tell(context: Context) -> str:
    """Tell the context's channel its digest, written down as told, and return it."""
    key = context.caller.destination.key
    text = shown(await dispatch_text("digest", context))
    digest = await gather_digest(context.archive, destination=key, clock=context.clock, size=context.size)
    await context.archive.save_digest(key, digest, text)
    return text


async def test_two_reports_of_one_event_are_one_item_and_one_story(empty_archive: SqlArchive) -> None:
    await read(empty_archive, *fire())
    context = make_context(empty_archive)
    digest = await dispatch_text("digest", context)
    assert "[Proof of 1]" in shown(digest)
    assert "[Proof of 2]" not in shown(digest)
    for name in ("Warehouse fire in Oldport: cable to blame", "#1", "fire.txt"):
        text = shown(await dispatch_text(f"story {name}", context))
        assert "2 articles · 1 " in text
        assert "A faulty cable set the roof" in text
        assert "The Vessa Post" in text
        assert "No digest has told this channel of it yet." in text


@pytest.mark.parametrize("collections", [None, ("",)])
async def test_a_story_that_was_joined_to_another_is_found_by_its_old_ids(
    collections: tuple[str, ...] | None, empty_archive: SqlArchive
) -> None:
    first, later = stored = await fill(empty_archive, fire())
    for seen in ((first, later), (first, first)):
        places = [
            Placed(
                article_id=one.id,
                seq=one.ingested_seq,
                event=name_story(EVENT_PREFIX, under.id, ()),
                storyline=name_story(STORYLINE_PREFIX, under.id, ()),
                features=pack_features(NO_FEATURES),
            )
            for one, under in zip(stored, seen, strict=True)
        ]
        after, _ = await empty_archive.placed_after(0, newest=1)
        await empty_archive.place(places, after=after)
    context = make_context(empty_archive, collections=collections)
    for prefix in (EVENT_PREFIX, STORYLINE_PREFIX):
        old = name_story(prefix, later.id, ())
        assert "2 articles · 1 " in shown(await dispatch_text(f"story {old}", context))
        assert "2 articles (#1, #2)" in shown(await dispatch_text(f"why {old}", context))


async def test_an_update_tells_what_changed_and_links_what_was_told(empty_archive: SqlArchive) -> None:
    first, later = fire()
    await read(empty_archive, first)
    clock = FixedClock()
    context = make_context(empty_archive, clock=clock)
    assert "Twelve people were hurt" in await tell(context)
    await read(empty_archive, later)
    clock.time += timedelta(hours=1)
    text = shown(await dispatch_text("digest", context))
    assert "Update: Warehouse fire in Oldport" in text
    assert "Changed: Twelve people → Fourteen people; told on 4 Mar 2026" in text
    assert "The roof of the warehouse" not in text
    assert "Earlier here: “Warehouse fire in Oldport hurts twelve” (4 Mar 2026, #1)." in text
    story = shown(await dispatch_text("story #2", context))
    assert "Not told here yet (last told on 4 Mar 2026)" in story


async def test_a_look_at_the_digest_takes_nothing_from_the_channel(empty_archive: SqlArchive) -> None:
    await read(empty_archive, *fire())
    context = make_context(empty_archive)
    first = shown(await dispatch_text("digest", context))
    assert shown(await dispatch_text("digest", context)) == first


async def test_a_digest_since_a_moment_tells_again_what_was_told(empty_archive: SqlArchive) -> None:
    await read(empty_archive, *fire())
    clock = FixedClock()
    context = make_context(empty_archive, clock=clock)
    await tell(context)
    clock.time += timedelta(hours=1)
    assert "Nothing new" in shown(await dispatch_text("digest", context))
    again = await dispatch_text("digest since:all", context)
    assert "were hurt in the warehouse fire" in shown(again)
    sources = await press(actions(again)["Sources"], context)
    assert sources is not None
    assert "Quell Daily <https://paper.example/cause.txt>" in shown(sources)


async def test_why_names_the_factors_that_ordered_a_story(empty_archive: SqlArchive) -> None:
    await read(empty_archive, *fire())
    clock = FixedClock()
    context = make_context(empty_archive, clock=clock)
    text = shown(await dispatch_text("why #1", context))
    assert "number 1 of 1" in text
    assert "Told together with others of the same event: 2 articles (#1, #2)." in text
    for factor in (
        "sources: 0.25 × 0.39",
        "novelty: 0.20 × 1.00",
        "size: 0.10 × 0.28",
        "recency: 0.25",
        "feedback: 0.10",
    ):
        assert factor in text
    await tell(context)
    clock.time += timedelta(hours=1)
    told = shown(await dispatch_text("why #1", context))
    assert "none of them is told again" in told
    assert "came in before this channel's last digest" in told


@pytest.mark.parametrize("label", ["Proof", "Timeline", "Why", "Read", "👍"])
async def test_the_buttons_of_a_story_lead_on(label: str, empty_archive: SqlArchive) -> None:
    await read(empty_archive, *fire())
    context = make_context(empty_archive)
    reply = await press(actions(await dispatch_text("story #1", context))[label], context)
    assert reply is not None
    assert not reply.failed
    if label == "Proof":
        assert "s1: The roof of the warehouse in Oldport fell in at midnight" in shown(reply)
        assert "s1: A faulty cable set the roof" in shown(reply)


async def test_a_thumb_on_a_story_moves_what_follows_it(empty_archive: SqlArchive) -> None:
    first, later = fire()
    await read(empty_archive, first)
    clock = FixedClock()
    context = make_context(empty_archive, clock=clock)
    await tell(context)
    await press("vote:up:story-1", context)
    await read(empty_archive, later)
    clock.time += timedelta(hours=1)
    assert "feedback: 0.10 × 0.33" in shown(await dispatch_text("why #2", context))
    elsewhere = make_context(empty_archive, channel="channel-2", clock=clock)
    assert "feedback: 0.10 × 0.00" in shown(await dispatch_text("why #2", elsewhere))


async def test_what_is_hidden_is_no_part_of_a_story(empty_archive: SqlArchive) -> None:
    inside = make_news(
        "inside.txt", FIRE_INSIDE, title="Hollow Bank pays for Oldport fire", source="Board Letter", collection="board"
    )
    await read(empty_archive, inside, *fire())
    outsider = make_context(empty_archive, collections=("",))
    for text in ("digest", "story #2", "why #2", "story #3", "digest since:all", "story board/inside.txt"):
        answer = shown(await dispatch_text(text, outsider))
        assert not [secret for secret in ("Hollow", "Board", "9 million", "3 articles", "#1)") if secret in answer], (
            text
        )
    for action in ("proof:2", "why:2", "story:2", "timeline:2", "story:1", "proof:1"):
        reply = await press(action, outsider)
        assert reply is not None
        assert not [secret for secret in ("Hollow", "Board", "9 million") if secret in shown(reply)], action


@pytest.mark.parametrize("action", ["story:1", "why:1", "proof:1", "timeline:1", "page:article:1:clean:0"])
async def test_the_buttons_of_a_version_that_was_replaced_lead_to_the_article_as_it_is(
    action: str, empty_archive: SqlArchive
) -> None:
    first, later = fire()
    await read(empty_archive, first)
    edited = make_news("fire.txt", f"{FIRE} A wall was saved.", title=first.title, published_at=first.published_at)
    await read(empty_archive, edited, later)
    assert (await empty_archive.articles_between(0, 1)) == []
    reply = await press(action, make_context(empty_archive))
    assert reply is not None
    assert "Oldport" in shown(reply)
    assert "I have no article" not in shown(reply)
