"""Rasa's floor: a keyword classifier, one rule, everything in memory. No Rasa process does less for a message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from careline import paths

_CONFIG = {"recipe": "default.v1", "assistant_id": "rasa-floor", "language": "en", "pipeline": [{"name": "KeywordIntentClassifier"}], "policies": [{"name": "RulePolicy"}]}
_DOMAIN = {"version": "3.1", "intents": ["question"], "responses": {name: [{"text": "Please call your care team."}] for name in ("utter_answer", "utter_default")},
           "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": False}}
_DATA = {
    "version": "3.1",
    "nlu": [{"intent": "question", "examples": "".join(f"- {word}\n" for word in ("what", "how", "cancer", "is", "can", "the", "my", "to"))}],
    "rules": [{"rule": "one", "steps": [{"intent": "question"}, {"action": "utter_answer"}]},
              {"rule": "else", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_answer"}]}],
}


def folder() -> Path:
    """Where its project and its model are."""
    return paths.models() / "rasa-floor"


def model() -> Path:
    """Its model; trained once.

    Raises:
        subprocess.CalledProcessError: `rasa train` failed.
    """
    archive = folder() / "rasa-floor.tar.gz"
    if not archive.exists():
        _write()
        command = [sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml", "--data", "data.yml", "--out", ".",
                   "--fixed-model-name", "rasa-floor", "--skip-validation"]
        subprocess.run(command, cwd=folder(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"})
    return archive


def _write() -> None:
    folder().mkdir(parents=True, exist_ok=True)
    domain = {**_DOMAIN, "intents": ["question", "nlu_fallback"]}
    for name, value in (("config.yml", _CONFIG), ("domain.yml", domain), ("data.yml", _DATA)):
        (folder() / name).write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")
    (folder() / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (folder() / "endpoints.yml").write_text("# everything in memory\n", encoding="utf-8")
