"""What the index of shingles promises, held against both databases."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import text

from bot.storage.connecting import connect
from bot.storage.copy_index import SHARING_IN_POSTGRES, add_rare, copy_index_of
from bot.storage.database import Database
from bot.storage.schema import prepare_schema
from bot.stories.similarity import MAX_SHARING
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

LARGEST = 2**32 - 1
SAMPLES = {1: (0, 7, LARGEST), 2: (7, 8), 3: ()}


async def add(database: Database, samples: Mapping[int, Collection[int]]) -> None:
    await database.write(lambda connection: copy_index_of(connection).add(connection, samples))


async def sharing(database: Database, *shingles: int) -> dict[int, list[int]]:
    found = await database.read(lambda connection: copy_index_of(connection).sharing(connection, shingles))
    return {shingle: sorted(keys) for shingle, keys in found.items()}


async def test_who_shares_a_shingle_is_found_whatever_its_number(database: Database) -> None:
    await add(database, SAMPLES)
    assert await sharing(database, 0, 7, 8, LARGEST, 9) == {0: [1], 7: [1, 2], 8: [2], LARGEST: [1]}
    assert await sharing(database) == {}


async def test_adding_again_changes_nothing(database: Database) -> None:
    await add(database, SAMPLES)
    await add(database, SAMPLES)
    assert await sharing(database, 7) == {7: [1, 2]}


async def test_more_shingles_than_one_statement_takes_are_looked_up(database: Database) -> None:
    many = range(0, 5_000, 2)
    await add(database, {4: many})
    assert await sharing(database, *range(5_000)) == {shingle: [4] for shingle in many}


async def test_what_was_removed_shares_nothing(database: Database) -> None:
    await add(database, SAMPLES)
    await database.write(lambda connection: copy_index_of(connection).remove(connection, {1: (*SAMPLES[1], 99)}))
    assert await sharing(database, 0, 7, LARGEST) == {7: [2]}
    await database.write(lambda connection: copy_index_of(connection).clear(connection))
    assert await sharing(database, 7, 8) == {}


async def test_shingles_that_too_many_share_are_not_kept(database: Database) -> None:
    known = {7: range(MAX_SHARING), 8: range(MAX_SHARING - 1)}
    await database.write(lambda connection: add_rare(connection, {5: (7, 8)}, known))
    assert await sharing(database, 7, 8) == {8: [5]}


async def test_a_look_at_the_server_never_reads_the_whole_table(postgres_place: str) -> None:
    server = connect(postgres_place, create=True, read_only=False)
    await prepare_schema(server)
    await add(server, {key: range(key * 30, key * 30 + 28) for key in range(1, 3_000)})
    explained = text(f"EXPLAIN {SHARING_IN_POSTGRES.text}")
    plan = await server.read(lambda connection: connection.execute(explained, {"shingles": list(range(1_000))}))
    lines = [str(line) for (line,) in plan]
    assert not any("Seq Scan" in line for line in lines), lines
    await server.close()
