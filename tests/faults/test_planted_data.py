"""Marked data is planted, each part fails in turn, and everything that keeps or prints anything is searched for the marks.

The whole bot with its real model: what Rasa logs, quotes in tracebacks or keeps in its state shows here, and nowhere with a fake engine.
The faults are those of the other tests in this folder and of tests/server/test_faults.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions import speak
from careline import names, paths
from careline.dialogue import answering
from careline.dialogue.engine import Engine
from careline.nlu import encoder, message_marks, questions
from careline.server import logs
from careline.store.sqlite import SqliteStore
from tests.faults.helpers import application
from tests.server.fakes import Client, until

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]
Patch = pytest.MonkeyPatch

MARKS = ("Quibblethorpe", "555-0143", "jane.q@", "03/14/1961", "00482913", "XJR829104477", "412 Maple", "27514")
WHO = (
    "My name is Jane Quibblethorpe, 919-555-0143, jane.q@example.org, DOB 03/14/1961, MRN 00482913, policy XJR829104477, "
    "412 Maple Street, Chapel Hill NC 27514."
)
SAID = (
    f"What is metastatic breast cancer? {WHO}",
    f"My back hurts. {WHO}",  # opens the questionnaire
    f"since last week, says Dr. Quibblethorpe. {WHO}",  # an answer in it
    f"Mrs Quibblethorpe can't breathe and 919-555-0143 is my number, she has a fever of 102 on chemo. {WHO}",
    f"add to my list: ask Dr. Quibblethorpe about my ribs. {WHO}",
    f"asdf qwer zxcv {WHO}",  # not understood: a row to review
    f"I want to end my life. {WHO}",
    f'/restart{{"text": "{WHO}"}}',
)


class Tells:
    """Stands where something should work, and raises what it was given: the worst error there is."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.calls += 1
        raise ValueError(f"failed on {given} {named} {WHO}")


@dataclass
class Scene:
    """What a fault may break."""

    engine: Engine
    client: Client
    patch: Patch
    folder: Path
    reached: Callable[[], object] = lambda: True
    other: sqlite3.Connection | None = None  # somebody else who has the file open

    def tells(self, target: object, name: str) -> None:
        """Let something raise what it is given."""
        telling = Tells()
        self.patch.setattr(target, name, telling)
        self.reached = lambda: telling.calls

    @property
    def database(self) -> sqlite3.Connection:
        return self.client.parts.store._database.connection()

    @property
    def file(self) -> Path:
        return self.client.parts.settings.store_path


def _no_encoder(scene: Scene) -> None:
    encoder.load.cache_clear()
    scene.tells(encoder, "load")


def _policy(scene: Scene) -> None:
    from rasa.core.policies.rule_policy import RulePolicy

    scene.tells(RulePolicy, "_predict")


def _processor(scene: Scene) -> None:
    from rasa.core.processor import MessageProcessor

    scene.tells(MessageProcessor, "handle_message")


def _hanging_action(scene: Scene) -> None:
    async def hang(*_: Any) -> Any:
        await asyncio.Event().wait()

    scene.patch.setattr(scene.engine, "_time_limit", 0.5)
    actions = scene.engine._runtime._agent.action_endpoint._executor.actions  # type: ignore[union-attr]
    for name in ("action_answer", "action_red_flag"):
        scene.patch.setitem(actions, name, hang)


def _rules(scene: Scene) -> None:
    scene.tells(type(scene.engine.knowledge.red_flags), "find")


def _locked(scene: Scene) -> None:
    scene.database.execute("PRAGMA busy_timeout=50")
    scene.other = sqlite3.connect(scene.file, isolation_level=None)
    scene.other.execute("BEGIN EXCLUSIVE")


def _full(scene: Scene) -> None:
    pages = scene.database.execute("PRAGMA page_count").fetchone()[0]
    scene.database.execute(f"PRAGMA max_page_count={pages}")


def _gone(scene: Scene) -> None:
    for path in scene.folder.glob("conversations.sqlite3*"):
        path.unlink()


def _no_database(scene: Scene) -> None:
    _gone(scene)
    scene.file.write_bytes(b"this is no database, " * 500)


def _late_store(scene: Scene) -> None:
    save = SqliteStore.save

    async def late(self: SqliteStore, exchange: Any) -> None:
        await asyncio.sleep(0.4)
        await save(self, exchange)

    scene.patch.setattr(SqliteStore, "save", late)


def _jumping_clock(scene: Scene) -> None:
    now = time.time
    scene.patch.setattr(time, "time", lambda: now() - 86_400)


FAULTS: dict[str, Callable[[Scene], object]] = {
    "none": lambda scene: None,
    "pipeline": lambda scene: scene.tells(questions.Listener, "understand"),
    "spacy_matcher": lambda scene: scene.tells(message_marks.vocabulary(), "_matcher"),
    "encoder": _no_encoder,
    "policy": _policy,
    "processor": _processor,
    "action": lambda scene: scene.tells(answering, "answer"),
    "every_action": lambda scene: scene.tells(speak.Memory, "of"),
    "hanging_action": _hanging_action,
    "red_flag_rules": _rules,
    "scrubber": lambda scene: scene.tells(names, "scrub"),
    "gate": lambda scene: scene.patch.setattr("careline.house_rules.faults", lambda *_: ["refused"]),
    "engine": lambda scene: scene.tells(Engine, "respond"),
    "server": lambda scene: scene.tells(scene.client.parts.choices, "public"),
    "store_locked": _locked,
    "store_full": _full,
    "store_read_only": lambda scene: scene.database.execute("PRAGMA query_only=ON"),
    "store_missing": _gone,
    "store_corrupt": _no_database,
    "store_slow": _late_store,
    "clock": _jumping_clock,
}


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str]) -> Iterator[io.StringIO]:
    """Logging as the server installs it, written to memory, and put back afterwards."""
    import logging
    import threading

    import structlog

    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    stream = io.StringIO()
    logs.install_logging(logging.DEBUG, stream)
    yield stream
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


async def provoke(client: Client) -> None:
    """Say everything, and use everything else that takes words."""
    await client.begin(keep_for_review=True)
    turn = "none"
    for number, text in enumerate(SAID):
        response = await client.say(text, id=f"m{number}")
        turn = response.json().get("turn") if response.status_code == 200 else turn
    auth = {**client.auth(), "Content-Type": "application/json"}
    await client.http.put("/api/v1/list", json={"items": [WHO]}, headers=client.auth())
    voice = {"turn": turn, "helpful": False, "why": WHO}
    await client.http.post("/api/v1/feedback", json=voice, headers=client.auth())
    await client.http.post("/api/v1/messages", content=WHO, headers=auth)
    await client.http.get("/api/v1/messages", params={"after": WHO}, headers=client.auth())


def found(folder: Path, *said: str) -> list[str]:
    """Which marks stand in the files of a folder or in what was said."""
    everything = b"\0".join([_bytes(folder), *(text.encode() for text in said)])
    return [mark for mark in MARKS if mark.encode() in everything]


@pytest.mark.parametrize("fault", FAULTS)
async def test_planted_data_is_nowhere(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: Patch,
    printed: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    async with application(tmp_path, lambda: engine) as client:
        await until(lambda: client.parts.guard.loaded)
        await client.say("hello", id="before")
        scene = Scene(engine, client, monkeypatch, tmp_path)
        FAULTS[fault](scene)
        await provoke(client)
        assert scene.reached(), "the fault was never reached"
        said = (await client.metrics(), printed.getvalue(), *capfd.readouterr())
        kept = _bytes(tmp_path)
        assert found(tmp_path, *said) == []
        monkeypatch.undo()
    assert found(tmp_path, printed.getvalue(), *capfd.readouterr()) == []
    if fault == "none":
        for placeholder in (b"[name]", b"[phone]", b"[email]", b"[birth date]", b"[number]", b"[address]", b"[zip]"):
            assert placeholder in kept, "the words were kept, only not whose they are"


# --- a whole server, killed outright -------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`careline serve` on a free port, without a model, with everything it writes and prints in one folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "CARELINE_VAR": str(folder / "var"),
        "CARELINE_MODELS": str(folder / "models"),
        "CARELINE_SECRET": "s" * 32,
    }
    command = [sys.executable, "-m", "careline.cli", "serve", "--port", str(port)]
    with (
        open(folder / "printed", "ab") as out,
        subprocess.Popen(command, env=environment, cwd=paths.home(), stdout=out, stderr=out) as process,
    ):
        try:
            _wait_for(process, port)
            yield process, port
        finally:
            process.kill()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def _no_http(port: int) -> None:
    """What no HTTP client sends: uvicorn itself complains about it."""
    for line in (f"{WHO}\r\n\r\n", f"GET /{WHO} HTTP/9.9\r\n\r\n", f"POST /api/v1/messages HTTP/1.1\r\n{WHO}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), 5) as raw:
            raw.sendall(line.encode())
            raw.settimeout(5)
            with contextlib.suppress(OSError):
                raw.recv(4096)


async def test_planted_data_is_nowhere_after_a_kill_and_after_an_erasure(tmp_path: Path) -> None:
    with served(tmp_path) as (process, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        _say_everything(http)
        _no_http(port)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    file = tmp_path / "var" / "conversations.sqlite3"
    kept = _bytes(file.parent)
    assert found(tmp_path) == []
    assert b"[name]" in kept and b"metastatic" in kept, "what was said is there, only not whose it is"
    store = SqliteStore(file)  # as the next process finds it, with the log of the one that was killed
    await store.open()
    for (conversation,) in store._database.connection().execute("SELECT id FROM conversations").fetchall():
        await store.erase(conversation, time.time())
    kept = _bytes(file.parent)
    await store.close()
    assert b"[name]" not in kept and b"metastatic" not in kept, "nothing of it is left in the file or its log"


def _say_everything(http: httpx.Client) -> None:
    token = http.post("/api/v1/sessions", json={"keep_for_review": True}).json()["token"]
    auth = {"Authorization": f"Bearer {token}"}
    for number, text in enumerate(SAID):
        body = {"id": f"m{number}", "text": text}
        while (response := http.post("/api/v1/messages", json=body, headers=auth)).status_code == 503:
            time.sleep(float(response.headers["Retry-After"]))  # it is still looking for its model
        assert response.status_code == 200
    told = {"User-Agent": "Quibblethorpe", "Referer": "http://x.example/412 Maple"}
    http.get(f"/nothing/{WHO}", params={"q": WHO}, headers=told)
    http.post("/staff/login", data={"name": WHO, "password": WHO, "token": WHO})


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
