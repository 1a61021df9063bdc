"""Readiness: the bot is ready when it really answers, a red flag and an ordinary question, and the store keeps a row."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from careline.server.clock import Clock
from careline.server.guard import Guard
from careline.server.metrics import Metrics
from careline.server.ports import Engine, Reply
from careline.store.base import Store, StoreError
from careline.turn import at_least

AUDITION_SECONDS = 10.0


@dataclass(frozen=True)
class Probe:
    """What is asked. The ordinary question is right when it is answered by a topic that covers an id of questions.csv."""

    question: str = "What is metastatic breast cancer?"
    cover: str = "Q001"
    red_flag: str = "I am on chemo and I have a fever of 102"

    def of_red_flag(self, reply: Reply) -> str:
        """"ok", or what is wrong with the reply to the red flag."""
        return "ok" if at_least(reply.turn.tier, "urgent") else "missed"

    def of_answer(self, reply: Reply) -> str:
        """"ok", or what is wrong with the reply to the question."""
        # Not by what is said: an answer that staff have withdrawn is refused, and the bot is as ready as before.
        understood = reply.turn.kind in ("answer", "out_of_scope") and any(self.cover in topic["covers"] for topic in reply.topics[:1])
        return "ok" if understood else "wrong_topic"


async def audition(engine: Engine, probe: Probe) -> dict[str, str]:
    """What an engine makes of the probe that is not answering anybody yet: each check and "ok", or what is wrong."""
    checks = (("red_flag", probe.red_flag, probe.of_red_flag), ("answer", probe.question, probe.of_answer))
    return {name: await _tried(engine.respond(text), judge) for name, text, judge in checks}


async def _tried(asked: Awaitable[Reply], judge: Callable[[Reply], str]) -> str:
    try:
        return judge(await asyncio.wait_for(asked, AUDITION_SECONDS))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it does not pass
        return type(error).__name__


class Canary:
    """Runs the probe, at most once in a few seconds however many ask."""

    def __init__(
        self, guard: Guard, store: Store, metrics: Metrics, clock: Clock, probe: Probe, fresh: float = 3.0
    ) -> None:
        self._guard = guard
        self._store = store
        self._metrics = metrics
        self._clock = clock
        self._probe = probe
        self._fresh = fresh
        self._lock = asyncio.Lock()
        self._checked: tuple[float, dict[str, str]] | None = None

    async def check(self) -> dict[str, str]:
        """Each check and "ok", or what is wrong with it."""
        async with self._lock:
            now = time.monotonic()
            if self._checked is None or now - self._checked[0] > self._fresh:
                self._checked = now, await self._run()
            return self._checked[1]

    async def _run(self) -> dict[str, str]:
        red_flag, answer, store = await asyncio.gather(self._red_flag(), self._answer(), self._stores())
        checks = {
            "model": "ok" if self._guard.loaded else "loading",
            "red_flag": red_flag,
            "answer": answer,
            "store": store,
        }
        self._metrics.ready.set(set(checks.values()) == {"ok"})
        return checks

    async def _red_flag(self) -> str:
        guarded = await self._guard.respond(self._probe.red_flag, timeout=2.5)
        if guarded.safe:
            return "no_reply"
        return self._probe.of_red_flag(guarded.reply)

    async def _answer(self) -> str:
        guarded = await self._guard.respond(self._probe.question, timeout=2.5)
        if guarded.safe:
            return "no_reply"
        return self._probe.of_answer(guarded.reply)

    async def _stores(self) -> str:
        try:
            await asyncio.wait_for(self._store.health(self._clock.now()), 2.5)
        except StoreError as error:
            return error.code
        except asyncio.TimeoutError:
            return "timeout"
        return "ok"
