"""Examples that a model did not learn from, and messages made of them: what its thresholds are fitted on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from careline.nlu.topic_model import OUT_OF_SCOPE

_SEED = 13
_SHORT = 12  # words; two longer questions are not put into one message
_PAIRS = 150
_SINGLES = 500
# The ways in which people put two questions into one message.
_JOINS = ("{} and {}", "{}, and {}", "{}. {}", "{}? {}?", "{} also {}", "{}, {}", "{}? and {}", "{} + {}", "{}. also {}", "{} and also {}")


@dataclass(frozen=True)
class KeptOut:
    """Examples kept out of training, in random order: their labels, and how a model reads them, (examples, labels)."""

    texts: Sequence[str]
    labels: Sequence[str]
    rows: np.ndarray

    def topics(self) -> list[tuple[str, str, np.ndarray]]:
        """Text, label and reading of those that are about an answer or a symptom."""
        every = zip(self.texts, self.labels, self.rows)
        return [example for example in every if example[1].startswith(("answer/", "symptom/"))]

    def singles(self) -> list[tuple[str, str, np.ndarray]]:
        """Messages that ask one thing, in a word or in a story; they must stay whole."""
        return self.topics()[:_SINGLES]

    def off_topic(self, longest: int) -> list[tuple[str, np.ndarray]]:
        """Texts outside the scope, with how they are read; of `longest` words at most."""
        every = zip(self.texts, self.labels, self.rows)
        return [(text, row) for text, label, row in every if label == OUT_OF_SCOPE and len(text.split()) <= longest]

    def pairs(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Messages that ask two things: two short examples of different topics joined as people join them, with both labels."""
        short = [(text, label) for text, label, _ in self.topics() if len(text.split()) <= _SHORT]
        random.Random(_SEED).shuffle(short)
        different = [(one, other) for one, other in zip(short[::2], short[1::2]) if one[1] != other[1]]
        for number, ((first, label), (second, other)) in enumerate(different[:_PAIRS]):
            yield _joined(_JOINS[number % len(_JOINS)], first, second), frozenset((label, other))


def _joined(join: str, first: str, second: str) -> str:
    if join.startswith("{}. ") and first[-1:] in "?!.":  # the first keeps its own end
        return join.replace("{}.", "{}", 1).format(first, second)
    return join.format(first.rstrip(" ?!."), second.rstrip("?") if join.endswith("?") else second)
