"""Phrases: the notation of the word files, and finding all of them in a message with one spaCy PhraseMatcher.

Notation: `(a|b|)` stands for each alternative, an empty one for "may be missing"; alternatives may hold several words
and further brackets. "(my|her|) legs gave (out|way)" is six phrases.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from careline import text

_PIECE = re.compile(r"[()|]|[^()|]+")
UNKNOWN = "_"  # stands for every word no phrase knows, so that the vocabulary never grows with what people type


@dataclass(frozen=True)
class Occurrence:
    """A named phrase found at word positions [start, end) of the words searched."""

    name: str
    start: int
    end: int


def expand(phrase: str) -> list[str]:
    """Each plain phrase that a phrase in notation stands for, without repeats.

    Raises:
        ValueError: brackets that do not close.
    """
    if phrase.count("(") != phrase.count(")"):
        raise ValueError(f"brackets do not match in {phrase!r}; close each ( with a )")
    results, rest = _alternatives(_PIECE.findall(phrase))
    if rest:
        raise ValueError(f"a ) or | stands outside brackets in {phrase!r}; remove it or open a ( before it")
    return list(dict.fromkeys(results))


def _alternatives(pieces: list[str]) -> tuple[list[str], list[str]]:
    """Read alternatives up to the closing bracket (or the end): (what they stand for, pieces left, bracket included)."""
    results: list[str] = []
    sequence = [""]
    while pieces and pieces[0] != ")":
        piece, pieces = pieces[0], pieces[1:]
        if piece == "|":
            results, sequence = results + sequence, [""]
        elif piece == "(":
            inner, pieces = _alternatives(pieces)
            pieces = pieces[1:]
            sequence = [left + right for left in sequence for right in dict.fromkeys(inner)]
        else:
            sequence = [left + piece for left in sequence]
    return results + sequence, pieces


@cache
def _plain(word: str) -> tuple[str, ...]:
    """One written word as the words it is compared as ("i'll" is two)."""
    return tuple(token.norm for token in text.tokens(word) if token.kind in (text.WORD, text.NUMBER))


def words_of(phrase: str, skipped: frozenset[str]) -> tuple[str, ...]:
    """A plain phrase as compared words, without the skipped ones."""
    return tuple(each for word in phrase.split() for each in _plain(word) if each not in skipped)


class PhraseBook:
    """Names with their phrases, compiled once; `find` gives every occurrence of every name."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], skipped: frozenset[str]) -> None:
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab)
        self.words: set[str] = set()
        for name, lines in phrases.items():
            plain = {words_of(each, skipped) for line in lines for each in expand(line)} - {()}
            self.words.update(word for words in plain for word in words)
            self._matcher.add(name, [Doc(self._vocab, words=list(words)) for words in sorted(plain)])

    def find(self, words: list[str]) -> list[Occurrence]:
        """Every occurrence in a list of compared words, in order of place, longest first."""
        known = [word if word in self.words else UNKNOWN for word in words]
        if not known:
            return []
        name_of = self._vocab.strings
        hits = self._matcher(Doc(self._vocab, words=known))
        found = {Occurrence(name_of[key], start, end) for key, start, end in hits}
        return sorted(found, key=lambda hit: (hit.start, -hit.end, hit.name))
