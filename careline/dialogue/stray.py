"""A reply to a question that nobody has asked: "two months" or "worse" after an alarm, or out of the blue. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from careline import triage
from careline.dialogue import alarm
from careline.dialogue.compose import fixed, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.nlu import segments
from careline.turn import Turn

_QUESTIONS = ("duration", "trend")  # a medicine may be named to ask about it
_SMALL = {"i", "i've", "ive", "it", "it's", "its", "is", "has", "had", "been", "for", "about", "since", "and", "a", "the", "now", "yes", "no"}


def reply(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Mapping[str, Any]] | None:
    """The turn for a message that only answers a question of the questionnaire while none is open; None for any other.

    While an alarm stands, what nobody understands is taken for more of the same: near topics would only hold somebody up.
    """
    if memory.requested_slot:
        return None
    answers = _only_answers(reading.text)
    beside = alarm.beside(knowledge, memory) if answers or reading.intent == "nlu_fallback" else None
    made = beside or (turn(knowledge, "small_talk", [fixed(knowledge, "stray_reply")]) if answers else None)
    return (made, {}) if made else None


def _only_answers(text: str) -> bool:
    heard = [item for question, item in triage.hear(text).items() if question in _QUESTIONS]
    if not heard or segments.is_question(text):
        return False
    said, answers = _words(text), [word for item in heard for word in _words(item.words)]
    return not [word for word in said if word not in answers and word not in _SMALL]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower().replace("’", "'"))
