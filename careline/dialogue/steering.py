"""What people say to steer the talk: repeat, simpler, more, stop, a person please, yes, no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from careline.catalog import Topic
from careline.dialogue import alarm, context
from careline.dialogue.answering import answer_topics
from careline.dialogue.compose import answer_turn, fixed, topic_choices, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.referral import referral
from careline.turn import Choice, Turn

Changes = Mapping[str, Any]
Reply = Callable[[Knowledge, Memory, Reading], tuple[Turn, Changes]]


def follow_up(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Answer a short follow-up to the last topic; without one, say what is missing."""
    meant = context.meant(knowledge.catalog, memory, reading)
    if meant:
        return answer_topics(knowledge, memory, [knowledge.catalog.topics[meant]])
    last = knowledge.catalog.topics.get(memory.topic or "")
    return _FOLLOW_UPS[reading.intent](knowledge, memory, last)


def control(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Steer: stop, start over, yes, no, a person please; while a crisis is near, stay with the person."""
    if alarm.in_crisis(memory):
        return alarm.stay(knowledge, memory)
    return _CONTROLS[reading.intent](knowledge, memory)


def _repeat(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    if last is None:
        return _say(knowledge, "nothing_to_repeat")
    return _as_advised(knowledge, memory, answer_turn(knowledge, [last])), {}


def _simpler(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    if last is None:
        return _say(knowledge, "follow_up_unclear")
    return _as_advised(
        knowledge, memory, answer_turn(knowledge, [last], simple=True, lead=fixed(knowledge, "simple_lead"))
    ), {}


def _as_advised(knowledge: Knowledge, memory: Memory, made: Turn) -> Turn:
    """What is said again about a symptom keeps how soon to call: nothing lowers a tier."""
    if memory.advised is None:
        return made
    return replace(made, tier=memory.advised, referral=referral(knowledge.catalog, memory.advised, made.language))


def _tier(memory: Memory) -> str:
    return memory.advised or "information"


def _more(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    related = [topic for topic in last.meta.related if topic in knowledge.catalog.topics][:3] if last else []
    if not related:
        return _say(knowledge, "nothing_more" if last else "follow_up_unclear")
    choices = (
        *topic_choices(knowledge.catalog, related),
        Choice(fixed(knowledge, "clarify_none_label"), "intent:none_of_these"),
    )
    refer = memory.advised or "care_team"
    return turn(knowledge, "clarify", [fixed(knowledge, "more_lead")], refer, _tier(memory), choices=choices), {
        "offered": related
    }


def _who_to_call(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    refer = memory.advised or (last.meta.referral if last and last.meta.referral != "lines" else "care_team")
    contacts = (
        *(last.meta.contacts if last else ()),
        knowledge.catalog.contacts.default_hotline,
        knowledge.catalog.contacts.crisis,
    )
    return turn(knowledge, "answer", [fixed(knowledge, "who_to_call")], refer, _tier(memory), contacts=contacts), {}


def _treatment(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    general = "recurrence_treatment" if last and last.meta.facets.get("type") == "recurrent" else "how_treated"
    told = last is not None and last.meta.facets.get("about") == "treatment"
    topic = None if told else context.about(knowledge.catalog, memory, "treatment")
    topic = topic or knowledge.catalog.topics[general]
    return answer_topics(knowledge, memory, [topic])


def _serious(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    topic = context.about(knowledge.catalog, memory, "outlook") if last and _specific(last) else None
    if topic is None:
        tier = memory.advised or "call_doctor"
        return turn(knowledge, "no_diagnosis", [fixed(knowledge, "serious_follow_up")], tier, tier), {}
    return answer_topics(knowledge, memory, [topic])


def _specific(topic: Topic) -> bool:
    return any(facet in topic.meta.facets for facet in ("recurrence", "type"))


def _what_to_ask(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    questions = knowledge.catalog.wording["visit_questions"]
    aspect = last.meta.facets.get("about", "general") if last else "general"
    known = questions.get(aspect) or questions["general"]
    items = [item for item in known if item not in memory.doctor_list] or known
    choices = [Choice(item, f"add:{item}") for item in items]
    refer = memory.advised or "care_team"
    return turn(
        knowledge, "answer", [fixed(knowledge, "what_to_ask_lead"), *items], refer, _tier(memory), choices=choices
    ), {}


def _print(knowledge: Knowledge, memory: Memory, last: Topic | None) -> tuple[Turn, Changes]:
    return _say(knowledge, "print_it")


def _affirm(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    pending = knowledge.catalog.topics.get(memory.pending or "")
    if pending:
        return answer_topics(knowledge, memory, [pending])
    if memory.offered:
        return answer_topics(knowledge, memory, [knowledge.catalog.topics[memory.offered[0]]])
    return _nothing(knowledge, memory, "affirm_nothing")


def _deny(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    if memory.pending:
        return turn(knowledge, "small_talk", [fixed(knowledge, "outlook_declined")], refer="support"), {"pending": None}
    return _decline(knowledge, memory) if memory.offered else _nothing(knowledge, memory, "deny_nothing")


def _decline(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    # Choices that all miss are a miss, so the next one offers people instead of a third guess.
    made = turn(knowledge, "small_talk", [fixed(knowledge, "declined")])
    return made, {"offered": None, "pending": None, "misses": max(memory.misses, 1)}


def _dont_know(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    return _nothing(knowledge, memory, "dont_know_nothing")


def _stop(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    made, _ = _say(knowledge, "stopped")
    return made, {"offered": None, "pending": None, "misses": 0, **_no_symptom()}


def _start_over(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    made, _ = _say(knowledge, "started_over")
    return made, {
        "topic": None,
        "advised": None,
        "about": None,
        "offered": None,
        "pending": None,
        "misses": 0,
        **_no_symptom(),
    }


def _go_back(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    last = knowledge.catalog.topics.get(memory.topic or "")
    return _repeat(knowledge, memory, last)


def _person(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Changes]:
    contacts = (knowledge.catalog.contacts.default_hotline, knowledge.catalog.contacts.crisis)
    return turn(
        knowledge, "answer", [fixed(knowledge, "talk_to_person")], refer="support", contacts=contacts
    ), _no_symptom()


def _no_symptom() -> dict[str, None]:
    names = ("symptom", "symptom_words", "symptom_flags", "symptom_duration", "symptom_trend", "symptom_treatment")
    return dict.fromkeys(names)


def _nothing(knowledge: Knowledge, memory: Memory, key: str) -> tuple[Turn, Changes]:
    """A yes or a no to nothing: after an alarm it is one for those who are called."""
    return alarm.beside(knowledge, memory) or _say(knowledge, key)[0], {}


def _say(knowledge: Knowledge, key: str) -> tuple[Turn, Changes]:
    return turn(knowledge, "small_talk", [fixed(knowledge, key)]), {}


_FOLLOW_UPS: Mapping[str, Callable[[Knowledge, Memory, Topic | None], tuple[Turn, Changes]]] = {
    "repeat": _repeat,
    "simpler": _simpler,
    "more": _more,
    "who_to_call": _who_to_call,
    "how_treated_followup": _treatment,
    "serious_followup": _serious,
    "what_to_ask": _what_to_ask,
    "print_it": _print,
}
_CONTROLS: Mapping[str, Callable[[Knowledge, Memory], tuple[Turn, Changes]]] = {
    "affirm": _affirm,
    "deny": _deny,
    "none_of_these": _decline,
    "dont_know": _dont_know,
    "stop": _stop,
    "start_over": _start_over,
    "go_back": _go_back,
    "talk_to_person": _person,
}
