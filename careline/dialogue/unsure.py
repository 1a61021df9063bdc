"""When no answer fits: near topics as choices, people to call instead of a third guess, and other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careline.dialogue import alarm, context, ordinals
from careline.dialogue.answering import answer_topics
from careline.dialogue.compose import fixed, topic_choices, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.turn import Choice, Turn

Changes = Mapping[str, Any]
_FEW = 4  # words that may do no more than point


def clarify(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Offer up to three near topics; after the second miss in a row, people to call."""
    if alarm.in_crisis(memory):
        return alarm.after_crisis(knowledge), {"reminders": memory.reminders - 1}
    meant = _pointed_at(memory, reading) or context.meant(knowledge.catalog, memory, reading)
    if meant is not None and meant in knowledge.catalog.topics:
        return answer_topics(knowledge, memory, [knowledge.catalog.topics[meant]])
    misses = memory.misses + 1
    near = [topic for topic in reading.near if topic in knowledge.catalog.topics]
    if misses >= 2 or not near:
        key = "second_miss" if misses >= 2 else "no_answer"
        return turn(knowledge, "out_of_scope", [fixed(knowledge, key)]), {"misses": misses, "offered": None}
    choices = (*topic_choices(knowledge.catalog, near), Choice(fixed(knowledge, "clarify_none_label"), "intent:none_of_these"))
    return turn(knowledge, "clarify", [fixed(knowledge, "clarify")], choices=choices), {"misses": misses, "offered": near}


def _pointed_at(memory: Memory, reading: Reading) -> str | None:
    """Which of the topics offered last a few words point to: "the second one"."""
    place = ordinals.index(reading.text, len(memory.offered)) if len(reading.text.split()) <= _FEW else None
    return memory.offered[place] if place is not None else None


def out_of_scope(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Say what this is for, and whom to call."""
    if alarm.in_crisis(memory):
        return alarm.after_crisis(knowledge), {"reminders": memory.reminders - 1}
    return turn(knowledge, "out_of_scope", [fixed(knowledge, "out_of_scope")]), {"misses": memory.misses + 1, "offered": None}


def other_language(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """In Spanish: how to reach help in Spanish. In any other language: numbers and a plain sentence."""
    if reading.language == "es":
        contacts = ["nci"]
        return turn(knowledge, "out_of_scope", [fixed(knowledge, "spanish_notice", "es")], language="es", contacts=contacts), {}
    return turn(knowledge, "out_of_scope", [fixed(knowledge, "other_language")], contacts=[knowledge.catalog.contacts.crisis]), {}
