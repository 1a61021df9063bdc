"""Rasa's default pipeline on the same data: what a project of these data is without any of our own components.

The project is written beside its model in models/rasa-default: the pipeline and policies that `rasa init` gives, one response
selector for each retrieval intent, a rule for each intent, and our own training data. A model is kept while data and epochs
are the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from careline import catalog, paths
from careline.maintain.evaluation.judgement import Judgement

EPOCHS = 100  # what Rasa sets
SEED = 13
GROUPS = catalog.GROUPS
_DATA = ("data/answers", "data/symptoms", "data/vocabulary", "data/dialogue/acts.yml", "data/dialogue/small_talk.yml", "data/dialogue/out_of_scope.yml")
_FALLBACK = "nlu_fallback"
_NO_ANSWER = "I do not have an answer to that. Please call your care team."


def folder() -> Path:
    """Where its project and its models are."""
    return paths.models() / "rasa-default"


def model(epochs: int = EPOCHS) -> Path:
    """The trained model of today's data; trains it where there is none, which takes long.

    Raises:
        RuntimeError: `rasa train` failed.
    """
    archive = folder() / _name(epochs)
    if not (archive.exists() and _manifest(archive).exists()):
        _write_project(epochs)
        _train(archive, epochs)
    return archive


def present() -> list[Path]:
    """The models of today's data that are there, with whatever number of epochs."""
    made = [path.with_suffix("").with_suffix("") for path in folder().glob("rasa-default-*.tar.gz")]
    known = [(path.with_name(f"{path.name}.tar.gz"), path.with_name(f"{path.name}.json")) for path in made]
    return [archive for archive, about in known if about.exists() and archive.name == _name(manifest(archive)["epochs"])]


def _name(epochs: int) -> str:
    return f"rasa-default-{digest(epochs)}.tar.gz"


def digest(epochs: int) -> str:
    """The fingerprint of what it is trained from."""
    root, value = paths.home(), hashlib.sha256(json.dumps(config(epochs)).encode())
    for name in _DATA:
        place = root / name
        for path in sorted(place.rglob("*.yml")) if place.is_dir() else [place]:
            value.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return value.hexdigest()[:16]


def manifest(archive: Path) -> dict[str, Any]:
    """How a model was made: epochs, examples, CPU seconds, memory."""
    return dict(json.loads(_manifest(archive).read_text(encoding="utf-8")))


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

    name = "Rasa default"

    def __init__(self, archive: Path) -> None:
        from rasa.core.agent import Agent

        self.model_id = archive.name.removesuffix(".tar.gz")
        self.made = manifest(archive)
        self._agent = Agent.load(str(archive))

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


def _write_project(epochs: int) -> None:
    project = folder() / "project"
    project.mkdir(parents=True, exist_ok=True)
    acts = sorted(catalog.shared().acts)
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
    (project / "endpoints.yml").write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {project / 'tracker.db'}\n", encoding="utf-8")


def _stories(replies: Mapping[str, str]) -> list[dict[str, Any]]:
    """Short talks, so that the learned policies of the default have something to learn from, as in any project with stories."""
    talks = [("chat", "answer", "chat"), ("answer", "answer"), ("symptom", "affirm", "answer"), ("answer", "out_of_scope", "answer"), ("chat", "symptom", "deny")]
    return [_steps("story", " then ".join(talk), [(intent, replies[intent]) for intent in talk]) for talk in talks]


def _steps(kind: str, name: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {kind: name, "steps": [step for intent, reply in pairs for step in ({"intent": intent}, {"action": reply})]}


def _yaml(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _train(archive: Path, epochs: int) -> None:
    """Train in a process of its own, whose CPU time and memory are its own; Rasa's progress bars go to the terminal."""
    project, root = folder() / "project", paths.home()
    command = [sys.executable, "-m", "rasa", "train", "--config", str(project / "config.yml"), "--domain", str(project / "domain.yml"), "--data",
               *(str(root / name) for name in _DATA), str(project / "rules.yml"), str(project / "stories.yml"),
               "--out", str(folder()), "--fixed-model-name", archive.name.removesuffix(".tar.gz"), "--force", "--skip-validation"]
    print(f"Training Rasa's default pipeline, {epochs} epochs, on today's data; this takes long on a CPU …", flush=True)
    started = time.time()
    process = os.spawnve(os.P_NOWAIT, sys.executable, command, {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(root)})
    _, status, used = os.wait4(process, 0)
    if status or not archive.exists():
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {os.WEXITSTATUS(status)}"
        raise RuntimeError(f"rasa train did not make the default model ({ended}); its messages above say why")
    spent = {"wall_seconds": round(time.time() - started, 1), "cpu_seconds": round(used.ru_utime + used.ru_stime, 1), "peak_memory_mb": used.ru_maxrss // 1024}
    examples = sum(len(topic.examples) for topic in catalog.shared().topics.values()) + sum(map(len, catalog.shared().acts.values()))
    _manifest(archive).write_text(json.dumps({"epochs": epochs, "examples": examples, "seed": SEED, "training": spent}, indent=1), encoding="utf-8")


def _manifest(archive: Path) -> Path:
    return archive.with_name(archive.name.removesuffix(".tar.gz") + ".json")
