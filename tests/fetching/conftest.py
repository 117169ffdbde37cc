"""A server of papers and a desk that fetches from it, for every test of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox
from tests.fetching.papers import Desk, Papers


@pytest.fixture
async def papers() -> AsyncIterator[Papers]:
    server = Papers()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def desk(tmp_path: Path, papers: Papers) -> AsyncIterator[Desk]:
    async with Sandbox() as reader:
        yield Desk(tmp_path, papers, reader)
