"""One model takes over from another while people talk: load it, try it, then let it answer from the next message on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from careline.errors import Untrusted
from careline.server import logs
from careline.server.canary import Probe, audition
from careline.server.guard import Guard
from careline.server.metrics import Metrics
from careline.server.ports import Engine


class Succession:
    """Follows what is live. What cannot be loaded, trusted or relied upon is counted, and the old model goes on answering."""

    def __init__(self, guard: Guard, metrics: Metrics, load: Callable[[], Engine], mark: Callable[[], bytes], probe: Probe) -> None:
        """`load` makes the engine of the live model; `mark` changes whenever another is made live, and is cheap to ask for."""
        self._guard = guard
        self._metrics = metrics
        self._load = load
        self._mark = mark
        self._probe = probe
        self._seen: bytes | None = None

    async def look(self) -> None:
        """Has another model been made live? Then it takes over, if it can."""
        mark = self._mark()
        if mark == self._seen:
            return
        self._seen = mark  # a model that was refused is not tried again until somebody makes it live again
        engine = await self._loaded()
        if engine is not None and await self._stands(engine):
            self._guard.swap(engine)
            self._metrics.answering(engine.model_id)
            logs.event("model_loaded", model=engine.model_id)
        self._guard.settle()

    async def _loaded(self) -> Engine | None:
        try:
            return await asyncio.to_thread(self._load)
        except Untrusted:
            self._refused("model_not_trusted", "Untrusted")
        except (Exception, SystemExit) as error:  # Rasa's loaders are known to call sys.exit
            self._refused("model_not_loaded", type(error).__name__)
        return None

    async def _stands(self, engine: Engine) -> bool:
        if not self._guard.loaded:
            return True  # there is nothing better to keep; readiness says what is wrong with it
        # In a thread and loop of its own: a successor that hangs must not hold up those who are answered meanwhile.
        checks = await asyncio.to_thread(lambda: asyncio.run(audition(engine, self._probe)))
        if set(checks.values()) == {"ok"}:
            return True
        self._refused("model_failed_canary", ",".join(f"{name}:{found}" for name, found in checks.items()))
        return False

    def _refused(self, reason: str, why: str) -> None:
        self._metrics.trouble(reason)
        logs.event(reason, why=why)
