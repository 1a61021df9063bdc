"""Input that means no good, and input that is merely odd: each gets a refusal with a turn, and nothing else happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from tests.server.fakes import Client, assert_refused, assert_turn, running, settings_for

JSON = {"Content-Type": "application/json"}


async def post(client: Client, content: bytes | str, **headers: str) -> Any:
    return await client.http.post("/api/v1/messages", content=content, headers={**JSON, **client.auth(), **headers})


@pytest.mark.parametrize(
    "text", ["/restart", "/back", "/session_start", '/greet{"name": "x"}', "／restart", " \t/restart", "/intent@0.9"]
)
async def test_typed_slashes_are_text(client: Client, text: str) -> None:
    assert (await client.say(text)).status_code == 200
    assert client.engine.calls == [(text, None)]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "not_json"),
        ("{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        ("[" * 4000, 400, "not_json"),
        ('{"a":' * 1300, 400, "not_json"),
        ("1" * 5000, 400, "not_json"),
        ("[]", 422, "schema"),
        ("null", 422, "schema"),
        ('"hello"', 422, "schema"),
        ("17", 422, "schema"),
        ("NaN", 422, "schema"),
        ("{}", 422, "schema"),
        ('{"id": "a"}', 422, "schema"),
        ('{"text": "hello"}', 422, "schema"),
        ('{"id": "a", "text": null}', 422, "schema"),
        ('{"id": "a", "text": null, "choice": "x"}', 422, "schema"),
        ('{"id": "a", "text": ["hello"]}', 422, "schema"),
        ('{"id": "a", "text": {"a": 1}}', 422, "schema"),
        ('{"id": "a", "text": 5}', 422, "schema"),
        ('{"id": "a", "text": true}', 422, "schema"),
        ('{"id": 5, "text": "hello"}', 422, "schema"),
        ('{"id": "", "text": "hello"}', 422, "schema"),
        ('{"id": "a b", "text": "hello"}', 422, "schema"),
        ('{"id": "' + "a" * 65 + '", "text": "hello"}', 422, "schema"),
        ('{"id": "a\\n", "text": "hello"}', 422, "schema"),
        ('{"id": "a", "text": "hello", "choice": "x"}', 422, "schema"),
        ('{"id": "a", "text": "hello", "sender": "alice"}', 422, "schema"),
        ('{"id": "a", "text": "hello", "metadata": {}}', 422, "schema"),
        ('{"id": "a", "text": "  \\n "}', 422, "empty_text"),
        ('{"id": "a", "text": "\\u0000"}', 422, "empty_text"),
        ('{"id": "a", "text": "' + "x" * 2001 + '"}', 413, "text_too_long"),
        ('{"id": "a", "text": "' + "x" * 9000 + '"}', 413, "body_too_large"),
        ('{"id": "a", "text": "' + "x" * 200_000 + '"}', 413, "body_too_large"),
        ('{"id": "a", "choice": ""}', 422, "schema"),
        ('{"id": "a", "choice": "x"}', 400, "choice_invalid"),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_what_is_no_message_is_refused(client: Client, body: str | bytes, status: int, code: str) -> None:
    assert_refused(await post(client, body), status, code)
    assert client.engine.calls == []


@pytest.mark.parametrize("length", [2001, 9000, 60_000])
async def test_a_red_flag_in_a_message_that_is_too_long_is_answered(client: Client, length: int) -> None:
    body = {"id": "a", "text": "I have a fever. " + "x" * length}
    assert (
        assert_refused(
            await post(client, json.dumps(body)), 413, "text_too_long" if length < 8000 else "body_too_large"
        )["turn"]["tier"]
        == "urgent"
    )


async def test_too_long_and_empty_say_so(client: Client) -> None:
    long = assert_refused(await client.say("x" * 2001), 413, "text_too_long")
    assert "longer than I can read" in long["turn"]["parts"][0]["text"]
    empty = assert_refused(await client.say(" "), 422, "empty_text")
    assert "did not get any words" in empty["turn"]["parts"][0]["text"]


async def test_2000_characters_are_read_whatever_they_are(client: Client) -> None:
    response = await client.http.post(
        "/api/v1/messages",
        content=json.dumps({"id": "a", "text": "💗" * 2000}, ensure_ascii=False),
        headers={**JSON, **client.auth()},
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp"]
)
async def test_only_json(client: Client, content_type: str) -> None:
    response = await post(client, '{"id": "a", "text": "I have a fever"}', **{"Content-Type": content_type})
    assert assert_refused(response, 415, "content_type")["turn"]["tier"] == "urgent"


async def test_json_with_a_charset(client: Client) -> None:
    assert (
        await post(client, '{"id": "a", "text": "hi"}', **{"Content-Type": "Application/JSON; charset=utf-8"})
    ).status_code == 200


async def test_nul_and_half_characters_are_taken_out(client: Client) -> None:
    response = await post(client, '{"id": "a", "text": "he\\u0000llo \\ud800 there"}')
    assert response.status_code == 200 and response.json()["stored"]
    assert client.engine.calls == [("hello ? there", None)]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://careline.test.evil.example", "http://[", "https://"]
)
async def test_foreign_origins_are_refused(client: Client, origin: str) -> None:
    assert_refused(await post(client, '{"id": "a", "text": "hi"}', Origin=origin), 403, "origin")
    preflight = await client.http.options(
        "/api/v1/messages", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 403 and "access-control-allow-origin" not in preflight.headers


async def test_allowed_origins_and_our_own_may_speak(tmp_path: Path) -> None:
    hospital = "https://hospital.example"
    async with running(settings_for(tmp_path, origins=frozenset({hospital}))) as client:
        await client.begin()
        for origin, allowed in (("http://careline.test", None), (hospital, hospital)):
            response = await post(client, '{"id": "a", "text": "hi"}', Origin=origin)
            assert response.status_code == 200
            assert response.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in response.headers
        preflight = await client.http.options(
            "/api/v1/messages", headers={"Origin": hospital, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status_code == 204 and "Authorization" in preflight.headers["access-control-allow-headers"]
        refused = await client.http.post("/api/v1/messages", content="{", headers={**JSON, "Origin": hospital})
        assert refused.headers["access-control-allow-origin"] == hospital  # or its page could not read the safe turn


async def test_no_token_no_conversation(client: Client) -> None:
    for headers in ({}, {"Authorization": ""}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}):
        response = await client.http.post(
            "/api/v1/messages", json={"id": "a", "text": "I have a fever"}, headers=headers
        )
        assert assert_refused(response, 401, "session_missing")["turn"]["tier"] == "urgent"


async def test_the_token_is_taken_from_the_header_alone(client: Client) -> None:
    body = {"id": "a", "text": "hi"}
    response = await client.http.post(
        f"/api/v1/messages?token={client.token}", json=body, headers={"Cookie": f"token={client.token}"}
    )
    assert_refused(response, 401, "session_missing")


async def test_forged_tokens(client: Client) -> None:
    other = URLSafeTimedSerializer("another secret", salt="careline.session").dumps(["victim", 0])
    wrong = URLSafeTimedSerializer("a secret of the tests", salt="careline.choice").dumps(["victim", 0])
    shape = URLSafeTimedSerializer("a secret of the tests", salt="careline.session").dumps({"a": 1})
    tampered = client.token[:-2] + ("aa" if client.token[-2:] != "aa" else "bb")
    for token in (other, wrong, tampered, "x", "." * 50, "a" * 5000, shape):
        assert_refused(await client.say("hi", token=token), 401, "session_invalid")


async def test_choices_of_another_conversation(client: Client) -> None:
    token = (await client.say("which one")).json()["choices"][0]["token"]
    await client.begin()
    await client.say("which one")
    assert_refused(await client.press(token), 400, "choice_invalid")


async def test_choices_that_were_tampered_with(client: Client) -> None:
    token = (await client.say("which one")).json()["choices"][0]["token"]
    made_up = URLSafeSerializer("a secret of the tests", salt="careline.choice.").dumps(["x", 0])
    for forged in (token[:-3] + "abc", token + "x", "topic:bones", made_up):
        assert_refused(await client.press(forged), 400, "choice_invalid")
    assert len(client.engine.calls) == 1


async def test_choices_of_an_earlier_turn(client: Client) -> None:
    token = (await client.say("which one")).json()["choices"][0]["token"]
    assert (await client.press(token)).status_code == 200
    assert_refused(await client.press(token), 409, "choice_stale")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/v1/nothing",
        "/webhooks/rest/webhook",
        "/model",
        "/conversations/x/tracker",
        "/demo/../pyproject.toml",
        "/widget/%2e%2e/%2e%2e/pyproject.toml",
    ],
)
async def test_what_is_not_there(client: Client, path: str) -> None:
    assert_refused(await client.http.get(path), 404, "not_found")


async def test_methods_that_are_not_there(client: Client) -> None:
    assert_refused(await client.http.patch("/api/v1/messages"), 405, "method")


async def test_headers_of_every_response(client: Client) -> None:
    for path in ("/", "/api/v1/messages", "/nothing", "/metrics", "/widget/config.json", "/demo/demo.css"):
        headers = (await client.http.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"
        assert "microphone=()" in headers["permissions-policy"]
    assert (await client.http.get("/api/v1/messages")).headers["cache-control"] == "no-store"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=300),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"id": st.text(max_size=70) | VALUES}, optional={"text": st.text(max_size=300) | VALUES, "choice": VALUES}
    ).map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda id, text: json.dumps({"id": id, "text": text}).encode(),
        st.from_regex(r"[A-Za-z0-9]{1,64}", fullmatch=True),
        st.text(max_size=2500),
    ),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
async def test_every_body_gets_a_turn(fuzzed: Client, body: bytes) -> None:
    """Property: whatever is posted, the answer is JSON with a turn and a referral, and never a server error."""
    response = await post(fuzzed, body)
    answer = response.json()
    assert response.status_code in {200, 400, 409, 413, 415, 422}
    assert_turn(answer if response.status_code == 200 else answer["turn"])


@pytest.fixture
async def fuzzed(client: Client) -> Client:
    return client
