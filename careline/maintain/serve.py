"""`careline serve`: the HTTP API, the widget and the demo page in one process."""

from __future__ import annotations

import argparse
import os


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--host", default=os.environ.get("CARELINE_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("CARELINE_PORT", "8080")))


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; prints the address."""
    from careline.server.app import serve

    print(f"Careline: http://{options.host}:{options.port}/ (the model needs some seconds to load; stop with Ctrl-C)", flush=True)
    serve(options.host, options.port)
    return 0
