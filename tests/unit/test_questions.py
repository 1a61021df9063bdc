"""What a message asks, with a classifier whose readings are given: which are combined, and which must not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from careline import catalog
from careline.nlu.questions import FALLBACK, Listener
from careline.nlu.thresholds import Thresholds

LABELS = (
    "answer/chemotherapy", "answer/chemo_length", "answer/how_long_have_i", "answer/vaccines", "answer/lung_symptoms", "answer/bone_hormone",
    "symptom/bone_pain", "symptom/cough", "chat/greet", "add_to_list", "how_treated_followup", "out_of_scope",
)  # fmt: skip
Readings = Mapping[str, tuple[str, float]]


def _listener(readings: Readings) -> Listener:
    """A listener whose classifier gives each text its label and how sure it is of it; what is left goes to all alike."""

    def row(text: str) -> np.ndarray:
        label, sure = readings.get(text, ("out_of_scope", 0.3))
        values = np.full(len(LABELS), (1 - sure) / (len(LABELS) - 1))
        values[LABELS.index(label)] = sure
        return values

    def probabilities(texts: Sequence[str], _vectors: np.ndarray) -> np.ndarray:
        return np.stack([row(text) for text in texts])

    thresholds = Thresholds(answer=0.6, offer=0.03, scope=0.5, part=0.5, alone=0.7, heard=0.2, hint=0.01)
    model = SimpleNamespace(labels=LABELS, probabilities=probabilities, thresholds=thresholds)
    return Listener(model, lambda texts: np.zeros((len(texts), 384)), catalog.shared())  # type: ignore[arg-type]


def _intent(text: str, readings: Readings, last: str | None = None) -> str:
    return _listener(readings).understand(text, np.zeros(384), last).intent


LASTING = {
    "how long does it go on": ("answer/how_long_have_i", 0.5),
    "What chemotherapy is: how long does it go on": ("answer/chemo_length", 0.9),
}


def test_a_short_message_is_read_in_the_light_of_the_last_answer():
    assert _intent("how long does it go on", LASTING, "chemotherapy") == "answer/chemo_length"


def test_without_an_answer_before_it_is_read_by_itself():
    assert _intent("how long does it go on", LASTING) == FALLBACK


@pytest.mark.parametrize("label", ["out_of_scope", "chat/greet", "how_treated_followup", "symptom/cough"])
def test_what_is_surely_something_else_is_not_bent_into_an_answer(label):
    readings = {
        "how long does it go on": (label, 0.95),
        "What chemotherapy is: how long does it go on": ("answer/chemo_length", 0.99),
    }
    assert _intent("how long does it go on", readings, "chemotherapy") == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("can people catch the flu", "answer/vaccines"),  # clear, and points back at nothing
        ("how long does it go on", "answer/chemo_length"),  # "it" is chemotherapy
        ("and vaccines?", "answer/chemo_length"),  # few words
    ],
)
def test_a_clear_question_is_not_bent_into_another_by_what_was_answered_before(text, label):
    readings = {text: ("answer/vaccines", 0.97), f"What chemotherapy is: {text}": ("answer/chemo_length", 0.999)}
    assert _intent(text, readings, "chemotherapy") == label


def test_context_makes_no_symptom():
    readings = {
        "the wobbly one": ("answer/vaccines", 0.3),
        "What chemotherapy is: the wobbly one": ("symptom/bone_pain", 0.99),
    }
    assert _intent("the wobbly one", readings, "chemotherapy") == FALLBACK


def test_an_order_for_the_list_is_one_whatever_stands_behind_it():
    readings = {
        "add to my list: can I get a flu shot?": ("answer/vaccines", 0.9),
        "add to my list": ("add_to_list", 0.95),
    }
    assert _intent("add to my list: can I get a flu shot?", readings) == "add_to_list"


@pytest.mark.parametrize("order, intent", [("note", "symptom/bone_pain"), ("for my list", "add_to_list")])
def test_a_symptom_is_kept_for_the_doctor_only_where_that_is_said(order: str, intent: str):
    readings = {
        f"{order}: my hip hurts": ("symptom/bone_pain", 0.9),
        order: ("add_to_list", 0.95),
        "my hip hurts": ("symptom/bone_pain", 0.95),
    }
    assert _intent(f"{order}: my hip hurts", readings) == intent


def test_only_topics_likely_enough_are_offered():
    near = _listener({"the wobbly one": ("answer/vaccines", 0.5)}).understand("the wobbly one", np.zeros(384)).near
    assert near[0] == "answer/vaccines" and len(near) == 3
    assert _listener({"the wobbly one": ("answer/vaccines", 0.99)}).understand("the wobbly one", np.zeros(384)).near == ("answer/vaccines",)


def test_a_colon_makes_no_order():
    readings = {
        "my question is: can I get a flu shot?": ("answer/vaccines", 0.9),
        "my question is": ("chat/greet", 0.9),
    }
    assert _intent("my question is: can I get a flu shot?", readings) == "answer/vaccines"


TWO = {
    "I have a cough. Can I get a flu shot?": ("symptom/cough", 0.7),
    "I have a cough.": ("symptom/cough", 0.95),
    "Can I get a flu shot?": ("answer/vaccines", 0.95),
}


def test_a_symptom_beside_a_question_comes_first():
    verdict = _listener(TWO).understand("I have a cough. Can I get a flu shot?", np.zeros(384))
    assert verdict.intent == "symptom/cough"
    assert verdict.parts == ("symptom/cough", "answer/vaccines")


def test_what_is_told_beside_a_symptom_is_no_second_question():
    text = "he has hip pain and he is on tamoxifen"
    readings = {
        text: ("symptom/bone_pain", 0.7),
        "he has hip pain": ("symptom/bone_pain", 0.95),
        "he is on tamoxifen": ("answer/bone_hormone", 0.9),
    }
    assert _listener(readings).understand(text, np.zeros(384)).parts == ()


def test_small_talk_with_a_question_in_it_is_judged_by_the_question():
    text = "Hello there. Can I get a flu shot?"
    readings = {
        text: ("chat/greet", 0.9),
        "Hello there.": ("chat/greet", 0.99),
        "Can I get a flu shot?": ("answer/vaccines", 0.95),
    }
    assert _intent(text, readings) == "answer/vaccines"
