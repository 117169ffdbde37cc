"""Which sections are looked for, and which of those found are scored, whatever the database."""

from __future__ import annotations

from bot.storage.index import ROWS_PER_ERA, IndexFacts, Lookup
from bot.storage.passages import SECTIONS_PER_VERSION, Section
from bot.storage.ranking import (
    CANDIDATES,
    COMPARED_SHARE,
    FOUND_SHARE,
    MAX_FOUND,
    pick_candidates,
    plan_search,
    rank_sections,
)

VERSIONS_PER_ERA = ROWS_PER_ERA // SECTIONS_PER_VERSION


def facts_of(sections: int) -> IndexFacts:
    return IndexFacts(languages='["en"]', last_seq=sections, sections=sections, terms=300 * sections)


def test_rare_terms_find_and_terms_that_stand_everywhere_are_not_looked_up() -> None:
    counts = {"ferry": 40, "harbour": 900, "council": 2_000, "people": 15_000}
    plan = plan_search(counts, facts_of(20_000))
    assert [lookup.keys for lookup in plan.lookups] == [("ferry",), ("harbour",), ("council",)]
    assert plan.finding == 2
    assert set(plan.rarities) == set(counts)


def test_what_is_looked_up_is_bounded_however_large_the_archive_is() -> None:
    counts = {f"term{number:02}": 10_000 * (number + 1) for number in range(40)}
    for sections in (1_000_000, 100_000_000):
        plan = plan_search(counts, facts_of(sections))
        read = sum(min(lookup.limit, min(counts[term] for term in lookup.keys)) for lookup in plan.lookups)
        assert read <= (1 + COMPARED_SHARE) * max(MAX_FOUND, FOUND_SHARE * sections)


def test_of_frequent_terms_the_latest_sections_that_hold_them_together_are_found() -> None:
    plan = plan_search({"council": 90_000, "people": 300_000}, facts_of(1_000_000))
    budget = 2_000
    together, alone = plan.lookups
    assert together == Lookup(keys=("council", "people"), limit=budget)
    assert alone.keys == ("council",)
    assert alone.eras is not None
    last = 1_000_000 // VERSIONS_PER_ERA
    assert alone.eras.stop == last + 1
    # Eras enough to hold as many as are wanted, the last one being just begun, and not many more.
    assert budget <= 90_000 * (len(alone.eras) - 1) / last <= 2 * budget


def test_a_section_found_by_more_of_the_query_comes_first_and_further_terms_find_nothing() -> None:
    plan = plan_search({"ferry": 2, "harbour": 900, "council": 2_000}, facts_of(20_000))
    found = [[10, 20], [20, 30], [30, 40]]
    assert pick_candidates(plan, found, 5) == [20, 10, 30]


def test_of_sections_that_hold_the_same_the_latest_are_scored() -> None:
    plan = plan_search({"ferry": 900}, facts_of(20_000))
    rows = list(range(1, 901))
    assert pick_candidates(plan, [rows], 5) == rows[: -CANDIDATES - 1 : -1]
    assert len(pick_candidates(plan, [rows], 200)) == 400


def test_a_section_that_holds_a_term_oftener_or_in_its_title_or_is_shorter_ranks_higher() -> None:
    plan = plan_search({"ferry": 4}, facts_of(1_000))
    other = " ".join(["boat"] * 50)
    sections = [
        Section(row=1, size=52, title="boat", body=f"ferry {other}\n"),
        Section(row=2, size=53, title="boat", body=f"ferry ferry {other}\n"),
        Section(row=3, size=52, title="ferry", body=f"ferry {other}\n"),
        Section(row=4, size=2, title="boat", body="ferry\n"),
        Section(row=5, size=102, title="boat", body=f"{other}\nferry {other}\n"),
    ]
    assert [section.row for section, _ in rank_sections(plan, sections)] == [3, 2, 4, 1, 5]


def test_equal_sections_rank_in_the_order_they_were_read() -> None:
    plan = plan_search({"ferry": 2, "harbour": 3}, facts_of(100))
    twins = [Section(row=row, size=2, title="", body="harbour ferry\n") for row in (7, 3, 5)]
    assert [section.row for section, _ in rank_sections(plan, twins)] == [3, 5, 7]
