"""When no answer fits: near topics as choices, people to call instead of a third guess, and other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from careline.dialogue import alarm, context, ordinals, stray
from careline.dialogue.answering import answer_topics
from careline.dialogue.compose import fixed, topic_choices, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.turn import Choice, Turn

Changes = Mapping[str, Any]
_MANY = 2  # misses in a row after which no further guess is made
_FEW = 4  # words that may do no more than point


def clarify(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Offer up to three near topics; after the second miss in a row, people to call."""
    if alarm.in_crisis(memory):
        return alarm.stay(knowledge, memory)
    if memory.spoken:  # a few words more of a language that is hard to tell by themselves
        return other_language(knowledge, memory, replace(reading, language=memory.spoken))
    meant = _pointed_at(memory, reading) or context.meant(knowledge.catalog, memory, reading)
    if meant is not None and meant in knowledge.catalog.topics:
        return answer_topics(knowledge, memory, [knowledge.catalog.topics[meant]])
    strayed = stray.reply(knowledge, memory, reading)
    if strayed:
        return strayed
    misses = memory.misses + 1
    near = [topic for topic in reading.near if topic in knowledge.catalog.topics]
    if misses >= _MANY or not near:
        return _missed(knowledge, "second_miss" if misses >= _MANY else "no_answer", misses)
    choices = (*topic_choices(knowledge.catalog, near), Choice(fixed(knowledge, "clarify_none_label"), "intent:none_of_these"))
    return turn(knowledge, "clarify", [fixed(knowledge, "clarify")], choices=choices), {"misses": misses, "offered": near}


def _pointed_at(memory: Memory, reading: Reading) -> str | None:
    """Which of the topics offered last a few words point to: "the second one"."""
    place = ordinals.index(reading.text, len(memory.offered)) if len(reading.text.split()) <= _FEW else None
    return memory.offered[place] if place is not None else None


def out_of_scope(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Say what this is for, and whom to call."""
    if alarm.in_crisis(memory):
        return alarm.stay(knowledge, memory)
    misses = memory.misses + 1
    return _missed(knowledge, "out_of_scope_again" if misses >= _MANY else "out_of_scope", misses)


def _missed(knowledge: Knowledge, key: str, misses: int) -> tuple[Turn, Changes]:
    """A turn that has no answer; from the second in a row on it offers people to call."""
    people = (knowledge.catalog.contacts.default_hotline, knowledge.catalog.contacts.crisis) if misses >= _MANY else ()
    refer = "support" if people else "care_team"
    return turn(knowledge, "out_of_scope", [fixed(knowledge, key)], refer, contacts=people), {"misses": misses, "offered": None}


def other_language(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """In Spanish: how to reach help in Spanish. In any other language: numbers and a plain sentence."""
    changes = {"spoken": reading.language}
    if reading.language == "es":
        contacts = ["nci"]
        return turn(knowledge, "out_of_scope", [fixed(knowledge, "spanish_notice", "es")], language="es", contacts=contacts), changes
    return turn(knowledge, "out_of_scope", [fixed(knowledge, "other_language")], contacts=[knowledge.catalog.contacts.crisis]), changes
