"""The held-out texts: `tests/questions` and `tests/red_flags`, read into plain records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careline import documents
from careline.text import tokens

TIERS = ("emergency", "crisis_strong", "crisis", "urgent", "today")


@dataclass(frozen=True)
class Case:
    """A way to say an emergency: the row it belongs to, and the tier that the answer must reach."""

    text: str
    flag: str
    tier: str
    style: str
    must_pass: bool = False


@dataclass(frozen=True)
class LookAlike:
    """A text that shares the words of an emergency and is none; `at_most` is the highest tier it may get."""

    text: str
    flag: str
    style: str
    at_most: str = "today"


@dataclass(frozen=True)
class Question:
    """A held-out question and the label it belongs to; `theme` is the file it stands in."""

    text: str
    label: str
    theme: str

    @property
    def group(self) -> str:
        """answer, symptom, chat, out_of_scope, or act for what steers the talk."""
        group, slash, _ = self.label.partition("/")
        return group if slash or group == "out_of_scope" else "act"


def emergencies(folder: Path) -> list[Case]:
    """Every emergency of tests/red_flags."""
    return [
        Case(case["text"], value["flag"], case["tier"], case["style"], bool(case.get("must_pass")))
        for value in _values(folder, "E*.yml")
        for case in value["cases"]
    ]


def look_alikes(folder: Path) -> list[LookAlike]:
    """Every look-alike of tests/red_flags."""
    return [
        LookAlike(case["text"], value["flag"], case["style"], case.get("at_most", "today"))
        for value in _values(folder, "lookalikes_*.yml")
        for case in value["cases"]
    ]


def questions(folder: Path) -> list[Question]:
    """Every held-out question of a folder in Rasa's format."""
    return [
        Question(line[2:].strip(), entry["intent"], path.stem)
        for path in sorted(folder.glob("*.yml"))
        for entry in documents.read(path).value["nlu"]
        for line in entry["examples"].splitlines()
        if line.startswith("- ")
    ]


def unseen(cases: Sequence[Any], training: Iterable[str]) -> tuple[list[Any], int]:
    """Cases whose words stand in no training text, and how many were left out for that."""
    known = {plain(text) for text in training}
    kept = [case for case in cases if plain(case.text) not in known]
    return kept, len(cases) - len(kept)


def plain(text: str) -> str:
    """A text as its bare words: two texts that differ in case, accents or marks alone are the same one."""
    return " ".join(token.norm for token in tokens(text) if token.kind in ("word", "number"))


def _values(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"there are no {pattern} files in {folder}; name the folder that holds them")
    return (documents.read(path).value for path in paths)
