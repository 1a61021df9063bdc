"""What the alarm net learns from and is held against: sentences that raise a red flag, and sentences that sound like one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from careline import documents
from careline.catalog import Catalog

_LEARNED, _KEPT = "heard", "kept"  # folders beside the red flags' own files
_TIERS = {"act": "strong"}


@dataclass(frozen=True)
class Heard:
    """Sentences with their row of the table and their tier ("strong" for a crisis with a plan), and sentences without."""

    alarms: tuple[tuple[str, str, str], ...]  # (text, row, tier)
    harmless: tuple[str, ...]

    @property
    def urgent(self) -> tuple[tuple[str, str, str], ...]:
        """What must be acted on at once."""
        return tuple(alarm for alarm in self.alarms if alarm[2] != "today")

    @property
    def texts(self) -> tuple[str, ...]:
        """All sentences."""
        return (*(text for text, _, _ in self.alarms), *self.harmless)

    @property
    def today(self) -> tuple[tuple[str, str, str], ...]:
        """What can wait until the day: no alarm tonight; that it is one for the day is the rules' to say."""
        return tuple(alarm for alarm in self.alarms if alarm[2] == "today")


def read(flags: Path) -> Heard:
    """What is learned from: the phrasings and look-alikes of the rules' own files, and those in `heard/`."""
    return _read([*sorted(flags.glob("E*.yml")), *sorted((flags / _LEARNED).glob("*.yml"))])


def kept(flags: Path) -> Heard:
    """What is not learned from, and decides how sure the net must be: `kept/`, written by others than `heard/`."""
    return _read(sorted((flags / _KEPT).glob("*.yml")))


def ordinary(catalog: Catalog) -> list[str]:
    """Questions and small talk that are no alarms.

    The example reports of symptoms are left out: whether one is an alarm is for a person to say, in `heard/`.
    """
    asked = [text for topic in catalog.topics.values() if topic.group != "symptom" for text in topic.examples]
    return [*asked, *(text for examples in catalog.acts.values() for text in examples)]


def _read(paths: list[Path]) -> Heard:
    alarms: list[tuple[str, str, str]] = []
    harmless: list[str] = []
    for path in paths:
        value = documents.read(path).value
        alarms += [(text, value["id"], _TIERS.get(level, level)) for level, texts in value["phrasings"].items() for text in texts]
        harmless += value["not_this"]
    return Heard(tuple(alarms), tuple(harmless))
