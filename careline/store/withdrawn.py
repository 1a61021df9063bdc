"""What is withdrawn, as a running process sees it: read from the ledger at most once a second."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping

from careline.store.base import StoreError
from careline.store.ledger import Ledger
from careline.withdrawals import Withdrawal

_FRESH_SECONDS = 1.0  # every process must refuse within five
_log = logging.getLogger(__name__)


class Withdrawn:
    """Call it for what is withdrawn now. Safe to share between threads; a ledger that is away leaves what was last known."""

    def __init__(self, ledger: Ledger | None = None, fresh_seconds: float = _FRESH_SECONDS) -> None:
        self._ledger = ledger or Ledger()
        self._fresh = fresh_seconds
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._known: Mapping[str, Withdrawal] = {}

    def __call__(self) -> Mapping[str, Withdrawal]:
        """Withdrawals by subject, no older than a second."""
        if self._stale() and self._lock.acquire(blocking=self._read_at is None):
            try:
                self._read()
            finally:
                self._lock.release()
        return self._known

    def _stale(self) -> bool:
        return self._read_at is None or time.monotonic() - self._read_at >= self._fresh

    def _read(self) -> None:
        try:
            self._known = self._ledger.withdrawals()
        except StoreError as error:
            _log.error("withdrawals not read: %s", error.code)
        self._read_at = time.monotonic()
