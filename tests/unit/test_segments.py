"""How a message is cut into what may be questions of their own."""

from __future__ import annotations

from careline.nlu import segments


def test_two_questions_are_two_pieces():
    assert segments.split("What is a lytic lesion? And can radiation help?") == ("What is a lytic lesion?", "And can radiation help?")


def test_an_aside_in_brackets_is_no_question_and_no_report_of_its_own():
    """A seizure named as an example in brackets was once answered like one that was told."""
    text = "How does it show itself in the head? (headache, a seizure)"
    assert segments.split(text) == ("How does it show itself in the head?",)
    assert segments.halves(text) == ()
