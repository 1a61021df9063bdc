"""What was measured, held against what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import measure
from benchmarks.measure import Figures
from careline.maintain.evaluation.report import Report, Row, Table, kept
from careline.maintain.evaluation.side_by_side import OF_TRAINING, Twins

OURS, DEFAULT, FLOOR = "Careline", "Rasa default, SQLite", "Rasa floor, in memory"
CPU, MEMORY = 0.5, 1.0  # of Rasa's default
_ABOUT = "HTTP on loopback, one message after the other, user and system CPU of the server's process tree."


def make(figures: Mapping[str, Figures], twins: Twins, pairs: int, turns: int) -> tuple[Report, dict[str, Any]]:
    """The report and its values; `values["kept"]` says whether every target was met."""
    ours, default, least = figures[OURS], figures[DEFAULT], figures[FLOOR]
    costs = dict(zip((OURS, DEFAULT), twins.costs))
    checks = [
        ("CPU a turn to Rasa's default", measure.ratio(ours, default), CPU),
        ("memory to Rasa's default", ours.memory / default.memory, MEMORY),
        ("CPU of training to Rasa's default", costs[OURS].cpu_seconds / costs[DEFAULT].cpu_seconds, OF_TRAINING),
        ("memory of training to Rasa's default", costs[OURS].peak_memory_mb / costs[DEFAULT].peak_memory_mb, MEMORY),
    ]
    rows: list[Row] = [(what, f"{measured:.2f}", f"at most {most:.2f}", kept(measured <= most)) for what, measured, most in checks]
    rows.append(("CPU a turn to Rasa's floor", f"{measure.ratio(ours, least):.2f}", "", ""))
    note = f"CPU a turn: median of {pairs} pairs of blocks of {turns} turns that stood next to each other. {twins.note}"
    trained = {name: cost.cpu_seconds for name, cost in costs.items()}
    systems = {name: _values(each) for name, each in figures.items()}
    values = {
        "pairs": pairs, "turns": turns, "ratios": {row[0]: float(row[1]) for row in rows}, "systems": systems,
        "training_cpu_s": trained, "kept": all(measured <= most for _, measured, most in checks),
    }
    tables = [Table("Held against the targets", ("ratio", "measured", "target", "kept"), rows, note), _table(systems, trained)]
    return Report("What a turn costs", _ABOUT, tables), values


def _values(figures: Figures) -> dict[str, Any]:
    return {
        "cpu_ms": round(figures.cpu_ms, 2), "p50_ms": round(figures.wall(0.5), 1), "p95_ms": round(figures.wall(0.95), 1),
        "start_cpu_s": round(figures.start_cpu, 1), "start_wall_s": round(figures.start_wall, 1), "memory_mb": round(figures.memory),
        "broken_turns": figures.broken, "blocks": [round(value, 2) for value in figures.block_cpu_ms],
    }


def _table(systems: Mapping[str, Mapping[str, Any]], trained: Mapping[str, float]) -> Table:
    columns = ("system", "CPU ms a turn", "p50 ms", "p95 ms", "start, CPU s", "memory MB", "training, CPU s", "broken turns")
    keys = ("cpu_ms", "p50_ms", "p95_ms", "start_cpu_s", "memory_mb")
    rows = [(name, *(each[key] for key in keys), trained.get(name, ""), each["broken_turns"]) for name, each in systems.items()]
    return Table("Side by side", columns, rows, "Broken: no answer in it, or not stored within its time limit.")
