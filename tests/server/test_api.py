"""What the API does when all is well."""

from __future__ import annotations

import asyncio
from pathlib import Path

from careline.server.settings import Rate
from tests.server.fakes import (
    CATALOG,
    PLENTY,
    Client,
    FakeEngine,
    assert_refused,
    assert_turn,
    running,
    settings_for,
    until,
)


async def test_a_message_gets_a_turn(client: Client) -> None:
    response = await client.say("what is it", id="first")
    assert response.status_code == 200
    turn = response.json()
    assert_turn(turn)
    assert turn["reply_to"] == "first" and turn["kind"] == "answer" and turn["stored"] is True


async def test_a_turn_names_the_model_it_came_from(client: Client) -> None:
    assert (await client.say("what is it")).json()["model"] == "fake-1"
    assert (await client.turns())[0]["model"] == "fake-1"


async def test_the_state_goes_from_message_to_message(client: Client) -> None:
    said = [(await client.say("go on")).json()["parts"][0]["text"] for _ in range(3)]
    assert said == ["Answer 1", "Answer 2", "Answer 3"]


async def test_history_is_what_was_said_in_order(client: Client) -> None:
    ids = [(await client.say(f"question {number}")).json()["turn"] for number in range(3)]
    turns = await client.turns()
    assert [turn["turn"] for turn in turns] == ids == sorted(ids)
    assert [turn["text"] for turn in turns] == ["question 0", "question 1", "question 2"]
    assert [turn["turn"] for turn in await client.turns(after=ids[1])] == ids[2:]
    assert len(await client.turns(after="unknown")) == 3


async def test_a_choice_means_its_action(client: Client) -> None:
    choices = (await client.say("which one")).json()["choices"]
    assert [choice["label"] for choice in choices] == ["Bones", "Liver"]
    assert all("topic" not in choice["token"] and set(choice) == {"label", "token"} for choice in choices)
    turn = (await client.press(choices[1]["token"])).json()
    assert turn["parts"][0]["text"] == "Answer 2 after topic:liver"
    assert client.engine.calls[-1] == ("Liver", "topic:liver")
    assert (await client.turns())[-1]["text"] == "Liver"


async def test_only_the_latest_turn_of_the_history_has_choices(client: Client) -> None:
    await client.say("which one")
    assert (await client.turns())[-1]["choices"]
    await client.say("never mind")
    assert not (await client.turns())[0]["choices"]


async def test_erasing_ends_the_conversation(client: Client) -> None:
    await client.say("what is it")
    assert (await client.http.delete("/api/v1/session", headers=client.auth())).status_code == 204
    assert_refused(await client.say("hello?"), 401, "session_erased")
    assert (await client.http.delete("/api/v1/session", headers=client.auth())).status_code == 204


async def test_an_erased_conversation_stays_erased_after_a_restart(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as client:
        token = await client.begin()
        await client.say("what is it")
        await client.http.delete("/api/v1/session", headers=client.auth())
    async with running(settings_for(tmp_path)) as client:
        assert_refused(await client.say("hello?", token=token), 401, "session_erased")


async def test_a_restart_continues_the_conversation(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as client:
        token = await client.begin()
        first = (await client.say("what is it", id="a")).json()
        choices = (await client.say("which one", id="b")).json()["choices"]
    async with running(settings_for(tmp_path)) as client:
        client.token = token
        assert (await client.say("what is it", id="a")).json() == {**first, "choices": []}
        assert client.engine.calls == []
        turn = (await client.press(choices[0]["token"])).json()
        assert turn["parts"][0]["text"] == "Answer 3 after topic:bones"
        assert len(await client.turns()) == 3


async def test_feedback_is_for_a_turn_of_this_conversation(client: Client) -> None:
    turn = (await client.say("what is it")).json()["turn"]
    body = {"turn": turn, "helpful": False, "why": "too long"}
    assert (await client.http.post("/api/v1/feedback", json=body, headers=client.auth())).status_code == 204
    await client.begin()
    response = await client.http.post("/api/v1/feedback", json=body, headers=client.auth())
    assert_refused(response, 404, "unknown_turn")
    assert 'careline_feedback_total{helpful="no"} 1.0' in await client.metrics()


async def test_the_list_is_kept_with_the_dialogue(client: Client) -> None:
    async def items() -> list[str]:
        return list((await client.http.get("/api/v1/list", headers=client.auth())).json()["items"])

    assert await items() == []
    body = {"items": ["How long?", "call me on 919-555-0143?"]}
    put = await client.http.put("/api/v1/list", json=body, headers=client.auth())
    assert put.json()["items"] == await items() == ["How long?", "call me on [phone]?"]
    await client.say("go on")
    assert len(await items()) == 2
    too_many = await client.http.put("/api/v1/list", json={"items": ["x"] * 31}, headers=client.auth())
    assert_refused(too_many, 422, "schema")


async def test_review_rows_only_of_those_who_agreed(client: Client) -> None:
    store = client.parts.store
    await client.say("which one")
    assert await store.reviews() == ()
    await client.begin(keep_for_review=True)
    turn = (await client.say("which one, my name is Jane Holloway")).json()
    await client.http.post("/api/v1/feedback", json={"turn": turn["turn"], "helpful": False}, headers=client.auth())
    rows = await store.reviews()
    assert [row.reason for row in rows] == ["not_helpful", "unanswered"]
    assert rows[0].text == "which one, my name is [name]" and rows[0].topics[0]["id"] == "what_it_is"
    body = {"keep_for_review": False}
    assert (await client.http.put("/api/v1/session", json=body, headers=client.auth())).json() == body
    assert await store.reviews() == ()


async def test_ready_when_the_canary_sings(client: Client) -> None:
    assert (await client.http.get("/healthz")).json() == {"status": "ok"}
    response = await client.http.get("/readyz")
    assert response.status_code == 200 and response.json()["ready"] and response.json()["model"] == "fake-1"


async def test_the_canary_is_not_asked_each_time(client: Client) -> None:
    for _ in range(5):
        await client.http.get("/readyz")
    assert len(client.engine.calls) == 2


async def test_not_ready_while_the_model_loads(tmp_path: Path) -> None:
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def load() -> FakeEngine:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)
        return FakeEngine()

    async with running(settings_for(tmp_path), load=load, loaded=False) as client:
        response = await client.http.get("/readyz")
        assert response.status_code == 503 and response.json()["checks"]["model"] == "loading"
        await client.begin()
        response = await client.say("what is it", id="early")
        assert_refused(response, 503, "starting")
        assert int(response.headers["retry-after"]) >= 1
        assert (await client.say("I have a fever")).json()["tier"] == "urgent"
        go.set()
        await until(lambda: client.parts.guard.loaded)
        answered = (await client.say("what is it", id="early")).json()
        assert answered["kind"] == "answer" and answered["stored"]
        assert [turn["reply_to"] for turn in await client.turns()][-1:] == ["early"]


async def test_a_model_that_does_not_load_leaves_the_fallback(tmp_path: Path) -> None:
    def load() -> FakeEngine:
        raise SystemExit(1)

    async with running(settings_for(tmp_path), load=load, loaded=False) as client:
        await client.begin()
        await until(lambda: not client.parts.guard.starting)
        assert_turn((await client.say("what is it")).json())
        assert (await client.http.get("/readyz")).status_code == 503


async def test_not_ready_when_a_red_flag_is_missed(tmp_path: Path, monkeypatch: object) -> None:
    class Deaf(FakeEngine):
        def _reply(self, text, action, state):  # type: ignore[no-untyped-def]
            return super()._reply("something else", action, state)

    async with running(settings_for(tmp_path), engine=Deaf()) as client:
        response = await client.http.get("/readyz")
        assert response.status_code == 503 and response.json()["checks"]["red_flag"] == "missed"


async def test_too_many_messages_still_get_red_flags_answered(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, session_rate=Rate(2, 60))) as client:
        await client.begin()
        for _ in range(2):
            assert (await client.say("go on")).status_code == 200
        response = await client.say("I have a fever")
        body = assert_refused(response, 429, "too_many")
        assert body["turn"]["tier"] == "urgent" and int(response.headers["retry-after"]) >= 1


async def test_too_many_from_one_address(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, address_rate=Rate(1, 1), new_session_rate=PLENTY)) as client:
        await client.begin()
        assert (await client.say("go on")).status_code == 200
        await client.begin()
        assert_refused(await client.say("go on"), 429, "too_many")


async def test_metrics_count_turns_by_kind_and_tier(client: Client) -> None:
    await client.say("I have a fever")
    text = await client.metrics()
    assert 'careline_turns_total{kind="urgent",tier="urgent"} 1.0' in text
    assert "careline_turn_seconds_bucket" in text


async def test_pages(client: Client) -> None:
    home = await client.http.get("/")
    assert home.status_code == 200 and "<noscript>" in home.text and 'src="/widget.js"' in home.text
    assert "tel:911" in home.text and "tel:+18002272345" in home.text
    turns = await client.http.get("/demo/turns")
    samples = (await client.http.get("/demo/turns.json")).json()
    for sample in samples:
        assert_turn(sample)
        assert f'id="{sample["kind"]}"' in turns.text
    assert (await client.http.get("/demo/demo.css")).status_code == 200
    assert "<style" not in home.text + turns.text and "onclick" not in home.text + turns.text


async def test_the_config_of_the_widget_has_the_numbers(client: Client) -> None:
    response = await client.http.get("/widget/config.json")
    contacts = response.json()["contacts"]
    assert contacts["en"]["emergency"]["tel"] == "911" and contacts["es"]["crisis"]["phone"] == "988"
    assert contacts["en"]["hotline"]["phone"] == CATALOG.contacts.number(CATALOG.contacts.default_hotline)
    assert response.headers["access-control-allow-origin"] == "*"
