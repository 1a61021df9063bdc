"""What a topic is about, and how a message changes it; and the follow-ups understood by that alone."""

from __future__ import annotations

import pytest

from careline import catalog, facets
from careline.dialogue import context
from careline.dialogue.memory import Memory, Reading
from careline.nlu.entities import vocabulary


def test_a_place_takes_the_place_of_every_other():
    bones = {"about": "symptoms", "site": "bone"}
    assert facets.changed(bones, {"site": "liver"}) == {"about": "symptoms", "site": "liver"}
    local = {"about": "treatment", "type": "recurrent", "recurrence": "local", "surgery": "lumpectomy"}
    assert facets.changed(local, {"site": "brain"}) == {"about": "treatment", "site": "brain"}


def test_a_treatment_leaves_the_place():
    assert facets.changed({"about": "treatment", "site": "bone"}, {"treatment": "chemo"}) == {
        "about": "treatment",
        "site": "bone",
        "treatment": "chemo",
    }


def test_the_subject_in_words():
    assert facets.phrase({"about": "symptoms", "site": "chest_wall", "type": "recurrent"}) == "chest wall recurrent"
    assert facets.phrase({"about": "feelings"}) == ""


def _meant(last: str, text: str, *likely: tuple[str, float]) -> str | None:
    reading = Reading.of({"text": text, "intent": {"name": "answer"}, "entities": vocabulary().entities(text),
                          "topics": [{"id": topic, "confidence": score} for topic, score in likely]})  # fmt: skip
    return context.meant(catalog.shared(), Memory(topic=last), reading)


@pytest.mark.parametrize(
    ("last", "text", "topic"),
    [
        ("bone_symptoms", "and the liver?", "liver_symptoms"),
        ("bone_symptoms", "no I meant the brain", "brain_symptoms"),
        ("bone_treatment", "what if it's in the brain", "brain_treatment"),
        ("chemo_side_effects", "and of radiation?", "radiation_side_effects"),
        ("return_after_mastectomy", "what about with a lumpectomy", "return_after_lumpectomy"),
        ("local_recurrence", "regional recurrence?", "regional_recurrence"),
    ],
)
def test_a_name_alone_asks_the_last_question_of_it(last, text, topic):
    assert _meant(last, text) == topic


def test_of_two_that_fit_the_likelier_is_meant():
    assert _meant("tamoxifen_aromatase", "and ibrance?", ("cdk_inhibitors", 0.9)) == "cdk_inhibitors"
    assert _meant("tamoxifen_aromatase", "and herceptin?", ("her2_treatment", 0.9)) == "her2_treatment"


@pytest.mark.parametrize(
    "text", ["what are bisphosphonates", "how is the brain treated", "tell me about chemo", "thank you"]
)
def test_a_message_that_asks_for_itself_is_no_such_follow_up(text):
    assert _meant("bone_symptoms", text) is None


def test_without_an_answer_before_nothing_is_meant():
    assert (
        context.meant(catalog.shared(), Memory(), Reading("and the liver?", "answer", entities=(("site", "liver"),)))
        is None
    )
