"""The server with a fake engine on a real SQLite file, killed at a chosen moment: python -m tests.faults.killable_server.

CARELINE_STORE names the file; KILL_AT is `received` (before the engine answers), `answered` (before the store has it) or
`saved` (before the page has it). The message that brings death says "fever". The port (CARELINE_PORT or a free one) is printed
on the first line.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn

from careline.server.app import create_app, server_config
from careline.server.settings import Settings
from careline.store.base import Exchange
from careline.store.sqlite import SqliteStore
from tests.server.fakes import CATALOG, PLENTY, FakeEngine, FakeReply

KILL_AT = os.environ.get("KILL_AT", "")
STORE = Path(os.environ["CARELINE_STORE"])


def _die(moment: str, text: str) -> None:
    if moment == KILL_AT and "fever" in text:
        os.kill(os.getpid(), signal.SIGKILL)


class _Engine(FakeEngine):
    async def respond(
        self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None
    ) -> FakeReply:
        _die("received", text)
        return await super().respond(text, action=action, state=state)


class _Store(SqliteStore):
    async def save(self, exchange: Exchange) -> None:
        _die("answered", exchange.text)
        await super().save(exchange)
        _die("saved", exchange.text)


def main() -> None:
    """Serve on a free port until killed."""
    settings = Settings(
        secret="a secret of the tests",
        store_path=STORE,
        turn_seconds=20,
        recall_seconds=10,
        save_seconds=10,
        session_rate=PLENTY,
        address_rate=PLENTY,
        new_session_rate=PLENTY,
    )
    engine = _Engine()
    app = create_app(
        settings,
        lambda: engine,
        fallback=FakeEngine(),
        catalog=CATALOG,
        store=_Store(STORE, timeout=20),
    )
    listener = socket.create_server(("127.0.0.1", int(os.environ.get("CARELINE_PORT", 0))))
    print(listener.getsockname()[1], flush=True)
    asyncio.run(uvicorn.Server(server_config(app, "127.0.0.1", 0)).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
