"""`careline evaluate`: how good it is on held-out questions; with `--safety`, whether anybody in danger is missed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from careline import paths
from careline.maintain.quiet import hush

if TYPE_CHECKING:
    from careline.dialogue.engine import Engine

HELP = "measure how good it is"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("model", nargs="?", help="a model archive instead of the live one")
    parser.add_argument("--questions", type=Path, metavar="DIR", help="held-out questions (tests/questions)")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="where the reports go (reports)")
    parser.add_argument("--against", choices=["rasa-default"], help="train Rasa's default pipeline and ours on the same examples and measure both beside the live model")
    parser.add_argument("--share", type=_share, default=0.2, help="with --against: of each label's examples (0.2: half an hour of a core; 1: all of them, hours)")
    parser.add_argument("--epochs", type=int, default=100, help="with --against: of Rasa's default pipeline (its default: 100)")
    parser.add_argument("--safety", action="store_true", help="red flags, crises, referrals; fails on any lost must-pass case")
    parser.add_argument("--red-flags", type=Path, metavar="DIR", help="held-out emergencies and look-alikes (tests/red_flags)")
    parser.add_argument("--fuzz", type=int, default=500, metavar="N", help="with --safety: random turns through the engine; 0 needs no model")
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
    return _safety(options) if options.safety else _questions(options)


def _questions(options: argparse.Namespace) -> int:
    from careline.maintain.evaluation import questions_report

    report = questions_report.run(options)
    print(report.text())
    return 0


def _safety(options: argparse.Namespace) -> int:
    from careline.dialogue.knowledge import shared
    from careline.maintain.evaluation import cases, finders, fuzz, report, safety_report

    folder = options.red_flags or paths.home() / "tests" / "red_flags"
    emergencies, look_alikes = cases.emergencies(folder), cases.look_alikes(folder)
    asked = cases.questions(options.questions)
    fuzzed = None
    if options.fuzz:
        corpus = [item.text for texts in (emergencies, look_alikes, asked) for item in texts]
        fuzzed = fuzz.fuzz(_engine(options.model), corpus, options.fuzz, progress=True)
    made, values = safety_report.make(
        shared(), finders.of(shared(), options.model), emergencies, look_alikes, asked, fuzzed, options.show_misses
    )
    report.write(made, values, options.reports, "safety")
    print(made.text())
    for failure in values["failures"]:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if values["failures"] else 0


def _engine(model: str | None) -> Engine:
    """An engine that waits: a slow machine must not count as a broken turn."""
    from careline.dialogue.engine import Engine
    from careline.dialogue.knowledge import shared
    from careline.dialogue.rasa_runtime import RasaRuntime
    from careline.models import live_model

    runtime = RasaRuntime(Path(model) if model else live_model())
    hush()
    return Engine(shared(), runtime, time_limit=60)
