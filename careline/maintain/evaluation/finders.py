"""The ways red flags are found: the rules alone, and with the learned net of a model beside them."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from careline.dialogue.knowledge import Knowledge
from careline.maintain.evaluation.safety import Find
from careline.models import Opened
from careline.nlu import alarm_ear
from careline.nlu.alarm_net import AlarmNet
from careline.red_flags import Finding

_FILES = ("net.json", "net.npz", "ear.onnx", "ear.npz")


def of(knowledge: Knowledge, model: Opened) -> Mapping[str, Find]:
    """Ways by name; the last is the product's own."""
    rules, net = knowledge.red_flags, net_of(model.archive)

    def both(text: str) -> tuple[Finding, ...]:
        return net.judge(text, rules.read)

    return {"rules": rules.find, "rules and net": both}


def net_of(archive: Path) -> AlarmNet:
    """The learned net inside a model archive; only its data files are taken out."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = Path(member.name).name
            if "AlarmListener" in member.name and name in _FILES and member.isfile():
                stream = tar.extractfile(member)
                assert stream is not None
                (Path(folder) / name).write_bytes(stream.read())
        return AlarmNet.load(Path(folder), alarm_ear.load(Path(folder)))
