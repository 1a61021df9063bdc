"""Texts by their meaning: which topics are nearest. Uses the frozen encoder, not the trained model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from careline.catalog import Catalog, Topic
from careline.maintain import progress
from careline.nlu import encoder
from careline.nlu.embeddings import cached

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-Z\"“(])")
# Cosine between a paragraph and the nearest thing an answer says, from which on the answer is taken to cover it. Of the
# paragraphs of the five documents, which the answers were written from, 93 % lie above it; of a leaflet on a subject that
# they do not treat, 44 %.
COVERED = 0.55


@dataclass(frozen=True)
class Near:
    """A topic near a text: the cosine of the angle to its nearest example or sentence, and that text."""

    topic: str
    similarity: float
    text: str


class Topics:
    """The topics of a catalog by the meaning of their examples and of what they say.

    Their vectors are remembered between runs; those of the texts held against them are not: they may be a person's words.
    """

    def __init__(self, catalog: Catalog) -> None:
        topics = catalog.topics.values()
        self._texts = [(topic.id, text) for topic in topics for text in (*topic.examples, *said(topic))]
        answers = [topic for topic in topics if topic.group != "chat" and topic.meta.kind == "answer"]
        with progress.of_embedding():
            self._vectors = cached([text for _, text in self._texts])
            self._answers = cached([text for topic in answers for text in said(topic)])

    def nearest(self, texts: Sequence[str], count: int = 3) -> list[list[Near]]:
        """For each text the nearest topics, nearest first, each once."""
        return [self._best(row, count) for row in encode(texts) @ self._vectors.T]

    def covered(self, texts: Sequence[str]) -> list[bool]:
        """For each text whether some answer says it, as far as meaning can tell."""
        return [bool(row.max() >= COVERED) for row in encode(texts) @ self._answers.T]

    def _best(self, similarities: np.ndarray, count: int) -> list[Near]:
        found: dict[str, Near] = {}
        for index in np.argsort(-similarities):
            topic, text = self._texts[index]
            found.setdefault(topic, Near(topic, float(similarities[index]), text))
            if len(found) == count:
                break
        return list(found.values())


def encode(texts: Sequence[str]) -> np.ndarray:
    """Texts to vectors of length 1, shape (len(texts), 384); nothing is remembered."""
    return encoder.load().encode(texts) if texts else np.zeros((0, encoder.DIMENSIONS), dtype=np.float32)


def said(topic: Topic) -> list[str]:
    """What a topic says, as a whole and sentence by sentence."""
    return [topic.meta.title, topic.text, *sentences(topic.text)]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.strip() for sentence in SENTENCE_END.split(text) if sentence.strip()]
