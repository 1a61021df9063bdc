"""How well the console's search finds the right topic: whole questions, with slips of the finger, and half-typed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from careline import models
from careline.catalog import Catalog, Topic
from careline.maintain.evaluation import cases, report, typos
from careline.maintain.evaluation.metrics import in_first, interval
from careline.maintain.evaluation.report import Report, Table, percent
from careline.staff.library import shelved
from careline.staff.search import GROUPS, SHOWN, Search

TARGET = 0.97  # of held-out questions: the right topic among those shown
FEWER = 4  # every so manieth question is also asked in other ways; all of them would take minutes
Row = dict[str, float]
Asked = list[tuple[str, str]]  # what is typed, and the topic that should be found
TYPED: dict[str, Callable[[str], str]] = {
    "with slips of the finger": typos.slips,
    "but for the last two letters": lambda text: text[:-2],
    "half of it": lambda text: text[: max(len(text) // 2, 6)],
}


def run(options: argparse.Namespace) -> tuple[Report, dict[str, Any]]:
    """Measure the search of a model (the live one by default) and write the report."""
    shelf = shelved(models.find(options.model).opened())
    catalog = shelf.knowledge.catalog
    asked = [(item.text, item.label.partition("/")[2]) for item in cases.questions(options.questions) if item.group in GROUPS]
    made, values = make(catalog, {"meaning and words": shelf.search, "words alone (no model)": Search(catalog, None)}, asked)
    report.write(made, values, options.reports, "search")
    return made, values


def make(catalog: Catalog, searches: dict[str, Search], asked: Asked) -> tuple[Report, dict[str, Any]]:
    """The report, and its figures; `kept` says whether the first search reaches the target."""
    topics = [topic for group in GROUPS for topic in catalog.group(group)]
    values: dict[str, Any] = {"questions": len(asked), "searches": {name: _measure(search, asked, topics) for name, search in searches.items()}}
    reached = next(iter(values["searches"].values()))["as typed"]["top_5"]
    values["kept"] = reached >= TARGET
    tables = [_table(name, rows) for name, rows in values["searches"].items()]
    about = f"The right topic among the {SHOWN} shown, on {len(asked)} held-out questions; target {percent(TARGET, 0)} as typed: {'kept' if values['kept'] else 'MISSED'}."
    return Report("Search of the console", about, tables), values


def _measure(search: Search, asked: Asked, topics: Iterable[Topic]) -> dict[str, Row]:
    rows = {"as typed": _found(search, asked)}
    rows |= {name: _found(search, [(change(text), topic) for text, topic in asked[::FEWER]]) for name, change in TYPED.items()}
    titles = [(topic.meta.title, topic.id) for topic in topics]
    rows["titles"] = _found(search, titles)
    rows["half of a title"] = _found(search, [(title[: max(len(title) // 2, 4)], topic) for title, topic in titles])
    return rows


def _found(search: Search, asked: Asked) -> Row:
    rankings = [[hit.topic.id for hit in search(text)] for text, _ in asked]
    truth = [topic for _, topic in asked]
    shown = in_first(rankings, truth, SHOWN)
    return {"n": len(asked), "top_1": round(in_first(rankings, truth, 1), 4), "top_5": round(shown, 4), "from": round(interval(shown, len(asked))[0], 4), "to": round(interval(shown, len(asked))[1], 4)}


def _table(name: str, rows: dict[str, Row]) -> Table:
    cells = [(typed, row["n"], percent(row["top_1"]), percent(row["top_5"]), f"{percent(row['from'])} to {percent(row['to'])}") for typed, row in rows.items()]
    return Table(f"By {name}", ("what is typed", "n", "first", f"among {SHOWN}", "95 % interval"), cells)
