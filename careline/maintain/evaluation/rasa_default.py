"""Rasa's default pipeline on the same data: what a project of these data is without any of our own components.

The pipeline and policies that `rasa init` gives, one response selector for each retrieval intent, a rule for each intent, and a
share of our own training data.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from careline import catalog
from careline.maintain.evaluation import sample, training
from careline.maintain.evaluation.judgement import Judgement

EPOCHS = 100  # what Rasa sets
SEED = 13
GROUPS = catalog.GROUPS
_DATA = ("data/answers", "data/symptoms", "data/vocabulary", "data/dialogue/acts.yml", "data/dialogue/small_talk.yml", "data/dialogue/out_of_scope.yml")
_FALLBACK = "nlu_fallback"
_NO_ANSWER = "I do not have an answer to that. Please call your care team."


def folder() -> Path:
    """Its project, beside the models."""
    return training.folder() / "rasa-default"


def recipe(share: float, epochs: int = EPOCHS) -> training.Recipe:
    """How it is trained on that share of today's examples."""
    home = sample.project(share)
    project = _write_project(home, epochs)
    data = [*(home / name for name in _DATA), project / "rules.yml", project / "stories.yml"]
    return training.Recipe("rasa-default", home, project / "config.yml", project / "domain.yml", data, epochs=epochs)


def config(epochs: int) -> dict[str, Any]:
    """Rasa's default pipeline and policies; a seed, and rankings in full, which change no decision."""
    trained = {"epochs": epochs, "constrain_similarities": True, "random_seed": SEED, "ranking_length": 0}
    counts = [{"name": "CountVectorsFeaturizer"}, {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}]
    features = [{"name": "WhitespaceTokenizer"}, {"name": "RegexFeaturizer"}, {"name": "LexicalSyntacticFeaturizer"}, *counts]
    selectors = [{"name": "ResponseSelector", "retrieval_intent": group, **trained} for group in GROUPS]
    pipeline = [*features, {"name": "DIETClassifier", **trained}, {"name": "EntitySynonymMapper"}, *selectors,
                {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}]
    policies = [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"},
                {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100, "random_seed": SEED},
                {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True, "random_seed": SEED}]
    return {"recipe": "default.v1", "assistant_id": "rasa-default", "language": "en", "pipeline": pipeline, "policies": policies}


class RasaDefault:
    """A loaded model of Rasa's default pipeline."""

    def __init__(self, made: Path, name: str = "Rasa default") -> None:
        from rasa.core.agent import Agent

        self.name = name
        self.model_id = made.name
        self._agent = Agent.load(str(made / training.ARCHIVE))

    def judge(self, text: str) -> Judgement:
        """What it makes of a text."""
        return judgement(asyncio.run(self._agent.parse_message(text)))


def judgement(parsed: Mapping[str, Any]) -> Judgement:
    """Rasa's parse data as a judgement: the probability of a retrieval intent is shared out by its response selector."""
    scores: dict[str, float] = {}
    for row in parsed["intent_ranking"]:
        if row["name"] in GROUPS:
            responses = parsed["response_selector"][row["name"]]["ranking"]
            scores.update({each["intent_response_key"]: row["confidence"] * each["confidence"] for each in responses})
        elif row["name"] != _FALLBACK:
            scores[row["name"]] = row["confidence"]
    best = _chosen(parsed)
    ranking = tuple(sorted(scores.items(), key=lambda item: (item[0] != best, -item[1])))
    intent = parsed["intent"]["name"]
    turned_away = intent in (_FALLBACK, "out_of_scope")
    said = () if turned_away else (best,)
    return Judgement(ranking, "turned away" if turned_away else "answered", said, 1 - scores.get("out_of_scope", 0.0))


def _chosen(parsed: Mapping[str, Any]) -> str:
    """What it would say: the best intent, and within a retrieval intent its best response."""
    name = next(row["name"] for row in parsed["intent_ranking"] if row["name"] != _FALLBACK)
    return str(parsed["response_selector"][name]["response"]["intent_response_key"]) if name in GROUPS else str(name)


def _write_project(home: Path, epochs: int) -> Path:
    project = folder()
    project.mkdir(parents=True, exist_ok=True)
    acts = sorted(catalog.load(home).acts)
    replies = {act: "utter_no_answer" if act in ("out_of_scope", _FALLBACK) else "utter_act" for act in [*acts, _FALLBACK]}
    replies |= {group: f"utter_{group}" for group in GROUPS}
    _yaml(project / "config.yml", config(epochs))
    _yaml(project / "domain.yml", {
        "version": "3.1", "intents": [*GROUPS, *acts, *([] if _FALLBACK in acts else [_FALLBACK])],
        "responses": {"utter_act": [{"text": "All right."}], "utter_no_answer": [{"text": _NO_ANSWER}], "utter_default": [{"text": _NO_ANSWER}]},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": False},
    })
    _yaml(project / "rules.yml", {"version": "3.1", "rules": [_steps("rule", intent, [(intent, reply)]) for intent, reply in replies.items()]})
    _yaml(project / "stories.yml", {"version": "3.1", "stories": _stories(replies)})
    (project / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    return project


def _stories(replies: Mapping[str, str]) -> list[dict[str, Any]]:
    """Short talks, so that the learned policies of the default have something to learn from, as in any project with stories."""
    talks = [("chat", "answer", "chat"), ("answer", "answer"), ("symptom", "affirm", "answer"), ("answer", "out_of_scope", "answer"), ("chat", "symptom", "deny")]
    return [_steps("story", " then ".join(talk), [(intent, replies[intent]) for intent in talk]) for talk in talks]


def _steps(kind: str, name: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {kind: name, "steps": [step for intent, reply in pairs for step in ({"intent": intent}, {"action": reply})]}


def _yaml(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
