"""What a search index promises, held against both databases, and that they find the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.storage.archive import open_archive
from bot.storage.database import Database
from bot.storage.index import ROWS_PER_ERA, Entry, Lookup
from bot.storage.passages import Section
from bot.storage.search import index_of
from tests.postgres import postgres_place, shared_postgres
from tests.storage.archive_parts import make_article

__all__ = ["postgres_place", "shared_postgres"]

SECTIONS = (
    Section(row=1, size=6, title="ferri", body="the ferri sank\nnobodi drown\n"),
    Section(row=2, size=7, title="", body="the harbour close\n\nbeside it a ferri"),
    Section(row=ROWS_PER_ERA, size=4, title="harbour", body="a ferri ferri\n"),
    Section(row=3 * ROWS_PER_ERA + 5, size=3, title="", body="harbour and ferri\n"),
)


async def add(database: Database, sections: Sequence[Section]) -> None:
    await database.write(lambda connection: index_of(connection).add(connection, sections))


async def entries_of(database: Database, terms: Iterable[str], sections: int = len(SECTIONS)) -> dict[str, Entry]:
    asked = list(terms)
    return dict(await database.read(lambda connection: index_of(connection).entries(connection, asked, sections)))


async def find(database: Database, *lookups: Lookup) -> list[list[int]]:
    """Find rows by lookups of terms, where the index asks for their keys; an absent term gets one that nothing has."""
    entries = await entries_of(database, {term for lookup in lookups for term in lookup.keys})
    asked = [
        replace(one, keys=tuple(entries[term].key if term in entries else "-" for term in one.keys)) for one in lookups
    ]
    return await database.read(lambda connection: index_of(connection).find(connection, asked))


async def count(database: Database, *terms: str, sections: int = len(SECTIONS)) -> dict[str, int]:
    return {term: entry.sections for term, entry in (await entries_of(database, terms, sections)).items()}


async def test_sections_are_read_back_as_they_were_added(database: Database) -> None:
    await add(database, SECTIONS)
    rows = [section.row for section in SECTIONS[1:]]
    entries = await entries_of(database, {term for one in SECTIONS for term in (one.title + " " + one.body).split()})
    terms = {entry.key: term for term, entry in entries.items()}
    read = await database.read(lambda connection: index_of(connection).read(connection, [*rows, 99]))
    assert sorted((in_terms(section, terms) for section in read), key=lambda one: one.row) == list(SECTIONS[1:])


def in_terms(section: Section, terms: Mapping[str, str]) -> Section:
    """Return a section that was read back with its terms in the place of their keys."""

    def restored(keys: str) -> str:
        return re.sub(r"[^ \n]+", lambda key: terms[key[0]], keys)

    return replace(section, title=restored(section.title), body=restored(section.body))


async def test_a_term_keeps_its_key_and_no_two_share_one(database: Database) -> None:
    await add(database, SECTIONS[:2])
    before = await entries_of(database, ["ferri", "harbour", "drown"])
    await add(database, SECTIONS[2:])
    await database.write(lambda connection: index_of(connection).remove(connection, SECTIONS[:1]))
    await add(database, SECTIONS[:1])
    after = await entries_of(database, ["ferri", "harbour", "drown", "and"])
    assert len({entry.key for entry in after.values()}) == 4
    assert [after[term].key for term in ("ferri", "harbour")] == [before[term].key for term in ("ferri", "harbour")]


async def test_a_lookup_gives_the_latest_sections_that_hold_all_its_terms(database: Database) -> None:
    await add(database, SECTIONS)
    found = await find(
        database,
        Lookup(keys=("ferri",), limit=3),
        Lookup(keys=("ferri", "harbour"), limit=9),
        Lookup(keys=("nothing",), limit=9),
    )
    rows = [section.row for section in SECTIONS]
    assert [sorted(some) for some in found] == [rows[1:], rows[1:], []]


async def test_a_lookup_may_be_limited_to_eras(database: Database) -> None:
    await add(database, SECTIONS)
    eras = (range(1), range(1, 4), range(2, 4), range(9, 12))
    found = await find(database, *(Lookup(keys=("ferri",), limit=9, eras=some) for some in eras))
    rows = [section.row for section in SECTIONS]
    assert [sorted(some) for some in found] == [rows[:2], rows[2:], rows[3:], []]


async def test_nothing_is_found_where_nothing_is_looked_for(database: Database) -> None:
    await add(database, SECTIONS)
    assert await find(database) == []


async def test_counts_and_totals_follow_what_is_added_and_taken_out(database: Database) -> None:
    await add(database, SECTIONS)
    assert await count(database, "ferri", "drown", "nothing") == {"ferri": 4, "drown": 1}
    await database.write(lambda connection: index_of(connection).remove(connection, SECTIONS[:1]))
    assert await count(database, "ferri", "drown", "nothing") == {"ferri": 3}
    facts = await database.read(lambda connection: index_of(connection).facts(connection))
    assert (facts.sections, facts.terms) == (3, 14)
    await database.write(lambda connection: index_of(connection).clear(connection))
    facts = await database.read(lambda connection: index_of(connection).facts(connection))
    assert (facts.sections, facts.terms) == (0, 0)
    assert await find(database, Lookup(keys=("ferri",), limit=9)) == [[]]


async def test_the_count_of_a_frequent_term_is_never_out_by_more_than_a_hundredth(database: Database) -> None:
    many = [Section(row=row, size=1, title="", body="ferri\n") for row in range(1, 2_101)]
    await add(database, many[:2_000])
    assert await count(database, "ferri", sections=2_000) == {"ferri": 2_000}
    await add(database, many[2_000:2_010])
    assert 2_000 <= (await count(database, "ferri", sections=2_010))["ferri"] <= 2_010
    await add(database, many[2_010:])
    assert await count(database, "ferri", sections=2_100) == {"ferri": 2_100}


async def test_both_databases_give_the_same_hits_in_the_same_order(postgres_place: str) -> None:
    places = ("Oldport", "Lindau", "Harrow Bay", "Eddingholm", "Arvel")
    deeds = ("opened", "closed", "flooded", "sold", "painted", "searched", "left")
    things = ("bridge", "ferry", "mill", "harbour", "tower", "school", "market", "dyke", "quay", "tunnel", "lighthouse")
    articles = []
    for number in range(180):
        place, deed, thing = (some[number % len(some)] for some in (places, deeds, things))
        near = things[(number * 7 + 3) % len(things)]
        said = f"The {thing} in {place} was {deed} on day {number % 60}. People near the {near} saw it. "
        body = said * (1 + number % 3)
        title = f"{place} and its {near}"
        articles.append(replace(make_article(f"a{number}", body.strip(), title=title), deck=f"{thing} {number}"))
    queries = [f"{place} {deed} {thing}" for place in places for deed in deeds[::2] for thing in things[::3]]
    async with open_archive(":memory:") as one, open_archive(postgres_place) as other:
        for archive in (one, other):
            await archive.save_articles([], articles, [])
        for words in [*queries, "day 12", "near", "the", "tower lighthouse quay people near"]:
            hits = await one.search(words, limit=10)
            assert hits == await other.search(words, limit=10)
            assert bool(hits) == (words != "the")
