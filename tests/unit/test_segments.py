"""How a message is cut into what may be questions of their own."""

from __future__ import annotations

import pytest

from careline.nlu import segments
from careline.nlu.entities import vocabulary


def test_two_questions_are_two_pieces():
    assert segments.split("What is a lytic lesion? And can radiation help?") == (
        "What is a lytic lesion?",
        "And can radiation help?",
    )


def test_an_aside_in_brackets_is_no_question_and_no_report_of_its_own():
    """A seizure named as an example in brackets was once answered like one that was told."""
    text = "How does it show itself in the head? (headache, a seizure)"
    assert segments.split(text) == ("How does it show itself in the head?",)
    assert segments.halves(text) == ()


def test_a_long_sentence_without_an_end_is_cut_where_a_new_thought_begins():
    """People in a fright type without stops; the question stands at the end."""
    text = "so they found it in my spine and i start radiation on monday but my cousin got burned by that is it safe for me"
    assert segments.split(text)[-1] == "is it safe for me"


def test_a_short_sentence_is_left_whole():
    assert segments.split("my hip hurts but is it safe to walk") == ("my hip hurts but is it safe to walk",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("add to my list: can I fly?", "can I fly?"),
        ("please add to my list to ask whether I can stop tamoxifen", "I can stop tamoxifen"),
        ("remind me to ask about my port", "my port"),
        ("remind me to ask my doctor if I can swim", "I can swim"),
    ],
)
def test_what_an_order_is_about(text, what):
    order = segments.order(text)
    assert order is not None
    assert order[1] == what


@pytest.mark.parametrize("text", ["add that to my list", "show my list", "what is hospice?", ""])
def test_what_names_nothing_to_keep(text):
    assert segments.order(text) is None


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("signs in the liver or brain", "signs in the brain"),
        ("side effects of chemo and of radiation", "side effects of radiation"),
    ],
)
def test_one_thing_asked_of_two_is_also_asked_of_the_second(text, second):
    pairs = segments.shared(text, vocabulary().entities(text))
    assert [pair[1] for pair in pairs] == [second]


def test_two_questions_about_two_things_share_nothing():
    text = "signs in the liver, and how is the brain treated"
    assert segments.shared(text, vocabulary().entities(text)) == ()


@pytest.mark.parametrize("text", ["how is it treated", "does that hurt", "which one is better", "what else is there"])
def test_what_points_back_leans_on_what_came_before(text):
    assert segments.leans(text)


@pytest.mark.parametrize("text", ["what is hospice", "can I drink wine"])
def test_what_names_its_subject_stands_alone(text):
    assert not segments.leans(text)
