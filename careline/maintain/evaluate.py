"""`careline evaluate`: how good a model is on held-out questions, alone or against another; with `--safety`, whether anybody in danger is missed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from careline import models, paths
from careline.maintain.quiet import hush

HELP = "measure how good it is"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("model", nargs="?", default="live", help="the id of a model, or the beginning of it, instead of the live one")
    parser.add_argument("--questions", type=Path, metavar="DIR", help="held-out questions (tests/questions)")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="where the reports go (reports)")
    parser.add_argument("--against", metavar="MODEL", help="compare with the live model (live) or another one; or rasa-default: train Rasa's default pipeline and ours on the same examples and measure both")
    parser.add_argument("--share", type=_share, default=0.2, help="with --against rasa-default: of each label's examples (0.2: half an hour of a core; 1: all of them, hours)")
    parser.add_argument("--epochs", type=int, default=100, help="with --against rasa-default: of that pipeline (its default: 100)")
    parser.add_argument("--safety", action="store_true", help="red flags, crises, referrals; fails on any lost must-pass case")
    parser.add_argument("--here", action="store_true", help="with --safety: the content as it stands here with the trained part of the model, to try a change before training")
    parser.add_argument("--search", action="store_true", help="the staff console's search; fails below its target")
    parser.add_argument("--red-flags", type=Path, metavar="DIR", help="held-out emergencies and look-alikes (tests/red_flags)")
    parser.add_argument("--fuzz", type=int, default=500, metavar="N", help="with --safety: random turns through the engine; 0 leaves them out")
    parser.add_argument("--show-misses", action="store_true", help="with --safety: print held-out misses (they stop being held out)")


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("a share is above 0 and at most 1")
    return value


def run(options: argparse.Namespace) -> int:
    """Measure; returns the exit code."""
    hush()
    options.questions = options.questions or paths.home() / "tests" / "questions"
    options.reports = options.reports or paths.home() / "reports"
    if options.safety:
        return _safety(options)
    if options.search:
        return _search(options)
    return _questions(options) if options.against in (None, "rasa-default") else _against(options)


def _against(options: argparse.Namespace) -> int:
    """Compare two models; returns 1 where the first must not take the place of the second."""
    from careline.maintain.evaluation import trial, trial_report

    found = trial.hold(models.find(options.model), models.find(options.against), options.questions.parent)
    print(trial_report.write(found, options.reports).text())
    return 1 if found.refusals else 0


def _questions(options: argparse.Namespace) -> int:
    from careline.maintain.evaluation import questions_report

    report = questions_report.run(options)
    print(report.text())
    return 0


def _search(options: argparse.Namespace) -> int:
    from careline.maintain.evaluation import search_report

    made, values = search_report.run(options)
    print(made.text())
    return 0 if values["kept"] else 1


def _safety(options: argparse.Namespace) -> int:
    from careline.maintain.evaluation import cases, finders, fuzz, ours, report, safety_report

    model = models.find(options.model).opened()
    project = paths.home() if options.here else model.project
    engine = ours.engine(model, project)
    folder = options.red_flags or paths.home() / "tests" / "red_flags"
    emergencies, look_alikes = cases.emergencies(folder), cases.look_alikes(folder)
    asked = cases.questions(options.questions)
    fuzzed = None
    if options.fuzz:
        corpus = [item.text for texts in (emergencies, look_alikes, asked) for item in texts]
        fuzzed = fuzz.fuzz(engine, corpus, options.fuzz, progress=True)
    with paths.using(project):
        made, values = safety_report.make(
            engine.knowledge, finders.of(engine.knowledge, model), emergencies, look_alikes, asked, fuzzed, options.show_misses
        )
    report.write(made, values, options.reports, "safety")
    print(made.text())
    for failure in values["failures"]:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if values["failures"] else 0

