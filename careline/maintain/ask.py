"""`careline ask`: one message per line, answered in this process; what people, tests and other programs measure the bot by."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any

from careline import models
from careline.maintain.quiet import hush


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("file", nargs="?", default="-", help="messages, one a line; - is standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    parser.add_argument("--model", default="live", help="the id of a model, instead of the live one")


def run(options: argparse.Namespace) -> int:
    """Answer every line; returns the exit code. Nothing that was asked is kept."""
    from careline.dialogue.engine import Engine

    hush()
    engine = Engine.load(models.find(options.model))
    hush()
    with nullcontext(sys.stdin) if options.file == "-" else open(options.file, encoding="utf-8") as stream:
        for answer in answers(engine, stream):
            print(json.dumps(answer, ensure_ascii=False) if options.json else _shown(answer), flush=True)
    return 0


def answers(engine: Any, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Answer lines of text or of JSON (`{"conversation", "text"}` or `{"conversation", "choice"}`), in order.

    Lines with the same conversation are one conversation; a line without one stands alone. `choice` is the label of one of
    the last turn's choices, or its number counted from 1.
    """
    states: dict[str, dict[str, Any]] = {}
    choices: dict[str, list[dict[str, Any]]] = {}
    loop = asyncio.new_event_loop()
    for line in lines:
        if not line.strip():
            continue
        message = _message(line)
        conversation = message.get("conversation")
        text, action = _chosen(message, choices.get(conversation or "", []))
        reply = loop.run_until_complete(engine.respond(text, action=action, state=states.get(conversation or "")))
        if conversation:
            states[conversation] = reply.state
            choices[conversation] = reply.turn.to_json()["choices"]
        yield {**reply.turn.to_json(), "text": text, "conversation": conversation, "topics": list(reply.topics), "reply": reply.turn.text()}
    loop.close()


def _message(line: str) -> dict[str, Any]:
    if line.lstrip().startswith("{"):
        try:
            message = json.loads(line)
        except json.JSONDecodeError:
            return {"text": line.rstrip("\n")}
        if isinstance(message, dict) and ("text" in message or "choice" in message):
            return message
    return {"text": line.rstrip("\n")}


def _chosen(message: dict[str, Any], offered: list[dict[str, Any]]) -> tuple[str, str | None]:
    choice = message.get("choice")
    for number, item in enumerate(offered, 1):
        if choice in (item["label"], number, str(number)):
            return item["label"], item["action"]
    return str(message.get("text") or choice or ""), None


def _shown(answer: dict[str, Any]) -> str:
    return f"> {answer['text']}\n{answer['reply']}\n"
