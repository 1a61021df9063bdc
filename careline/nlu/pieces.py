"""Does a message ask several things? Decided from how its sentences and the halves of its cuts were read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from careline import triage
from careline.nlu import segments
from careline.nlu.thresholds import Thresholds

MOST = 3
Halves = Sequence["Piece"]  # the two halves of a message cut in one place


@dataclass(frozen=True)
class Piece:
    """A part of a message, with its probabilities over all labels, and what the whole message gives its likeliest one."""

    text: str
    row: np.ndarray
    label: str
    known: float = 0.0

    @cached_property
    def sure(self) -> float:
        """How likely its label is."""
        return float(self.row.max())

    @cached_property
    def asks(self) -> bool:
        """Is it a question?"""
        return segments.is_question(self.text)

    @property
    def answers(self) -> bool:
        """Is it about something that is answered?"""
        return self.label.startswith("answer/")

    @cached_property
    def names_symptom(self) -> bool:
        """Does it name the symptom it is taken for in strong words?"""
        kind, _, topic = self.label.partition("/")
        return kind == "symptom" and topic in triage.mentioned(self.text)


def asked(pieces: Sequence[Piece], cuts: Iterable[Halves], thresholds: Thresholds) -> tuple[str, ...]:
    """The labels of a message that asks several things, symptoms first; fewer than two where it does not.

    Args:
        pieces: its sentences.
        cuts: the ways to cut it in two; looked at only where the sentences do not settle it.
    """
    asked = _serious_first([piece.label for piece in pieces if _counts(piece, thresholds)])
    return asked if len(asked) > 1 else _cut(cuts, thresholds)


def _counts(piece: Piece, thresholds: Thresholds) -> bool:
    """A sentence counts that asks, or tells of a symptom, and is sure of it."""
    return piece.sure >= thresholds.part and (_tells(piece, thresholds) or _asks(piece))


def _asks(piece: Piece) -> bool:
    return piece.answers and piece.asks


def _tells(piece: Piece, thresholds: Thresholds) -> bool:
    """Does a part tell of a symptom? By strong words, or where it is sure of it: "my scan lit up in my hip" is none."""
    if not piece.label.startswith("symptom/"):
        return False
    return piece.known >= thresholds.heard or piece.sure >= thresholds.alone or piece.names_symptom


def _cut(cuts: Iterable[Halves], thresholds: Thresholds) -> tuple[str, ...]:
    """The two topics of a message at its best cut."""
    sound = [halves for halves in cuts if _known(halves, thresholds) and _two_things(halves, thresholds)]
    best = max(sound, key=lambda halves: min(half.sure for half in halves), default=())
    return _serious_first([half.label for half in best])


def is_sure(half: Piece, thresholds: Thresholds) -> bool:
    """Is a half sure of its topic? One that the whole message does not know must be surer."""
    heard = half.known >= thresholds.heard
    return half.sure >= (thresholds.part if heard else max(thresholds.part, thresholds.alone))


def _known(halves: Halves, thresholds: Thresholds) -> bool:
    """Both halves must be sure, and the whole message must know one of their topics."""
    return any(half.known >= thresholds.heard for half in halves) and all(is_sure(half, thresholds) for half in halves)


def _two_things(halves: Halves, thresholds: Thresholds) -> bool:
    """Two questions, two symptoms, or a symptom and a question: "and he is on tamoxifen" beside a symptom asks nothing."""
    told = [_tells(half, thresholds) for half in halves]
    if any(told):
        return all(tells or _asks(half) for half, tells in zip(halves, told))
    return all(half.answers for half in halves)


def _serious_first(labels: Sequence[str]) -> tuple[str, ...]:
    """Symptoms before questions, each once, three at the most."""
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: not label.startswith("symptom/")))[:MOST]
