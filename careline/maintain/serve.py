"""`careline serve`: the HTTP API, the widget, the demo page and the console in one process, or the console in one of its own."""

from __future__ import annotations

import argparse
import os


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--host", default=os.environ.get("CARELINE_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("CARELINE_PORT", "8080")))
    parser.add_argument("--only", choices=["chat", "staff"], default="", help="serve the chat alone, or the staff console alone")


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; prints the addresses."""
    from careline.server.app import serve

    address = f"http://{options.host}:{options.port}"
    if options.only != "staff":
        print(f"Careline: {address}/ (the model needs some seconds to load; stop with Ctrl-C)", flush=True)
    if options.only != "chat":
        print(f"Staff console: {address}/staff/{_first_account()}", flush=True)
    serve(options.host, options.port, options.only)
    return 0


def _first_account() -> str:
    from careline.staff.accounts import Accounts

    return "" if Accounts().all() else " (make the first account: .venv/bin/careline staff add NAME --role maintainer)"
