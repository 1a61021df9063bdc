"""`careline promote MODEL`: a model goes live when it loses nothing. Running servers take it over within seconds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from careline import live, models, paths
from careline.errors import Untrusted
from careline.maintain import progress
from careline.maintain.quiet import hush
from careline.models import Model


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("model", help="its id, or the beginning of it")
    parser.add_argument("--tests", type=Path, metavar="DIR", help="the folder of held-out questions and emergencies (tests)")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="where the report goes (reports)")


def run(options: argparse.Namespace) -> int:
    """Try it against the live model and switch; returns 1 where it is refused."""
    from careline.maintain.evaluation import trial, trial_report

    model, now = models.find(options.model), _live()
    hush()
    found = trial.hold(model, now, options.tests or paths.home() / "tests")
    folder = options.reports or paths.home() / "reports"
    trial_report.write(found, folder)
    for reason in found.refusals:
        print(f"REFUSED: {reason}", file=sys.stderr)
    if found.refusals:
        print(f"careline: {model.id} did not go live; what people get has not changed. The report: {folder / trial_report.NAME}.html", file=sys.stderr)
        return 1
    live.switch(model.id)
    print(f"Live: {model.id}. Running servers follow within seconds; careline rollback goes back to {now.id if now else 'nothing'}.")
    return 0


def _live() -> Model | None:
    """What it is compared with; a live model that is not what was signed is no measure, and must not keep a good one out."""
    try:
        model = models.find("live")
        model.check()
    except FileNotFoundError:
        return None
    except Untrusted as error:
        progress.say(f"careline: {error} It is not compared with.")
        return None
    return model
