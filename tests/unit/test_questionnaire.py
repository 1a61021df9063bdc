"""The symptom questionnaire: what is asked, what it comes to, and that nothing lowers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from careline import catalog, house_rules, triage
from careline.dialogue import questionnaire, reported, symptoms, wording
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.turn import Turn, at_least

ROOT = Path(__file__).resolve().parents[2]
SYMPTOMS = sorted(topic.id for topic in catalog.shared().group("symptom"))
ASK = {
    "symptom": questionnaire.ask_symptom,
    "symptom_flags": questionnaire.ask_flags,
    "symptom_duration": questionnaire.ask_duration,
    "symptom_trend": questionnaire.ask_trend,
    "symptom_treatment": questionnaire.ask_treatment,
}
ENDING = ("red_flag", "stop", "start_over", "talk_to_person")


def _flag(name: str, tier: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=name,
        tier=tier,
        ask={"en": f"Is there sign {name}?", "es": f"¿Hay señal {name}?"},
        watch_for={"en": f"sign {name}", "es": f"señal {name}"},
    )


# As in safety.md, with E6 split in two rows, so that a row can be found either way.
TIERS_OF_FLAGS = {
    "E0": "emergency",
    "E1": "urgent",
    "E2a": "urgent",
    "E2b": "today",
    "E3": "urgent",
    "E4": "urgent",
    "E5a": "emergency",
    "E5b": "urgent",
    "E6_seizure": "emergency",
    "E6_headache": "urgent",
    "E7": "urgent",
    "E8": "emergency",
    "E9": "urgent",
    "E10": "emergency",
    "E11": "crisis",
    "E12": "urgent",
    "E13": "urgent",
}
KNOWN = Knowledge(
    catalog.shared(), SimpleNamespace(flags={name: _flag(name, tier) for name, tier in TIERS_OF_FLAGS.items()})
)


@dataclass
class Talk:
    """A conversation with the questionnaire alone, run as Rasa's form runs it."""

    slots: dict[str, Any] = field(default_factory=dict)
    open: bool = False
    said: Turn | None = None

    def say(
        self, text: str, intent: str = "nlu_fallback", *topics: str, answered: bool = False, **more: Any
    ) -> str | None:
        """Say something: the slot asked for next, "advice" when it is over, None where the message is left to others."""
        reading = Reading(text, intent, tuple((topic, 0.9) for topic in topics), **more)
        memory = self._memory()
        _, changes = reported.understand(KNOWN, memory, reading, answered)
        if self.open and not changes:
            self.said = None
            return None
        self.slots.update(changes)
        slot = next((slot for slot in ASK if self.slots.get(slot) is None), None)
        if slot is None or "requested_slot" in changes:
            return self._close(reading)
        self.said, _ = ASK[slot](KNOWN, Memory.of({**self.slots, "requested_slot": memory.requested_slot}), reading)
        self.open = True
        self.slots["requested_slot"] = slot
        return slot

    def _memory(self) -> Memory:
        return Memory.of(self.slots if self.open else {**self.slots, "requested_slot": None})

    def _close(self, reading: Reading) -> str:
        self.slots["requested_slot"], self.open = None, False
        self.said, changes = questionnaire.advice(KNOWN, Memory.of(self.slots), reading)
        self.slots.update(changes)
        return "advice"

    @property
    def text(self) -> str:
        assert self.said is not None
        return self.said.text()

    @property
    def note(self) -> str:
        assert self.said is not None
        return self.said.data["note"]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def hip(talk: Talk, text: str = "my hip hurts") -> Talk:
    talk.say(text, "symptom", "bone_pain")
    return talk


# --- the four questions -------------------------------------------------------------------------------------------------


def test_four_questions_and_then_the_advice(talk):
    steps = [
        talk.say("my hip hurts", "symptom", "bone_pain"),
        talk.say("none of these"),
        talk.say("a few weeks"),
        talk.say("getting worse"),
        talk.say("yes"),
    ]
    assert steps == ["symptom_flags", "symptom_duration", "symptom_trend", "symptom_treatment", "advice"]
    assert talk.said.kind == "symptom_advice" and talk.said.tier == "today"


def test_the_first_question_opens_with_kind_words_and_the_general_text(talk):
    hip(talk)
    first, general, question = talk.said.parts
    assert "sorry you are" in first.text
    assert general.text == KNOWN.catalog.topics["bone_pain"].text and general.sources and general.reviewed
    assert question.role == "question" and all(f"sign {row}" in question.text for row in ("E7", "E2a", "E4"))
    assert "sign E1" not in question.text


def test_later_questions_do_not_repeat_the_opening(talk):
    hip(talk).say("no")
    assert [part.role for part in talk.said.parts] == ["question"]


@pytest.mark.parametrize("press", range(3))
def test_every_choice_is_an_answer(press):
    talk = Talk()
    hip(talk)
    while talk.open:
        before = talk.slots["requested_slot"]
        choices = talk.said.choices
        assert choices[-1].label == "I don't know"
        talk.say(choices[min(press, len(choices) - 1)].action)
        assert talk.slots["requested_slot"] != before
    assert talk.said.kind == "symptom_advice"


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_every_symptom_can_be_asked_about_to_the_end(symptom):
    talk = Talk()
    talk.say("this bothers me", "symptom", symptom)
    for _ in range(5):
        if talk.open:
            talk.say(next(choice.action for choice in reversed(talk.said.choices) if choice.label != "I don't know"))
    assert talk.said.kind == "symptom_advice" and not house_rules.faults(KNOWN.catalog, talk.said)
    assert at_least(talk.said.tier, KNOWN.catalog.topics[symptom].meta.tier) and at_least(talk.said.tier, "call_doctor")


def test_what_was_said_early_is_not_asked(talk):
    assert (
        hip(talk, "my hip has hurt for three weeks now, getting worse, on Ibrance").slots["requested_slot"]
        == "symptom_flags"
    )
    assert talk.say("no") == "advice"


def test_several_answers_at_once(talk):
    assert hip(talk).say("three weeks now, getting worse, on Ibrance, no numbness") == "advice"
    assert talk.note.startswith("Pain in the hip for three weeks, getting worse, on Ibrance.")


def test_an_unnamed_symptom_is_asked_for(talk):
    assert talk.say("it hurts", "symptom") == "symptom"
    assert all(choice.action.startswith("topic:") for choice in talk.said.choices)
    assert talk.say("I feel it again", "symptom") == "symptom", (
        "a report that is still unclear must not be handed back for ever"
    )
    assert talk.say("my hip", "symptom", "bone_pain") == "symptom_flags"


# --- red flags ------------------------------------------------------------------------------------------------------------


def test_a_yes_to_the_red_flags_brings_the_advice_at_once(talk):
    assert hip(talk).say("yes") == "advice"
    assert talk.said.tier == "urgent" and talk.slots["reminders"] and talk.slots["flags"] == ["E7:urgent"]


def test_not_knowing_counts_as_a_yes_and_says_so(talk):
    assert hip(talk).say("i don't know", "dont_know") == "advice"
    assert talk.said.tier == "urgent" and "not sure" in talk.text


def test_split_rows_are_found_and_e1_is_not_e10(talk):
    assert [flag.id for flag in symptoms.flags_of(KNOWN, "headache")] == ["E6_seizure", "E6_headache", "E1"]


def test_without_any_known_red_flag_a_general_question_is_asked():
    bare = Knowledge(KNOWN.catalog, SimpleNamespace(flags={}))
    turn, _ = questionnaire.ask_flags(bare, Memory(symptom="bone_pain"), Reading("", "symptom"))
    assert "fever" in turn.parts[-1].text
    assert questionnaire.tier_of(bare, Memory(symptom="bone_pain", symptom_flags="yes")) == "urgent"


def test_a_symptom_that_is_an_emergency_is_not_asked_about(talk):
    assert talk.say("I had a seizure this morning", "symptom", "seizure") == "advice"
    assert talk.said.tier == "emergency" and not talk.said.choices
    assert "Not sure" not in talk.note


@pytest.mark.parametrize("intent", ENDING)
def test_what_ends_the_questionnaire_fills_nothing(talk, intent):
    hip(talk).say("no")
    assert talk.say("three weeks", intent) is None


# --- digressions, corrections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is an MRI?", "answer"),
        ("how long will I live", "answer"),
        ("is letrozole a chemo?", "answer"),
        ("thank you", "chat"),
        ("tell me more", "more"),
        ("add that to my list", "add_to_list"),
        ("who can I call", "who_to_call"),
        ("blargh", "nlu_fallback"),
        ("no entiendo nada", "other_language"),
    ],
)
@pytest.mark.parametrize("replies", [[], ["no"], ["no", "weeks"], ["no", "weeks", "same"]])
def test_a_digression_is_left_to_others_and_the_question_comes_back(text, intent, replies):
    talk = hip(Talk())
    for reply in replies:
        talk.say(reply)
    asked = talk.slots["requested_slot"]
    assert talk.say(text, intent) is None
    assert talk.slots["requested_slot"] == asked


def test_what_was_said_beside_a_question_counts_once_it_is_answered(talk):
    hip(talk).say("no")
    assert talk.say("2 weeks. what is an MRI?", "answer") is None
    assert talk.say("2 weeks. what is an MRI?", "answer", answered=True) == "symptom_trend"


def test_a_question_asked_again_is_announced(talk):
    hip(talk).say("no")
    memory = Memory.of(talk.slots)
    turn, _ = questionnaire.ask_duration(KNOWN, memory, Reading("what is an MRI?", "answer"))
    assert turn.parts[0].text == "Back to the pain."


def test_go_back_reopens_the_last_question(talk):
    hip(talk).say("no")
    talk.say("months")
    assert talk.say("go back", "go_back") == "symptom_duration"
    assert talk.say("go back", "go_back") == "symptom_flags"
    assert talk.say("go back", "go_back") == "symptom_flags"
    assert talk.say("yes") == "advice"


def test_go_back_may_bring_the_right_answer_along(talk):
    hip(talk).say("no")
    talk.say("months")
    assert talk.say("I meant two days", "go_back") == "symptom_trend"
    assert talk.slots["symptom_duration"] == "days"


def test_an_answer_is_known_by_its_words_whatever_the_intent(talk):
    hip(talk).say("none of those", "none_of_these")
    talk.say("weeks", "symptom", "back_pain")
    assert talk.say("getting worse", "more") == "symptom_treatment"
    assert talk.slots["symptom"] == "bone_pain"
    assert talk.say("stopped chemo in 2019", "stop") == "advice"


def test_getting_worse_counts_whenever_it_is_said(talk):
    hip(talk).say("no")
    talk.say("weeks")
    talk.say("same")
    assert talk.say("no, but it's getting worse") == "advice"
    assert talk.said.data["answers"]["trend"] == "worse"


def test_a_new_questionnaire_starts_from_nothing(talk):
    hip(talk, "my hip hurts for months, getting better, not on anything")
    talk.open = False  # stopped in the middle, with its slots left behind
    assert talk.say("my back hurts", "symptom", "back_pain") == "symptom_flags"
    assert talk.say("no") == "symptom_duration"


def test_after_the_advice_the_answers_are_forgotten_and_the_symptom_is_the_topic(talk):
    hip(talk).say("yes")
    assert talk.slots["topic"] == "bone_pain"
    assert not any(talk.slots[slot] for slot in (*ASK, "symptom_words"))


# --- several symptoms -----------------------------------------------------------------------------------------------------


def test_of_several_symptoms_the_most_serious_leads(talk):
    talk.say("I have a lump and chest pain and I cough", "symptom", "lump", parts=("lump", "chest_pain", "cough"))
    assert talk.slots["symptom"] == "chest_pain"
    for reply in ("no", "weeks", "same", "no"):
        talk.say(reply)
    assert "lump" in talk.note and "cough" in talk.note


def test_a_more_serious_symptom_in_the_middle_takes_over(talk):
    hip(talk).say("no")
    talk.say("weeks")
    talk.say("getting worse")
    assert talk.say("and I have chest pain since today", "symptom", "chest_pain") == "symptom_flags"
    assert talk.slots["symptom"] == "chest_pain" and talk.slots["symptom_duration"] == "today"
    for reply in ("no", "same", "no"):
        talk.say(reply)
    assert "my hip hurts" in talk.note


def test_a_less_serious_symptom_in_the_middle_is_noted(talk):
    talk.say("I have chest pain", "symptom", "chest_pain")
    assert talk.say("I also have a lump", "symptom", "lump") == "symptom_flags"
    assert talk.slots["symptom"] == "chest_pain"
    for reply in ("no", "weeks", "same", "no"):
        talk.say(reply)
    assert "I also have a lump" in talk.note


def test_a_switch_never_falls_below_what_the_first_symptom_came_to(talk):
    talk.say("I have a lump", "symptom", "lump")
    for reply in ("no", "weeks", "getting worse"):
        talk.say(reply)
    talk.say("and headaches for months", "symptom", "headache")
    assert talk.slots["symptom"] == "headache"
    while talk.open:
        talk.say({"symptom_trend": "same"}.get(talk.slots["requested_slot"], "no"))
    assert talk.said.tier == "today"


def test_a_corrected_symptom_replaces_the_first(talk):
    talk.say("back pain", "symptom", "back_pain")
    talk.say("no back pain I meant, but hip pain", "symptom", "bone_pain")
    assert talk.slots["symptom"] == "bone_pain"


@pytest.mark.parametrize(
    "text", ["no cough", "I don't have a cough", "I had a cough last year", "no more cough", "never had a cough"]
)
def test_denied_and_past_symptoms_are_not_asked_about(text):
    talk = Talk()
    assert talk.say(text, "symptom", "cough") == "advice"
    assert talk.said.kind == "answer" and talk.said.tier == "information" and not talk.said.choices


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_no_way_people_report_a_symptom_is_taken_for_a_denial(symptom):
    reports = KNOWN.catalog.topics[symptom].examples
    assert [text for text in reports if triage.mentioned(text).get(symptom, "now") != "now"] == []


def test_a_denied_symptom_beside_a_present_one(talk):
    talk.say("no cough but my hip hurts", "symptom", "cough", "bone_pain")
    assert talk.slots["symptom"] == "bone_pain"


def test_a_question_in_the_same_message_is_answered_too(talk):
    topic = next(
        topic for topic in KNOWN.catalog.group("answer") if not topic.meta.ask_first and topic.meta.kind == "answer"
    )
    talk.say("my hip hurts. and one more thing?", "symptom", "bone_pain", parts=("bone_pain", topic.id))
    assert topic.text in talk.text


# --- for somebody else ----------------------------------------------------------------------------------------------------


def test_it_speaks_of_the_mother(talk):
    talk.say("my mother has hip pain", "symptom", "bone_pain", about="mother")
    assert "your mother" in talk.text
    talk.say("no")
    assert "How long has your mother had the pain?" in talk.text
    talk.say("weeks")
    talk.say("same")
    assert "Is your mother on cancer treatment now" in talk.text
    talk.say("no")
    assert "your mother's doctor" in talk.text
    assert talk.note.startswith("I am calling about my mother.")


def test_somebody_asked_about_before_is_still_meant_unless_it_is_ones_own_body(talk):
    talk.slots["about"] = "mother"
    talk.say("and headaches", "symptom", "headache")
    assert talk.slots["about"] == "mother"
    other = Talk({"about": "mother"})
    other.say("now my hip hurts", "symptom", "bone_pain")
    assert other.slots["about"] is None


def test_whom_it_is_about_can_be_put_right(talk):
    hip(talk, "hip pain").say("no")
    assert talk.say("it's for my husband", "chat") is None
    assert talk.say("it's for my husband") == "symptom_duration"
    assert "How long has your husband had the pain?" in talk.text


# --- the note ---------------------------------------------------------------------------------------------------------------


def test_the_note_is_made_of_their_words_and_stands_in_the_data(talk):
    hip(talk, "my left hip has been hurting since the holidays").say("no")
    talk.say("getting worse")
    talk.say("on letrozole")
    assert talk.note.startswith("Pain in the left hip since the holidays, getting worse, on letrozole.")
    assert "my left hip has been hurting" in talk.note
    (part,) = [part for part in talk.said.parts if part.role == "note" and talk.note in part.text]
    assert part.text.startswith("What to say when you call")


def test_the_note_leaves_out_guesses_and_numbers(talk):
    hip(talk, "my hip hurts. it's probably nothing. call me at 555-010-4477.").say("yes")
    assert "probably" not in talk.note and "555" not in talk.note and "my hip hurts" in talk.note
    assert not house_rules.faults(KNOWN.catalog, talk.said)


def test_the_advice_names_sources_other_causes_and_what_to_watch_for(talk):
    hip(talk)
    for reply in ("no", "months", "same", "no"):
        talk.say(reply)
    assert any(part.sources for part in talk.said.parts)
    assert "only a doctor can tell" in talk.text and "Sign E7." in talk.text
    assert talk.said.tier == "call_doctor" and talk.said.referral.contacts


# --- every text -------------------------------------------------------------------------------------------------------------


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in (value.values() if isinstance(value, dict) else value) for text in _texts(item)]


def test_every_text_keeps_the_house_rules():
    for text in _texts(wording.texts(ROOT)):
        assert not list(house_rules.forbidden_claims(KNOWN.catalog, text)), text
        assert not any(character.isdigit() for character in text), text


def test_every_text_is_in_both_languages():
    texts = {
        key: value for key, value in wording.texts(ROOT).items() if key not in ("pressed", "offered_symptoms", "names")
    }
    assert all(set(value) == {"en", "es"} for value in texts.values())
    assert all(set(entry["it"]) == {"en", "es"} for entry in wording.texts(ROOT)["names"].values())


def test_a_symptom_without_an_entry_is_named_by_its_noun():
    topic = KNOWN.catalog.topics["cough"]
    nameless = SimpleNamespace(id="brand_new", meta=topic.meta)
    assert wording.it(KNOWN.catalog, nameless) == "cough" and wording.named(KNOWN.catalog, nameless) == "cough"


def test_the_rules_of_the_dialogue_cover_every_intent():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    rules = yaml.safe_load((ROOT / "data" / "dialogue" / "questionnaire.yml").read_text())["rules"]
    covered = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert covered == {intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]}
    ending = {rule["steps"][0]["intent"] for rule in rules if {"action": "action_deactivate_loop"} in rule["steps"]}
    assert ending == set(ENDING)


# --- whatever is said ---------------------------------------------------------------------------------------------------------

INTENTS = [
    "symptom",
    "answer",
    "chat",
    "affirm",
    "deny",
    "dont_know",
    "go_back",
    "repeat",
    "more",
    "none_of_these",
    "nlu_fallback",
    "other_language",
    *ENDING,
]
SAYINGS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "yes",
            "no",
            "i don't know",
            "three weeks",
            "worse",
            "same",
            "on chemo",
            "finished last year",
            "go back",
            "I also have chest pain",
            "no cough",
            "my mother has it",
            "what is an MRI?",
            "no but my legs feel funny",
            "stop",
            "a bit",
            "headaches too",
        ]
    ),
)
MESSAGES = st.lists(st.tuples(SAYINGS, st.sampled_from(INTENTS), st.sampled_from(SYMPTOMS)), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_whatever_is_said_every_turn_may_go_out_and_no_state_is_stuck(messages):
    talk = Talk()
    hip(talk)
    for text, intent, symptom in messages:
        if not talk.open:
            talk.say(text, "symptom", symptom)
        elif intent in ENDING:
            assert talk.say(text, intent) is None or intent == "stop"
        else:
            done = talk.say(text, intent, symptom)
            assert done is not None or intent not in ("symptom", "repeat"), "these have no rule to answer them"
        if talk.said is not None:
            assert not house_rules.faults(KNOWN.catalog, talk.said)
            assert at_least(talk.said.tier, "call_doctor") or talk.said.kind == "answer"
    for _ in range(6):
        if talk.open:
            talk.say("my hip" if talk.slots["requested_slot"] == "symptom" else "i don't know", "symptom", "bone_pain")
    assert not talk.open


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(SYMPTOMS),
    st.tuples(*(st.sampled_from(triage.shared().rules.worse_first[question]) for question in triage.QUESTIONS)),
)
def test_the_advice_has_the_tier_of_the_table(symptom, values):
    slots = {f"symptom_{question}": value for question, value in zip(triage.QUESTIONS, values, strict=True)}
    turn, _ = questionnaire.advice(
        KNOWN, Memory(symptom=symptom, symptom_words="it hurts", **slots), Reading("x", "affirm")
    )
    given_answers = dict(zip(triage.QUESTIONS, values, strict=True))
    assert turn.tier == triage.tier(
        given_answers, symptoms.own_tier(KNOWN, symptom), symptoms.flag_tiers(KNOWN, symptom)
    )
    assert not house_rules.faults(KNOWN.catalog, turn)
