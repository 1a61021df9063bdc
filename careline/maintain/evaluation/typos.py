"""The same words typed in other ways: slips of the finger, capitals, no marks, hidden characters, buried, told by a relative.

Everything is drawn from the text itself and a fixed seed, so that two runs measure the same thing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

RATE = 1 / 6  # of the words of four letters or more gets a slip; every text gets at least one
LONG = 2000  # characters of a buried message
_WORD = re.compile(r"[^\W\d_]{4,}")
_MARKS = re.compile(r"(?<!\d)[.,:]|[.,:](?!\d)|[;!?¡¿'’\"“”()…-]")
_HIDDEN = "\u200b\u200c\u200d\ufeff\u00ad"
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SMALL_TALK = (
    "Good morning to everyone there.", "We painted the kitchen yellow last week.", "My sister sends postcards from Oregon.",
    "The neighbours have a new fence.", "It rained most of Sunday.", "I baked two loaves of bread and gave one away.",
    "Our grandson plays the trumpet in a band.", "The bus was late again.", "I finished the blue sweater at last.",
    "There was a long line at the post office.", "We planted beans and squash along the wall.", "The radio played old songs all afternoon.",
    "A friend from church brought lasagna.", "I am reading a book about lighthouses.", "The clinic moved its parking lot.",
    "We watched the boats for an hour.",
)
Change = Callable[[str, str], str]


def slips(text: str, seed: int = 13) -> str:
    """Keyboard slips: a neighbouring key, a letter lost, doubled, or swapped with the next."""
    dice = random.Random(f"{seed}:{text}")
    words = list(_WORD.finditer(text))
    hit = [word for word in words if dice.random() < RATE] or (dice.sample(words, 1) if words else [])
    for word in reversed(hit):
        text = text[: word.start()] + _slip(word.group(), dice) + text[word.end() :]
    return text


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:at] + _beside(word[at], dice) + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _beside(letter: str, dice: random.Random) -> str:
    row = next((row for row in _KEYS if letter.lower() in row), None)
    if row is None:
        return letter
    place = row.index(letter.lower())
    return dice.choice([row[index] for index in (place - 1, place + 1) if 0 <= index < len(row)])


def unmarked(text: str) -> str:
    """Without punctuation, as people type in a hurry; the point of 101.2 stays."""
    return _MARKS.sub("", text)


def hidden(text: str) -> str:
    """With characters nobody sees between the letters."""
    dice = random.Random(f"hidden:{text}")
    return "".join(letter + (dice.choice(_HIDDEN) if dice.random() < 0.2 else "") for letter in text)


def buried(text: str) -> str:
    """In the middle of a message of 2,000 characters about other things."""
    dice = random.Random(f"buried:{text}")
    before, after = "", ""
    while len(before) + len(text) + len(after) < LONG - 100:
        before = f"{before} {dice.choice(_SMALL_TALK)}"
        after = f"{after} {dice.choice(_SMALL_TALK)}"
    return f"{before.strip()} {_closed(text)} {after.strip()}"[:LONG]


def _closed(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def told(text: str, style: str = "") -> str:
    """By a relative: "my mom says …"."""
    return f"mi mamá dice: {text}" if style == "spanish" else f"my mom says {text}"


# How to type a text of a style ("spanish", "caps" ...) in another way.
CHANGES: Mapping[str, Change] = {
    "in capitals": lambda text, style: text.upper(),
    "without punctuation": lambda text, style: unmarked(text),
    "zero-width characters inside": lambda text, style: hidden(text),
    "random typos": lambda text, style: slips(text),
    "buried in 2,000 characters": lambda text, style: buried(text),
    "\"my mom says\" before it": told,
}
