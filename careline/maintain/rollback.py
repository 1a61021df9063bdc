"""`careline rollback`: the model before is live again, its answers and red flags with it. Running servers follow in seconds."""

from __future__ import annotations

import argparse
import sys

from careline import live, models
from careline.errors import ContentError
from careline.maintain.quiet import hush
from careline.models import Model


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has none: it goes back one step, and another when called again."""


def run(_: argparse.Namespace) -> int:
    """Go back; refuses a model that is not what was signed or does not answer as it should. Returns the exit code."""
    now = live.read()
    if now is None or not now.before:
        print("careline: there is no model to go back to; careline models lists those there are", file=sys.stderr)
        return 1
    hush()
    model = models.find(now.before[0])
    refusals = _faults(model)
    for refusal in refusals:
        print(f"REFUSED: {refusal}", file=sys.stderr)
    if refusals:
        return 1
    live.back(model.id)
    print(f"Live again: {model.id}. Gone: {now.model}. Running servers follow within seconds.")
    return 0


def _faults(model: Model) -> list[str]:
    from careline.maintain.evaluation import gates, ours

    try:
        return gates.canary(ours.engine(model.opened()))
    except ContentError as error:  # after an update of the code
        return [f"This version of Careline cannot read the content of {model.id}: {error}"]
