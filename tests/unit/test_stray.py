"""Replies that answer nobody's question, and what is said while an alarm stands."""

from __future__ import annotations

import pytest

from careline.dialogue import alarm, stray
from careline.dialogue.knowledge import shared
from careline.dialogue.memory import Memory, Reading

CALM, ALARMED = Memory(topic="hospice"), Memory(flags=("E1:urgent",), reminders=3)


@pytest.mark.parametrize("text", ["two months", "about two weeks now", "worse", "it's getting worse", "since monday", "3 weeks and getting worse"])
def test_a_reply_to_nothing_is_asked_back(text: str) -> None:
    told = stray.reply(shared(), CALM, Reading(text, "answer"))
    assert told and told[0].kind == "small_talk" and not told[0].choices


@pytest.mark.parametrize("text", ["is it getting worse?", "how long does chemo take", "do I have two months", "tamoxifen", "why is it worse at night"])
def test_a_question_is_none(text: str) -> None:
    assert stray.reply(shared(), CALM, Reading(text, "answer")) is None


def test_a_reply_to_an_open_question_is_left_to_the_questionnaire() -> None:
    assert stray.reply(shared(), Memory(symptom="cough", requested_slot="symptom_duration"), Reading("two months", "answer")) is None


@pytest.mark.parametrize("reading", [Reading("two months", "answer"), Reading("it is the left one", "nlu_fallback")])
def test_while_an_alarm_stands_it_is_for_those_who_are_called(reading: Reading) -> None:
    told = stray.reply(shared(), ALARMED, reading)
    assert told is not None
    urgent = alarm.beside(shared(), ALARMED)
    assert urgent and told[0].parts == urgent.parts and told[0].referral == urgent.referral


def test_after_a_crisis_the_same_words_are_not_said_twice_in_a_row() -> None:
    memory = Memory(flags=("E11:crisis",), reminders=alarm.REMINDERS)
    first, changes = alarm.stay(shared(), memory)
    second, _ = alarm.stay(shared(), Memory(flags=memory.flags, reminders=changes["reminders"]))
    assert first.text() != second.text() and "988" in first.text() and "988" in second.text()
    spanish, _ = alarm.stay(shared(), Memory(flags=memory.flags, reminders=2, spoken="es"))
    assert spanish.language == "es" and "988" in spanish.text()
