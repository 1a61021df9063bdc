"""The symptoms of a message: which are there, which are denied or past, and how serious each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from careline import triage
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Reading
from careline.red_flags import Flag
from careline.turn import worst


@dataclass(frozen=True)
class Symptoms:
    """The symptoms of one message: those that are there, most serious first, and those denied or long past."""

    there: tuple[str, ...]
    not_there: tuple[str, ...]

    @classmethod
    def of(cls, knowledge: Knowledge, reading: Reading, guess: bool = True) -> Symptoms:
        """By the message's strong words and, where `guess` holds, by what the NLU made of it."""
        named = triage.mentioned(reading.text)
        heard = _heard(knowledge, reading) if guess and reading.intent == "symptom" else []
        candidates = dict.fromkeys([*heard, *(topic for topic in named if _is_symptom(knowledge, topic))])
        there = [topic for topic in candidates if named.get(topic, "now") == "now"]
        there.sort(key=lambda topic: seriousness(knowledge, topic))
        return cls(tuple(there), tuple(topic for topic in candidates if topic not in there))


def seriousness(knowledge: Knowledge, symptom: str | None) -> tuple[int, bool, int]:
    """A key to sort symptoms by, the more serious first: its own tier, then whether it may be a sign of a red flag itself."""
    own, flags = triage.serious(own_tier(knowledge, symptom), flag_tiers(knowledge, symptom))
    return own, symptom in triage.shared().rules.mild, flags


def flags_of(knowledge: Knowledge, symptom: str | None) -> tuple[Flag, ...]:
    """The red flags to ask about with a symptom, in its own order. "E6" also means a row split from it ("E6_headache")."""
    topic = knowledge.catalog.topics.get(symptom or "")
    wanted = topic.meta.ask if topic else []
    known = knowledge.red_flags.flags
    found = {name: known[name] for row in wanted for name in known if _is_row(name, row)}
    return tuple(flag for flag in found.values() if any(flag.ask.values()))


def flag_tiers(knowledge: Knowledge, symptom: str | None) -> tuple[str, ...]:
    """The tiers of the red flags asked about with a symptom."""
    return tuple(flag.tier for flag in flags_of(knowledge, symptom))


def own_tier(knowledge: Knowledge, symptom: str | None) -> str:
    """The lowest tier a symptom may get."""
    topic = knowledge.catalog.topics.get(symptom or "")
    return worst(["call_doctor", topic.meta.tier]) if topic else "call_doctor"


def _heard(knowledge: Knowledge, reading: Reading) -> Iterable[str]:
    """Of several parts every symptom, otherwise the likeliest."""
    told = [topic for topic in reading.parts if _is_symptom(knowledge, topic)]
    return told or [topic for topic, _ in reading.topics if _is_symptom(knowledge, topic)][:1]


def _is_symptom(knowledge: Knowledge, topic: str) -> bool:
    known = knowledge.catalog.topics.get(topic)
    return bool(known and known.group == "symptom")


def _is_row(name: str, row: str) -> bool:
    rest = name.lower().removeprefix(row.lower())
    return name.lower().startswith(row.lower()) and not rest[:1].isdigit()
