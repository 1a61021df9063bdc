"""Which of several things a person means: "the second one", "number 3", "the last"."""

from __future__ import annotations

import re

_WORDS = ("first 1 1st one", "second 2 2nd two", "third 3 3rd three", "fourth 4 4th four", "fifth 5 5th five")
_ORDINALS = {word: number for number, words in enumerate(_WORDS) for word in words.split()}


def index(text: str, count: int) -> int | None:
    """The place of what a text points to among `count` things, from 0; None where it points to none, or past the end.

    "One" counts only as a number ("number one"): in "the second one" it stands for the thing.
    """
    words = re.findall(r"\w+", text.lower())
    if "last" in words:
        return count - 1 if count else None
    places = [_ORDINALS[word] for word in words if word in _ORDINALS]
    found = next((place for place in places if place), places[0] if places and _counts_one(words) else None)
    return found if found is not None and found < count else None


def _counts_one(words: list[str]) -> bool:
    return "one" not in words or "number" in words or "first" in words


def points(text: str) -> bool:
    """Does a text point to one of several things at all, whether or not there are so many?"""
    return index(text, len(_WORDS)) is not None
