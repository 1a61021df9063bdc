"""The turns of the symptom questionnaire: at most four short questions, then how soon to call and what to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from careline import triage
from careline.catalog import Catalog, Topic
from careline.dialogue import alarm, wording
from careline.dialogue.about import grammar
from careline.dialogue.answering import answer_topics
from careline.dialogue.compose import answer_parts, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.dialogue.story import Story, note
from careline.dialogue.symptoms import flag_tiers, flags_of, own_tier
from careline.triage import QUESTIONS
from careline.turn import TIERS, Choice, Part, Turn, worst

Reply = tuple[Turn, Mapping[str, Any]]
_YES_NO = ("yes", "no", "unknown")
_CHOICES = {
    "flags": ("yes", "none", "unknown"),
    "duration": ("today", "days", "weeks", "months", "unknown"),
    "trend": ("worse", "same", "better", "unknown"),
    "treatment": _YES_NO,
}
# After these the question comes again without a word before it; after a digression it says to what it returns.
_ASKED_AGAIN_PLAINLY = ("symptom", "go_back", "repeat", "simpler", "affirm", "deny", "none_of_these")
_FORGOTTEN = {"symptom": None, "symptom_words": None, **{f"symptom_{question}": None for question in QUESTIONS}}


# --- the questions --------------------------------------------------------------------------------------------------


def ask_symptom(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """What is bothering you?"""
    catalog = knowledge.catalog
    question = _say(catalog, "ask_symptom", memory, reading)
    offered = (catalog.topics.get(symptom) for symptom in wording.texts(catalog.root)["offered_symptoms"])
    choices = tuple(Choice(topic.meta.title, f"topic:{topic.id}") for topic in offered if topic)
    return _turn(knowledge, memory, reading, [Part(question, role="question")], choices), {}


def ask_flags(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """Is any of the red flags there that belong to the symptom?"""
    language, flags = reading.language, flags_of(knowledge, memory.symptom)
    if reading.intent == "simpler" and flags:
        signs, key = wording.listed([flag.watch_for for flag in flags], language), "simple_flags"
    else:
        asked = " ".join(flag.ask.get(language) or flag.ask["en"] for flag in flags)
        signs = asked or wording.say(knowledge.catalog, "signs_general", language)
        key = "ask_flags_other" if memory.about else "ask_flags"
    return _ask(knowledge, memory, reading, "flags", _say(knowledge.catalog, key, memory, reading, signs=signs)), {}


def ask_duration(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """How long?"""
    return _ask(knowledge, memory, reading, "duration"), {}


def ask_trend(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """Getting worse, the same or better?"""
    return _ask(knowledge, memory, reading, "trend"), {}


def ask_treatment(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """On cancer treatment now?"""
    return _ask(knowledge, memory, reading, "treatment"), {}


def _ask(knowledge: Knowledge, memory: Memory, reading: Reading, question: str, text: str | None = None) -> Turn:
    """A question: the first opens with kind words and what is known in general, one asked again says to what it returns."""
    catalog, slot = knowledge.catalog, f"symptom_{question}"
    manner = "simple" if reading.intent == "simpler" else "ask"
    parts = [Part(text or _say(catalog, f"{manner}_{question}", memory, reading), role="question")]
    if memory.requested_slot in (None, "symptom"):
        parts = [*_opening(knowledge, memory, reading), *parts]
    elif question == "flags" and memory.requested_slot != slot and reading.intent != "go_back":
        parts = [*_switched(knowledge, memory, reading), *parts]
    elif memory.requested_slot == slot and reading.intent not in _ASKED_AGAIN_PLAINLY:
        # Who answered another question than the open one is thanked; who asked something is led back.
        key = "noted" if triage.read(reading.text) else "again"
        parts = [Part(_say(catalog, key, memory, reading)), *parts]
    return _turn(knowledge, memory, reading, parts, _choices(catalog, question, reading.language))


def _choices(catalog: Catalog, question: str, language: str) -> tuple[Choice, ...]:
    names = _CHOICES[question]
    return tuple(
        Choice(wording.say(catalog, f"choice_{name}", language), wording.pressed(catalog, name)) for name in names
    )


def _opening(knowledge: Knowledge, memory: Memory, reading: Reading) -> Iterable[Part]:
    catalog = knowledge.catalog
    yield Part(_say(catalog, "opening", memory, reading))
    topic = catalog.topics.get(memory.symptom or "")
    if topic:
        yield from answer_parts(knowledge, topic)
    if Story.of(memory.symptom_words).others:
        yield Part(_say(catalog, "others_noted", memory, reading))
    yield from _aside(knowledge, reading)


def _switched(knowledge: Knowledge, memory: Memory, reading: Reading) -> Iterable[Part]:
    """A more serious symptom came up in the middle: its red flags are asked about now."""
    yield Part(_say(knowledge.catalog, "switched", memory, reading))
    topic = knowledge.catalog.topics.get(memory.symptom or "")
    if topic:
        yield from answer_parts(knowledge, topic)


def _aside(knowledge: Knowledge, reading: Reading) -> Iterable[Part]:
    """The answer to a question that came in the same message as the symptom, unless some would rather not read it."""
    topic = next((topic for topic in _asked_beside(knowledge, reading) if not topic.meta.ask_first), None)
    if topic:
        yield from answer_parts(knowledge, topic)


def _asked_beside(knowledge: Knowledge, reading: Reading) -> list[Topic]:
    """The questions that came in the same message as a symptom."""
    asked = (knowledge.catalog.topics.get(part) for part in reading.parts)
    return [topic for topic in asked if topic and topic.group == "answer"]


# --- the advice -----------------------------------------------------------------------------------------------------


def advice(knowledge: Knowledge, memory: Memory, reading: Reading) -> Reply:
    """How soon to call and what to say; the symptom becomes the topic and its answers are forgotten."""
    topic = knowledge.catalog.topics.get(memory.symptom or "")
    if topic is None:
        return ask_symptom(knowledge, memory, reading)[0], _FORGOTTEN
    changes: dict[str, Any] = {**_FORGOTTEN, "topic": topic.id, "misses": 0}
    if memory.symptom_flags is None:
        asked = _asked_beside(knowledge, reading)
        if asked:  # "I have no cough, but what are the signs in the lungs?"
            made, kept = answer_topics(knowledge, memory, asked)
            return made, {**changes, **kept}
        return _in_general(knowledge, memory, reading, topic), changes
    made = _advice(knowledge, memory, reading, topic)
    return made, {**changes, "advised": made.tier, **_raised(knowledge, memory, made)}


def _advice(knowledge: Knowledge, memory: Memory, reading: Reading, topic: Topic) -> Turn:
    story, given, tier = Story.of(memory.symptom_words), answers_of(memory), tier_of(knowledge, memory)
    # Red flags that nobody asked about (help comes first) are no "not sure" of the person's.
    told = given if story.replies else {**given, "flags": None}
    words = note(knowledge.catalog, topic, story, told, flags_of(knowledge, topic.id), memory.about, reading.language)
    parts = [
        Part(_say(knowledge.catalog, f"lead_{tier}", memory, reading)),
        *([Part(_say(knowledge.catalog, "flags_unknown", memory, reading))] if _not_sure(memory, story) else []),
        # Who was asked has read the long text already.
        *answer_parts(knowledge, topic, simple=bool(story.replies)),
        Part(_say(knowledge.catalog, "causes", memory, reading)),
        *_watch_for(knowledge, memory, reading),
        Part(f"{wording.say(knowledge.catalog, 'note_lead', reading.language)}: {words}", role="note"),
    ]
    data = {"note": words, "symptom": topic.id, "answers": given}
    return turn(knowledge, "symptom_advice", parts, tier, tier, reading.language, data=data)


def _raised(knowledge: Knowledge, memory: Memory, made: Turn) -> dict[str, Any]:
    """A yes to a red flag is kept like one that was told, so that the next turns remind of it."""
    flags = flags_of(knowledge, memory.symptom)
    if memory.symptom_flags != "yes" or not flags:
        return {}
    first = min(flags, key=lambda flag: TIERS.index(flag.tier))
    raised = dict.fromkeys([*memory.flags, f"{first.id}:{made.tier}"])
    return {"flags": list(raised), "reminders": alarm.REMINDERS}


def tier_of(knowledge: Knowledge, memory: Memory) -> str:
    """The tier of the answers in memory, never below that of another symptom told beside."""
    own = triage.tier(answers_of(memory), own_tier(knowledge, memory.symptom), flag_tiers(knowledge, memory.symptom))
    return worst([own, *(tier for tier, _ in Story.of(memory.symptom_words).others)])


def answers_of(memory: Memory) -> dict[str, str | None]:
    """The answers given, by question."""
    return {question: getattr(memory, f"symptom_{question}") for question in QUESTIONS}


def _not_sure(memory: Memory, story: Story) -> bool:
    """Was the person asked about the red flags, and unsure? (A symptom that cannot wait is advised on without questions.)"""
    return memory.symptom_flags == "unknown" and bool(story.replies)


def _watch_for(knowledge: Knowledge, memory: Memory, reading: Reading) -> Iterable[Part]:
    """What would change the advice, for those who said that none of it is there."""
    signs = wording.listed([flag.watch_for for flag in flags_of(knowledge, memory.symptom)], reading.language)
    if memory.symptom_flags == "no" and signs:
        yield Part(_say(knowledge.catalog, "watch_for", memory, reading, signs=signs))


def _in_general(knowledge: Knowledge, memory: Memory, reading: Reading, topic: Topic) -> Turn:
    """A symptom that is denied or long past is not asked about: what is known of it, and to call should it come back."""
    parts = (*answer_parts(knowledge, topic), Part(_say(knowledge.catalog, "not_now", memory, reading)))
    return turn(knowledge, "answer", parts, language=reading.language)


# --- both -----------------------------------------------------------------------------------------------------------


def _turn(
    knowledge: Knowledge, memory: Memory, reading: Reading, parts: Iterable[Part], choices: tuple[Choice, ...]
) -> Turn:
    tier = own_tier(knowledge, memory.symptom)
    return turn(knowledge, "symptom_question", parts, tier, tier, reading.language, choices)


def _say(catalog: Catalog, key: str, memory: Memory, reading: Reading, **values: str) -> str:
    """A text that speaks of the person and the symptom."""
    it = wording.it(catalog, catalog.topics.get(memory.symptom or ""), reading.language)
    text = wording.say(catalog, key, reading.language, it=it, **grammar(memory.about), **values)
    return f"{text[:1].upper()}{text[1:]}"
