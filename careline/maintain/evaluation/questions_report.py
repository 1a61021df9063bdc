"""The report on held-out questions, for one system or two side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from careline import digests, models
from careline.maintain.evaluation import cases, plots, questions, report, side_by_side
from careline.maintain.evaluation.questions import Judged, System
from careline.maintain.evaluation.report import Report, Table, kept, percent, points
from careline.maintain.evaluation.side_by_side import Twins
from careline.maintain.quiet import hush
from careline.nlu.calibration import CRITERIA

TARGETS = {"top_1": 0.88, "top_3": 0.96, "auroc": 0.95}


def run(options: argparse.Namespace) -> Report:
    """Measure as the command line asks; writes evaluation.md, evaluation.json and the pictures."""
    from careline.maintain.evaluation.ours import Ours, engine
    from careline.staff import model_parts

    asked = cases.questions(options.questions)
    model = models.find(options.model).opened()
    twins = side_by_side.trained(options.share, options.epochs) if options.against else None
    systems = [Ours(engine(model)), *(twins.systems() if twins else ())]
    hush()
    found = {system.name: questions.judge(system, asked) for system in systems}
    values = {system.name: questions.measure(found[system.name], questions.slipped(system, asked)) for system in systems}
    values[systems[0].name]["thresholds"] = asdict(model_parts.load(model.archive).topics.calibration)
    made = make(values, _about(systems[0], len(asked)), twins)
    draw(found, values, made, options.reports)
    known = {"made": datetime.now(timezone.utc).isoformat(timespec="seconds"), "data": digests.of_model(), "models": {system.name: system.model_id for system in systems}}
    report.write(made, {**known, "systems": values}, options.reports, "evaluation")
    return made


def make(values: Mapping[str, Mapping[str, Any]], about: str, twins: Twins | None = None) -> Report:
    """The tables of what was measured; the first system is the model asked about."""
    ours = next(iter(values.values()))
    beside = [twins.table(values)] if twins else []
    tables = [_verdicts(values), *beside, _overview(values), _groups(values), _outcomes(values), *_thresholds(ours), _themes(values), _confused(ours), _weakest(ours)]
    return Report("Evaluation", about, tables)


def draw(found: Mapping[str, Sequence[Judged]], values: Mapping[str, Mapping[str, Any]], made: Report, folder: Path) -> None:
    """Draw the pictures into a folder and name them in the report."""
    ours = next(iter(values.values()))
    topics = {name: questions.of(judged, *questions.TOPICS) for name, judged in found.items()}
    plots.reliability(topics, folder / "reliability.png")
    plots.detection(found, folder / "scope.png")
    plots.themes(ours["themes"], folder / "themes.png")
    plots.confusions(ours["confusions"], folder / "confusions.png")
    made.pictures += [("how sure and how right", "reliability.png"), ("off-topic texts", "scope.png"), ("themes", "themes.png"), ("confusions", "confusions.png")]


def _about(system: System, asked: int) -> str:
    digest = digests.of_model()
    made = "today's content" if digest in system.model_id else f"made of other content than today's, {digest}"
    return f"{asked} held-out questions, written apart from the training examples. Careline: {system.model_id} ({made})."


def _verdicts(values: Mapping[str, Mapping[str, Any]]) -> Table:
    ours = next(iter(values.values()))
    rows = [
        _verdict("top-1", ours["topics"]["top_1"], TARGETS["top_1"]),
        _verdict("top-3", ours["topics"]["top_3"], TARGETS["top_3"]),
        _verdict("out-of-scope AUROC", ours["scope"].get("auroc", 0.0), TARGETS["auroc"], percents=False),
    ]
    return Table("Held against the targets", ("what", "measured", "target", "kept"), rows, "Over answers and symptoms together.")


def _verdict(what: str, measured: float, target: float, percents: bool = True) -> tuple[str, str, str, str]:
    shown = percent if percents else lambda value: f"{value:.3f}"
    return what, shown(measured), f"at least {shown(target)}", kept(measured >= target)


def _overview(values: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = [
        (name, each["topics"]["questions"], percent(each["topics"]["top_1"]), percent(each["topics"]["top_3"]), percent(each["topics"]["macro_f1"]),
         each["scope"].get("auroc", ""), percent(each["scope"].get("false_accept_at_5_percent_false_reject", 0)), percent(each["calibration_error"]),
         points(each["typos"]["top_1_lost"]), points(each["typos"]["top_3_lost"]))
        for name, each in values.items()
    ]
    columns = ("system", "questions", "top-1", "top-3", "macro-F1", "scope AUROC", "let in at 5 % turned away", "ECE", "typos cost, top-1", "top-3")
    return Table("Overview", columns, rows, "Answers and symptoms together; the scope over every text. Typos: a slip in about every sixth word of four letters or more, at least one a question.")


def _groups(values: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = [
        (f"{name}: {group}", each["questions"], each["labels"], percent(each["top_1"]), " - ".join(percent(value) for value in each["top_1_interval"]), percent(each["top_3"]), percent(each["macro_f1"]))
        for name, system in values.items()
        for group, each in system["groups"].items()
    ]
    return Table("By group", ("group", "questions", "labels", "top-1", "95 % interval", "top-3", "macro-F1"), rows)


def _outcomes(values: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = [
        (f"{name}: {kind}", outcome, each["count"], percent(each["share"]), percent(each["right"]) if outcome in ("answered", "offered") and kind != "off topic" else "")
        for name, system in values.items()
        for kind, key in (("topics", "outcomes"), ("off topic", "outcomes_off_topic"))
        for outcome, each in system[key].items()
        if each["count"]
    ]
    return Table("What people get", ("questions", "outcome", "count", "share", "holds the right topic"), rows, "Alarm: a red flag was heard in the question. Offered: up to three near topics as buttons.")


def _thresholds(ours: Mapping[str, Any]) -> list[Table]:
    """What was fitted at training, and what it came to there."""
    fitted = ours.get("thresholds")
    if not fitted:
        return []
    rows = [(name, f"{value:.3f}", CRITERIA[name]) for name, value in fitted["thresholds"].items()]
    came_to = [(what, value if isinstance(value, int) else percent(value)) for what, value in fitted["found"].items()]
    split = f"Of the held-out questions, each of which asks one thing, {percent(ours['split'])} are answered with several topics."
    return [
        Table("Thresholds, fitted at training", ("threshold", "probability", "chosen so that"), rows, "docs/decisions/0020 says on what.", texts=True),
        Table("What they came to on the examples kept out of training", ("what", "measured"), came_to, split),
    ]


def _themes(values: Mapping[str, Mapping[str, Any]]) -> Table:
    ours, *others = values.values()
    rows = []
    for row in ours["themes"]:
        beside = [percent(next(each["top_1"] for each in other["themes"] if each["theme"] == row["theme"])) for other in others]
        rows.append((row["theme"], row["questions"], percent(row["top_1"]), percent(row["top_3"]), percent(row["macro_f1"]), *beside))
    columns = ("theme", "questions", "top-1", "top-3", "macro-F1", *(f"{name}, top-1" for name in list(values)[1:]))
    return Table("By theme", columns, rows, "The weakest first.")


def _confused(ours: Mapping[str, Any]) -> Table:
    rows = [(*(label.rpartition("/")[2] for label in row["pair"]), row["count"], row["first_taken_for_second"], row["second_taken_for_first"]) for row in ours["confusions"]]
    return Table("Topics taken for each other", ("first", "second", "questions", "first taken for second", "second taken for first"), rows)


def _weakest(ours: Mapping[str, Any]) -> Table:
    rows = [(row["label"], f"{row['right']} of {row['questions']}", ", ".join(f"{label} {count}" for label, count in row["taken_for"].items())) for row in ours["weakest"]]
    return Table("Topics least often right", ("topic", "right", "taken for"), rows)
