"""What a digest holds: stories with what is new of them, nothing lost, nothing told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.composing import Size
from bot.digests.items import FIRST_JUDGED, prefer_standing
from bot.digests.telling import digest_message
from bot.messages.rendering import render_plain
from bot.model import Citation, StoryBullet
from tests.digests.digest_parts import NOW, digest_of, leads, make_article, told_by

FIRE = (
    "Twelve people were killed in the warehouse fire in Oldport.",
    "The roof fell in at midnight, the fire brigade of Vessa said.",
)
MORE = (
    "Fourteen people were killed in the warehouse fire in Oldport.",
    "A faulty cable had set the roof alight, inspectors from Eddingholm found.",
)


def said(*articles: object, **settings: object) -> str:
    return render_plain(digest_message(digest_of(*articles, **settings)))  # type: ignore[arg-type]


def test_articles_of_one_event_are_told_as_one_story_with_its_sources() -> None:
    one, other = make_article(1, *FIRE, source="Vessa Post"), make_article(2, MORE[1], source="Quell Daily")
    digest = digest_of([one, other], events={1: "fire", 2: "fire"})
    (item,) = digest.items
    assert (item.novelty, len(item.articles), len(item.bullets)) == ("new", 2, 3)
    text = render_plain(digest_message(digest))
    assert "2 articles · 1 Vessa Post, undated · 2 Quell Daily, undated" in text
    assert "inspectors from Eddingholm found. [2:s0]" in text


def test_a_story_told_before_comes_as_an_update_with_what_changed_only() -> None:
    old = make_article(1, *FIRE, source="Vessa Post")
    told = told_by(digest_of([old], events={1: "fire"}))
    new = make_article(2, *MORE, FIRE[1], source="Quell Daily")
    digest = digest_of([old, new], fresh=[new], events={1: "fire", 2: "fire"}, told=told)
    (item,) = digest.items
    assert item.novelty == "update"
    assert sorted(bullet.text for bullet in item.bullets) == sorted(MORE)
    (change,) = item.changes
    assert (change.kind, change.before, change.after) == ("number", "Twelve people", "Fourteen people")
    assert (change.told.article_id, change.now.article_id) == ("a1", "a2")
    text = render_plain(digest_message(digest))
    assert "Update: " in text
    assert f"Changed: Twelve people → Fourteen people; told on 3 May 2026: “{FIRE[0]}” (Vessa Post)" in text
    assert "Earlier here: “Headline 1” (3 May 2026, #1)." in text


def test_a_story_without_news_is_one_line_with_all_others_like_it() -> None:
    old = [make_article(1, *FIRE), make_article(2)]
    told = told_by(digest_of(old, events={1: "fire"}))
    again = make_article(3, *FIRE, title="Blaze in Oldport")
    fresh = [again, make_article(4)]
    digest = digest_of([*old, *fresh], fresh=fresh, events={1: "fire", 3: "fire"}, told=told)
    assert leads(digest) == ["a4"]
    text = render_plain(digest_message(digest))
    assert "1 more article tells what you know: “Blaze in Oldport”" in text
    assert "1 without news" in text


def test_a_day_on_which_everything_is_known_says_so() -> None:
    old = make_article(1, *FIRE)
    told = told_by(digest_of([old]))
    text = said([make_article(2, *FIRE, title="Blaze")], told=told)
    assert "Nothing new: 1 more article tells what you know: “Blaze”." in text


def test_lines_told_stay_told_when_stories_are_merged_or_split() -> None:
    old = make_article(1, *FIRE)
    told = told_by(digest_of([old], events={1: "fire"}))
    again = make_article(2, FIRE[0], MORE[1])
    (item,) = digest_of([again], events={2: "split off"}, told=told).items
    assert [bullet.text for bullet in item.bullets] == [MORE[1]]


def test_an_edited_article_tells_only_what_was_edited() -> None:
    told = told_by(digest_of([make_article(1, *FIRE)]))
    edited = replace(make_article(5, MORE[0], FIRE[1]), id="a1")
    (item,) = digest_of([edited], told=told).items
    assert [bullet.text for bullet in item.bullets] == [MORE[0]]
    assert item.novelty == "update"


def test_the_line_that_makes_the_headline_is_not_told_twice_but_remembered() -> None:
    untitled = make_article(1, *FIRE, title="")
    digest = digest_of([untitled])
    (item,) = digest.items
    assert item.headline == FIRE[0].rstrip(".")
    assert [bullet.text for bullet in item.bullets] == [FIRE[1]]
    assert "headline from s0" in render_plain(digest_message(digest))
    assert [line.text for line in told_by(digest)] == [FIRE[1], FIRE[0]]


def test_an_article_of_one_sentence_keeps_it() -> None:
    (item,) = digest_of([make_article(1, FIRE[0], title="")]).items
    assert [bullet.text for bullet in item.bullets] == [FIRE[0]]


def bullet(text: str, sentence: int) -> StoryBullet:
    citation = Citation(marker="1", article_id="a", seq=1, path="a", title="", sentences=(sentence,), quote=text)
    return StoryBullet(text=text, citations=(citation,))


def test_a_line_that_leans_on_another_is_told_under_that_one_only() -> None:
    named = bullet("The ministry plans a dam at Harl.", 3)
    leaning = bullet("The council has now confirmed it, saying work begins soon.", 4)
    others = [bullet("Farmers in Tarn protested on Monday.", 8), bullet("The dam costs 40 million crowns.", 9)]
    assert prefer_standing([named, leaning, *others], None, {"a": "en"}) == [named, leaning, *others]
    assert prefer_standing([leaning, *others], None, {"a": "en"}) == others
    assert prefer_standing([leaning, *others], named, {"a": "en"}) == [leaning, *others]
    assert prefer_standing([leaning], None, {"a": "en"}) == [leaning]


def test_a_line_that_stands_by_itself_is_told_also_from_the_end_of_a_long_article() -> None:
    leaning = [f"It was confirmed by the guild of street {number} in Vessa." for number in range(2 * FIRST_JUDGED)]
    standing = ["Farmers in Tarn protested on Monday.", "The dam at Harl costs 40 million crowns."]
    (item,) = digest_of([make_article(1, *leaning, *standing)]).items
    assert [told.text for told in item.bullets] == standing


def test_a_near_copy_is_merged_into_its_original() -> None:
    copy = make_article(2, *FIRE, copy_of=1, source="The Other Paper")
    digest = digest_of([make_article(1, *FIRE), copy])
    assert leads(digest) == ["a1"]
    assert digest.items[0].merged == ("The Other Paper",)
    assert digest.coverage.merged == 1


def test_a_copy_of_something_told_before_is_counted_and_not_told_again() -> None:
    digest = digest_of([make_article(7, copy_of=1)])
    assert not digest.items
    assert "near-copies of what was told before" in render_plain(digest_message(digest))


def test_an_empty_day_says_so() -> None:
    assert "Nothing new since the last digest." in said([])


def test_articles_dated_1970_and_2099_and_undated_ones_are_told_alike() -> None:
    ancient = make_article(1, published_at=datetime(1970, 1, 1, tzinfo=UTC))
    future = make_article(2, published_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert leads(digest_of([ancient, future, make_article(3)])) == ["a3", "a2", "a1"]


def test_what_does_not_fit_is_named_by_its_headline() -> None:
    digest = digest_of([make_article(number) for number in range(1, 6)], size=Size(max_articles=2, max_chars=100_000))
    assert digest.held_back == ("Headline 3", "Headline 2", "Headline 1")
    assert "Also new" in render_plain(digest_message(digest))


def test_a_small_digest_shortens_stories_before_it_drops_them() -> None:
    digest = digest_of([make_article(1), make_article(2)], size=Size(max_articles=10, max_chars=450))
    assert [len(item.bullets) for item in digest.items] == [3, 2]


def test_the_footer_says_what_was_read_left_out_and_merged() -> None:
    text = said([make_article(1), make_article(2, copy_of=1)])
    assert "2 articles read, 2 quarantined, 1 merged" in text
    assert "1 extractive; cost $0.00" in text


@settings(deadline=None)  # the time of a busy machine
@given(
    st.lists(st.tuples(st.integers(-9000, 9000), st.booleans()), max_size=20),
    st.integers(1, 10),
    st.integers(100, 5000),
)
def test_every_article_is_shown_named_or_merged(rows: list[tuple[int, bool]], most: int, chars: int) -> None:
    articles = [
        make_article(number, published_at=NOW + timedelta(days=day), copy_of=1 if copy and number > 1 else None)
        for number, (day, copy) in enumerate(rows, start=1)
    ]
    digest = digest_of(articles, size=Size(max_articles=most, max_chars=chars))
    assert len(digest.items) + len(digest.held_back) + digest.coverage.merged == len(articles)
    assert len(digest.items) <= most
