"""A timeline holds the days that articles name, each once, cited, plans apart from what happened."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Article, DatedClaim
from bot.stories.timeline import MAX_LIKENESS, build_timeline
from bot.text.words import content_terms
from tests.stories.test_conflicts import report

PUBLISHED = datetime(2026, 3, 4, 9, tzinfo=UTC)


def timeline_of(
    *texts: str, topic: str = "tunnel", published_at: datetime | None = PUBLISHED
) -> tuple[DatedClaim, ...]:
    """Return the timeline of articles with these texts."""
    articles = [report(f"Paper {n}", text, published_at=published_at) for n, text in enumerate(texts, start=1)]
    return build_timeline(articles, topic=topic)


def test_the_day_of_an_event_is_not_the_day_of_publication() -> None:
    (entry,) = timeline_of("The Vessa tunnel was flooded on Sunday after a storm.")
    assert (entry.day, entry.granularity, entry.status) == (date(2026, 3, 1), "day", "fact")
    assert entry.citations[0].published_at == PUBLISHED


def test_what_somebody_would_go_on_to_do_is_told_in_looking_back() -> None:
    (entry,) = timeline_of(
        "Ilse Brandt would go on to win the Vessa tunnel race in 2005 but lost it.", published_at=None
    )
    assert (entry.day, entry.status) == (date(2005, 1, 1), "fact")


def test_a_plan_told_on_friday_is_planned_for_its_own_day() -> None:
    (entry,) = timeline_of("Ilse Brandt told reporters on Friday that the Vessa tunnel will open on 14 May.")
    assert (entry.day, entry.status) == (date(2026, 5, 14), "planned")


def test_a_plan_that_others_tell_the_outcome_of_is_told_by_its_outcome() -> None:
    before = report("a", "The Vessa tunnel will open to traffic on 10 March 2026.")
    after = report(
        "b", "The Vessa tunnel opened to traffic on 10 March 2026.", published_at=datetime(2026, 3, 12, tzinfo=UTC)
    )
    (entry,) = build_timeline([before, after], topic="tunnel")
    assert (entry.status, entry.citations[0].article_id) == ("fact", "b")


def test_somebodys_word_is_a_claim() -> None:
    (entry,) = timeline_of("The Vessa tunnel was flooded on Sunday, Ilse Brandt said.")
    assert entry.status == "claim"


@pytest.mark.parametrize(
    ("text", "granularity", "first", "last"),
    [
        ("The Vessa tunnel will open in May.", "month", date(2026, 5, 1), date(2026, 5, 31)),
        ("The Vessa tunnel will open in early 2027.", "year", date(2027, 1, 1), date(2027, 4, 30)),
        ("The Vessa tunnel will open in spring 2027.", "season", date(2027, 3, 1), date(2027, 5, 31)),
        ("The Vessa tunnel was closed from 3 to 5 February.", "day", date(2026, 2, 3), date(2026, 2, 5)),
        ("The Vessa tunnel was closed last week.", "week", date(2026, 2, 23), date(2026, 3, 1)),
        ("The Vessa tunnel was built in 1968.", "year", date(1968, 1, 1), date(1968, 12, 31)),
    ],
)
def test_an_entry_is_as_exact_as_its_source(text: str, granularity: str, first: date, last: date) -> None:
    (entry,) = timeline_of(text)
    assert (entry.granularity, entry.day, entry.end) == (granularity, first, last)


def test_the_same_claim_of_several_articles_is_one_entry_with_several_citations() -> None:
    (entry,) = timeline_of(
        "The Vessa tunnel was flooded on Sunday after a storm.",
        "On Sunday the Vessa tunnel was flooded after a storm.",
        "A storm flooded the Vessa tunnel on 1 March.",
    )
    assert sorted(citation.article_id for citation in entry.citations) == ["Paper 1", "Paper 2", "Paper 3"]
    assert [citation.marker for citation in entry.citations] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "text",
    [
        "6 March 2026",
        "The Vessa tunnel carried five times as many cars as in the same weeks of last year.",
    ],
)
def test_a_dateline_and_a_year_of_comparison_are_no_entries(text: str) -> None:
    assert timeline_of(text) == ()


def test_articles_that_never_name_the_topic_are_left_out_beside_those_that_do() -> None:
    named, other = "The Vessa tunnel was flooded on Sunday.", "A comet passed over Quell on Saturday night."
    assert [entry.text for entry in timeline_of(named, other)] == [named]
    assert len(timeline_of(named, other, topic="zeppelin")) == 2


def test_of_two_days_the_one_that_is_still_named_later_matters_more() -> None:
    texts = [
        ("The Vessa tunnel was flooded on 2 February 2026.", 3),
        ("The Vessa tunnel was painted on 4 February 2026.", 5),
    ]
    texts += [
        (f"Inspector {name} recalled that the Vessa tunnel was flooded on 2 February 2026.", 24)
        for name in ("Moen", "Aas")
    ]
    texts += [
        (f"Cleaner {name} saw how the Vessa tunnel was painted on 4 February 2026.", 5) for name in ("Moen", "Aas")
    ]
    articles = [
        report(f"Paper {n}", text, published_at=datetime(2026, 2, day, tzinfo=UTC))
        for n, (text, day) in enumerate(texts)
    ]
    (entry,) = build_timeline(articles, topic="tunnel", k=1)
    assert entry.day == date(2026, 2, 2)


def test_where_there_is_room_a_span_of_days_stands_for_its_sentence() -> None:
    (entry,) = timeline_of(
        "The Vessa tunnel was closed from 3 to 5 February, flooded on 20 February and drained on 1 March."
    )
    assert (entry.day, entry.end) == (date(2026, 2, 3), date(2026, 2, 5))


def test_a_copy_is_no_witness_of_its_own() -> None:
    text = "The Vessa tunnel was flooded on Sunday after a storm."
    (entry,) = build_timeline([report("a", text), report("b", text, copy_of="a")], topic="tunnel")
    assert [citation.article_id for citation in entry.citations] == ["a"]


@pytest.mark.parametrize("published_at", [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC)])
def test_without_a_credible_date_only_dates_in_full_are_told(published_at: datetime | None) -> None:
    found = timeline_of(
        "The Vessa tunnel was flooded on Sunday. The Vessa tunnel was begun on 3 June 2019.", published_at=published_at
    )
    assert [entry.day for entry in found] == [date(2019, 6, 3)]


def test_entries_stand_in_order_and_inside_the_span() -> None:
    text = (
        "The Vessa tunnel was begun on 3 June 2019. The tunnel was flooded on Sunday by the sea. "
        "The tunnel will be inspected by engineers on 20 March. The tunnel opens to lorries on 14 May."
    )
    articles = [report("a", text)]
    days = [entry.day for entry in build_timeline(articles, topic="tunnel")]
    assert days == [date(2019, 6, 3), date(2026, 3, 1), date(2026, 3, 20), date(2026, 5, 14)]
    inside = build_timeline(articles, topic="tunnel", since=date(2026, 3, 1), until=date(2026, 3, 20))
    assert [entry.day for entry in inside] == days[1:3]


def test_the_days_that_most_articles_name_are_chosen() -> None:
    texts = [f"The Vessa tunnel was flooded on 1 February. Paper {n} wrote of it on 1{n} February." for n in range(6)]
    articles = [report(f"p{n}", text) for n, text in enumerate(texts)]
    (entry,) = build_timeline(articles, topic="tunnel", k=1)
    assert entry.day == date(2026, 2, 1)


def test_an_article_about_something_else_gives_no_entry_when_others_name_the_topic() -> None:
    articles = [
        report("a", "The Vessa tunnel was flooded on Sunday after a storm."),
        report("b", "The Vessa tunnel was flooded on 1 March. A bakery opened there. It burned in the night."),
    ]
    days = [entry.day for entry in build_timeline(articles, topic="tunnel", k=5)]
    assert days == [date(2026, 3, 1)]


def test_a_shortened_sentence_still_names_its_day() -> None:
    def cut(text: str, language: str) -> str:
        return text.split(" on ")[0] + "."

    text = "The Vessa tunnel was flooded after a storm on Sunday."
    (entry,) = build_timeline([report("a", text)], topic="tunnel", shorten=cut)
    assert entry.text == text


def test_no_articles_and_no_dates_give_no_entries() -> None:
    assert build_timeline([], topic="tunnel") == ()
    assert timeline_of("The Vessa tunnel leaks.") == ()


WORDS = [
    "tunnel",
    "Vessa",
    "opened",
    "flooded",
    "on Sunday",
    "on 3 May",
    "in 2019",
    "said",
    "will open",
    "storm",
    "bakers",
]


@settings(deadline=None)  # the time of a busy machine
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=20).map(" ".join), max_size=6),
    k=st.integers(1, 5),
    topic=st.sampled_from(["tunnel", "Vessa storm", "zeppelin", "the", "터널"]),
)
def test_no_two_entries_tell_the_same_and_all_are_cited(texts: list[str], k: int, topic: str) -> None:
    articles: list[Article] = [report(f"p{n}", f"{text}.") for n, text in enumerate(texts)]
    found = build_timeline(articles, topic=topic, k=k)
    assert len(found) <= k
    by_id = {article.id: article for article in articles}
    for entry in found:
        assert entry.citations
        for citation in entry.citations:
            assert [by_id[citation.article_id].sentences[index].text for index in citation.sentences] == [
                citation.quote
            ]
    for one, other in combinations(found, 2):
        assert set(content_terms(one.text)) != set(content_terms(other.text)) or MAX_LIKENESS >= 1


def test_thousands_of_sentences_take_seconds() -> None:
    text = " ".join(f"The Vessa tunnel was flooded on {n % 28 + 1} February by storm number {n}." for n in range(20))
    articles = [report(f"p{n}", text) for n in range(200)]
    started = time.process_time()
    build_timeline(articles, topic="tunnel")
    assert time.process_time() - started < 8


def test_half_of_a_topics_words_is_too_little_where_an_article_names_all_of_them() -> None:
    bodies = ("The mill fire of Harl began on 3 May 2026.", "The fire of Tolle was put out on 5 May 2026 by hand.")
    articles = [report(f"n{number}", body) for number, body in enumerate(bodies)]
    assert [entry.day for entry in build_timeline(articles, topic="mill fire")] == [date(2026, 5, 3)]
    assert [entry.day for entry in build_timeline(articles[1:], topic="mill fire")] == [date(2026, 5, 5)]


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_day_told_with_another_figure_is_told_with_both_and_neither_is_proof_of_the_other(is_copy: bool) -> None:
    texts = (
        "The mill fire of Harl hurt three people on 3 May 2026.",
        "The mill fire of Harl hurt nine people on 3 May 2026.",
    )
    first, other = (report(f"n{number}", text) for number, text in enumerate(texts))
    second = replace(other, duplicate_of=first.id) if is_copy else other
    entries = build_timeline([first, second], topic="mill fire")
    assert [(entry.text, len(entry.citations)) for entry in entries] == [(text, 1) for text in texts]
    same = replace(second, body=first.body, sentences=first.sentences, duplicate_of=None)
    assert len(build_timeline([first, same], topic="mill fire")[0].citations) == 2


def test_a_year_long_gone_is_told_once_whatever_it_is_recalled_for() -> None:
    entries = timeline_of(
        "The Vessa tunnel, which was dug in 2001 by the Brandt works, stayed shut while crews pumped out the water.",
        "Old crews remember how the Vessa tunnel swallowed three drills in 2001.",
        "Since 2001 the Vessa tunnel has carried the night train to Lindau.",
    )
    assert [entry.day for entry in entries] == [date(2001, 1, 1)]
