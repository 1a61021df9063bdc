"""The trained parts of a model that understand a text, opened without Rasa: spelling, topics, and the learned alarm net.

They read the text as the pipeline of the chat does, so that whoever uses them finds what a patient would be told.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from careline.dialogue.knowledge import shared
from careline.nlu import alarm_ear, encoder
from careline.nlu.alarm_net import AlarmNet
from careline.nlu.spelling import Speller
from careline.nlu.topic_model import TopicModel
from careline.red_flags import Finding

_PARTS = {"speller": "SentenceEncoder", "topics": "TopicClassifier", "alarms": "AlarmListener"}  # ours -> the component's class


@dataclass(frozen=True)
class ModelParts:
    """What a model knows of texts. Safe to share between threads."""

    speller: Speller
    topics: TopicModel
    alarms: AlarmNet

    def labels(self, text: str) -> dict[str, float]:
        """The probability of every label (answer/…, symptom/…, chat/…, acts) for a text."""
        spelled = self.speller.correct(text)
        row = self.topics.probabilities([spelled], encoder.load().encode([spelled]))[0]
        return dict(zip(self.topics.labels, np.asarray(row, dtype=float)))

    def heard(self, text: str) -> tuple[Finding, ...]:
        """The red flags of a text as rules and net together judge them."""
        return self.alarms.judge(text, shared().red_flags.read)


def load(archive: Path) -> ModelParts:
    """Open the parts of a model archive.

    Raises:
        ValueError: the archive lacks one of them.
        OSError: it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        _unpack(archive, Path(folder))
        places = {name: Path(folder) / component for name, component in _PARTS.items()}
        if missing := [component for component in _PARTS.values() if not (Path(folder) / component).is_dir()]:
            raise ValueError(f"the model has no {', '.join(missing)}")
        words = json.loads((places["speller"] / "words.json").read_text(encoding="utf-8"))
        return ModelParts(Speller.of_words(words), TopicModel.load(places["topics"]), AlarmNet.load(places["alarms"], alarm_ear.load(places["alarms"])))


def _unpack(archive: Path, folder: Path) -> None:
    """Write the files of our components into folders of their own; names inside the archive are never used as paths."""
    with tarfile.open(archive) as tar:
        for member in tar:
            component = next((name for name in _PARTS.values() if f".{name}" in member.name), None)
            content = tar.extractfile(member) if component else None
            if component and content:
                (folder / component).mkdir(exist_ok=True)
                (folder / component / Path(member.name).name).write_bytes(content.read())
