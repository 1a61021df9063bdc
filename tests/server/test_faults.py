"""Every fault that can reach the server: the person still gets a turn, in time, and what was said is stored once, in order."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from careline.store.base import StoreError
from careline.store.sqlite import SqliteStore
from tests.server.fakes import (
    Client,
    FakeEngine,
    FaultyStore,
    assert_refused,
    assert_turn,
    running,
    settings_for,
    until,
)

STORE_FAULTS = ["locked", "read_only", "full", "missing", "corrupt", "timeout", "failed", "hang", "raise"]


async def in_time(work: Any) -> Any:
    started = time.monotonic()
    result = await work
    assert time.monotonic() - started < 3
    return result


@pytest.mark.parametrize("fault", ["raising", "hanging", "blocking", "slow"])
async def test_an_engine_that_fails(tmp_path: Path, fault: str) -> None:
    async with running(settings_for(tmp_path, turn_seconds=0.6)) as client:
        await client.begin()
        await client.say("what is it")
        setattr(client.engine, fault, 1.0)
        for text, tier in (("what is it", "information"), ("I have a fever", "urgent")):
            turn = (await in_time(client.say(text))).json()
            assert_turn(turn)
            assert turn["tier"] == tier
        await until(lambda: not client.parts.journal.down)
        assert len(await client.turns()) == 3
        reason = "engine_raised" if fault == "raising" else "engine_timeout"
        assert f'careline_trouble_total{{reason="{reason}"}}' in await client.metrics()


async def test_an_engine_that_holds_up_its_loop_is_not_waited_for_twice(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, turn_seconds=0.6), engine=FakeEngine(blocking=1.0)) as client:
        await client.begin()
        await client.say("one")
        started = time.monotonic()
        assert_turn((await client.say("two")).json())
        assert time.monotonic() - started < 0.55
        client.engine.blocking = 0.0
        await until(lambda: not client.parts.guard._blocked)
        assert (await client.say("three")).json()["kind"] == "answer"


async def test_a_safe_reply_keeps_the_conversation_where_it_was(client: Client) -> None:
    await client.say("one")
    client.engine.raising = True
    await client.say("two")
    client.engine.raising = False
    assert (await client.say("three")).json()["parts"][0]["text"] == "Answer 2"


async def test_even_the_safe_reply_raises(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path), engine=FakeEngine(raising=True, safe_raising=True)) as client:
        await client.begin()
        assert_turn((await client.say("what is it")).json())
        assert 'reason="safe_reply_raised"' in await client.metrics()


async def test_a_state_that_is_no_json(tmp_path: Path) -> None:
    class Odd(FakeEngine):
        async def respond(self, text, *, action=None, state=None):  # type: ignore[no-untyped-def]
            reply = self._reply(text, action, state)
            reply.state["odd"] = {1, 2}
            return reply

    async with running(settings_for(tmp_path), engine=Odd()) as client:
        await client.begin()
        assert (await client.say("what is it")).json()["stored"]


@pytest.mark.parametrize("fault", STORE_FAULTS)
async def test_a_store_that_fails_hides_no_answer(faulty: tuple[Client, FaultyStore], fault: str) -> None:
    client, store = faulty
    store.fault = fault
    turn = (await in_time(client.say("I have a fever"))).json()
    assert turn["tier"] == "urgent" and turn["stored"] is False
    assert (await in_time(client.say("go on"))).json()["parts"][0]["text"] == "Answer 2"
    code = {"hang": "timeout", "raise": "failed"}.get(fault, fault)
    assert f'careline_trouble_total{{reason="store_{code}"}}' in await client.metrics()


@pytest.mark.parametrize("fault", STORE_FAULTS)
async def test_what_was_said_meanwhile_is_stored_once_and_in_order(
    faulty: tuple[Client, FaultyStore], fault: str
) -> None:
    client, store = faulty
    await client.say("zero", id="m0")
    store.fault = fault
    for number in range(1, 4):
        answer = (await client.say(f"text {number}", id=f"m{number}")).json()
        assert answer["stored"] is False
    repeat = (await client.say("text 2", id="m2")).json()  # a page that tries again, too
    assert repeat["parts"][0]["text"] == "Answer 3"
    store.fault = None
    await until(lambda: not client.parts.journal.down)
    assert [exchange.message for exchange in store.exchanges] == ["m0", "m1", "m2", "m3"]
    assert (await client.say("text 2", id="m2")).json()["stored"] is True
    assert (await client.say("four")).json()["stored"] is True
    assert [turn["stored"] for turn in await client.turns()] == [True] * 5


async def test_a_store_that_is_only_slow(faulty: tuple[Client, FaultyStore]) -> None:
    client, store = faulty
    store.slow = 0.05
    assert (await client.say("one")).json()["stored"] is True


async def test_saved_late_after_all_is_not_saved_twice(tmp_path: Path) -> None:
    """The write that timed out is still under way in the store's thread; the journal's second try must not double it."""

    class Late(SqliteStore):
        async def save(self, exchange):  # type: ignore[no-untyped-def]
            await super().save(exchange)
            if exchange.message == "m1" and not done:
                done.append(1)
                raise StoreError("timeout")

    done: list[int] = []
    async with running(settings_for(tmp_path), store=Late(tmp_path / "x.sqlite3")) as client:
        await client.begin()
        assert (await client.say("one", id="m1")).json()["stored"] is False
        await until(lambda: not client.parts.journal.down)
        assert [turn["reply_to"] for turn in await client.turns()] == ["m1"]


async def test_history_while_the_store_is_away_is_what_is_in_memory(faulty: tuple[Client, FaultyStore]) -> None:
    client, store = faulty
    store.fault = "locked"
    await client.say("one")
    response = await client.http.get("/api/v1/messages", headers=client.auth())
    assert response.json()["complete"] is False and len(response.json()["turns"]) == 1


async def test_what_cannot_be_stored_says_so(faulty: tuple[Client, FaultyStore]) -> None:
    client, store = faulty
    turn = (await client.say("one")).json()["turn"]
    store.fault = "full"
    put = await client.http.put("/api/v1/list", json={"items": ["x"]}, headers=client.auth())
    assert_refused(put, 503, "not_stored")
    voice = await client.http.post("/api/v1/feedback", json={"turn": turn, "helpful": True}, headers=client.auth())
    assert_refused(voice, 503, "not_stored")


async def test_an_erasure_is_made_up_for(faulty: tuple[Client, FaultyStore]) -> None:
    client, store = faulty
    await client.say("one")
    store.fault = "locked"
    await client.say("two")
    assert_refused(await client.http.delete("/api/v1/session", headers=client.auth()), 503, "not_erased_yet")
    store.fault = None
    await until(lambda: not client.parts.journal.down)
    assert store.exchanges == []


async def test_a_journal_that_is_full_drops_the_oldest_and_counts(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path), store=FaultyStore()) as client:
        await client.begin()
        client.parts.store.fault = "full"
        client.parts.journal._limit = 2
        for _ in range(3):
            await client.say("go on")
        assert 'reason="journal_full"' in await client.metrics()


async def test_a_row_that_can_never_be_stored_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    store = FaultyStore()
    async with running(settings_for(tmp_path), store=store) as client:
        await client.begin()
        store.fault = "data"
        assert (await client.say("one")).json()["stored"] is False
        store.fault = None
        assert (await client.say("two")).json()["stored"] is True


# --- the same with SQLite ------------------------------------------------------------------------------------------


async def test_sqlite_locked_by_somebody_else(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, save_seconds=1.0)
    async with running(settings, store=SqliteStore(settings.store_path, busy_ms=100)) as client:
        await client.begin()
        await client.say("one", id="m1")
        other = sqlite3.connect(settings.store_path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        turn = (await in_time(client.say("I have a fever", id="m2"))).json()
        assert turn["tier"] == "urgent" and turn["stored"] is False
        assert (await client.http.get("/readyz")).json()["checks"]["store"] == "locked"
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: not client.parts.journal.down)
        assert [turn["reply_to"] for turn in await client.turns()] == ["m1", "m2"]


async def test_sqlite_full_disk(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with running(settings, store=SqliteStore(settings.store_path, pragmas={"max_page_count": 24})) as client:
        await client.begin()
        answers = [(await in_time(client.say("what is it " + "x" * 900))).json() for _ in range(25)]
        assert answers[0]["stored"] is True and answers[-1]["stored"] is False
        assert 'reason="store_full"' in await client.metrics()


async def test_sqlite_read_only(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with running(settings, store=SqliteStore(settings.store_path, pragmas={})) as client:
        await client.begin()
        await client.say("one")
        client.parts.store._database.connection().execute("PRAGMA query_only=ON")
        assert (await in_time(client.say("two"))).json()["stored"] is False
        assert 'reason="store_read_only"' in await client.metrics()
        client.parts.store._database.connection().execute("PRAGMA query_only=OFF")
        await until(lambda: not client.parts.journal.down)
        assert len(await client.turns()) == 2


async def test_sqlite_file_taken_away(tmp_path: Path) -> None:
    """Writing on to a deleted file would look like success. A new one is made and the conversation goes on from memory."""
    settings = settings_for(tmp_path)
    async with running(settings) as client:
        await client.begin()
        await client.say("one")
        for path in tmp_path.glob("conversations.sqlite3*"):
            path.unlink()
        turn = (await in_time(client.say("two"))).json()
        assert turn["parts"][0]["text"] == "Answer 2" and turn["stored"]
        with sqlite3.connect(settings.store_path) as db:
            assert db.execute("SELECT text FROM exchanges").fetchall() == [("two",)]


async def test_sqlite_cannot_be_opened_at_the_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, store_path=tmp_path / "folder" / "x.sqlite3")
    (tmp_path / "folder").write_text("a file where a folder should be")
    async with running(settings) as client:
        await client.begin()
        turn = (await in_time(client.say("I have a fever", id="a"))).json()
        assert turn["tier"] == "urgent" and turn["stored"] is False
        os.remove(tmp_path / "folder")
        await until(lambda: not client.parts.journal.down)
        assert [turn["reply_to"] for turn in await client.turns()] == ["a"]


async def test_sqlite_is_not_a_database(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    settings.store_path.write_bytes(b"this is no database, " * 500)
    async with running(settings) as client:
        await client.begin()
        assert (await in_time(client.say("one"))).json()["stored"] is False
        assert (await client.http.get("/readyz")).json()["checks"]["store"] == "corrupt"


async def test_killed_between_answer_and_save_the_repeat_is_answered(tmp_path: Path) -> None:
    """Nothing was acknowledged as stored, so the page sends its message again, to the process that came after."""
    async with running(settings_for(tmp_path)) as client:
        token = await client.begin()
        await client.say("one", id="a")

        async def killed(*_: object) -> bool:
            raise SystemError("killed here")

        client.parts.journal.save = killed
        assert_refused(await client.say("two", id="b"), 500, "internal")
        body = assert_refused(await client.say("I have a fever", id="c"), 500, "internal")
        assert body["turn"]["tier"] == "urgent"
    async with running(settings_for(tmp_path)) as client:
        client.token = token
        assert (await client.say("two", id="b")).json()["parts"][0]["text"] == "Answer 2"
        assert [turn["reply_to"] for turn in await client.turns()] == ["a", "b"]


# --- clocks and sessions ---------------------------------------------------------------------------------------------


async def test_a_session_ends_after_an_idle_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await client.say("one")
    clock = client.parts.clock
    clock._start += 3599
    assert (await client.say("two")).status_code == 200
    clock._start += 3601
    assert assert_refused(await client.say("I have a fever"), 401, "session_expired")["turn"]["tier"] == "urgent"


async def test_an_idle_session_has_ended_for_the_next_process_too(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as client:
        token = await client.begin()
        await client.say("one")
    async with running(settings_for(tmp_path)) as client:
        client.parts.clock._start += 3700
        assert_refused(await client.say("two", token=token), 401, "session_expired")


async def test_a_token_does_not_live_for_ever(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, idle_seconds=10**9)) as client:
        await client.begin()
        client.parts.clock._start += 25 * 3600
        assert_refused(await client.say("two"), 401, "session_expired")


@pytest.mark.parametrize("jump", [-7200, 7200, -400 * 86400])
async def test_a_clock_that_jumps_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    async with running(settings_for(tmp_path)) as client:
        await client.begin()
        await client.say("one", id="a")
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + jump)
        await client.say("two", id="b")
        client.parts.sessions.forget_idle()
        await client.parts.store.expire(client.parts.clock.now() - 3600, 0)
        assert (await client.say("three", id="c")).json()["parts"][0]["text"] == "Answer 3"
        assert [turn["reply_to"] for turn in await client.turns()] == ["a", "b", "c"]
        token = await client.begin()
        assert (await client.say("a new one", token=token)).status_code == 200


async def test_conversations_leave_the_store_by_themselves(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, expiry_every=0.02)
    async with running(settings) as client:
        await client.begin()
        await client.say("one")
        client.parts.clock._start += 3700
        await until(lambda: _rows(settings.store_path) == 0)


def _rows(path: Path) -> int:
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM exchanges").fetchone()[0])


async def test_a_slow_body(tmp_path: Path) -> None:
    async def trickle() -> Any:
        yield b'{"id": "a", '
        await asyncio.sleep(0.5)
        yield b'"text": "hi"}'

    async with running(settings_for(tmp_path, body_seconds=0.05)) as client:
        await client.begin()
        response = await client.http.post(
            "/api/v1/messages", content=trickle(), headers={"Content-Type": "application/json", **client.auth()}
        )
        assert_refused(response, 408, "body_slow")


async def test_memory_makes_room(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as client:
        client.parts.sessions._limit = 3
        tokens = [await client.begin() for _ in range(6)]
        for token in tokens:
            await client.say("one", token=token)
        assert len(client.parts.sessions._open) <= 3
        assert (await client.say("two", token=tokens[0])).json()["parts"][0]["text"] == "Answer 2"
