"""What the fault tests share: three seconds, what a safe turn is, a runtime that says what it is told, an application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx

from careline import catalog as catalogs
from careline import house_rules
from careline.dialogue.compose import turn
from careline.dialogue.engine import Engine, Reply, fallback_engine
from careline.dialogue.knowledge import shared
from careline.server.app import create_app
from careline.store.sqlite import SqliteStore
from careline.turn import Turn
from tests.server.fakes import Client, settings_for, until

LOAD_SECONDS = 300.0  # the first load of a process imports Rasa, which a busy machine may take its time over

ORDINARY = "What is metastatic breast cancer?"
FEVER = "I am on chemo and I have a fever of 102"
CRISIS = "I want to end my life"
LIMIT = 3.0  # seconds in which the person has a turn, whatever is broken
Result = TypeVar("Result")


class Broken:
    """Stands where something should work, counts the calls and raises."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_: Any, **__: Any) -> Any:
        self.calls += 1
        raise RuntimeError("broken for a test")


class Says:
    """A runtime that says what it is told, whatever was asked."""

    model_id = "says"

    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)

    async def handle(self, *_: Any) -> Any:
        return SimpleNamespace(turns=self.turns, snapshot={"slots": {}, "loop": None}, parsed={})


def an_answer(text: str, **changes: Any) -> Turn:
    """An ordinary answer with its referral."""
    return turn(shared(), "answer", [text], **changes)


async def in_time(work: Awaitable[Result]) -> Result:
    """What the work brings, which must be there within three seconds."""
    started = time.monotonic()
    result = await work
    assert time.monotonic() - started < LIMIT
    return result


def assert_safe(reply: Reply) -> None:
    """The safe turn: it says that something went wrong and whom to call, and keeps every house rule."""
    assert reply.fault
    assert reply.turn.kind == "error" and reply.turn.turn
    assert [contact.tel for contact in reply.turn.referral.contacts if contact.id == "emergency"] == ["911"]
    assert house_rules.faults(catalogs.shared(), reply.turn) == []


def assert_alarm(reply: Reply, tier: str = "urgent") -> None:
    """A red flag is answered as one, with what to do and whom to call."""
    assert reply.turn.tier == tier and reply.turn.kind == tier
    assert reply.turn.referral.contacts and not reply.turn.choices
    assert house_rules.faults(catalogs.shared(), reply.turn) == []


async def assert_stays_safe(engine: Engine, broken: Broken | None = None) -> Reply:
    """An ordinary question gets the safe turn, red flags still get theirs, all in time. Returns the safe reply."""
    reply = await in_time(engine.respond(ORDINARY))
    assert_safe(reply)
    assert broken is None or broken.calls, "the fault was never reached"
    assert_alarm(await in_time(engine.respond(FEVER)))
    assert_alarm(await in_time(engine.respond(CRISIS)), "crisis")
    return reply


@asynccontextmanager
async def application(folder: Path, load: Callable[[], Any]) -> AsyncIterator[Client]:
    """The real application with the real fallback, once `load` has made its engine or failed to."""
    settings = settings_for(folder)
    app = create_app(
        settings,
        load,
        fallback=fallback_engine(),
        catalog=catalogs.shared(),
        store=SqliteStore(settings.store_path, timeout=20, pragmas={"synchronous": "OFF"}),
    )
    inner = app._app  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(app=app)
    async with (
        inner.router.lifespan_context(inner),
        httpx.AsyncClient(transport=transport, base_url="http://careline.test") as http,
    ):
        client = Client(http, app, None)  # type: ignore[arg-type]
        await until(lambda: not client.parts.guard.starting, LOAD_SECONDS)
        await client.begin()
        yield client
