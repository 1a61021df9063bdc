"""`careline models`: which models there are, how good they are, and which one is live."""

from __future__ import annotations

import argparse

from careline import live, models
from careline.errors import Untrusted
from careline.maintain.evaluation.report import Table, percent
from careline.models import Model


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--live", action="store_true", help="check the live model and print its folder, for other programs")


def run(options: argparse.Namespace) -> int:
    """List them; returns 1 where one is not what was signed."""
    if options.live:
        model = models.live_model()
        model.check()
        print(model.folder)
        return 0
    rows = [_row(model) for model in models.every()]
    now = live.read()
    before = " < ".join(now.before) if now else ""
    print(Table("Models, newest first", ("model", "live", "made", "right at first", "trusted"), rows or [("none; run careline train", "", "", "", "")]).text())
    if before:
        print(f"careline rollback goes back to the first of: {before}")
    return int(any(row[-1] != "yes" for row in rows))


def _row(model: Model) -> tuple[str, str, str, str, str]:
    try:
        model.check()
    except Untrusted as error:
        return model.id, "", "", "", f"NO: {error}"
    now, metrics = live.read(), model.manifest["metrics"]
    shown = f"{percent(metrics['top_1'])} of {metrics['questions']}" if metrics else ""
    return model.id, "live" if now and now.model == model.id else "", model.manifest["made"], shown, "yes"
