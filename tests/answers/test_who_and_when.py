"""Who acts and when it is: the answer is the one asked about, not a name or a date that stands beside it."""

from __future__ import annotations

import pytest

from tests.answers.coast import answer_from, make_article, span

HARBOUR = make_article(
    "h",
    "Norway’s Coastal Survey Office (CSO) said Wednesday that it is closely watching the Finnish captain’s route. "
    "Oldport and Eddingholm have denied that Finland would sell ferries to Norrvik, but they keep talking.",
    title="Harbour",
)
VISIT = make_article(
    "v",
    "When Brandt visited Oldport for the first time in 2019, her talk with Voss was an afterthought. "
    "The two harbours agreed that Voss would visit Eddingholm at some point. "
    "A port official said Voss “is expected to visit not long after the election in March.”",
    title="Visits",
)


async def test_who_is_the_office_that_acts_and_not_where_somebody_is_from() -> None:
    answer = await answer_from([HARBOUR], "Who is closely watching the captain's route?")
    assert span(answer) == "Coastal Survey Office"


@pytest.mark.parametrize(
    "question",
    ["Which country sold ferries to Norrvik?", "Which country sells ferries to Norrvik?"],
)
async def test_what_is_denied_is_no_answer(question: str) -> None:
    answer = await answer_from([HARBOUR], question)
    assert not answer.grounded


async def test_what_was_only_agreed_on_has_not_happened() -> None:
    answer = await answer_from([VISIT], "Who visited Eddingholm?")
    assert not answer.grounded


async def test_a_date_to_come_is_not_answered_with_a_past_one() -> None:
    answer = await answer_from([VISIT], "When will Voss visit Oldport?")
    assert answer.bold is None or "2019" not in span(answer)


async def test_a_source_is_named_in_the_middle_of_a_sentence() -> None:
    answer = await answer_from([VISIT], "When is Voss expected to visit?")
    assert span(answer) == "March"
    assert answer.caveat is not None
    assert answer.caveat.endswith("according to a port official")


OPENING = make_article(
    "o",
    "Mayor Anna Lind of Oldport opened the new bridge over the Arvel on Friday. The bridge cost 42 million crowns.",
    title="Oldport opens its bridge",
)
OPENED = make_article(
    "p",
    "The bridge over the Arvel was opened on Friday. Some 3,000 people walked across it.",
    title="Bridge opened",
)
STORM = make_article("s", "A storm closed the harbour. Nobody was killed, the police said.", title="Storm")
STORM_ELSEWHERE = make_article(
    "t", "A storm closed the harbour. Two people were killed, a hospital said.", title="Gale"
)


async def test_who_is_the_person_and_not_the_town_she_is_from() -> None:
    answer = await answer_from([OPENING], "Who opened the bridge?")
    assert "Anna Lind" in span(answer)


async def test_what_was_done_to_a_thing_is_no_claim_that_the_thing_did_it() -> None:
    answer = await answer_from([OPENING, OPENED], "Who opened the bridge?")
    assert "Anna Lind" in span(answer)
    assert answer.conflicts == ()


async def test_nobody_is_a_number_that_others_may_contradict() -> None:
    answer = await answer_from([STORM, STORM_ELSEWHERE], "How many people were killed in the storm?")
    [conflict] = answer.conflicts
    assert {side.value for side in conflict.sides} == {"Nobody", "Two"}


async def test_who_says_it_may_have_no_name() -> None:
    answer = await answer_from([STORM], "Who said that nobody was killed?")
    assert span(answer).casefold() == "the police"


async def test_the_same_place_told_more_exactly_is_no_disagreement() -> None:
    shorter = make_article("x", "A heavy storm closed the harbour of Eddingholm.", title="Storm")
    longer = make_article("y", "A heavy storm closed the harbour of Eddingholm on Monday.", title="Storm")
    answer = await answer_from([shorter, longer], "Which harbour did the storm close?")
    assert answer.conflicts == ()


@pytest.mark.parametrize(("one", "other"), [("2", "12"), ("40", "400")])
async def test_a_number_is_not_the_same_as_one_that_holds_its_digits(one: str, other: str) -> None:
    articles = [
        make_article(str(number), f"A landslide near Quell killed {count} people, {who} counted.", title="Landslide")
        for number, (count, who) in enumerate([(one, "rescuers"), (other, "the hospital")])
    ]
    answer = await answer_from(articles, "How many people did the landslide near Quell kill?")
    assert len(answer.conflicts) == 1


async def test_the_sentence_that_alone_tells_of_the_deed_is_heard_among_many_about_the_names() -> None:
    awaited = make_article(
        "a",
        "For several months, Eddingholm has expected Governor Brandt’s visit. The Kremlin has now confirmed it, "
        "adding that it may begin on Tuesday. Brandt’s visit is a message to the ferry owners.",
        title="A visit",
    )
    about = [
        make_article(
            f"n{number}",
            f"Governor Brandt’s visit to {town} was short. The visit of Brandt pleased the {town} ferry owners. "
            f"Brandt’s next visit may take the governor to {town} again, where Brandt’s visit is awaited.",
            title=f"Brandt’s visit to {town}",
        )
        for number, town in enumerate(("Oldport", "Norrvik", "Quell", "Lindau", "Sundby"))
    ]
    answer = await answer_from([awaited, *about], "Who confirmed Brandt's visit?")
    assert span(answer) == "Kremlin"


SUMMIT = make_article(
    "m",
    "Oldport and Eddingholm have been holding talks since a summit last September at the Tern Lighthouse in Sundby, "
    "where they agreed that Governor Brandt would visit Norrvik at some point. "
    "The ferry race falls on Keepers of the Lantern Day, which falls on Feb. 23. "
    "Feb. 24 marks three years since the lock was closed.",
    title="Talks",
)
TRIPS = make_article(
    "u",
    "When Voss visited Quell for the first time in 2019, her dinner with Brandt in Norrvik was an afterthought. "
    "It would be Brandt’s second visit to Norrvik, the first being in 2000 when the mill still stood. "
    "In her previous trip to the western islands, Voss traveled by mail boat.",
    title="Trips",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where did the summit last September take place?", "Tern Lighthouse"),
        ("What is happening on Feb. 24?", "three years"),
        ("When does Keepers of the Lantern Day fall?", "Feb. 23"),
        ("How did Voss travel to the western islands last year?", "mail boat"),
    ],
)
async def test_light_words_and_periods_hide_no_answer(question: str, expected: str) -> None:
    answer = await answer_from([SUMMIT, TRIPS], question)
    assert answer.grounded
    assert expected in answer.text


async def test_a_past_visit_is_dated_neither_by_a_plan_nor_by_anothers_visit() -> None:
    answer = await answer_from([SUMMIT, TRIPS], "When did Brandt last visit Norrvik before this visit?")
    assert span(answer) == "2000"
    assert answer.conflicts == ()


async def test_a_house_is_named_whole_though_its_country_is_asked_about() -> None:
    said = make_article(
        "f",
        "Governor Brandt announced her intent to visit North Korea in spring, "
        "the North Korean Ministry of Ferries said on Sunday.",
        title="Spring",
    )
    answer = await answer_from([said], "Who announced Brandt's intent to visit North Korea?")
    assert "North Korean Ministry of Ferries" in span(answer)


async def test_one_of_several_is_not_given_as_the_answer() -> None:
    members = make_article("g", "The league of ferries holds Norway, Denmark and Sweden since 2019.", title="League")
    answer = await answer_from([members], "Which countries does the league of ferries hold?")
    assert answer.bold is None


@pytest.mark.parametrize(
    ("question", "grounded"),
    [
        ("Did Brandt visit Norrvik?", True),
        ("Did Voss visit Quell?", True),
        ("Did Brandt visit Quell?", False),
        ("Did the Harbour Board dismiss talk of Voss's visit?", True),
        ("Did Oldport ship grain to Eddingholm?", False),
    ],
)
async def test_yes_or_no_is_answered_by_what_that_very_one_did(question: str, grounded: bool) -> None:
    articles = [
        make_article("w", "When Voss visited Quell in 2019, Brandt stayed at home in Lindau.", title="Quell"),
        make_article("x", "Brandt’s visit to Norrvik was a message to the ferry owners.", title="Norrvik"),
        make_article("y", "The Harbour Board did not dismiss talk of Voss’s potential visit to Sundby.", title="Talk"),
        make_article("z", "Eddingholm has already shipped nearly five tons of grain to Oldport.", title="Grain"),
    ]
    assert (await answer_from(articles, question)).grounded == grounded


async def test_of_two_named_in_the_question_the_one_who_did_it_is_the_answer() -> None:
    fight = make_article(
        "k", "The 32-year-old Marl (52-3, 46 KOs) won his tenth race by passing Voss before the lock.", title="Race"
    )
    answer = await answer_from([fight], "Who won the race between Marl and Voss?")
    assert span(answer) == "Marl"


async def test_a_sentence_that_only_asks_the_question_does_not_answer_it() -> None:
    asking = make_article(
        "q", "Readers have learned who will open the eleventh bridge after Per Holm leaves the harbour.", title="Bridge"
    )
    telling = make_article(
        "r", "The one to open the eleventh bridge is none other than Anna Lind, the harbour said.", title="Opening"
    )
    answer = await answer_from([asking, telling], "Who will open the eleventh bridge?")
    assert "Anna Lind" in span(answer)
    assert answer.conflicts == ()


async def test_two_names_of_one_sentence_are_no_disagreement() -> None:
    one = make_article("d", "Anna Lind, best known for her film Low Water, is to direct the Tern Opera.", title="Opera")
    other = make_article("e", "The Low Water director Anna Lind is to direct the Tern Opera in May.", title="Director")
    answer = await answer_from([one, other], "Who is to direct the Tern Opera?")
    assert answer.conflicts == ()


async def test_where_it_was_is_not_who() -> None:
    led = make_article("i", "An inquiry near Oldport led to arrests; Per Holm was arrested in Lindau.", title="Inquiry")
    answer = await answer_from([led], "Who was arrested in Lindau?")
    assert span(answer) == "Per Holm"


COMET = make_article(
    "j",
    "Two amateur astronomers at the Tern Vale observatory have found a comet that will pass Earth in July. "
    "Freja Moen and Ruben Aas noticed a moving speck on a picture. "
    "The town council of Eddingholm voted by nine to six on Thursday to borrow the money for a larger dome.",
    title="Comet",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who found the comet?", "Two amateur astronomers"),
        ("Who noticed a moving speck?", "Freja Moen and Ruben Aas"),
        ("Who voted to borrow the money?", "The town council of Eddingholm"),
    ],
)
async def test_those_who_did_it_are_named_whole_with_or_without_names(question: str, expected: str) -> None:
    assert span(await answer_from([COMET], question)) == expected


async def test_a_weekday_is_counted_from_the_day_of_publication() -> None:
    answer = await answer_from([COMET], "When did the council vote on the loan?")
    assert span(answer) == "Thursday"
    assert answer.caveat == "Thursday is 30 Apr 2026, counted from the day of publication"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We had previously heard about plans for a Tern Opera by director Anna Lind.", ""),
        ("Initially Anna Lind was to be the director of the Tern Opera.", ""),
        ("Mara Holm is the director of the Tern Opera, which was previously a mill.", "Mara Holm"),
    ],
)
async def test_what_was_so_before_is_not_given_as_what_is(sentence: str, expected: str) -> None:
    answer = await answer_from([make_article("l", sentence, title="Opera")], "Who is the director of the Tern Opera?")
    assert answer.grounded == bool(expected)
    assert not expected or span(answer) == expected
