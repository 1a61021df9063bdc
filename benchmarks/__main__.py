"""`python -m benchmarks`: ours, Rasa's default pipeline and Rasa's floor beside each other in one run."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import floor, measure, servers
from benchmarks.measure import Figures
from benchmarks.servers import Server
from benchmarks.talk import Talker, ToRasa, ToUs
from careline import models, paths
from careline.maintain.evaluation import cases, rasa_default, report
from careline.maintain.evaluation.report import Report, Table

OURS, DEFAULT, FLOOR = "Careline", "Rasa default, SQLite", "Rasa floor, in memory"
_WARM = 20  # turns before the clock runs: first turns load what later ones find loaded
_MOST = 5000  # turns in all; a benchmark must end


def main() -> int:
    """Measure, print, write reports/bench.md; 1 when a target is missed."""
    options = _options()
    turns = min(options.turns, _MOST // (options.pairs * 3))
    default, keywords = _default_model(options), floor.model()
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
    made, values = _report(figures, _training(default), options.pairs, turns)
    report.write(made, values, paths.home() / "reports", "bench")
    print(made.text())
    return 0 if values["kept"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="interleaved blocks for each server")
    parser.add_argument("--turns", type=int, default=40, help="turns of a block")
    parser.add_argument("--epochs", type=int, default=None, help="of Rasa's default pipeline: the model trained with so many (default: what is there, else 100)")
    return parser.parse_args()


def _default_model(options: argparse.Namespace) -> Path:
    """The default model asked for, else the one with most epochs of today's data that is there, else a new one with 100."""
    if options.epochs is None:
        present = [path for path in rasa_default.present() if path.exists()]
        if present:
            return max(present, key=lambda path: rasa_default.manifest(path)["epochs"])
    return rasa_default.model(options.epochs or rasa_default.EPOCHS)


def _start(stack: ExitStack, folder: Path, default: Path, keywords: Path) -> dict[str, tuple[Server, Talker]]:
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'rasa.db'}\n", encoding="utf-8")
    project = rasa_default.folder() / "project"
    ours = servers.ours(folder)
    stock = servers.rasa(DEFAULT, default, endpoints, project / "credentials.yml")
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


def _training(default: Path) -> dict[str, Any]:
    return {OURS: models.manifest(models.live_model())["training"], DEFAULT: rasa_default.manifest(default)["training"], "epochs": rasa_default.manifest(default)["epochs"]}


def _report(figures: dict[str, Figures], training: dict[str, Any], pairs: int, turns: int) -> tuple[Report, dict[str, Any]]:
    ours, stock, least = figures[OURS], figures[DEFAULT], figures[FLOOR]
    values: dict[str, Any] = {
        "pairs": pairs, "turns": turns, "epochs_of_default": training["epochs"],
        "cpu_ratio_to_default": round(measure.ratio(ours, stock), 3),
        "cpu_ratio_to_floor": round(measure.ratio(ours, least), 3),
        "memory_ratio_to_default": round(ours.memory / stock.memory, 3),
        "training_ratio_to_default": round(training[OURS]["cpu_seconds"] / training[DEFAULT]["cpu_seconds"], 3),
        "systems": {name: _values(each, training.get(name)) for name, each in figures.items()},
    }
    checks = [("CPU a turn to Rasa's default", values["cpu_ratio_to_default"], 0.5), ("memory to Rasa's default", values["memory_ratio_to_default"], 1.0),
              ("CPU of training to Rasa's default", values["training_ratio_to_default"], 0.2)]
    values["kept"] = all(measured <= target for _, measured, target in checks)
    rows = [(what, f"{measured:.2f}", f"at most {target:.2f}", "yes" if measured <= target else "NO") for what, measured, target in checks]
    rows.append(("CPU a turn to Rasa's floor", f"{values['cpu_ratio_to_floor']:.2f}", "", ""))
    note = f"Median of {pairs} interleaved pairs of blocks of {turns} turns. Rasa's default was trained for {training['epochs']} epochs (its own default is 100)."
    tables = [Table("Held against the targets", ("ratio", "measured", "target", "kept"), rows, note), _table(values)]
    return Report("What a turn costs", "HTTP on loopback, one message after the other, user and system CPU of the server's process tree.", tables), values


def _values(figures: Figures, training: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "cpu_ms": round(figures.cpu_ms, 2), "p50_ms": round(figures.wall(0.5), 1), "p95_ms": round(figures.wall(0.95), 1),
        "start_cpu_s": round(figures.start_cpu, 1), "start_wall_s": round(figures.start_wall, 1), "memory_mb": round(figures.memory), "broken_turns": figures.broken,
        "training_cpu_s": training["cpu_seconds"] if training else None, "blocks": [round(value, 2) for value in figures.block_cpu_ms],
    }


def _table(values: dict[str, Any]) -> Table:
    columns = ("system", "CPU ms a turn", "p50 ms", "p95 ms", "start, CPU s", "memory MB", "training, CPU s", "broken turns")
    rows = [
        (name, each["cpu_ms"], each["p50_ms"], each["p95_ms"], each["start_cpu_s"], each["memory_mb"], each["training_cpu_s"] or "", each["broken_turns"])
        for name, each in values["systems"].items()
    ]
    return Table("Side by side", columns, rows, "Broken: no answer in it, or not stored within its time limit.")


if __name__ == "__main__":
    sys.exit(main())
