"""A model tried against the one that answers: everything measured, and whether it may take its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from careline.dialogue.engine import Engine
from careline.errors import ContentError
from careline.maintain import progress
from careline.maintain.evaluation import cases, comparison, content_changes, finders, gates, ours, questions
from careline.maintain.evaluation.comparison import Change
from careline.maintain.evaluation.questions import Judged
from careline.maintain.evaluation.safety import Find, Outcome
from careline.models import ARCHIVE, Model, Opened
from careline.red_flags import Finding


@dataclass
class Trial:
    """What came of it. `refusals` are the reasons why the model may not go live; none, and it may."""

    model: str
    against: str | None
    content: list[str] = field(default_factory=list)
    before: list[Judged] = field(default_factory=list)  # empty where both understand alike, having the same pipeline
    after: list[Judged] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    emergencies: tuple[Sequence[Outcome], Sequence[Outcome]] = ((), ())
    refusals: list[str] = field(default_factory=list)
    incomparable: str = ""  # why the other was not looked at

    @property
    def overall(self) -> Change:
        """All questions together."""
        return comparison.overall(self.before, self.after)


@dataclass
class _Side:
    """One of the two models, opened."""

    model: Model
    opened: Opened
    engine: Engine

    @classmethod
    def of(cls, model: Model) -> _Side:
        with progress.step(f"Opening {model.id}"):
            opened = model.opened()
            return cls(model, opened, ours.engine(opened))

    @property
    def pipeline(self) -> tuple[str, str]:
        """What was trained, and on what."""
        return str(self.model.manifest["files"][ARCHIVE]), str(self.model.manifest["learned"])

    def find(self, text: str) -> Sequence[Finding]:
        """The red flags it finds, by rules and net."""
        return self._find(text)

    @cached_property
    def _find(self) -> Find:
        return list(finders.of(self.engine.knowledge, self.opened).values())[-1]


def hold(model: Model, against: Model | None, tests: Path) -> Trial:
    """Try a model against another, with the held-out texts in `tests`/questions and `tests`/red_flags.

    Raises:
        Untrusted: one of the two is not what was signed; it was not opened.
    """
    new = _Side.of(model)
    trial = Trial(model.id, against.id if against else None)
    asked = cases.emergencies(tests / "red_flags")
    with progress.step("Asking the canary, and everything it can say"):
        trial.refusals += [*gates.canary(new.engine), *gates.texts(new.engine.knowledge)]
    with progress.step(f"Trying {sum(case.must_pass for case in asked)} must-pass emergencies"):
        trial.refusals += gates.must_pass(new.find, asked)
    if against is not None:
        try:
            old = _Side.of(against)
        except ContentError as error:  # after an update of the code: no reason to keep a model out that it can read
            trial.incomparable = f"This version of Careline cannot read the content of {against.id}, so the two are not compared: {error}"
        else:
            _beside(trial, new, old, tests, asked)
    return trial


def _beside(trial: Trial, new: _Side, old: _Side, tests: Path, asked: Sequence[cases.Case]) -> None:
    trial.content = content_changes.between(old.engine.knowledge, new.engine.knowledge)
    if old.pipeline == new.pipeline:
        return  # trained on the same: every question and every red flag is understood as before
    with progress.step("Trying the red-flag phrases of both"):
        trial.refusals += gates.phrases(old.engine.knowledge, new.engine.knowledge)
        trial.emergencies = _outcomes(old, asked), _outcomes(new, asked)
        trial.refusals += gates.emergencies(*trial.emergencies)
    held_out = cases.questions(tests / "questions")
    trial.before, trial.after = (_judged(side, held_out) for side in (old, new))
    trial.changes = comparison.by_topic(trial.before, trial.after)
    trial.refusals += gates.questions(trial.changes, trial.overall)


def _judged(side: _Side, asked: Sequence[cases.Question]) -> list[Judged]:
    with progress.step(f"Asking {side.model.id} {len(asked)} held-out questions"):
        return questions.judge(ours.Ours(side.engine), asked)


def _outcomes(side: _Side, asked: Sequence[cases.Case]) -> list[Outcome]:
    return [Outcome(case, tuple(side.find(case.text))) for case in asked]
