"""What a message tells the symptom questionnaire: which symptom leads, and which questions are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from careline import triage
from careline.dialogue.about import about, about_self
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.dialogue.story import Story
from careline.nlu import segments
from careline.red_flags import Flag
from careline.triage import QUESTIONS
from careline.turn import at_least, worst
from careline.vocabulary import Heard

Changes = dict[str, Any]
# These end the questionnaire whatever else the message holds; "I stopped chemo" is the one thing that only looks like it.
_ENDING = ("red_flag", "stop", "talk_to_person", "start_over")
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
_LIST = ("add_to_list", "show_list", "clear_list")
# With nothing understood, these make the question come again, and no more than that: there is nothing else to say to them here.
_ASK_AGAIN = ("symptom", "repeat", "affirm", "deny", "go_back", "none_of_these")
_EMPTY: Changes = {"symptom": None, "symptom_words": None, **{f"symptom_{question}": None for question in QUESTIONS}}


@dataclass(frozen=True)
class _Reported:
    """The symptoms of one message: those that are there, most serious first, and those denied or long past."""

    there: tuple[str, ...]
    not_there: tuple[str, ...]


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
    if reading.intent == "go_back":
        return None, _back(memory, reading)
    return None, _reply(knowledge, memory, reading, _statements(reading, interrupted))


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


def _is_row(name: str, row: str) -> bool:
    rest = name.lower().removeprefix(row.lower())
    return name.lower().startswith(row.lower()) and not rest[:1].isdigit()


# --- the first message ----------------------------------------------------------------------------------------------


def _begin(knowledge: Knowledge, memory: Memory, reading: Reading) -> Changes:
    """Start afresh: nothing of an earlier questionnaire may count in this one."""
    reported = _symptoms(knowledge, reading)
    changes: Changes = _EMPTY | {
        "symptom_words": str(Story.begin(reading.text)),
        "about": _whom(memory, reading),
        "misses": 0,
    }
    if not reported.there:
        # Denied or long past: no questions, only what is known of it in general.
        return changes | ({"symptom": reported.not_there[0], "requested_slot": None} if reported.not_there else {})
    return changes | _lead(knowledge, reading, reported.there)


def _lead(knowledge: Knowledge, reading: Reading, symptoms: Sequence[str]) -> Changes:
    """The most serious symptom is asked about, the others are noted."""
    lead, *others = symptoms
    story = Story.begin(reading.text)
    for other in others:
        noun = knowledge.catalog.topics[other].meta.noun.get("en") or knowledge.catalog.topics[other].meta.title.lower()
        story = story.other(own_tier(knowledge, other), noun)
    # The topic, too, so that "tell me more" or "say it simpler" in between is about this symptom.
    slots: Changes = {"symptom": lead, "topic": lead, "symptom_words": str(story), **triage.read(reading.text)}
    if at_least(own_tier(knowledge, lead), "urgent"):
        # No question comes before help.
        slots |= {"symptom_flags": "unknown", "requested_slot": None}
    return slots


def _name(knowledge: Knowledge, memory: Memory, reading: Reading) -> Changes:
    """The answer to "what is bothering you most?"."""
    there = _symptoms(knowledge, reading).there
    if not there or reading.intent in _ENDING:
        # A report nobody could name must not be handed back: the rule that starts the questionnaire would start it for ever.
        return {"symptom": None} if reading.intent == "symptom" else {}
    return _lead(knowledge, reading, there) | {"about": _whom(memory, reading), "misses": 0}


def _whom(memory: Memory, reading: Reading) -> str | None:
    return reading.about or about(reading.text) or (None if about_self(reading.text) else memory.about)


def _symptoms(knowledge: Knowledge, reading: Reading, guess: bool = True) -> _Reported:
    """The symptoms of a message, by its strong words and, where `guess` holds, by what the NLU made of it."""
    named = triage.mentioned(reading.text)
    heard = [*reading.parts, *(topic for topic, _ in reading.topics)] if guess and reading.intent == "symptom" else []
    heard = [topic for topic in heard if _is_symptom(knowledge, topic)]
    beside = heard[:1] if not reading.parts else [topic for topic in heard if topic in reading.parts] or heard[:1]
    candidates = dict.fromkeys([*beside, *(topic for topic in named if _is_symptom(knowledge, topic))])
    there = [topic for topic in candidates if named.get(topic, "now") == "now"]
    there.sort(key=lambda topic: triage.serious(own_tier(knowledge, topic), flag_tiers(knowledge, topic)))
    return _Reported(tuple(there), tuple(topic for topic in candidates if topic not in there))


def _is_symptom(knowledge: Knowledge, topic: str) -> bool:
    known = knowledge.catalog.topics.get(topic)
    return bool(known and known.group == "symptom")


# --- the messages after it --------------------------------------------------------------------------------------------


def _statements(reading: Reading, interrupted: bool) -> str:
    """The text to read answers from: nothing of a question that somebody else has yet to answer, or has answered."""
    sentences = segments.split(reading.text) or (reading.text,)
    asking = [sentence for sentence in sentences if _asks(sentence)]
    if not asking or reading.intent in ("symptom", "affirm", "deny", "dont_know", "none_of_these"):
        return reading.text
    return " ".join(sentence for sentence in sentences if sentence not in asking) if interrupted else ""


def _asks(sentence: str) -> bool:
    return segments.is_question(sentence) and triage.read(sentence, "symptom_flags").get("symptom_flags") != "unknown"


def _reply(knowledge: Knowledge, memory: Memory, reading: Reading, text: str) -> Changes:
    """What a message says while a question is open."""
    heard = _heard(memory, reading, text)
    if heard is None:
        return {"symptom": memory.symptom} if reading.intent == "repeat" else {}
    changes = _filled(memory, heard)
    joined = (
        _joined(knowledge, memory, reading, changes)
        if not _settles(memory, changes)
        else _noted(knowledge, memory, reading)
    )
    if not changes and not joined:
        return _beside(memory, reading)
    story = joined.pop("symptom_words", memory.symptom_words)
    kept = joined or {"symptom": memory.symptom}
    if kept["symptom"] != memory.symptom:
        return kept | {"symptom_words": story, "misses": 0}
    return kept | changes | _closing(changes) | {"symptom_words": str(Story.of(story).reply(text)), "misses": 0}


def _heard(memory: Memory, reading: Reading, text: str) -> Mapping[str, Heard] | None:
    """The answers of a text, or None where the person wants something else than to answer."""
    plainly = triage.hear(text)
    asked = str(memory.requested_slot).removeprefix("symptom_")
    if reading.intent in _ENDING:
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


def _settles(memory: Memory, changes: Changes) -> bool:
    return changes.get("symptom_flags") in ("yes", "unknown")


def _closing(changes: Changes) -> Changes:
    """A red flag that is there, or may be, ends the questions at once."""
    return {"requested_slot": None} if changes.get("symptom_flags") in ("yes", "unknown") else {}


def _joined(knowledge: Knowledge, memory: Memory, reading: Reading, changes: Changes) -> Changes:
    """Another symptom told in the middle: the more serious leads from here, the other is noted."""
    reported = _symptoms(knowledge, reading, guess=memory.requested_slot not in changes)
    others = [topic for topic in reported.there if topic != memory.symptom]
    if not others:
        return {}
    current = triage.serious(own_tier(knowledge, memory.symptom), flag_tiers(knowledge, memory.symptom))
    other = triage.serious(own_tier(knowledge, others[0]), flag_tiers(knowledge, others[0]))
    if memory.symptom in reported.not_there or other < current:
        return _switched(knowledge, memory, reading, others, memory.symptom in reported.not_there)
    return _noted(knowledge, memory, reading)


def _noted(knowledge: Knowledge, memory: Memory, reading: Reading) -> Changes:
    """The current symptom goes on, with what else was named in the note."""
    others = [topic for topic in _symptoms(knowledge, reading, guess=False).there if topic != memory.symptom]
    if reading.intent == "symptom":
        others = others or [topic for topic in _symptoms(knowledge, reading).there if topic != memory.symptom]
    if not others:
        return {}
    story = Story.of(memory.symptom_words).other(own_tier(knowledge, others[0]), reading.text)
    return {"symptom": memory.symptom, "symptom_words": str(story)}


def _switched(
    knowledge: Knowledge, memory: Memory, reading: Reading, others: Sequence[str], corrected: bool
) -> Changes:
    """Ask about the other symptom; what the first one came to is kept, so that the advice cannot fall below it."""
    before = Story.of(memory.symptom_words)
    slots = _EMPTY | {"symptom_treatment": memory.symptom_treatment} | _lead(knowledge, reading, others)
    story = Story.of(slots["symptom_words"])
    for tier, words in [*before.others, *([] if corrected else [(_so_far(knowledge, memory), before.said)])]:
        story = story.other(tier, words)
    return slots | {"symptom_words": str(story)}


def _so_far(knowledge: Knowledge, memory: Memory) -> str:
    """The tier that the answers given so far come to, by themselves."""
    order = triage.shared().rules.worse_first
    given = {question: getattr(memory, f"symptom_{question}") or order[question][-1] for question in QUESTIONS}
    return triage.tier(given, own_tier(knowledge, memory.symptom), flag_tiers(knowledge, memory.symptom))


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
    return {last: None} | {slot: value for slot, value in triage.read(reading.text, last).items() if slot == last}
