"""Stands between the server and the engine: whatever the engine does, there is a reply, in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careline.server.metrics import Metrics
from careline.server.ports import Engine, Reply


@dataclass(frozen=True)
class Guarded:
    """A reply, and whether it is the engine's own or the safe one."""

    reply: Reply
    safe: bool = False


class Guard:
    """Runs the engine on a thread and event loop of its own, so that even an engine that blocks cannot hold up a safe reply."""

    def __init__(self, fallback: Engine, metrics: Metrics) -> None:
        self._engine = self._fallback = fallback
        self._metrics = metrics
        # Made while all is well, for the day when even the pure part raises.
        self._last_resort = fallback.safe_reply("")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="careline-engine", daemon=True)
        self._blocked = False
        self._starting = True

    @property
    def model_id(self) -> str:
        """The model that answers now."""
        return self._engine.model_id

    @property
    def loaded(self) -> bool:
        """Has a real engine taken over from the fallback?"""
        return self._engine is not self._fallback

    @property
    def starting(self) -> bool:
        """Is the first engine still being loaded? Once it could not be, the fallback is all there is, and this is over."""
        return self._starting

    def settle(self) -> None:
        """The first engine has been loaded, or could not be."""
        self._starting = False

    def start(self) -> None:
        """Start the engine's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop it; the thread is a daemon, so a stuck engine does not keep the process alive."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def swap(self, engine: Engine) -> None:
        """Let another engine answer from the next message on."""
        self._engine = engine

    def safe(self, text: str, state: Mapping[str, Any] | None = None) -> Reply:
        """Red flags and a safe turn, without model or engine. Never raises."""
        # The red flags of the content that answers come first; those the process began with, should they fail.
        for engine in (self._engine, self._fallback):
            try:
                return engine.safe_reply(text, state)
            except Exception:
                self._metrics.trouble("safe_reply_raised")
        return self._last_resort

    async def respond(
        self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None, timeout: float
    ) -> Guarded:
        """The engine's reply, or the safe one when it raises, hangs or is still busy hanging."""
        if self._blocked:
            self._metrics.trouble("engine_blocked")
            return Guarded(self.safe(text, state), safe=True)
        call = asyncio.run_coroutine_threadsafe(self._engine.respond(text, action=action, state=state), self._loop)
        waiting = asyncio.wrap_future(call)
        await asyncio.wait({waiting}, timeout=max(timeout, 0.05))
        if not waiting.done():
            self._give_up(call)
            return Guarded(self.safe(text, state), safe=True)
        if waiting.cancelled() or waiting.exception() is not None:
            self._metrics.trouble("engine_raised")
            return Guarded(self.safe(text, state), safe=True)
        reply = waiting.result()
        if fault := getattr(reply, "fault", None):  # the engine's own safety net has caught something
            self._metrics.trouble(f"engine_{fault}")
        return Guarded(reply)

    def _give_up(self, call: Any) -> None:
        self._metrics.trouble("engine_timeout")
        call.cancel()
        # If the engine's loop is held up, nobody else should wait for it; it says itself when it runs again.
        self._blocked = True
        self._loop.call_soon_threadsafe(self._unblock)

    def _unblock(self) -> None:
        self._blocked = False
