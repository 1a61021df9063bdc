"""`python -m benchmarks`: ours, Rasa's default pipeline and Rasa's floor beside each other in one run."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks import floor, measure, servers, verdict
from benchmarks.servers import Server
from benchmarks.talk import Talker, ToRasa, ToUs
from benchmarks.verdict import DEFAULT, FLOOR, OURS
from careline import paths
from careline.maintain.evaluation import cases, rasa_default, report, side_by_side, training

_WARM = 20  # turns before the clock runs: first turns load what later ones find loaded
_MOST = 5000  # turns in all; a benchmark must end


def main() -> int:
    """Measure, print, write reports/bench.md; 1 when a target is missed."""
    options = _options()
    turns = min(options.turns, _MOST // (options.pairs * 3))
    twins = side_by_side.trained(options.share, options.epochs)
    default, keywords = twins.default / training.ARCHIVE, floor.model()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        running = _start(stack, Path(folder), default, keywords)
        starts = _wait(running)
        texts = _texts()
        for _, talker in running.values():
            for text in texts[:_WARM]:
                talker.say(text)
        print(f"Measuring {options.pairs} blocks of {turns} turns for each of {len(running)} servers …", flush=True)
        figures = measure.blocks(running, texts, options.pairs, turns)
    for name, (cpu, wall) in starts.items():
        figures[name].start_cpu, figures[name].start_wall = cpu, wall
    made, values = verdict.make(figures, twins, options.pairs, turns)
    report.write(made, values, paths.home() / "reports", "bench")
    print(made.text())
    return 0 if values["kept"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="interleaved blocks for each server")
    parser.add_argument("--turns", type=int, default=40, help="turns of a block")
    parser.add_argument("--share", type=float, default=0.2, help="of each label's examples, for the default model and the costs of training")
    parser.add_argument("--epochs", type=int, default=rasa_default.EPOCHS, help="of Rasa's default pipeline")
    return parser.parse_args()


def _start(stack: ExitStack, folder: Path, default: Path, keywords: Path) -> dict[str, tuple[Server, Talker]]:
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'rasa.db'}\n", encoding="utf-8")
    ours = servers.ours(folder)
    stock = servers.rasa(DEFAULT, default, endpoints, rasa_default.folder() / "credentials.yml")
    least = servers.rasa(FLOOR, keywords, floor.folder() / "endpoints.yml", floor.folder() / "credentials.yml")
    for server in (ours, stock, least):
        stack.callback(server.stop)
    return {OURS: (ours, ToUs(ours.port)), DEFAULT: (stock, ToRasa(stock.port)), FLOOR: (least, ToRasa(least.port))}


def _wait(running: dict[str, tuple[Server, Talker]]) -> dict[str, tuple[float, float]]:
    """Start one after the other, so that none waits for another's CPU."""
    starts = {}
    for name, (server, talker) in running.items():
        print(f"Starting {name} …", flush=True)
        server.start()
        starts[name] = servers.wait(server, talker.ready)
    return starts


def _texts() -> list[str]:
    """Held-out questions as people type them; the same for every server."""
    asked = cases.questions(paths.home() / "tests" / "questions")
    texts = [question.text for question in asked if question.group in ("answer", "chat", "out_of_scope")]
    return random.Random(13).sample(texts, min(200, len(texts)))


if __name__ == "__main__":
    sys.exit(main())
