"""What is known of a conversation when a message comes: from the store, and from memory while it is away."""

from __future__ import annotations

from dataclasses import replace

from careline.server.journal import Journal
from careline.server.refusals import Refusal
from careline.server.sessions import Session
from careline.store.base import Exchange, Recall, Store, StoreError

HISTORY_SECONDS = 2.0
PAGE = 200  # exchanges read at once


class Recollection:
    """Reads the store, and bridges its absences."""

    def __init__(self, store: Store, journal: Journal, seconds: float) -> None:
        self._seconds = seconds
        self._store = store
        self._journal = journal

    async def recall(self, session: Session, message: str = "") -> Recall:
        """What is known at the start of a turn: from the store, or from memory while it is away."""
        if not session.recent:
            for exchange in self._journal.of(session.conversation):
                session.remember(exchange)
        known = session.recent.get(message)
        if known or (self._journal.down and session.known):
            return self._from_memory(session, known)
        try:
            work = self._journal.attempt(lambda: self._store.recall(session.conversation, message), self._seconds)
            recall: Recall = await work  # type: ignore[assignment]
        except StoreError:
            return self._from_memory(session, known)
        if recall.erased:
            session.erased = True
            raise Refusal(401, "session_erased", "This conversation was erased. Start a new session.")
        return self._with_memory(session, recall)

    def _with_memory(self, session: Session, recall: Recall) -> Recall:
        # Unsaved exchanges (the store just came back, say) are newer than anything it can know.
        if session.last is not None and self._journal.holds(session.last):
            return replace(recall, last=session.last, state=session.state)
        if session.known and recall.touched is None:  # the database was lost while we ran: go on from memory
            return self._from_memory(session, recall.exchange)
        session.state, session.known = recall.state, True
        return recall

    @staticmethod
    def _from_memory(session: Session, known: Exchange | None) -> Recall:
        return Recall(known, session.last, session.state, session.last_seen, session.keep)

    async def exchanges(self, session: Session, after: str | None) -> tuple[list[Exchange], bool]:
        """The exchanges after a turn, oldest first, and whether these are all."""
        try:
            work = self._journal.attempt(
                lambda: self._store.history(session.conversation, after, PAGE), HISTORY_SECONDS
            )
            stored: tuple[Exchange, ...] = await work  # type: ignore[assignment]
        except StoreError:
            return _after(list(session.recent.values()), after), False
        known = {exchange.turn_id for exchange in stored}
        waiting = [exchange for exchange in self._journal.of(session.conversation) if exchange.turn_id not in known]
        return _after([*stored, *waiting], after), True


def _after(exchanges: list[Exchange], after: str | None) -> list[Exchange]:
    ids = [exchange.turn_id for exchange in exchanges]
    return exchanges[ids.index(after) + 1 :] if after in ids else exchanges
