"""What the proof lets pass and what it catches, on articles of an invented town."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import Verdict
from bot.proof import prepare_source, verify_claim

TOWN = [
    "The harbour of Brinmouth will close for six weeks from Monday, 4 May, the council announced.",
    "Mayor Ada Lowe said the work would cost 1,200,000 pounds and create 45 jobs.",
    "Harbour master Tomas Reed said the council did not consult the fishing crews.",
    '"We were told nothing until the fences went up," Reed told the Brinmouth Courier.',
    "The ferry company Lutish Lines reported that passenger numbers rose 12 percent to 12,045 last year.",
    "The plan could be delayed if the inspectors of the National Harbour Agency find cracks in the wall.",
    "Protesters from Harport defeated a similar plan in 2019.",
]
SOURCE = prepare_source(TOWN, title="Brinmouth harbour to close", published_at=datetime(2026, 4, 30, tzinfo=UTC))


def verify(claim: str, *cited: int, copied: bool = False, attribution: str | None = None) -> Verdict:
    return verify_claim(claim, SOURCE, cited=cited or None, copied=copied, attribution=attribution)


def kinds(verdict: Verdict) -> set[str]:
    return {problem.kind for problem in verdict.problems}


@pytest.mark.parametrize("index", range(len(TOWN)))
def test_every_sentence_stands_in_itself(index: int) -> None:
    for cited in ((), (index,)):
        verdict = verify(TOWN[index], *cited, copied=True)
        assert verdict.supported, verdict.problems
        assert verdict.score > 0.9


@pytest.mark.parametrize(
    "claim",
    [
        "The work will cost 1.2 million pounds, Ada Lowe said.",
        "The harbour closes on Monday for 6 weeks.",
        "Passenger numbers rose 12% to about 12,000 at Lutish Lines.",
        "Reed said crews were not consulted by the council.",
        "The council announced that the harbour will shut for six weeks.",
        "The NHA could delay the plan if inspectors find cracks.",
    ],
)
def test_the_same_in_other_words_stands(claim: str) -> None:
    verdict = verify(claim)
    assert verdict.supported, verdict.problems


@pytest.mark.parametrize(
    ("claim", "cited", "kind"),
    [
        ("The harbour of Velmore will close for six weeks from Monday, 4 May, the council announced.", 0, "name"),
        ("The harbour of Harport will close for six weeks from Monday, 4 May, the council announced.", 0, "name"),
        ("The harbour of Brinmouth will close for nine weeks from Monday, 4 May, the council announced.", 0, "number"),
        ("The harbour of Brinmouth will close for six weeks from Friday, 4 May, the council announced.", 0, "date"),
        ("The harbour of Brinmouth will close for six weeks from Monday, 4 June, the council announced.", 0, "date"),
        ("The harbour of Brinmouth will not close for six weeks from Monday, the council announced.", 0, "negation"),
        ("Mayor Clara Lowe said the work would cost 1,200,000 pounds.", 1, "name"),
        ("Harbour master Tomas Reed said the council did consult the fishing crews.", 2, "negation"),
        ('"We were told everything before the fences went up," Reed told the Brinmouth Courier.', 3, "quote"),
        ("Lutish Lines reported that passenger numbers fell 12 percent to 12,045 last year.", 4, "negation"),
        ("Protesters from Harport defeated a similar plan in 2021.", 6, "number"),
    ],
)
def test_one_thing_changed_is_caught(claim: str, cited: int, kind: str) -> None:
    verdict = verify(claim, cited)
    assert not verdict.supported
    assert kind in kinds(verdict)
    assert verdict.score < verify(TOWN[cited], cited).score


def test_who_said_it_must_be_who_says_it_in_the_source() -> None:
    verdict = verify("Ada Lowe said the council did not consult the fishing crews.", 2)
    assert not verdict.supported


def test_a_number_of_another_sentence_is_caught_in_the_cited_window() -> None:
    assert not verify("The work would create 2019 jobs, the mayor said.", 1).supported
    assert not verify("Passenger numbers rose 45 percent last year.", 4).supported


def test_names_that_change_places_are_caught_in_copied_text() -> None:
    source = prepare_source(["In the final Harport beat Brinmouth by two goals before Velmore took the cup home."])
    claim = "In the final Brinmouth beat Harport by two goals before Velmore took the cup home."
    assert not verify_claim(claim, source, cited=[0], copied=True).supported


def test_a_dropped_hedge_is_a_warning_only() -> None:
    verdict = verify("The plan will be delayed if the inspectors of the National Harbour Agency find cracks.", 5)
    assert verdict.supported
    assert [(problem.kind, problem.hard) for problem in verdict.problems] == [("hedge", False)]


def test_a_claim_about_something_else_is_not_supported() -> None:
    verdict = verify("Doctors warned patients about a shortage of vaccines across hospitals.")
    assert not verdict.supported
    assert verdict.score < 0.3


def test_the_worst_sentence_of_a_claim_decides() -> None:
    assert not verify(f"{TOWN[0]} Volunteers painted every lighthouse purple.", 0).supported


def test_a_full_name_stands_where_the_window_has_the_last_name_only() -> None:
    assert verify("Tomas Reed was told nothing until the fences went up.", 3).supported


def test_an_acronym_stands_for_its_long_form_but_no_other() -> None:
    assert "name" not in kinds(verify("Inspectors of the NHA find cracks in the wall."))
    assert "name" in kinds(verify("Inspectors of the NXA find cracks in the wall."))


def test_a_people_stands_for_its_country() -> None:
    source = prepare_source(["The president of France opened the bridge in Velmore."])
    assert verify_claim("The French president opened the bridge.", source).supported
    assert not verify_claim("The Spanish president opened the bridge.", source).supported


def test_quotes_may_leave_out_and_put_in_words() -> None:
    assert verify('Reed said: "We were told nothing ... the fences went up."', 3).supported
    assert verify("Reed said: “We [the crews] were told nothing until the fences went up.”", 3).supported


def test_a_relative_day_is_resolved_by_the_day_of_publication() -> None:
    source = prepare_source(["The bridge opened yesterday in Velmore."], published_at=datetime(2026, 5, 6, tzinfo=UTC))
    assert verify_claim("The bridge opened on Tuesday in Velmore.", source).supported
    assert not verify_claim("The bridge opened on Thursday in Velmore.", source).supported


def test_an_attribution_must_stand_in_the_cited_window() -> None:
    assert verify(
        "The council did not consult the fishing crews.", 2, attribution="Harbour master Tomas Reed"
    ).supported
    verdict = verify("The council did not consult the fishing crews.", 2, attribution="Governor Finn Vale")
    assert kinds(verdict) == {"attribution"}


@pytest.mark.parametrize("cited", [[99], [-1], [7, 8]])
def test_citing_sentences_that_do_not_exist_is_no_proof(cited: list[int]) -> None:
    assert not verify_claim(TOWN[0], SOURCE, cited=cited).supported


@pytest.mark.parametrize(
    "claim", ["", "   ", "...?!", "\x00", '"""""', "of the and", "-" * 5000, "\ud800", "((((((", "not not not"]
)
def test_a_claim_that_says_nothing_is_not_supported(claim: str) -> None:
    verdict = verify(claim)
    assert not verdict.supported
    assert verdict.score == 0.0


def test_an_article_without_sentences_supports_nothing() -> None:
    assert not verify_claim(TOWN[0], prepare_source([])).supported


def test_ten_thousand_words_get_a_verdict() -> None:
    assert not verify("Finn Vale said 77 harbours will not close on Sunday, " * 1000).supported
