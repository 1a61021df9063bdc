"""Which language a message is in: another one is noticed, and misspelt English stays English."""

from __future__ import annotations

import pytest

from careline import language
from careline.nlu.spelling import general_words


def _detected(text: str, *misspelt: str) -> str:
    return language.detect(text, lambda word: word in general_words(), misspelt)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no entiendo", "es"),
        ("me duele la cadera", "es"),
        ("tengo fiebre", "es"),
        ("Was kann ich gegen die Schmerzen in den Knochen tun?", "de"),
        ("ich habe Angst und weiss nicht was ich machen soll", "de"),
        ("je ne comprends pas", "fr"),
        ("我的背很痛怎么办", "zh"),
        ("у меня болит спина", "ru"),
    ],
)
def test_other_languages(text, code):
    assert _detected(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "ok",
        "hip hurts",
        "i hav pane in my bak",
        "my mom dx w mbc stge 4",
        "im so sad rn",
        "I can't stop coughing",
        "idk",
        "!!",
        "",
        "911",
    ],
)
def test_english_however_it_is_typed(text):
    assert _detected(text) == "en"


def test_words_that_were_put_right_are_english():
    assert _detected("recurent brest cancer defnition plz", "recurent", "brest", "defnition") == "en"
