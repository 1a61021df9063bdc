"""In front of the store: what it could not take waits here, in order, and is stored when it returns."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator

from careline.server.metrics import Metrics
from careline.store.base import Exchange, Store, StoreError

_HOPELESS = "data"  # the exchange itself cannot be stored, now or ever
_FLUSH_SECONDS = 3.0


class Journal:
    """A bounded queue of exchanges (and erasures) the store has not taken yet.

    While anything waits, new exchanges queue up behind it, so the order in the store is the order in which they were answered.
    """

    def __init__(self, store: Store, metrics: Metrics, *, limit: int = 5000, retry_seconds: float = 0.5) -> None:
        self._store = store
        self._metrics = metrics
        self._limit = limit
        self._retry = retry_seconds
        self._waiting: deque[Exchange] = deque()
        self._erasures: dict[str, float] = {}
        self._down = asyncio.Event()
        self._flushing = asyncio.Lock()

    @property
    def down(self) -> bool:
        """Did the store fail, and has it not recovered yet?"""
        return self._down.is_set()

    async def save(self, exchange: Exchange, timeout: float) -> bool:
        """Store an exchange now, or keep it until that is possible. Is it stored?"""
        if not self.down:
            try:
                await self._within(self._store.save(exchange), timeout)
                return True
            except StoreError as error:
                self._failed(error)
                if error.code == _HOPELESS:
                    return False
        self._enqueue(exchange)
        return False

    async def attempt(self, work: Callable[[], Awaitable[object]], timeout: float) -> object:
        """Another call of the store, with the time it may take.

        Raises:
            StoreError: it failed or took too long.
        """
        try:
            return await self._within(work(), timeout)
        except StoreError as error:
            self._metrics.trouble(f"store_{error.code}")
            raise

    async def erase(self, conversation: str, at: float, timeout: float) -> bool:
        """Erase a conversation here and in the store, later if the store is away. Is it gone already?"""
        self._waiting = deque(exchange for exchange in self._waiting if exchange.conversation != conversation)
        self._metrics.unstored.set(len(self._waiting))
        try:
            await self._within(self._store.erase(conversation, at), timeout)
            return True
        except StoreError as error:
            self._failed(error)
            self._erasures[conversation] = at
            self._down.set()
            return False

    def of(self, conversation: str) -> Iterator[Exchange]:
        """What waits of one conversation, oldest first."""
        return (exchange for exchange in self._waiting if exchange.conversation == conversation)

    def holds(self, exchange: Exchange) -> bool:
        """Is this one still waiting?"""
        return any(waiting is exchange for waiting in self._waiting)

    async def run(self) -> None:
        """Flush whenever something waits, until cancelled."""
        while True:
            await self._down.wait()
            if not await self.flush():
                await asyncio.sleep(self._retry)

    async def flush(self) -> bool:
        """Try to store everything that waits, oldest first. Is nothing left?"""
        async with self._flushing:
            try:
                await self._flush_all()
            except StoreError as error:
                self._failed(error)
                return False
            self._down.clear()  # nothing was awaited since the queue was seen empty
        return True

    async def _flush_all(self) -> None:
        while self._erasures:
            conversation, at = next(iter(self._erasures.items()))
            await self._within(self._store.erase(conversation, at), _FLUSH_SECONDS)
            self._erasures.pop(conversation, None)
        while self._waiting:
            await self._flush_one(self._waiting[0])

    async def _flush_one(self, exchange: Exchange) -> None:
        try:
            await self._within(self._store.save(exchange), _FLUSH_SECONDS)
        except StoreError as error:
            if error.code != _HOPELESS:
                raise
            self._failed(error)
        # An erasure may have emptied the queue meanwhile; the store then ignores what was just saved late.
        if self._waiting and self._waiting[0] is exchange:
            self._waiting.popleft()
        self._metrics.unstored.set(len(self._waiting))

    def _enqueue(self, exchange: Exchange) -> None:
        if len(self._waiting) >= self._limit:
            self._waiting.popleft()
            self._metrics.trouble("journal_full")
        self._waiting.append(exchange)
        self._metrics.unstored.set(len(self._waiting))
        self._down.set()

    def _failed(self, error: StoreError) -> None:
        self._metrics.trouble(f"store_{error.code}")

    @staticmethod
    async def _within(work: Awaitable[object], timeout: float) -> object:
        # Not asyncio.wait_for: it would wait on for a store that does not let itself be cancelled.
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=max(timeout, 0.05))
        if not task.done():
            task.cancel()
            raise StoreError("timeout")
        error = task.exception()
        if error is None:
            return task.result()
        # Anything a store raises counts as its failure: a broken driver must not silence the bot.
        raise error if isinstance(error, StoreError) else StoreError("failed")
