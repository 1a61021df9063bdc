"""Whom a message is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.dialogue.about import about, about_self, grammar, possessive, subject


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("My mother has had pain in her hip for weeks", "mother"),
        ("Mom can barely get out of her chair because her hip hurts so much.", "mother"),
        ("Mum's back has been dreadful", "mother"),
        ("my wife woke me up crying because of her back", "wife"),
        ("wife is talkin nonsense", "wife"),
        ("I'm worried about my husband, he coughs all night", "husband"),
        ("I'm afraid my dear wife has become rather confused", "wife"),
        ("dad says his bones hurt", "father"),
        ("my mother-in-law is eighty and sits bent over", "mother-in-law"),
        ("caller's aunt, MBC, reports new back pain", "aunt"),
        ("a patient on the line reports new pain in the pelvis", "patient"),
        ("asking for a friend: how long do people cough", "friend"),
        ("My friend finished treatment years ago and now has a nagging pain", "friend"),
        ("what can I do for my mother", "mother"),
        ("it's for my mum", "mother"),
        ("she coughs after every few words", "person"),
    ],
)
def test_somebody_else(text, whom):
    assert about(text) == whom


@pytest.mark.parametrize(
    "text",
    [
        "my hip hurts",
        "my mother had it too, now I have a pain in my hip",
        "my mother had it too, now I cough",
        "my sister drives me to chemo and I feel sick",
        "the pain in my hip feels exactly like what my friend described",
        "My husband noticed a dent in my breast",
        "can I get it from my mother",
        "my mother had breast cancer, will I get it too",
        "I am a patient and I cough",
        "My partner says I cough all night",
        "My husband says my skin looks yellow",
        "I helped my son move house, since Monday my right arm is swollen",
        "my doctor said she is fine",
        "is it hereditary",
        "",
        "what is an MRI",
    ],
)
def test_the_person_themselves_or_unknown(text):
    assert about(text) is None


def test_speaking_of_ones_own_body_is_noticed():
    assert about_self("now my hip hurts") and about_self("I cough all night")
    assert not about_self("my mother coughs") and not about_self("and the liver?")


def test_english_sentences():
    assert (subject(None), possessive(None)) == ("you", "your")
    assert (subject("mother"), possessive("mother")) == ("your mother", "your mother's")
    assert (subject("patient"), possessive("patient")) == ("the patient", "the patient's")
    assert grammar("mother")["have"] == "has" and grammar(None)["have"] == "have"


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert about(text) is None or subject(about(text))
