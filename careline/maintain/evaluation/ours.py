"""Our own pipeline, through the Rasa agent that answers people."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from careline import paths
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import shared
from careline.dialogue.rasa_runtime import RasaRuntime
from careline.maintain.evaluation import sample, training
from careline.maintain.evaluation.judgement import Judgement
from careline.maintain.quiet import hush
from careline.models import Opened

PATIENT = 60.0  # seconds: a slow machine must not count as a broken turn
_OUTCOMES = {"red_flag": "alarm", "other_language": "language", "out_of_scope": "turned away"}
_GROUPS = ("answer", "symptom", "chat")


def recipe(share: float) -> training.Recipe:
    """How it is trained on that share of today's examples, by Rasa alone."""
    home = sample.project(share)
    reads = [home / "careline" / "nlu", home / "content" / "red_flags"]
    return training.Recipe("careline", home, home / "config.yml", home / "domain.yml", [home / "data"], reads)


def engine(model: Opened, project: Path | None = None) -> Engine:
    """An engine of a model that waits for a slow machine. `project` is content to answer from instead of the model's own."""
    runtime = RasaRuntime(model)
    hush()
    with paths.using(project or model.project):
        return Engine(shared(), runtime, time_limit=PATIENT)


class Ours:
    """A loaded model of ours."""

    def __init__(self, asked: Engine, name: str = "Careline") -> None:
        self.name = name
        self.model_id = asked.model_id
        self._engine = asked

    def judge(self, text: str) -> Judgement:
        """What it makes of a text."""
        return judgement(asyncio.run(self._engine.parse(text)))


def judgement(parsed: Mapping[str, Any]) -> Judgement:
    """The pipeline's parse data as a judgement.

    The ranking of intents says which group stands at each place, the ranking of that group's own says which topic.
    """
    groups = {group: iter(parsed["response_selector"].get(group, {}).get("ranking", ())) for group in _GROUPS}
    ranking = tuple(
        (next(groups[row["name"]])["intent_response_key"] if row["name"] in groups else row["name"], row["confidence"])
        for row in parsed["intent_ranking"]
    )
    outside = dict(ranking).get("out_of_scope", 0.0)
    outcome, said = _outcome(parsed, ranking)
    return Judgement(ranking, outcome, said, 1 - outside)


def _outcome(parsed: Mapping[str, Any], ranking: tuple[tuple[str, float], ...]) -> tuple[str, tuple[str, ...]]:
    """What the person gets, and which labels."""
    intent = parsed["intent"]["name"]
    if intent in _OUTCOMES:
        return _OUTCOMES[intent], ()
    if intent == "nlu_fallback":
        return ("offered" if parsed["near"] else "turned away"), tuple(parsed["near"])
    if len(parsed["parts"]) > 1:
        return "answered", tuple(parsed["parts"])
    return "answered", (ranking[0][0],)
