"""The real server with the live model, without the limits on how much one address may say: python -m tests.server.promoted_server.

What limits and holds up nobody else is left as it is. The port is printed on the first line.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import uvicorn

from careline import catalog, live
from careline.dialogue.engine import Engine, fallback_engine
from careline.server import logs
from careline.server.app import create_app, server_config
from careline.server.settings import from_environment
from tests.server.fakes import PLENTY


def main() -> None:
    """Serve on a free port until stopped."""
    logs.install_logging()
    settings = replace(from_environment(), session_rate=PLENTY, address_rate=PLENTY, new_session_rate=PLENTY)
    app = create_app(settings, Engine.load, fallback=fallback_engine(), catalog=catalog.shared(), mark=live.mark)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    asyncio.run(uvicorn.Server(server_config(app, "127.0.0.1", 0)).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
