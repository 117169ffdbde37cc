"""What several processes share is shown: jobs that wait and are held, and who does what only one may do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.app.working import READING, ROLES, WorkOfArchive, build_engine, program_of, require_postgres
from bot.commands.status import work_lines
from bot.errors import BadRequest
from bot.jobs.engine import JobEngine, NewJob
from bot.ports import WorkFacts
from bot.settings import load_settings
from bot.storage.archive import open_archive
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]


async def test_the_status_names_jobs_and_the_process_that_leads(
    postgres_place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSBOT_DATABASE__URL", postgres_place.replace("postgresql://", "postgresql+asyncpg://"))
    engine = build_engine(load_settings())
    assert engine is not None
    async with open_archive(postgres_place) as archive:
        work = WorkOfArchive(archive=archive, engine=engine)
        await engine.install()
        assert work_lines(await work.work_facts()) == [
            "Jobs: 0 waiting or under way, 0 held.",
            "Processes: none is at work.",
        ]
        await engine.submit([NewJob(name="read files", payload=b"[]", key=key) for key in "ab"])
        leadership = archive.leadership(READING)
        assert await leadership.holds()
        facts = await work.work_facts()
        assert (facts.waiting, facts.held, set(facts.leaders)) == (2, 0, set(ROLES))
        jobs, processes = work_lines(facts)
        assert jobs == "Jobs: 2 waiting or under way, 0 held."
        assert processes.startswith(f"Processes: reading by process {os.getpid()} on ")
        await leadership.release()


def test_held_jobs_say_what_becomes_of_them() -> None:
    assert "failed at every try" in work_lines(WorkFacts(waiting=0, held=2, leaders={}))[1]


async def test_an_archive_without_jobs_has_none_waiting(postgres_place: str) -> None:
    assert await JobEngine(postgres_place, {}).sizes() == (0, 0)


def test_processes_that_share_an_archive_are_refused_on_sqlite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("work", "post", "web"):
        with pytest.raises(BadRequest, match=f"newsbot {command}.*PostgreSQL"):
            require_postgres(load_settings(), command)


def test_other_prompts_are_another_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "summary.md").write_text("Write three bullets.")
    before = program_of(load_settings())
    assert program_of(load_settings()) == before
    (tmp_path / "prompts" / "summary.md").write_text("Write four bullets.")
    assert program_of(load_settings()) != before
