"""Ours and Rasa's default pipeline, trained by the same command on the same share of the examples (docs/decisions/0017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careline import paths
from careline.dialogue.engine import Engine
from careline.maintain.evaluation import ours, rasa_default, sample, training
from careline.maintain.evaluation.questions import System
from careline.maintain.evaluation.report import Row, Table, kept, percent, points
from careline.maintain.evaluation.training import Cost
from careline.models import Opened

AHEAD, OF_TRAINING = 0.15, 0.2  # of top-1; of the CPU time


@dataclass(frozen=True)
class Twins:
    """The two, and what they were made of."""

    share: float
    epochs: int  # of the default
    examples: int
    ours: Path  # folders, see `training`
    default: Path

    @property
    def names(self) -> tuple[str, str]:
        """What they are called in the tables."""
        on = f"on {percent(self.share, 0)} of examples"
        return f"Careline {on}", f"Rasa default {on}"

    @property
    def costs(self) -> tuple[Cost, Cost]:
        """What their trainings took."""
        return training.cost(self.ours), training.cost(self.default)

    @property
    def note(self) -> str:
        """How they were made, for a report."""
        shortened = "" if self.epochs == rasa_default.EPOCHS else f", fewer than the {rasa_default.EPOCHS} that Rasa sets: it may reach more"
        return (
            f"Both trained by `rasa train` on the same {self.examples} examples, {percent(self.share, 0)} of every label's, drawn by a fixed seed; "
            f"Rasa's default for {self.epochs} epochs{shortened}."
        )

    def systems(self) -> tuple[System, System]:
        """Both, loaded."""
        return ours.Ours(self._ours(), self.names[0]), rasa_default.RasaDefault(self.default, self.names[1])

    def _ours(self) -> Engine:
        # Made on this machine a moment ago, so that there is nobody to be trusted; the texts it would say are not asked for.
        return ours.engine(Opened(self.ours.name, self.ours / training.ARCHIVE, paths.home()))

    def table(self, values: Mapping[str, Mapping[str, Any]]) -> Table:
        """What the same examples gave each of the two, and what learning them took."""
        mine, theirs = (values[name]["topics"] for name in self.names)
        rows = [_shares("top-1", mine["top_1"], theirs["top_1"], AHEAD), _shares("top-3", mine["top_3"], theirs["top_3"]), *_costs(*self.costs)]
        return Table("On the same examples", ("what", *self.names, "difference", "target", "kept"), rows, self.note)


def trained(share: float, epochs: int) -> Twins:
    """Both trained on that share of today's examples, where they are not yet.

    Raises:
        RuntimeError: `rasa train` failed.
    """
    mine = ours.recipe(share)
    made = training.model(mine), training.model(rasa_default.recipe(share, epochs))
    return Twins(share, epochs, sample.examples(mine.home), *made)


def _shares(what: str, mine: float, theirs: float, target: float | None = None) -> Row:
    ahead = mine - theirs
    verdict = (f"at least {points(target)} ahead", kept(ahead >= target)) if target is not None else ("", "")
    return what, percent(mine), percent(theirs), points(ahead), *verdict


def _costs(mine: Cost, theirs: Cost) -> list[Row]:
    cpu, memory = mine.cpu_seconds / theirs.cpu_seconds, mine.peak_memory_mb / theirs.peak_memory_mb
    return [
        ("training, CPU seconds", f"{mine.cpu_seconds:.0f}", f"{theirs.cpu_seconds:.0f}", f"{cpu:.2f} times", f"at most {OF_TRAINING} times", kept(cpu <= OF_TRAINING)),
        ("training, peak memory MB", mine.peak_memory_mb, theirs.peak_memory_mb, f"{memory:.2f} times", "below 1 times", kept(memory < 1)),
    ]
