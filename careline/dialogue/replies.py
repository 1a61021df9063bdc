"""What a message says while a question of the symptom questionnaire is open: answers, another symptom, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from careline import triage
from careline.dialogue.about import about
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.dialogue.story import Story
from careline.dialogue.symptoms import Symptoms, own_tier, seriousness
from careline.nlu import segments
from careline.triage import QUESTIONS
from careline.vocabulary import Heard

Changes = Mapping[str, Any]
# These end the questionnaire whatever else the message holds; "I stopped chemo" is the one thing that only looks like it.
ENDING = ("red_flag", "stop", "talk_to_person", "start_over")
# Steering: an answer only where the words alone are one, whatever was asked ("more" is no answer to "worse or better?").
_STEERING = (
    "repeat",
    "simpler",
    "more",
    "who_to_call",
    "what_to_ask",
    "how_treated_followup",
    "serious_followup",
    "print_it",
)
_ASK_ANEW = ("repeat", "simpler")
_LIST = ("add_to_list", "show_list", "clear_list")
# With nothing understood, these make the question come again, and no more than that: there is nothing else to say to them here.
_ASK_AGAIN = ("symptom", "repeat", "affirm", "deny", "go_back", "none_of_these")


@dataclass(frozen=True)
class Reply:
    """The slots a reply fills; or the symptoms that lead from here, because it told of something more serious."""

    changes: Changes = field(default_factory=dict)
    leads: tuple[str, ...] = ()
    corrected: bool = False  # the symptom asked about was taken back


def read(knowledge: Knowledge, memory: Memory, reading: Reading, interrupted: bool) -> Reply:
    """Read a message as a reply to the open question; nothing where others are to answer it."""
    if reading.intent == "go_back":
        return Reply(_back(memory, reading))
    text = _statements(reading, interrupted)
    heard = _heard(memory, reading, text)
    if heard is None:
        return Reply({"symptom": memory.symptom} if reading.intent in _ASK_ANEW else {})
    changes, told = _filled(memory, heard), _told(knowledge, memory, reading, heard)
    if told.leads and not _settled(changes):
        return told
    if not changes and not told.changes:
        # Told twice: there is nothing new to keep, and nothing for others to answer.
        return Reply({"symptom": memory.symptom} if heard else _beside(memory, reading))
    story = Story.of(told.changes.get("symptom_words", memory.symptom_words)).reply(text)
    kept = {"symptom": memory.symptom, **changes, **_closing(changes)}
    return Reply({**kept, "symptom_words": str(story), "misses": 0})


# --- answers ----------------------------------------------------------------------------------------------------------


def _statements(reading: Reading, interrupted: bool) -> str:
    """The text to read answers from: nothing of a question that somebody else has yet to answer, or has answered."""
    sentences = segments.split(reading.text) or (reading.text,)
    asking = [sentence for sentence in sentences if _asks(sentence)]
    if not asking or reading.intent in ("symptom", "affirm", "deny", "dont_know", "none_of_these"):
        return reading.text
    return " ".join(sentence for sentence in sentences if sentence not in asking) if interrupted else ""


def _asks(sentence: str) -> bool:
    return segments.is_question(sentence) and triage.read(sentence, "symptom_flags").get("symptom_flags") != "unknown"


def _heard(memory: Memory, reading: Reading, text: str) -> Mapping[str, Heard] | None:
    """The answers of a text, or None where the person wants something else than to answer."""
    plainly = triage.hear(text)
    asked = str(memory.requested_slot).removeprefix("symptom_")
    if reading.intent in ENDING:
        stopped_treatment = reading.intent == "stop" and asked == "treatment" and asked in plainly
        return plainly if stopped_treatment else None
    if reading.intent in _LIST or (reading.intent == "other_language" and len(text.split()) > 1):
        return None  # "no entiendo" is no "no"
    if reading.intent in _STEERING:
        return plainly if asked in plainly else None
    heard = triage.hear(text, memory.requested_slot)
    if asked not in heard and reading.intent == "dont_know" and text:
        return {**heard, asked: Heard("unknown", text)}
    return heard


def _filled(memory: Memory, heard: Mapping[str, Heard]) -> Changes:
    """Answers to open questions; one that was given stays, unless the person now says that it is getting worse."""
    values = {f"symptom_{question}": item.value for question, item in heard.items()}
    return {
        slot: value for slot, value in values.items() if slot == memory.requested_slot or _is_news(memory, slot, value)
    }


def _is_news(memory: Memory, slot: str, value: str) -> bool:
    before = getattr(memory, slot)
    return before is None or (slot == "symptom_trend" and value == "worse" and before != value)


def _settled(changes: Changes) -> bool:
    """Is a red flag there, or may it be?"""
    return changes.get("symptom_flags") in ("yes", "unknown")


def _closing(changes: Changes) -> Changes:
    """A red flag that is there, or may be, ends the questions at once."""
    return {"requested_slot": None} if _settled(changes) else {}


# --- another symptom --------------------------------------------------------------------------------------------------


def _told(knowledge: Knowledge, memory: Memory, reading: Reading, heard: Mapping[str, Heard]) -> Reply:
    """Another symptom told in the middle: the more serious leads from here, the other is noted."""
    answered = str(memory.requested_slot).removeprefix("symptom_") in heard
    told = Symptoms.of(knowledge, reading, guess=not answered or reading.intent == "symptom")
    others = tuple(topic for topic in told.there if topic != memory.symptom)
    if not others:
        return Reply()
    corrected = memory.symptom in told.not_there
    leads = corrected or seriousness(knowledge, others[0]) < seriousness(knowledge, memory.symptom)
    story = Story.of(memory.symptom_words).other(own_tier(knowledge, others[0]), reading.text)
    noted = {"symptom": memory.symptom, "symptom_words": str(story)}
    return Reply(noted, others if leads else (), corrected)


# --- something else ---------------------------------------------------------------------------------------------------


def _beside(memory: Memory, reading: Reading) -> Changes:
    """Neither an answer nor another symptom: a correction of whom it is about, or a reason to ask once more."""
    whom = about(reading.text)
    if memory.about is None and whom and reading.intent not in ("answer", "chat", "out_of_scope"):
        return {"about": whom}
    return {"symptom": memory.symptom} if reading.intent in _ASK_AGAIN else {}


def _back(memory: Memory, reading: Reading) -> Changes:
    """Reopen the question before the open one; "go back, I meant no" answers it in the same breath."""
    slots = [f"symptom_{question}" for question in QUESTIONS]
    before = slots[: slots.index(memory.requested_slot)] if memory.requested_slot in slots else []
    last = next((slot for slot in reversed(before) if getattr(memory, slot) is not None), None)
    if last is None:
        return {"symptom": memory.symptom}
    given = {slot: value for slot, value in triage.read(reading.text, last).items() if slot == last}
    return {last: None, **given, **_closing(given)}
