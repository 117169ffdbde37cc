"""An empty archive and one with the news of an invented coast."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.archive import SqlArchive, open_archive
from tests.commands.commands_parts import coast_news, fill


@pytest.fixture
async def empty_archive() -> AsyncIterator[SqlArchive]:
    """An archive in memory that has read nothing."""
    async with open_archive("sqlite:///:memory:") as archive:
        yield archive


@pytest.fixture
async def archive(empty_archive: SqlArchive) -> SqlArchive:
    """The archive with four articles."""
    await fill(empty_archive, coast_news())
    return empty_archive
