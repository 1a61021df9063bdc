"""What the server needs of an engine, so that any engine (and a test's fake) can be put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from careline.turn import Turn


class Reply(Protocol):
    """What an engine says to one message."""

    @property
    def turn(self) -> Turn: ...

    @property
    def state(self) -> Mapping[str, Any]: ...

    @property
    def text(self) -> str: ...

    @property
    def topics(self) -> Sequence[Mapping[str, Any]]: ...


class Engine(Protocol):
    """Answers messages. `respond` may be slow or fail, though it should not; `safe_reply` is pure and quick."""

    @property
    def model_id(self) -> str: ...

    async def respond(
        self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None
    ) -> Reply: ...

    def safe_reply(self, text: str, state: Mapping[str, Any] | None = None) -> Reply: ...
