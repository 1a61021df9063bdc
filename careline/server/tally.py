"""How often which topic was answered, a day at a time: counts without texts or people, for those who maintain the answers."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from datetime import datetime, timezone

from careline.server import logs
from careline.store import counts
from careline.store.base import StoreError
from careline.store.counts import Key
from careline.store.ledger import Ledger
from careline.turn import Turn


class Tally:
    """Counts turns in memory and writes the sums to the ledger now and then, so that no turn waits for it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._counted: Counter[Key] = Counter()

    def add(self, turn: Turn) -> None:
        """Count a turn under each topic it answers, or under none."""
        day = datetime.now(timezone.utc).date().isoformat()
        topics = dict.fromkeys(part.topic for part in turn.parts if part.topic) or {"": None}
        with self._lock:
            self._counted.update(Key(day, topic or "", turn.kind, turn.tier) for topic in topics)

    async def flush(self) -> None:
        """Write what was counted; what cannot be written is tried again next time."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        try:
            await asyncio.to_thread(counts.add, self._ledger, counted)
        except StoreError as error:
            logs.event("tally_not_written", reason=error.code)
            with self._lock:
                self._counted.update(counted)
