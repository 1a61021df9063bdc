"""The review queue of the conversation store, for tools that run and end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from careline import paths
from careline.store.base import Review
from careline.store.sqlite import SqliteStore

Result = TypeVar("Result")


def rows(limit: int = 1000) -> tuple[Review, ...]:
    """Scrubbed messages that people let us keep and that went unanswered or were voted down, newest first.

    Raises:
        FileNotFoundError: there is no store: no server has run here.
        StoreError: it cannot be read.
    """
    return _run(lambda store: store.reviews(limit))


def settle(ids: Sequence[int]) -> int:
    """Take rows out of the queue; how many were still there."""
    return _run(lambda store: store.settle(ids))


def _run(work: Callable[[SqliteStore], Awaitable[Result]]) -> Result:
    path = Path(os.environ.get("CARELINE_STORE") or paths.var() / "conversations.sqlite3")
    if not path.exists():
        raise FileNotFoundError(
            f"there is no conversation store at {path}; start careline serve once, or set CARELINE_STORE"
        )

    async def once() -> Result:
        store = SqliteStore(path)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(once())
