"""Filters and topics: which articles a channel wants, and how its lists change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.dispatch import dispatch_text
from bot.commands.visibility import Wish, matches, split_list, why_not
from bot.model import Article
from bot.ports import ChannelFilter
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import TUNNEL, make_context, make_news, shown

ARTICLE = make_news("tunnel.txt", TUNNEL, title="Harbour tunnel opens in May")
KOREAN_TEXT = "부산 항구에서 새 터널이 열렸다. 시장은 기뻐했다."
KOREAN = replace(make_news("busan.txt", KOREAN_TEXT, title="항구 터널 개통", source="바다신문"), language="ko")


def wish(include: str = "", exclude: str = "", topics: str = "") -> Wish:
    """Return a wish from lists written with commas."""
    filters = ChannelFilter(include=split_list(include), exclude=split_list(exclude))
    return Wish(filters=filters, topics=split_list(topics))


@pytest.mark.parametrize(
    ("wanted", "is_wanted"),
    [
        (wish(), True),
        (wish(topics="ferry"), True),
        (wish(topics="FERRIES"), True),
        (wish(topics="harbour tunnel"), True),
        (wish(topics="tunnel harbour"), False),
        (wish(topics="zeppelin, ferry"), True),
        (wish(topics="zeppelin"), False),
        (wish(topics="tunn"), False),
        (wish(topics="may the harbour"), False),
        (wish(include="ferry"), True),
        (wish(include="zeppelin"), False),
        (wish(exclude="ferry"), False),
        (wish(exclude="zeppelin"), True),
        (wish(include="ferry", exclude="crowns"), False),
        (wish(include="source:the vessa post"), True),
        (wish(include="source:Quell Daily"), False),
        (wish(include="source:The Vessa Post, zeppelin"), False),
        (wish(include="source:The Vessa Post, ferry"), True),
        (wish(exclude="source:The Vessa Post"), False),
        (wish(exclude="source:Vessa"), True),
        (wish(topics="Mira Voss"), True),
        (wish(topics="!!!"), False),
        (wish(exclude="..."), True),
    ],
)
def test_an_article_is_wanted_or_not(wanted: Wish, is_wanted: bool) -> None:
    assert matches(ARTICLE, wanted) is is_wanted


@pytest.mark.parametrize(("topic", "is_wanted"), [("항구", True), ("터널 개통", True), ("기차", False)])
def test_topics_work_without_spaces_between_words(topic: str, is_wanted: bool) -> None:
    assert matches(KOREAN, wish(topics=topic)) is is_wanted


def test_a_phrase_does_not_reach_from_the_headline_into_the_text() -> None:
    article = make_news("x.txt", "Ferries run.", title="New harbour")
    assert not matches(article, wish(topics="harbour ferries"))


def test_a_collection_that_may_not_be_seen_is_never_wanted() -> None:
    inside = replace(ARTICLE, collection="board")
    assert not matches(inside, Wish(collections=("", "town")))
    assert matches(inside, Wish(collections=("board",)))
    assert not matches(ARTICLE, Wish(only=("board",)))


def test_the_reason_names_the_entry() -> None:
    assert why_not(ARTICLE, wish(exclude="crowns")) == "this channel excludes “crowns”"
    assert why_not(ARTICLE, wish()) is None


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("a, b ,, c", ("a", "b", "c")),
        ("Ferry, ferry, FERRY", ("Ferry",)),
        ("harbour  office; ferry", ("harbour office", "ferry")),
        ("항구\uff0c 도시", ("항구", "도시")),
        ("", ()),
    ],
)
def test_a_list_is_split_at_commas(text: str, entries: tuple[str, ...]) -> None:
    assert split_list(text) == entries


async def test_words_and_sources_are_added_moved_and_removed(archive: SqlArchive) -> None:
    context = make_context(archive)
    here = context.caller.destination
    await dispatch_text('filter exclude words:"strike, horoscope" source:"Quell Daily"', context)
    assert (await archive.filters(here)).exclude == ("strike", "horoscope", "source:Quell Daily")
    await dispatch_text("filter include STRIKE", context)
    filters = await archive.filters(here)
    assert (filters.include, filters.exclude) == (("STRIKE",), ("horoscope", "source:Quell Daily"))
    await dispatch_text("filter exclude horoscope remove:yes", context)
    assert (await archive.filters(here)).exclude == ("source:Quell Daily",)
    text = shown(await dispatch_text("filter list", context))
    assert "source: Quell Daily" in text
    assert "STRIKE" in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("filter include", "Say which"),
        ("filter exclude ,,,", "Say which"),
        ("filter exclude zeppelin remove:yes", "is not on that list"),
        ("filter exclude " + "x" * 90, "at most 80 characters"),
        ("filter include words:" + ",".join(f"w{n}" for n in range(101)), "at most 100 entries"),
        ("filter exclude words:" + "x" * 1_001, "use at most 1,000"),
    ],
)
async def test_a_wrong_filter_is_refused_and_not_kept(text: str, sentence: str, archive: SqlArchive) -> None:
    context = make_context(archive)
    reply = await dispatch_text(text, context)
    assert reply.failed
    assert sentence in shown(reply)
    assert await archive.filters(context.caller.destination) == ChannelFilter()


async def test_the_digest_of_a_channel_keeps_to_its_filter_and_counts_what_it_leaves_out(archive: SqlArchive) -> None:
    context = make_context(archive)
    await dispatch_text('filter exclude source:"Quell Daily"', context)
    text = shown(await dispatch_text("digest", context))
    assert "Bakers" not in text
    assert "Left out: 1 article, by this channel's filter" in text
    assert "Bakers" in shown(await dispatch_text("digest", make_context(archive, channel="channel-2")))


def test_matching_leaves_an_article_without_any_text_alone() -> None:
    empty = Article(id="x", version="v", path="x.txt")
    assert matches(empty, wish())
    assert not matches(empty, wish(topics="ferry"))
