"""What a message tells the symptom questionnaire: which symptom leads, and which questions are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from careline import triage
from careline.dialogue import replies
from careline.dialogue.about import about, about_self
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.dialogue.story import Story
from careline.dialogue.symptoms import Symptoms, flag_tiers, own_tier
from careline.triage import QUESTIONS
from careline.turn import at_least

Changes = Mapping[str, Any]
_EMPTY: Changes = {"symptom": None, "symptom_words": None, **{f"symptom_{question}": None for question in QUESTIONS}}


def understand(
    knowledge: Knowledge, memory: Memory, reading: Reading, interrupted: bool = False
) -> tuple[None, Changes]:
    """The slots that a message fills; none where it tells the questionnaire nothing, so that others may answer it.

    `interrupted`: another action has just answered what the message asked; what else it says still counts.
    """
    if memory.requested_slot is None:
        return None, _begin(knowledge, memory, reading)
    if memory.symptom is None:
        return None, _name(knowledge, memory, reading)
    reply = replies.read(knowledge, memory, reading, interrupted)
    if reply.leads:
        return None, _switched(knowledge, memory, reading, reply)
    return None, reply.changes


def _begin(knowledge: Knowledge, memory: Memory, reading: Reading) -> Changes:
    """Start afresh: nothing of an earlier questionnaire may count in this one."""
    told = Symptoms.of(knowledge, reading)
    changes = {
        **_EMPTY,
        "symptom_words": str(Story.begin(reading.text)),
        "about": _whom(memory, reading),
        "advised": None,
        "misses": 0,
    }
    if told.there:
        return changes | _lead(knowledge, reading, told.there)
    # Denied or long past: no questions, only what is known of it in general.
    return changes | ({"symptom": told.not_there[0], "requested_slot": None} if told.not_there else {})


def _lead(knowledge: Knowledge, reading: Reading, symptoms: Sequence[str]) -> dict[str, Any]:
    """The most serious symptom is asked about, the others are noted."""
    lead, *others = symptoms
    story = Story.begin(reading.text)
    for other in others:
        noun = knowledge.catalog.topics[other].meta.noun.get("en") or knowledge.catalog.topics[other].meta.title.lower()
        story = story.other(own_tier(knowledge, other), noun)
    # The topic, too, so that "tell me more" or "say it simpler" in between is about this symptom.
    slots: dict[str, Any] = {"symptom": lead, "topic": lead, "symptom_words": str(story), **triage.read(reading.text)}
    if at_least(own_tier(knowledge, lead), "urgent"):
        # No question comes before help.
        slots |= {"symptom_flags": "unknown", "requested_slot": None}
    return slots


def _name(knowledge: Knowledge, memory: Memory, reading: Reading) -> Changes:
    """The answer to "what is bothering you most?"."""
    there = Symptoms.of(knowledge, reading).there
    if not there or reading.intent in replies.ENDING:
        # A report nobody could name must not be handed back: the rule that starts the questionnaire would start it for ever.
        return {"symptom": None} if reading.intent == "symptom" else {}
    return _lead(knowledge, reading, there) | {"about": _whom(memory, reading), "misses": 0}


def _whom(memory: Memory, reading: Reading) -> str | None:
    return reading.about or about(reading.text) or (None if about_self(reading.text) else memory.about)


def _switched(knowledge: Knowledge, memory: Memory, reading: Reading, reply: replies.Reply) -> Changes:
    """Ask about the other symptom; what the first one came to is kept, so that the advice cannot fall below it."""
    before = Story.of(memory.symptom_words)
    slots = {**_EMPTY, "symptom_treatment": memory.symptom_treatment, **_lead(knowledge, reading, reply.leads)}
    story = Story.of(slots["symptom_words"])
    for tier, words in [*before.others, *([] if reply.corrected else [(_so_far(knowledge, memory), before.said)])]:
        story = story.other(tier, words)
    return slots | {"symptom_words": str(story), "misses": 0}


def _so_far(knowledge: Knowledge, memory: Memory) -> str:
    """The tier that the answers given so far come to, by themselves."""
    order = triage.shared().rules.worse_first
    given = {question: getattr(memory, f"symptom_{question}") or order[question][-1] for question in QUESTIONS}
    return triage.tier(given, own_tier(knowledge, memory.symptom), flag_tiers(knowledge, memory.symptom))
