"""Misspelt words put right against our own vocabulary, for the topic classifier only (red flags read what was typed)."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SHORTEST = 4  # shorter words have too many neighbours to guess
_COMMON = 30_000


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [match.group().lower() for match in _WORD.finditer(text)]


class Speller:
    """Replaces a word nobody knows by the nearest word of our subject, where one is near enough."""

    def __init__(self, subject: Iterable[str], general: Iterable[str]) -> None:
        """`subject`: words worth correcting to. `general`: words that are right as they are."""
        self._subject = sorted(word for word in set(subject) if len(word) >= _SHORTEST)
        self._known = set(self._subject) | set(general)
        self._correct = lru_cache(maxsize=4096)(self._nearest)

    @classmethod
    def from_examples(cls, examples: Iterable[str], extra: Iterable[str] = ()) -> Speller:
        """Learn the subject's words from training examples: those seen often, or seen and in the general list.

        Examples hold misspellings on purpose, so a rare word that no dictionary knows is not a word to correct to.
        """
        general = general_words()
        counts = Counter(word for example in examples for word in words(example))
        subject = {word for word, count in counts.items() if count >= 8 or (count >= 2 and word in general)}
        return cls(subject | {word.lower() for word in extra}, general)

    @classmethod
    def of_words(cls, subject: Iterable[str]) -> Speller:
        """The speller that knows these subject words (what `subject` gave)."""
        return cls(subject, general_words())

    @property
    def subject(self) -> list[str]:
        """The words it corrects to."""
        return list(self._subject)

    def correct(self, text: str) -> str:
        """The text with misspelt words put right; everything else as it was."""
        return _WORD.sub(lambda match: self._correct(match.group()), text)

    def knows(self, word: str) -> bool:
        """Is this an English word as far as we can tell?"""
        return word.lower() in self._known

    def _nearest(self, word: str) -> str:
        lower = word.lower()
        if len(lower) < _SHORTEST or lower in self._known:
            return word
        allowed = 1 if len(lower) < 8 else 2
        found = process.extractOne(lower, self._subject, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
        return found[0] if found else word


@lru_cache(maxsize=1)
def general_words() -> frozenset[str]:
    """English words: the list that ships with symspellpy, without its rare tail (which holds misspellings)."""
    folder = importlib.util.find_spec("symspellpy").submodule_search_locations[0]  # type: ignore[union-attr, index]
    lines = (Path(folder) / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines[:_COMMON])
