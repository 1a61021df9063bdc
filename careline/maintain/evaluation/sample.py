"""A part of the training examples: what two pipelines are trained on side by side where one needs hours for all of them.

The part is stratified: the same share of the examples of every label, drawn by a fixed seed. It is written as a project
folder that differs from ours in nothing else, so that every tool that trains from a project trains from it as it is.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from careline import catalog, documents, paths
from careline.maintain.evaluation import training

WHOLE = 1.0
SEED = 13
_DERIVED = {"models", "reports", "var"}


def project(share: float) -> Path:
    """The project folder with that share of each label's examples; ours itself for all of them."""
    if share >= WHOLE:
        return paths.home()
    place = training.folder() / f"project-{share:g}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(paths.home() / "data", place / "data")
    for path in sorted((place / "data").rglob("*.yml")):
        _thin(path, share)
    for entry in paths.home().iterdir():
        if entry.name != "data" and entry.name not in _DERIVED and not entry.name.startswith("."):
            (place / entry.name).symlink_to(entry)
    return place


def examples(home: Path) -> int:
    """How many examples a project folder has."""
    known = catalog.load(home)
    return sum(len(topic.examples) for topic in known.topics.values()) + sum(map(len, known.acts.values()))


def drawn(label: str, examples: Sequence[str], share: float) -> list[str]:
    """That share of a label's examples, at least one, in their order; the same at every call."""
    count = max(1, round(share * len(examples)))
    kept = sorted(random.Random(f"{SEED}:{label}").sample(range(len(examples)), count))
    return [examples[index] for index in kept]


def _thin(path: Path, share: float) -> None:
    value = documents.read(path).value
    entries = [entry for entry in (value or {}).get("nlu", ()) if "intent" in entry]
    for entry in entries:
        lines = [line for line in entry["examples"].splitlines() if line.strip()]
        entry["examples"] = "\n".join(drawn(entry["intent"], lines, share)) + "\n"
    if entries:
        path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
