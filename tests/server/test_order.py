"""One message, one turn; one after another in a conversation; conversations apart from each other."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.server.fakes import Client, FakeEngine, assert_refused, running, settings_for


async def test_the_same_id_gets_the_same_turn(client: Client) -> None:
    first = (await client.say("which one", id="a")).json()
    assert (await client.say("which one", id="a")).json() == first
    assert len(client.engine.calls) == 1 and len(await client.turns()) == 1


async def test_the_same_id_at_the_same_time_is_answered_once(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path), engine=FakeEngine(slow=0.02)) as client:
        await client.begin()
        answers = await asyncio.gather(*(client.say("what is it", id="a") for _ in range(5)))
        assert len({answer.text for answer in answers}) == 1
        assert len(client.engine.calls) == 1 and len(await client.turns()) == 1


async def test_an_id_used_again_for_something_alarming_is_not_answered_with_the_old_turn(client: Client) -> None:
    await client.say("what is it", id="a")
    body = assert_refused(await client.say("I have a fever", id="a"), 409, "id_reused")
    assert body["turn"]["tier"] == "urgent"


async def test_a_choice_sent_twice_gets_the_same_turn(client: Client) -> None:
    token = (await client.say("which one")).json()["choices"][0]["token"]
    first = (await client.press(token, id="p")).json()
    assert (await client.press(token, id="p")).json() == first


async def test_messages_of_a_conversation_are_answered_in_order_of_arrival(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path), engine=FakeEngine(slow=0.01)) as client:
        await client.begin()
        texts = [f"question {number}" for number in range(8)]
        answers = await asyncio.gather(*(client.say(text) for text in texts))
        assert [answer.json()["parts"][0]["text"] for answer in answers] == [f"Answer {n}" for n in range(1, 9)]
        assert [turn["text"] for turn in await client.turns()] == texts


async def test_conversations_do_not_wait_for_each_other(tmp_path: Path) -> None:
    inside, most = 0, 0

    class Counting(FakeEngine):
        async def respond(self, text, *, action=None, state=None):  # type: ignore[no-untyped-def]
            nonlocal inside, most
            inside, most = inside + 1, max(most, inside + 1)
            await asyncio.sleep(0.02)
            inside -= 1
            return self._reply(text, action, state)

    async with running(settings_for(tmp_path), engine=Counting()) as client:
        tokens = [await client.begin() for _ in range(4)]
        await asyncio.gather(*(client.say("what is it", token=token) for token in tokens))
    assert most == 4


async def test_conversations_see_nothing_of_each_other(client: Client) -> None:
    alice = client.token
    turn = (await client.say("what is a biopsy", id="same")).json()
    bob = await client.begin()
    assert await client.turns(token=bob) == []
    assert await client.turns(after=turn["turn"], token=bob) == []
    assert (await client.say("bob's question", id="same")).json()["turn"] != turn["turn"]
    assert [shown["text"] for shown in await client.turns(token=alice)] == ["what is a biopsy"]
    await client.http.delete("/api/v1/session", headers=client.auth(bob))
    assert len(await client.turns(token=alice)) == 1


async def test_a_queue_that_is_too_slow_is_told_so_with_a_turn(tmp_path: Path, monkeypatch: object) -> None:
    async with running(settings_for(tmp_path, turn_seconds=0.6), engine=FakeEngine(slow=0.5)) as client:
        await client.begin()
        answers = await asyncio.gather(client.say("one"), client.say("two"), client.say("I have a fever"))
        assert answers[0].status_code == 200
        body = assert_refused(answers[2], 503, "busy")
        assert body["turn"]["tier"] == "urgent"
        assert len(await client.turns()) == 1  # what was refused was not said
