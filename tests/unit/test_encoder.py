"""Sentences to vectors: together or alone, in any order, each text once."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from careline.nlu import encoder
from careline.nlu.embeddings import Remembered
from careline.nlu.sentence_encoder import SentenceEncoder, embedder
from careline.nlu.spelling import Speller

TEXTS = [
    "Is it curable?",
    "My mother was told last week that her cancer has come back in the bones of her back, and nobody has told us what will happen now.",
    "pain",
    "what helps with pain at night when the pills do not",
    "no",
]


def test_texts_read_together_are_read_as_each_by_itself() -> None:
    """However long their neighbours are: padding changes nothing."""
    together = encoder.load().encode(TEXTS)
    alone = np.vstack([encoder.load().encode([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_more_texts_than_a_batch_keep_their_order() -> None:
    """Sorting them by length for the encoder is the encoder's own affair."""
    many = [TEXTS[index % len(TEXTS)] for index in range(23)]
    vectors = encoder.load().encode(many, batch=4)
    assert np.allclose(vectors, encoder.load().encode(TEXTS)[np.arange(23) % len(TEXTS)], atol=1e-5)


def test_of_no_texts_there_are_no_vectors() -> None:
    """A message without parts."""
    assert encoder.load().encode([]).shape == (0, encoder.DIMENSIONS)


def test_a_text_of_a_message_is_embedded_once() -> None:
    """Whoever asks for it, and however often."""
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return np.array([[len(text)] for text in texts])

    remembered = Remembered(embed, {})
    assert remembered(["pain", "no", "pain"]).tolist() == [[4], [2], [4]]
    assert remembered(["no", "night"]).tolist() == [[2], [5]]
    assert asked == ["pain", "no", "night"]


def test_a_message_that_was_encoded_can_be_copied() -> None:
    """As `rasa test nlu` does."""
    component = SentenceEncoder({}, "encoder", None, Resource("encoder"), Speller.of_words(["pain"]))  # type: ignore[arg-type]
    (message,) = component.process([Message({TEXT: "what helps with pain and is it normal"})])
    twin = copy.deepcopy(message)
    assert np.array_equal(embedder(twin)(["what helps with pain"]), embedder(message)(["what helps with pain"]))
