"""Planted data, every error that can be provoked, and then a look into everything that keeps or prints anything."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from careline.server import logs
from careline.server.limits import Limiter
from careline.server.refusals import Refusal
from careline.server.settings import Rate, kept_secret
from tests.server.fakes import Client, FakeEngine, running, settings_for

PLANTED = ["Quibblethorpe", "919-555-0143", "jane.q@example.org", "03/14/1961", "MRN 00482913", "412 Maple Street"]
MESSAGE = (
    "My name is Jane Quibblethorpe, call 919-555-0143 or jane.q@example.org, DOB 03/14/1961, MRN 00482913, "
    "I live at 412 Maple Street"
)
MARKS = [b"Quibblethorpe", b"555-0143", b"jane.q@", b"03/14/1961", b"00482913", b"412 Maple"]


@pytest.fixture
def captured() -> Iterator[io.StringIO]:
    """Logging as the server installs it, written to memory; put back afterwards."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    stream = io.StringIO()
    logs.install_logging(stream=stream)
    yield stream
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


async def provoke(client: Client) -> None:
    """Say it in every way that goes wrong."""
    auth = {**client.auth(), "Content-Type": "application/json"}
    turn = (await client.say(f"which one? {MESSAGE}", id="a")).json()
    await client.say(MESSAGE, id="a")
    await client.say(MESSAGE, id=f"bad id {MESSAGE}")
    await client.say(MESSAGE + "x" * 2000)
    await client.say(MESSAGE, token=MESSAGE.replace(" ", ""))
    for body in (
        MESSAGE,
        json.dumps([MESSAGE]),
        json.dumps({"id": "b", MESSAGE: 1}),
        json.dumps({"id": "b", "text": MESSAGE + "x" * 9000}),
    ):
        await client.http.post("/api/v1/messages", content=body, headers=auth)
    await client.http.post("/api/v1/messages", content=MESSAGE, headers={**client.auth(), "Content-Type": "text/plain"})
    await client.http.get("/api/v1/messages", params={"after": MESSAGE}, headers=client.auth())
    await client.http.get(f"/nothing/{MESSAGE}")
    body = {"turn": turn["turn"], "helpful": False, "why": MESSAGE}
    await client.http.post("/api/v1/feedback", json=body, headers=client.auth())
    await client.http.put("/api/v1/list", json={"items": [MESSAGE, "call me"]}, headers=client.auth())


@pytest.mark.parametrize("fault", ["none", "raising", "hanging", "store", "crash"])
async def test_planted_data_is_nowhere(
    tmp_path: Path, captured: io.StringIO, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(tmp_path, turn_seconds=0.6)) as client:
        await client.begin(keep_for_review=True)
        if fault in ("raising", "hanging"):
            setattr(client.engine, fault, True)
        if fault == "store":
            client.parts.store._database._pragmas = {"max_page_count": 1}
            client.parts.store._database.close()
        if fault == "crash":
            client.parts.choices.public = lambda *_a, **_k: 1 / 0
        await provoke(client) if fault != "crash" else await client.say(MESSAGE)
        metrics = await client.metrics()
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    printed = "".join(capfd.readouterr())
    for place in (files, captured.getvalue().encode(), metrics.encode(), printed.encode()):
        assert [mark for mark in MARKS if mark in place] == []
    if fault == "none":
        assert b"[name]" in files and b"[phone]" in files and b"[birth date]" in files


async def test_no_address_and_no_browser_is_kept(tmp_path: Path, captured: io.StringIO) -> None:
    async with running(settings_for(tmp_path)) as client:
        await client.begin()
        client.http.headers["user-agent"] = "Marked/7.7"
        client.http.headers["x-forwarded-for"] = "203.0.113.77"
        await client.say("what is it")
        metrics = await client.metrics()
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for place in (files, captured.getvalue().encode(), metrics.encode()):
        assert b"Marked/7.7" not in place and b"203.0.113.77" not in place and b"127.0.0.1" not in place


def test_logs_are_events_and_codes(captured: io.StringIO) -> None:
    logs.event("trouble", reason="store_full", count=3, odd=MESSAGE)
    line = json.loads(captured.getvalue())
    assert line["event"] == "trouble" and line["reason"] == "store_full" and line["count"] == 3 and line["odd"] == "?"


def test_foreign_loggers_say_only_that_something_happened(captured: io.StringIO) -> None:
    secret = MESSAGE
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("rasa.core.processor").exception("failed on %s", secret)
    logging.getLogger("sqlalchemy").error(secret)
    logging.getLogger("careline").error(secret)
    logging.getLogger("careline.dialogue").error(secret)
    structlog.get_logger("x").error("processor.failed", text=secret)
    warnings.warn(secret, stacklevel=1)
    logging.getLogger("broken").error("%d", secret)
    text = captured.getvalue()
    assert not [mark for mark in PLANTED if mark in text]
    assert '"exception": "ValueError"' in text and '"logger": "rasa.core.processor"' in text
    assert all(json.loads(line) for line in text.splitlines())


def test_handlers_that_others_set_are_taken_away(captured: io.StringIO) -> None:
    other = io.StringIO()
    logger = logging.getLogger("rasa")
    logger.addHandler(logging.StreamHandler(other))
    logger.propagate = False
    logs.install_logging(stream=captured)
    logger.error(MESSAGE)
    assert other.getvalue() == "" and "rasa" in captured.getvalue()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"


def test_uncaught_errors_are_told_by_their_class(captured: io.StringIO) -> None:
    sys.excepthook(ValueError, ValueError(MESSAGE), None)
    thread = threading.Thread(target=lambda: int(MESSAGE))
    thread.start()
    thread.join()
    assert "ValueError" in captured.getvalue() and "Quibblethorpe" not in captured.getvalue()


async def test_errors_nobody_waited_for(captured: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(MESSAGE)

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    asyncio.get_running_loop().call_exception_handler({"message": MESSAGE, "exception": ValueError(MESSAGE)})
    assert "ValueError" in captured.getvalue() and "Quibblethorpe" not in captured.getvalue()


def test_the_limiter_keeps_no_address() -> None:
    limiter = Limiter(Rate(1, 1), room=2)
    for address in ("203.0.113.1", "203.0.113.2", "203.0.113.3"):
        limiter.take(address)
    assert "203.0.113" not in repr(limiter.__dict__) and len(limiter._buckets) == 2
    with pytest.raises(Refusal):
        limiter.take("203.0.113.3")


def test_buckets_fill_again() -> None:
    limiter = Limiter(Rate(1, 60))
    limiter.take("x", now=0.0)
    with pytest.raises(Refusal) as refused:
        limiter.take("x", now=0.5)
    assert refused.value.headers["Retry-After"] == "1"
    limiter.take("x", now=1.5)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    first = kept_secret(path)
    assert kept_secret(path) == first and len(first) == 64
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_cannot_be_kept_is_still_a_secret(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    assert len(kept_secret(tmp_path / "var" / "secret")) == 64


def test_the_fake_engine_is_scrubbed_too() -> None:
    assert "[name]" in FakeEngine().safe_reply(MESSAGE).text
