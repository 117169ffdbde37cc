"""One story out of several articles: nothing twice, every source named, what matters first."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.model import Bullet, Story
from bot.stories.telling import MAX_BULLETS, tell_story
from tests.stories.stories_parts import DAY, NOW, QUAKE_AT_SELBY, report, summary_of

TENTS = "The army sends tents to Selbyhaven after the earthquake of Monday."
HOUSES = "The earthquake brought down 40 houses in Selbyhaven on Monday."
MORE_HOUSES = "The earthquake brought down 52 houses in Selbyhaven on Monday."
FELT = "People in Oldport felt their lamps swing for half a minute."
TIME_LIMIT_S = 2.0


def tell(*pairs: tuple[object, object]) -> Story:
    articles = [article for article, _ in pairs]
    summaries = {summary.article_id: summary for _, summary in pairs}  # type: ignore[attr-defined]
    return tell_story(articles, summaries, placement_event="e1", storyline="s1")  # type: ignore[arg-type]


def test_a_story_of_one_article_is_its_summary_in_its_order() -> None:
    article = report("a", QUAKE_AT_SELBY[0], at=NOW, title="Quake hits Selbyhaven", seq=3)
    story = tell((article, summary_of(article, FELT, HOUSES)))
    assert (story.id, story.storyline, story.headline) == ("e1", "s1", "Quake hits Selbyhaven")
    assert [bullet.text for bullet in story.bullets] == [FELT, HOUSES]
    [citation] = story.bullets[0].citations
    assert (citation.marker, citation.article_id, citation.seq, citation.sentences) == ("1", "a", 3, (0,))
    assert (story.first_at, story.last_at, story.sources) == (NOW, NOW, ("The a Gazette",))


def test_what_two_articles_say_is_told_once_with_both() -> None:
    one, other = report("a", QUAKE_AT_SELBY[0], seq=1), report("b", QUAKE_AT_SELBY[1], seq=2)
    story = tell((one, summary_of(one, HOUSES, FELT)), (other, summary_of(other, HOUSES)))
    assert sorted(bullet.text for bullet in story.bullets) == sorted([HOUSES, FELT])
    assert {citation.article_id for citation in story.bullets[0].citations} == {"a", "b"}


def test_the_first_citation_is_the_one_whose_words_are_told() -> None:
    one, other = report("a", QUAKE_AT_SELBY[0], seq=1), report("b", QUAKE_AT_SELBY[1], seq=2)
    longer = HOUSES.removesuffix(".") + " and blocked the only road."
    story = tell((one, summary_of(one, HOUSES)), (other, summary_of(other, longer)))
    [bullet] = story.bullets
    assert bullet.text == longer
    assert [citation.article_id for citation in bullet.citations] == ["b", "a"]
    assert bullet.citations[0].quote == longer


def test_a_line_with_another_figure_is_not_the_same_and_the_newer_one_comes_first() -> None:
    old = report("a", QUAKE_AT_SELBY[0], at=NOW - DAY, seq=1)
    new = report("b", QUAKE_AT_SELBY[1], at=NOW, seq=2)
    for pairs in (
        ((old, summary_of(old, HOUSES)), (new, summary_of(new, FELT, MORE_HOUSES))),
        ((new, summary_of(new, FELT, MORE_HOUSES)), (old, summary_of(old, HOUSES))),
    ):
        texts = [bullet.text for bullet in tell(*pairs).bullets]
        assert texts.index(MORE_HOUSES) < texts.index(HOUSES)


def test_a_denial_is_not_the_same_as_what_it_denies() -> None:
    one, other = report("a", QUAKE_AT_SELBY[0], seq=1), report("b", QUAKE_AT_SELBY[1], seq=2)
    denial = HOUSES.replace("brought down", "did not bring down")
    assert len(tell((one, summary_of(one, HOUSES)), (other, summary_of(other, denial))).bullets) == 2


def test_a_near_copy_is_cited_but_never_adds_a_bullet() -> None:
    one = report("a", QUAKE_AT_SELBY[0], seq=1)
    copy = replace(report("b", QUAKE_AT_SELBY[0], seq=2), duplicate_of="a")
    story = tell((one, summary_of(one, HOUSES)), (copy, summary_of(copy, HOUSES, FELT)))
    assert [bullet.text for bullet in story.bullets] == [HOUSES]
    assert [citation.article_id for citation in story.bullets[0].citations] == ["a", "b"]
    assert story.articles == ("a", "b")


def test_copies_of_a_text_one_may_not_see_are_told_once() -> None:
    copies = [replace(report(name, QUAKE_AT_SELBY[0], seq=seq), duplicate_of="secret") for seq, name in enumerate("ab")]
    story = tell(*((copy, summary_of(copy, HOUSES)) for copy in copies))
    assert [bullet.text for bullet in story.bullets] == [HOUSES]
    assert story.articles == ("a", "b")


def test_what_most_articles_say_comes_first() -> None:
    reports = [report(name, QUAKE_AT_SELBY[0], at=NOW, seq=seq) for seq, name in enumerate("abc", 1)]
    lines = [(FELT, HOUSES), (TENTS, HOUSES), (HOUSES,)]
    story = tell(*((one, summary_of(one, *some)) for one, some in zip(reports, lines, strict=True)))
    assert story.bullets[0].text == HOUSES
    assert len(story.bullets[0].citations) == 3


def test_the_order_of_articles_does_not_change_the_story() -> None:
    reports = [
        report(name, body, at=NOW, seq=seq) for seq, (name, body) in enumerate(zip("abc", QUAKE_AT_SELBY, strict=True))
    ]
    pairs = [(one, summary_of(one, *(sentence.text for sentence in one.sentences))) for one in reports]
    assert tell(*pairs) == tell(*reversed(pairs))


def test_attribution_and_status_stay_with_their_line() -> None:
    article = report("a", QUAKE_AT_SELBY[0], seq=1)
    planned = Bullet(text=TENTS, sentences=(2,), quote=TENTS, attribution="the mayor said", status="planned")
    [bullet] = tell((article, summary_of(article, planned))).bullets
    assert (bullet.attribution, bullet.status, bullet.citations[0].sentences) == ("the mayor said", "planned", (2,))


def test_undated_articles_without_summary_or_title_are_still_named() -> None:
    one, other = report("a", QUAKE_AT_SELBY[0], seq=1), report("b", "", seq=2)
    story = tell_story([other, one], {}, placement_event="e1", storyline="s1")
    assert (story.headline, story.articles, story.bullets) == ("a", ("a", "b"), ())
    assert (story.first_at, story.last_at) == (None, None)


def test_a_story_of_200_articles_is_told_at_once() -> None:
    pairs = []
    for seq in range(200):
        article = report(f"n{seq}", QUAKE_AT_SELBY[seq % 3], at=NOW, seq=seq)
        lines = [f"Street {seq} of Selbyhaven lost {seq + number} chimneys on day {number}." for number in range(4)]
        pairs.append((article, summary_of(article, *lines)))
    started = time.process_time()
    story = tell(*pairs)
    assert time.process_time() - started < TIME_LIMIT_S
    assert len(story.bullets) == MAX_BULLETS
    assert len(story.articles) == 200


def test_a_line_that_only_repeats_the_others_comes_last() -> None:
    reports = [
        report(name, QUAKE_AT_SELBY[0], at=NOW - (10 * DAY if name == "d" else 0 * DAY), seq=seq)
        for seq, name in enumerate("abcd", 1)
    ]
    repeating = "The army sends tents, and people in Oldport felt their lamps swing."
    costs = "A committee has yet to count what rebuilding the school costs."
    lines = [(HOUSES, FELT), (TENTS, FELT), (HOUSES, TENTS), (costs, repeating)]
    story = tell(*((one, summary_of(one, *some)) for one, some in zip(reports, lines, strict=True)))
    assert story.bullets[-1].text == repeating


def test_openings_in_other_words_are_one_and_what_else_is_told_follows_it() -> None:
    openings = (
        "The Oldport rowers won the River Cup with a clear victory over Eddingholm on Saturday.",
        "The rowers of Oldport beat Eddingholm clearly on Saturday to win the River Cup again.",
        "Oldport defended the River Cup on Saturday when its rowers easily beat those of Eddingholm.",
        "A clear Saturday victory over the rowers of Eddingholm gave Oldport the River Cup.",
    )
    further = (
        "Coach Per Holm called the crossing at the mill the moment that decided everything.",
        "Some 3,000 people stood on the quay although it rained.",
        "Eddingholm lost an oar to a drifting log near the old lock.",
        "The next race is rowed in Lindau in May.",
    )
    articles = [report(name, QUAKE_AT_SELBY[0], seq=number) for number, name in enumerate("abcd", start=1)]
    story = tell(
        *(
            (article, summary_of(article, opening, more))
            for article, opening, more in zip(articles, openings, further, strict=True)
        )
    )
    told = [bullet.text for bullet in story.bullets]
    assert told[0] in openings
    assert len({*told[:4]} & {*further}) >= 2
