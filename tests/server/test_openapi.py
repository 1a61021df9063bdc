"""The description of the API is true: against the routes, and by fuzzing the API from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import jsonschema
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from careline.server.app import create_app, server_config
from careline.server.openapi import document
from careline.store.sqlite import SqliteStore
from tests.server.fakes import CATALOG, Client, FakeEngine, settings_for

NOT_DESCRIBED = {"/", "/demo/turns", "/demo/turns.json", "/widget.js"}  # pages, not the API


def test_every_route_is_described_and_every_description_routed(client: Client) -> None:
    routes = {
        (route.path, method.lower())
        for route in client.app._app.routes
        if isinstance(route, Route) and route.path not in NOT_DESCRIBED
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {(path, method) for path, operations in document()["paths"].items() for method in operations}
    assert described == routes


async def test_payloads_are_as_described(client: Client) -> None:
    await client.say("which one")
    for body, name in (
        ((await client.say("which one")).json(), "Turn"),
        ((await client.say("I have a fever")).json(), "Turn"),
        ((await client.say(" ")).json(), "Problem"),
        ((await client.http.get("/api/v1/messages", headers=client.auth())).json(), "History"),
        ((await client.http.get("/readyz")).json(), "Readiness"),
    ):
        schema = {**document(), "$ref": f"#/components/schemas/{name}"}
        jsonschema.validate(body, schema)
    turns = (await client.http.get("/demo/turns.json")).json()
    for turn in turns:
        jsonschema.validate(turn, {**document(), "$ref": "#/components/schemas/Turn"})


class Served:
    """The application on a port of this machine, served as `careline serve` does, in a thread."""

    def __init__(self, folder: Path) -> None:
        # Hundreds of requests on a busy machine: a slow disk is not what is tested here.
        store = SqliteStore(folder / "x.sqlite3", timeout=20, pragmas={"synchronous": "OFF"})
        app = create_app(
            settings_for(folder),
            FakeEngine,
            fallback=FakeEngine(),
            catalog=CATALOG,
            store=store,
        )
        self.server = uvicorn.Server(server_config(app, "127.0.0.1", 0))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 10
        while not self.server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
        self.token = self.begin()

    def begin(self) -> str:
        return str(httpx.post(f"{self.url}/api/v1/sessions").json()["token"])

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("api"))
    yield served
    served.close()


schema = schemathesis.openapi.from_dict(document())
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_does_as_it_says(case: schemathesis.Case, served: Served) -> None:
    """Whatever the description allows, and what it does not: no server error, and answers only as described."""
    token = served.begin() if case.method == "DELETE" else served.token
    case.call_and_validate(base_url=served.url, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


def test_what_uvicorn_adds(served: Served) -> None:
    headers = httpx.get(f"{served.url}/healthz").headers
    assert "server" not in headers
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "x", "Sec-WebSocket-Version": "13"}
    assert httpx.get(f"{served.url}/api/v1/messages", headers=upgrade).status_code == 401
