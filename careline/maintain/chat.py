"""`careline chat`: a conversation in the terminal."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from careline.maintain.quiet import hush


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb takes no arguments."""


def run(options: argparse.Namespace) -> int:
    """Talk until the person ends it with Ctrl-D; nothing is kept."""
    from careline.dialogue.engine import Engine

    hush()
    print("Starting …", flush=True)
    engine = Engine.load()
    hush()
    print("Careline is an automated helper. It cannot diagnose, and nobody is reading along. End with Ctrl-D.\n")
    state: dict[str, Any] | None = None
    choices: list[dict[str, Any]] = []
    while True:
        try:
            text = input("you> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        picked = choices[int(text) - 1] if text.isdigit() and 0 < int(text) <= len(choices) else None
        reply = asyncio.run(engine.respond(picked["label"] if picked else text, action=picked["action"] if picked else None, state=state))
        state, choices = reply.state, reply.turn.to_json()["choices"]
        _show(reply.turn)


def _show(turn: Any) -> None:
    for part in turn.parts:
        sources = "; ".join(f"{source.document}: {source.section} ({source.year})" for source in part.sources)
        print(part.text + (f"\n   [{sources}; reviewed {part.reviewed}]" if sources else ""))
    for number, choice in enumerate(turn.choices, 1):
        print(f"  {number}. {choice.label}")
    print(f"--> {turn.referral.text}\n")
