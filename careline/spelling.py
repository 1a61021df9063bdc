"""Spelling: an unknown word -> the red-flag word it was probably meant to be, or itself.

Cautious on purpose: only into words of five letters or more, same first letter, one slip, two from eight letters on, and never a word that people
really use ("never" is not "fever", "sever" is not "severe"): those stand in content/red_flags/_ordinary.yml.
"""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_REPEATED = re.compile(r"(.)\1{2,}")
_REMEMBERED = 5000
SHORTEST = 5


class Speller:
    """Knows the words of the red flags (`known`), which of them may be meant (`targets`), and words to leave alone."""

    def __init__(self, known: Iterable[str], targets: Iterable[str], ordinary: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._kept = frozenset(ordinary)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        often = Counter(targets)
        for word in sorted(often, key=lambda word: (-often[word], word)):  # of two as near, the more usual one
            if len(word) >= SHORTEST and word.isalpha():
                self._by_letter[word[0]].append(word)
        self._seen: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """The word as the rules should read it."""
        if word in self._known:
            return word
        if word not in self._seen:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[word] = self._correct(word)
        return self._seen[word]

    def _correct(self, word: str) -> str:
        for shorter in (_REPEATED.sub(r"\1\1", word), _REPEATED.sub(r"\1", word)):
            if shorter in self._known or shorter in self._kept:
                return shorter
            word = shorter if len(shorter) < len(word) else word
        return word if word in self._kept or not word.isalpha() else self._nearest(word)

    def _nearest(self, word: str) -> str:
        if not SHORTEST - 1 <= len(word) <= 20:
            return word
        slips = 2 if len(word) >= 8 else 1
        best = process.extractOne(word, self._by_letter.get(word[0], ()),
                                  scorer=OSA.distance, score_cutoff=slips)
        return str(best[0]) if best else word
