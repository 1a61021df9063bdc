"""A clock that does not jump: the time of day at start, and what has passed since by a clock nobody sets."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970 that only ever run forward while the process lives."""

    def __init__(self) -> None:
        self._start = time.time() - time.monotonic()

    def now(self) -> float:
        """The time now."""
        return self._start + time.monotonic()
