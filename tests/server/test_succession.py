"""One model takes over from another while people talk: nothing lost, nothing doubled, and never for the worse."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from careline.errors import Untrusted
from tests.server.fakes import FakeEngine, FakeReply, is_alarming, running, settings_for, until


@dataclass
class Stage:
    """What is live, and what comes of loading it."""

    live: Callable[[], FakeEngine] = field(default=lambda: FakeEngine(model_id="first"))
    mark: bytes = b"first"
    loads: int = 0
    looks: int = 0

    def look(self) -> bytes:
        self.looks += 1
        return self.mark

    def load(self) -> FakeEngine:
        self.loads += 1
        return self.live()

    def promote(self, name: str, live: Callable[[], FakeEngine] | None = None) -> None:
        self.live = live or (lambda: FakeEngine(model_id=name))
        self.mark = name.encode() + bytes([self.loads])


class Deaf(FakeEngine):
    """Hears no red flag."""

    async def respond(self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None) -> FakeReply:
        return await super().respond("what is it" if is_alarming(text) else text, action=action, state=state)


class Elsewhere(FakeEngine):
    """Answers with another topic than is asked for."""

    async def respond(self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None) -> FakeReply:
        reply = await super().respond(text, action=action, state=state)
        return FakeReply(reply.turn, reply.state, reply.text, ({"id": "what_it_is", "covers": ["Q029"], "confidence": 0.9},))


def _raise(error: BaseException) -> Callable[[], FakeEngine]:
    def load() -> FakeEngine:
        raise error

    return load


REFUSED: Mapping[str, tuple[Callable[[], FakeEngine], str]] = {
    "not what was signed": (_raise(Untrusted(Path("models/next/model.tar.gz"), "is not the file that was signed")), "model_not_trusted"),
    "broken": (_raise(ValueError("no archive")), "model_not_loaded"),
    "exits": (_raise(SystemExit(1)), "model_not_loaded"),
    "deaf to red flags": (lambda: Deaf(model_id="next"), "model_failed_canary"),
    "answers something else": (lambda: Elsewhere(model_id="next"), "model_failed_canary"),
    "raises": (lambda: FakeEngine(model_id="next", raising=True), "model_failed_canary"),
}


async def test_the_next_model_answers_from_the_next_message_on(tmp_path: Path) -> None:
    stage = Stage()
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        await client.begin()
        assert (await client.say("what is it")).json()["model"] == "first"
        stage.promote("second")
        await until(lambda: client.parts.guard.model_id == "second")
        turn = (await client.say("what is it")).json()
        assert turn["model"] == "second" and turn["parts"][0]["text"] == "Answer 2", "the conversation goes on where it was"
        assert [each["model"] for each in await client.turns()] == ["first", "second"]
        assert 'careline_model{model="second"} 1.0' in await client.metrics()
        assert (await client.http.get("/readyz")).json()["model"] == "second"


@pytest.mark.parametrize(("live", "reason"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_model_that_cannot_be_relied_upon_never_answers(
    live: Callable[[], FakeEngine], reason: str, tmp_path: Path
) -> None:
    stage = Stage()
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        await client.begin()
        stage.promote("next", live)
        await until(lambda: reason.encode() in client.parts.metrics.render())
        assert (await client.say("what is it")).json()["model"] == "first"
        assert (await client.http.get("/readyz")).status_code == 200
        assert 'careline_model{model="first"} 1.0' in await client.metrics()
        stage.promote("third")
        await until(lambda: client.parts.guard.model_id == "third")


async def test_a_refused_model_is_not_tried_again_until_it_is_made_live_again(tmp_path: Path) -> None:
    stage = Stage()
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        stage.promote("next", _raise(ValueError("no archive")))
        await until(lambda: stage.loads == 2)
        looks = stage.looks
        await until(lambda: stage.looks > looks + 3)
        assert stage.loads == 2
        stage.promote("next")
        await until(lambda: client.parts.guard.model_id == "next")
        assert stage.loads == 3


async def test_a_server_without_a_model_takes_the_first_that_is_made_live(tmp_path: Path) -> None:
    stage = Stage(_raise(FileNotFoundError("none")), b"")
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look, loaded=False) as client:
        await client.begin()
        await until(lambda: not client.parts.guard.starting)
        assert (await client.say("what is it")).json()["model"] == "fallback"
        stage.promote("first")
        await until(lambda: client.parts.guard.loaded)
        assert (await client.say("what is it")).json()["model"] == "first"


async def test_messages_under_way_are_finished_by_the_model_that_began_them(tmp_path: Path) -> None:
    first, stage = FakeEngine(model_id="first", slow=0.3), Stage()
    stage.live = lambda: first
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        await client.begin()
        under_way = asyncio.create_task(client.say("what is it"))
        await until(lambda: bool(first.calls))
        client.parts.guard.swap(FakeEngine(model_id="second"))
        assert (await under_way).json()["model"] == "first"
        assert (await client.say("what is it")).json()["model"] == "second"


async def test_while_a_model_loads_slowly_the_other_answers(tmp_path: Path) -> None:
    stage, go = Stage(), threading.Event()

    def slowly() -> FakeEngine:
        assert go.wait(30)
        return FakeEngine(model_id="second")

    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        await client.begin()
        stage.promote("second", slowly)
        await until(lambda: stage.loads == 2)
        assert (await client.say("what is it")).json()["model"] == "first"
        go.set()
        await until(lambda: client.parts.guard.model_id == "second")


async def test_ten_changes_among_many_conversations_lose_and_double_nothing(tmp_path: Path) -> None:
    stage = Stage()
    async with running(settings_for(tmp_path), load=stage.load, mark=stage.look) as client:
        tokens = [await client.begin() for _ in range(8)]

        async def talk(token: str) -> list[dict[str, Any]]:
            return [(await client.say("go on", id=f"m{number}", token=token)).json() for number in range(25)]

        async def change() -> None:
            for number in range(10):
                client.parts.guard.swap(FakeEngine(model_id=f"model-{number}"))
                await asyncio.sleep(0.02)

        talks = await asyncio.gather(*(talk(token) for token in tokens), change())
        for token, turns in zip(tokens, talks):
            assert turns is not None
            assert [turn["parts"][0]["text"] for turn in turns] == [f"Answer {number}" for number in range(1, 26)]
            assert [turn["reply_to"] for turn in await client.turns(token=token)] == [f"m{number}" for number in range(25)]
        assert len({turn["model"] for turns in talks[:-1] for turn in turns or ()}) > 2
