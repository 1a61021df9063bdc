"""Answers and small talk. Pure: what was understood and remembered in, a turn and what to remember out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from careline.catalog import Topic
from careline.dialogue import alarm, context, stray
from careline.dialogue.compose import answer_turn, fixed, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.turn import Choice, Turn, merge

Changes = Mapping[str, Any]
_RESET: Changes = {"misses": 0, "offered": None, "pending": None, "advised": None, "spoken": None}


def answer(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Answer what was asked: one topic, several, or the one meant by a short "and the liver?"."""
    strayed = stray.reply(knowledge, memory, reading)
    if strayed:
        return strayed
    topics = _asked(knowledge, memory, reading)
    if not topics:
        return turn(knowledge, "out_of_scope", [fixed(knowledge, "no_answer")]), {"misses": memory.misses + 1}
    return answer_topics(knowledge, memory, topics)


def answer_topics(knowledge: Knowledge, memory: Memory, topics: Sequence[Topic]) -> tuple[Turn, Changes]:
    """Answer with known topics; one that some would rather not read is offered first. To ask for it again is a yes."""
    asked_first = next((topic for topic in topics if topic.meta.ask_first), None)
    if asked_first and not (memory.outlook_ok or memory.pending):
        others = [topic for topic in topics if not topic.meta.ask_first]
        offer, changes = offer_outlook(knowledge, asked_first)
        return (merge([answer_turn(knowledge, others), offer]), {**changes, "topic": others[0].id}) if others else (offer, changes)
    made = _again(knowledge, topics[0]) if [topic.id for topic in topics] == [memory.topic] else answer_turn(knowledge, topics)
    symptom = next((topic for topic in topics if topic.group == "symptom"), None)
    if symptom:
        choice = Choice(symptom.meta.title, f"topic:{symptom.id}")
        made = replace(made, choices=(choice,))
    return made, {**_RESET, "topic": made.parts[0].topic or topics[0].id, "outlook_ok": memory.outlook_ok or bool(asked_first)}


def _again(knowledge: Knowledge, topic: Topic) -> Turn:
    """The answer that was just given, for somebody who asks once more: not the same words again."""
    return answer_turn(knowledge, [topic], simple=True, lead=fixed(knowledge, "said_again_lead") if topic.meta.simple else "")


def offer_outlook(knowledge: Knowledge, topic: Topic) -> tuple[Turn, Changes]:
    """Ask whether the person wants general information about outlook before giving any."""
    choices = [Choice(fixed(knowledge, "outlook_yes"), "intent:affirm"), Choice(fixed(knowledge, "outlook_no"), "intent:deny")]
    kind = "no_diagnosis" if topic.meta.kind == "no_diagnosis" else "clarify"
    made = turn(knowledge, kind, [fixed(knowledge, "outlook_ask")], refer="support", choices=choices, data={"asked_first": topic.id})
    return made, {**_RESET, "pending": topic.id}


def small_talk(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Answer small talk; while a crisis is near, stay with the person instead."""
    if alarm.in_crisis(memory):
        return alarm.stay(knowledge, memory)
    strayed = stray.reply(knowledge, memory, reading)
    if strayed:
        return strayed
    topic = knowledge.catalog.topics[reading.chat or "greet"]
    return turn(knowledge, "small_talk", [topic.text], refer=topic.meta.referral, contacts=topic.meta.contacts), {"misses": 0}


def _asked(knowledge: Knowledge, memory: Memory, reading: Reading) -> list[Topic]:
    known = knowledge.catalog.topics
    if len(reading.parts) > 1:
        return [known[part] for part in reading.parts if part in known]
    meant = context.meant(knowledge.catalog, memory, reading)
    best = meant or (reading.topics[0][0] if reading.topics else None)
    return [known[best]] if best is not None and best in known else []


