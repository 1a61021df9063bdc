"""What a conversation store promises, whatever database is behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

# A turn of these kinds did not answer the person: worth a look by a maintainer, where the person agreed to it.
UNANSWERED = frozenset({"clarify", "out_of_scope", "error"})


class StoreError(Exception):
    """The store could not do it. Carries a code only: what a database says may quote what a person typed.

    Codes: locked, read_only, full, missing, corrupt, newer_schema, timeout, data, failed.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Exchange:
    """One message and what the bot said to it, as one row. `text` is scrubbed; `turn` is `Turn.to_json()`."""

    conversation: str
    message: str
    text: str
    turn: Mapping[str, Any]
    topics: Sequence[Mapping[str, Any]] = ()
    state: Mapping[str, Any] | None = None
    at: float = 0.0

    @property
    def turn_id(self) -> str:
        """The id of the turn, by which pages refer to it."""
        return str(self.turn["turn"])


@dataclass(frozen=True)
class Recall:
    """What the store knows at the start of a turn."""

    exchange: Exchange | None = None  # the one already stored for this message id
    last: Exchange | None = None
    state: Mapping[str, Any] | None = None
    touched: float | None = None  # None: the conversation is unknown
    keep: bool = False
    erased: bool = False


@dataclass(frozen=True)
class Review:
    """A row for the people who maintain the answers: scrubbed text and topic scores, nothing that names a conversation."""

    reason: str  # unanswered | not_helpful
    text: str
    topics: Sequence[Mapping[str, Any]]
    kind: str
    tier: str
    why: str = ""
    at: float = field(default=0.0, compare=False)
    id: int = field(default=0, compare=False)  # by which a maintainer's tool says that it is done with the row


class Store(Protocol):
    """Keeps conversations. Every method raises StoreError, within about two seconds, when it could not do its work."""

    async def open(self) -> None:
        """Connect and make the tables. Needed once, though any method may do it later after a failure."""

    async def close(self) -> None:
        """Let go of the database."""

    async def recall(self, conversation: str, message: str = "") -> Recall:
        """Everything a turn needs to begin, in one reading."""

    async def save(self, exchange: Exchange) -> None:
        """Store an exchange and the state after it in one transaction.

        A second save of the same message of a conversation changes nothing, nor does one of an erased conversation.
        """

    async def history(self, conversation: str, after: str | None = None, limit: int = 200) -> tuple[Exchange, ...]:
        """The exchanges after a turn, oldest first; all of them where that turn is unknown."""

    async def state(self, conversation: str) -> Mapping[str, Any] | None:
        """The dialogue state after the last exchange."""

    async def set_state(self, conversation: str, state: Mapping[str, Any], at: float) -> None:
        """Replace the dialogue state."""

    async def set_keep(self, conversation: str, keep: bool, at: float) -> None:
        """Note whether the person lets scrubbed rows be reviewed; taking it back removes the rows there are."""

    async def feedback(self, conversation: str, turn: str, helpful: bool, why: str, at: float) -> bool:
        """Note what the person thought of a turn. False: this conversation has no such turn."""

    async def reviews(self, limit: int = 1000) -> tuple[Review, ...]:
        """Rows to review, newest first."""

    async def settle(self, ids: Sequence[int]) -> int:
        """Remove rows that a maintainer is done with; how many were still there."""

    async def erase(self, conversation: str, at: float) -> None:
        """Remove every trace of a conversation from the database file; later saves of it are ignored."""

    async def expire(self, idle_before: float, reviews_before: float) -> int:
        """Remove conversations idle since before one time and review rows older than another; how many conversations."""

    async def health(self, at: float) -> None:
        """Write a row and read it back."""
