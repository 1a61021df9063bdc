"""The conversation store in one SQLite file, on a thread of its own so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from careline.store.base import Exchange, Recall, Review, StoreError
from careline.store.sqlite_database import Database

Result = TypeVar("Result")


class SqliteStore:
    """A `Store` in one file: WAL, synchronous=FULL, one transaction a turn, deleted content overwritten."""

    def __init__(
        self, path: Path, *, timeout: float = 2.0, busy_ms: int = 1500, pragmas: Mapping[str, int | str] | None = None
    ) -> None:
        self.path = path
        self._timeout = timeout
        self._database = Database(path, busy_ms, pragmas or {})
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="careline-store")

    async def open(self) -> None:
        """Connect and make the tables."""
        await self._run(self._database.connection)

    async def close(self) -> None:
        """Close the file; what is under way is finished first."""
        await self._run(self._database.close)
        self._thread.shutdown(wait=False)

    async def recall(self, conversation: str, message: str = "") -> Recall:
        """Everything a turn needs to begin, in one reading."""
        return await self._run(self._database.recall, conversation, message)

    async def save(self, exchange: Exchange) -> None:
        """Store an exchange once, with the state after it."""
        await self._run(self._database.save, exchange)

    async def history(self, conversation: str, after: str | None = None, limit: int = 200) -> tuple[Exchange, ...]:
        """The exchanges after a turn, oldest first."""
        return await self._run(self._database.history, conversation, after, limit)

    async def state(self, conversation: str) -> Mapping[str, Any] | None:
        """The dialogue state after the last exchange."""
        return (await self.recall(conversation)).state

    async def set_state(self, conversation: str, state: Mapping[str, Any], at: float) -> None:
        """Replace the dialogue state."""
        await self._run(self._database.set_state, conversation, state, at)

    async def set_keep(self, conversation: str, keep: bool, at: float) -> None:
        """Note whether scrubbed rows may be reviewed."""
        await self._run(self._database.set_keep, conversation, keep, at)

    async def feedback(self, conversation: str, turn: str, helpful: bool, why: str, at: float) -> bool:
        """Note what the person thought of a turn."""
        return await self._run(self._database.feedback, conversation, turn, helpful, why, at)

    async def reviews(self, limit: int = 1000) -> tuple[Review, ...]:
        """Rows to review, newest first."""
        return await self._run(self._database.reviews, limit)

    async def settle(self, ids: Sequence[int]) -> int:
        """Remove rows that a maintainer is done with."""
        return await self._run(self._database.settle, ids)

    async def erase(self, conversation: str, at: float) -> None:
        """Remove every trace of a conversation from the file."""
        await self._run(self._database.erase, conversation, at)

    async def expire(self, idle_before: float, reviews_before: float) -> int:
        """Remove what is too old."""
        return await self._run(self._database.expire, idle_before, reviews_before)

    async def health(self, at: float) -> None:
        """Write a row and read it back."""
        await self._run(self._database.health, at)

    async def _run(self, work: Callable[..., Result], *args: Any) -> Result:
        try:
            job = asyncio.get_running_loop().run_in_executor(self._thread, work, *args)
        except RuntimeError:  # the thread was shut down
            raise StoreError("missing") from None
        try:
            return await asyncio.wait_for(job, self._timeout)
        except asyncio.TimeoutError:
            raise StoreError("timeout") from None
