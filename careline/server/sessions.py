"""Who is speaking: signed tokens, and what this process remembers of each conversation."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from careline.server.clock import Clock
from careline.server.refusals import Refusal
from careline.server.settings import Settings
from careline.store.base import Exchange

_REMEMBERED = 50  # exchanges of one conversation kept in memory, so that a repeat is known while the store is away


@dataclass
class Session:
    """One conversation as this process knows it. `lock` lets its messages through one at a time, first come first served."""

    conversation: str
    issued: float
    keep: bool
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_seen: float | None = None  # None: nothing heard since this process started
    known: bool = False  # has its state been read from the store, or made here
    state: Mapping[str, Any] | None = None
    recent: OrderedDict[str, Exchange] = field(default_factory=OrderedDict)
    erased: bool = False

    @property
    def last(self) -> Exchange | None:
        """The latest exchange this process knows of."""
        return next(reversed(self.recent.values()), None)

    def remember(self, exchange: Exchange) -> None:
        """Note an exchange that was just made."""
        self.recent[exchange.message] = exchange
        self.state = exchange.state
        self.known = True
        while len(self.recent) > _REMEMBERED:
            self.recent.popitem(last=False)


class Sessions:
    """Issues tokens and finds the conversation of a token. The token is the only way in."""

    def __init__(self, settings: Settings, clock: Clock, *, limit: int = 10_000) -> None:
        self._settings = settings
        self._clock = clock
        self._limit = limit
        self._signer = URLSafeTimedSerializer(settings.secret, salt="careline.session")
        self._open: OrderedDict[str, Session] = OrderedDict()

    def issue(self, keep: bool) -> tuple[str, str]:
        """A token for a new conversation, and when it ends if nothing is said (ISO time)."""
        token = self._signer.dumps([secrets.token_urlsafe(16), int(keep), int(self._clock.now())])
        ends = datetime.fromtimestamp(self._clock.now() + self._settings.idle_seconds, timezone.utc)
        return str(token), ends.isoformat(timespec="seconds")

    def find(self, authorization: str | None, *, erased: bool = False) -> Session:
        """The session of an `Authorization: Bearer` header; an erased one only where the caller says so.

        Raises:
            Refusal: no token, a forged one, one that has lived its time, or one whose conversation was erased.
        """
        conversation, keep, issued = self._read(authorization)
        session = self._open.get(conversation)
        if session is None:
            session = self._open[conversation] = Session(conversation, issued, keep)
            self._make_room()
        self._open.move_to_end(conversation)
        if session.erased and not erased:
            raise Refusal(401, "session_erased", "This conversation was erased. Start a new session.")
        return session

    def check_idle(self, session: Session, touched: float | None) -> None:
        """Refuse a session that was silent too long; `touched` is when the store last heard of it."""
        heard = [time for time in (session.last_seen, touched) if time is not None]
        session.last_seen = max(heard, default=session.issued)
        if self._clock.now() - session.last_seen > self._settings.idle_seconds:
            raise Refusal(401, "session_expired", "This session has ended. Start a new one.")

    def touch(self, session: Session) -> None:
        """Something was said just now."""
        session.last_seen = self._clock.now()

    def forget_idle(self) -> None:
        """Let go of the conversations that have ended."""
        now = self._clock.now()
        for session in list(self._open.values()):
            # An erased one is remembered as long as its token could be shown again.
            kept = self._settings.token_seconds if session.erased else self._settings.idle_seconds
            if now - (session.last_seen or session.issued) > kept and not session.lock.locked():
                self._open.pop(session.conversation, None)

    def _read(self, authorization: str | None) -> tuple[str, bool, float]:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "session_missing", "Send the session token as Authorization: Bearer.")
        try:
            conversation, keep, issued = self._signer.loads(token.strip())
        except (BadData, ValueError, TypeError, RecursionError):
            raise Refusal(401, "session_invalid", "This session token is not valid.") from None
        # Not itsdangerous' own time: that is the wall clock's, and tokens "from the future" would be refused when it is set back.
        if self._clock.now() - issued > self._settings.token_seconds:
            raise Refusal(401, "session_expired", "This session has ended. Start a new one.")
        return conversation, bool(keep), float(issued)

    def _make_room(self) -> None:
        if len(self._open) <= self._limit:
            return
        idle = next((key for key, session in self._open.items() if not session.lock.locked()), None)
        if idle is not None:
            del self._open[idle]
