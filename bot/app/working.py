"""What several processes share beside the archive: the engine of the jobs, and how the work stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.app.building import prompts_folder
from bot.errors import BadRequest
from bot.ports import WorkFacts
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.jobs.engine import Handler, JobEngine
    from bot.storage.archive import SqlArchive

READING, PLACING, TELLING = "reading", "placing", "telling the terminal"
"""The roles that one process has at a time; posting is one role a platform."""

POSTING_TO = ("discord", "slack", "web")


def posting_role(platform: str) -> str:
    """Return the name of the role of posting to a platform."""
    return f"posting:{platform}"


ROLES = (READING, PLACING, TELLING, *map(posting_role, POSTING_TO))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOfArchive:
    """Implements `ports.WorkBook` over the archive and its jobs."""

    archive: SqlArchive
    engine: JobEngine

    async def work_facts(self) -> WorkFacts:
        """Return how the work stands now."""
        waiting, held = await self.engine.sizes()
        return WorkFacts(waiting=waiting, held=held, leaders=await self.archive.holders(ROLES))


def build_engine(settings: Settings, handlers: Mapping[str, Handler] | None = None) -> JobEngine | None:
    """Return the engine of the jobs, None where one process does all. Raises: Misconfigured."""
    from bot.storage.connecting import POSTGRES_DRIVER, url_of

    url = url_of(settings.database_url)
    if url.drivername != POSTGRES_DRIVER:
        return None
    from bot.jobs.engine import JobEngine
    from bot.storage.postgres import libpq_address

    return JobEngine(libpq_address(url), handlers or {})


def work_of(settings: Settings, archive: SqlArchive) -> WorkOfArchive | None:
    """Return what tells how the work of several processes stands, None where one process does all."""
    engine = build_engine(settings)
    return WorkOfArchive(archive=archive, engine=engine) if engine else None


def program_of(settings: Settings) -> str:
    """Return what has to be the same in all processes of an archive: the program's version, and its prompts."""
    digest = blake2b(digest_size=8)
    for file in sorted(prompts_folder(settings).glob("**/*")):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{version('newsbot')} {digest.hexdigest()}"


def require_postgres(settings: Settings, command: str) -> None:
    """Raises: BadRequest when the archive is not one that several processes can share."""
    if build_engine(settings) is None:
        raise BadRequest(
            f"`newsbot {command}` is one of several processes that share an archive, which SQLite can't do: set"
            " NEWSBOT_DATABASE__URL to a PostgreSQL database, or use `newsbot run`, which does everything."
        )
