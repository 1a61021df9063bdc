"""A fake engine, fake faults of the store, and an application made of them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from careline import contacts as registry
from careline import documents, paths
from careline.catalog import Catalog
from careline.privacy import scrub
from careline.referral import referral
from careline.server.app import create_app
from careline.server.settings import Rate, Settings
from careline.store.base import Exchange, Recall, Store, StoreError
from careline.store.sqlite import SqliteStore
from careline.turn import Choice, Part, Turn

PLENTY = Rate(100_000, 100_000)
CONTENT = paths.home() / "content"


def small_catalog() -> Catalog:
    """The real wording and numbers, without the topics."""
    return Catalog(
        root=paths.home(),
        topics={},
        acts={},
        sources={},
        contacts=registry.load(CONTENT / "contacts.yml"),
        forbidden_phrases=(),
        forbidden_patterns=(),
        wording=documents.read(CONTENT / "wording.yml").value,
    )


CATALOG = small_catalog()


@dataclass(frozen=True)
class FakeReply:
    turn: Turn
    state: dict[str, Any]
    text: str
    topics: tuple[dict[str, Any], ...] = ()


def is_alarming(text: str) -> bool:
    return "fever" in text.lower() or "can't breathe" in text.lower()


@dataclass
class FakeEngine:
    """Answers at once, counts its turns in the state, and does on request what engines must not do."""

    model_id: str = "fake-1"
    calls: list[tuple[str, str | None]] = field(default_factory=list)
    raising: bool = False
    hanging: bool = False
    blocking: float = 0.0
    slow: float = 0.0
    safe_raising: bool = False

    async def respond(
        self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None
    ) -> FakeReply:
        self.calls.append((text, action))
        if self.raising:
            raise RuntimeError(f"engine fell over at {text}")
        if self.hanging:
            await asyncio.Event().wait()
        if self.blocking:
            time.sleep(self.blocking)
        if self.slow:
            await asyncio.sleep(self.slow)
        return self._reply(text, action, state)

    def safe_reply(self, text: str, state: Mapping[str, Any] | None = None) -> FakeReply:
        if self.safe_raising and text:
            raise RuntimeError(f"even this fell over at {text}")
        if is_alarming(text):
            turn = Turn("urgent", "urgent", (Part("Call now."),), referral(CATALOG, "urgent"))
        else:
            turn = Turn("error", "information", (Part(CATALOG.say("error")),), referral(CATALOG, "care_team"))
        return FakeReply(turn, dict(state or {}), scrub(text))

    def _reply(self, text: str, action: str | None, state: Mapping[str, Any] | None) -> FakeReply:
        count = int((state or {}).get("count", 0)) + 1
        new = {**(state or {}), "count": count}
        topics = ({"id": "what_it_is", "covers": ["Q001"], "confidence": 0.9},)
        if is_alarming(text):
            turn = Turn("urgent", "urgent", (Part("Call now."),), referral(CATALOG, "urgent"))
        elif action:
            turn = self._answer(f"{count} after {action}")
        elif "which" in text:
            choices = (Choice("Bones", "topic:bones"), Choice("Liver", "topic:liver"))
            turn = Turn(
                "clarify", "information", (Part("Is it one of these?"),), referral(CATALOG, "care_team"), choices
            )
        else:
            turn = self._answer(str(count))
        return FakeReply(replace(turn, model=self.model_id), new, scrub(text), topics)

    @staticmethod
    def _answer(said: str) -> Turn:
        return Turn(
            "answer", "information", (Part(f"Answer {said}", topic="what_it_is"),), referral(CATALOG, "care_team")
        )


class FaultyStore:
    """A store in memory that can be told to fail, hang or be slow."""

    def __init__(self) -> None:
        self.fault: str | None = None  # a StoreError code, "hang" or "raise"
        self.slow = 0.0
        self.exchanges: list[Exchange] = []
        self.saves = 0
        self.states: dict[str, Any] = {}

    async def _gate(self) -> None:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.fault == "hang":
            await asyncio.Event().wait()
        if self.fault == "raise":
            raise RuntimeError("a driver with a bug")
        if self.fault:
            raise StoreError(self.fault)

    async def open(self) -> None:
        await self._gate()

    async def close(self) -> None:
        return None

    async def recall(self, conversation: str, message: str = "") -> Recall:
        await self._gate()
        mine = [exchange for exchange in self.exchanges if exchange.conversation == conversation]
        found = next((exchange for exchange in mine if exchange.message == message), None)
        last = mine[-1] if mine else None
        return Recall(found, last, self.states.get(conversation), last.at if last else None)

    async def save(self, exchange: Exchange) -> None:
        await self._gate()
        self.saves += 1
        if (exchange.conversation, exchange.message) not in {
            (known.conversation, known.message) for known in self.exchanges
        }:
            self.exchanges.append(exchange)
            self.states[exchange.conversation] = exchange.state

    async def history(self, conversation: str, after: str | None = None, limit: int = 200) -> tuple[Exchange, ...]:
        await self._gate()
        return tuple(exchange for exchange in self.exchanges if exchange.conversation == conversation)

    async def state(self, conversation: str) -> Mapping[str, Any] | None:
        return (await self.recall(conversation)).state

    async def set_state(self, conversation: str, state: Mapping[str, Any], at: float) -> None:
        await self._gate()
        self.states[conversation] = state

    async def set_keep(self, conversation: str, keep: bool, at: float) -> None:
        await self._gate()

    async def feedback(self, conversation: str, turn: str, helpful: bool, why: str, at: float) -> bool:
        await self._gate()
        return True

    async def reviews(self, limit: int = 1000) -> tuple[Any, ...]:
        return ()

    async def settle(self, ids: Sequence[int]) -> int:
        await self._gate()
        return 0

    async def erase(self, conversation: str, at: float) -> None:
        await self._gate()
        self.exchanges = [exchange for exchange in self.exchanges if exchange.conversation != conversation]

    async def expire(self, idle_before: float, reviews_before: float) -> int:
        await self._gate()
        return 0

    async def health(self, at: float) -> None:
        await self._gate()


class Client:
    """What a page does, against an application in process."""

    def __init__(self, http: httpx.AsyncClient, app: Any, engine: FakeEngine) -> None:
        self.http = http
        self.app = app
        self.engine = engine
        self.token = ""
        self._ids = itertools.count(1)

    @property
    def parts(self) -> Any:
        return self.app._app.state.parts

    async def begin(self, **body: Any) -> str:
        response = await self.http.post("/api/v1/sessions", json=body)
        assert response.status_code == 201, response.text
        self.token = response.json()["token"]
        return self.token

    def auth(self, token: str | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {token or self.token}"}

    async def say(self, text: str, *, id: str | None = None, token: str | None = None) -> httpx.Response:
        body = {"id": id or f"auto{next(self._ids)}", "text": text}
        return await self.http.post("/api/v1/messages", json=body, headers=self.auth(token))

    async def press(self, choice: str, *, id: str | None = None, token: str | None = None) -> httpx.Response:
        body = {"id": id or f"auto{next(self._ids)}", "choice": choice}
        return await self.http.post("/api/v1/messages", json=body, headers=self.auth(token))

    async def turns(self, after: str | None = None, token: str | None = None) -> list[dict[str, Any]]:
        params = {"after": after} if after else {}
        response = await self.http.get("/api/v1/messages", params=params, headers=self.auth(token))
        assert response.status_code == 200, response.text
        return list(response.json()["turns"])

    async def metrics(self) -> str:
        return (await self.http.get("/metrics")).text


def settings_for(folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "secret": "a secret of the tests",
        "store_path": folder / "conversations.sqlite3",
        "ledger_path": folder / "staff.sqlite3",
        "session_rate": PLENTY,
        "address_rate": PLENTY,
        "new_session_rate": PLENTY,
        # Generous: a busy machine must not look like a fault. Tests of faults set their own.
        "turn_seconds": 20.0,
        "recall_seconds": 10.0,
        "save_seconds": 10.0,
        "look_every": 0.01,
    }
    return Settings(**{**values, **changes})


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    engine: FakeEngine | None = None,
    store: Store | None = None,
    load: Callable[[], Any] | None = None,
    loaded: bool = True,
    mark: Callable[[], bytes] = lambda: b"",
) -> AsyncIterator[Client]:
    """An application with its lifespan, and a client of it."""
    engine = engine or FakeEngine()
    store = store or SqliteStore(settings.store_path, timeout=20, pragmas={"synchronous": "OFF"})
    fallback = FakeEngine(model_id="fallback", safe_raising=engine.safe_raising)
    app = create_app(
        settings, load or (lambda: engine), fallback=fallback, catalog=CATALOG, store=store, mark=mark
    )
    inner = app._app  # type: ignore[attr-defined]
    async with inner.router.lifespan_context(inner):
        if loaded:
            await until(lambda: inner.state.parts.guard.loaded)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://careline.test") as http:
            yield Client(http, app, engine)


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something to become true, no longer than it takes."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        await asyncio.sleep(0.005)


def assert_turn(turn: Mapping[str, Any]) -> None:
    """A turn of the API: parts to read and whom to call."""
    assert turn["turn"] and turn["parts"] and turn["parts"][0]["text"]
    assert turn["referral"]["text"] and turn["referral"]["contacts"][0]["tel"]


def assert_refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """A refusal that still says whom to call."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["error"]["code"] == code
    assert_turn(body["turn"])
    return dict(body)
