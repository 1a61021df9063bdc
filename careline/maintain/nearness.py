"""Examples by meaning: pairs that say the same in two topics, and examples that stand nearer to another topic than to their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, Extra

from careline import documents
from careline.contents import Example
from careline.schema import parse

# Cosine from which on two examples say the same thing.
SAME = 0.97
# How much nearer (mean cosine of the nearest five) another topic must be than its own. Of examples moved to a topic drawn by lot this finds 62 %; of those that
# stand where they belong it points at 2 in 1,000.
STRAY = 0.32
_FEW = 5
_ROWS = 1024


@dataclass(frozen=True)
class Pair:
    """An example and one of another topic that is nearest to it, and how near: a cosine, or for a stray how much nearer that topic is."""

    example: Example
    other: Example
    value: float
    kind: str  # same | stray


class _Looked(BaseModel):
    """Examples that a person looked at and left where they are, each as {intent: text}, with the reason."""

    why: str
    examples: list[dict[str, str]]

    class Config:
        extra = Extra.forbid


class _File(BaseModel):
    accepted: list[_Looked]

    class Config:
        extra = Extra.forbid


def accepted(path: Path) -> Mapping[tuple[str, str], str]:
    """The examples of content/near.yml, by intent and text, with the reason.

    Raises:
        ContentError: the file cannot be read, with its line.
    """
    return {
        (intent, text): group.why for group in parse(_File, documents.read(path)).accepted for example in group.examples for intent, text in example.items()
    }


def pairs(examples: Sequence[Example], vectors: np.ndarray, accepted: Mapping[tuple[str, str], str]) -> Iterator[Pair]:
    """What is too near, most striking first; without the examples that a person accepted where they are, given as (intent, text).

    `vectors` has shape (len(examples), dimensions), each row of length 1.
    """
    intents, owner = np.unique([example.intent for example in examples], return_inverse=True)
    order = np.argsort(owner, kind="stable")
    sorted_vectors, starts = vectors[order], np.searchsorted(owner[order], np.arange(len(intents) + 1))
    found = [
        pair
        for first in range(0, len(examples), _ROWS)
        for pair in _rows(examples, order, sorted_vectors, owner[order], starts, first)
        if (pair.example.intent, pair.example.text) not in accepted
    ]
    yield from sorted(found, key=lambda pair: (pair.kind, -pair.value))


def _rows(
    examples: Sequence[Example],
    order: np.ndarray,
    vectors: np.ndarray,
    owner: np.ndarray,
    starts: np.ndarray,
    first: int,
) -> Iterator[Pair]:
    """The pairs of one block of examples, in the order of their topics."""
    rows = np.arange(first, min(first + _ROWS, len(order)))
    similarity = vectors[rows] @ vectors.T
    similarity[np.arange(len(rows)), rows] = -1.0  # not with itself
    topics = _few_nearest(similarity, starts)
    own = topics[np.arange(len(rows)), owner[rows]].copy()
    topics[np.arange(len(rows)), owner[rows]] = -1.0
    away = np.where(owner[rows][:, None] == owner[None, :], -1.0, similarity)
    nearest, gap = away.argmax(axis=1), topics.max(axis=1) - own
    for index, row in enumerate(rows):
        example, other = examples[order[row]], examples[order[nearest[index]]]
        if away[index, nearest[index]] >= SAME and row < nearest[index]:
            yield Pair(example, other, float(away[index, nearest[index]]), "same")
        if gap[index] >= STRAY:
            best = _nearest_in(away[index], starts, int(topics[index].argmax()))
            yield Pair(example, examples[order[best]], float(gap[index]), "stray")


def _few_nearest(similarity: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """For each row and topic the mean similarity of the topic's few nearest examples, shape (rows, topics)."""
    result = np.empty((len(similarity), len(starts) - 1), dtype=np.float32)
    for topic, (start, end) in enumerate(zip(starts, starts[1:])):
        few = min(_FEW, end - start)
        result[:, topic] = np.partition(similarity[:, start:end], -few, axis=1)[:, -few:].mean(axis=1)
    return result


def _nearest_in(similarity: np.ndarray, starts: np.ndarray, topic: int) -> int:
    return int(starts[topic] + similarity[starts[topic] : starts[topic + 1]].argmax())
