from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.fakes import Client, FaultyStore, running, settings_for


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """An application on SQLite, with a session begun."""
    async with running(settings_for(tmp_path)) as client:
        await client.begin()
        yield client


@pytest.fixture
async def faulty(tmp_path: Path) -> AsyncIterator[tuple[Client, FaultyStore]]:
    """An application on a store that can be broken, with a session begun."""
    store = FaultyStore()
    async with running(
        settings_for(tmp_path, turn_seconds=2.8, recall_seconds=0.1, save_seconds=0.3), store=store
    ) as client:
        await client.begin()
        yield client, store
