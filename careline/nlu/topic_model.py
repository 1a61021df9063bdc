"""Which topic a message is about: one linear classifier over all topics, symptoms, small talk and out-of-scope together.

Features are the sentence embedding and the TF-IDF of characters and words, side by side; the margins become probabilities by
one temperature, fitted on examples kept out of training, so that a probability of 0.8 is right about eight times in ten.
Nothing here is pickled: a model is arrays and JSON, and opening one runs no code of its own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedShuffleSplit

from careline.nlu.separators import Separators
from careline.nlu.terms import Block, Terms, dense, side_by_side
from careline.nlu.thresholds import NOT_CALIBRATED, Calibration, Thresholds

OUT_OF_SCOPE = "out_of_scope"
_EMBEDDING_WEIGHT = 2.0  # beside unit-length TF-IDF rows; chosen by cross-validation (docs/decisions/0003)
_CALIBRATION_SHARE = 0.12
_SEED = 13
# From a model, and texts that it has not learned with their labels and its reading of them, (texts, labels).
Calibrate = Callable[["TopicModel", Sequence[str], Sequence[str], np.ndarray], Calibration]


class Features:
    """Embedding, characters and words of a text, as one sparse row."""

    def __init__(self, characters: Terms, words: Terms) -> None:
        self._characters = characters
        self._words = words

    @classmethod
    def learned(cls, texts: Sequence[str]) -> Features:
        """Learn the vocabulary."""
        return cls(Terms.learned(_characters(), texts), Terms.learned(_words(), texts))

    def arrays(self) -> dict[str, np.ndarray]:
        """What `restored` needs of numbers."""
        return {"character_idf": self._characters.idf, "word_idf": self._words.idf}

    def vocabularies(self) -> dict[str, list[str]]:
        """What `restored` needs of words."""
        return {"characters": self._characters.terms, "words": self._words.terms}

    @classmethod
    def restored(cls, vocabularies: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Features:
        """The features that gave `vocabularies()` and `arrays()`."""
        return cls(
            Terms(_characters().build_analyzer(), vocabularies["characters"], arrays["character_idf"]),
            Terms(_words().build_analyzer(), vocabularies["words"], arrays["word_idf"]),
        )

    def blocks(self, texts: Sequence[str], vectors: np.ndarray) -> list[Block]:
        """Features of texts with their embeddings (n, 384), block by block."""
        return [dense(vectors * _EMBEDDING_WEIGHT), *self.terms(texts)]

    def terms(self, texts: Sequence[str]) -> list[Block]:
        """Characters and words alone, block by block."""
        return [self._characters.block(texts), self._words.block(texts)]

    def rows(self, texts: Sequence[str], vectors: np.ndarray) -> sparse.csr_matrix:
        """Features of texts with their embeddings (n, 384): a (n, features) sparse matrix."""
        return side_by_side(self.blocks(texts, vectors))


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=3, max_features=20_000, dtype=np.float32)


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"[\w']+", dtype=np.float32)


class TopicModel:
    """A trained classifier: texts and their embeddings in, a probability for each label out."""

    def __init__(
        self, labels: Sequence[str], features: Features, weights: np.ndarray, bias: np.ndarray, temperature: float, calibration: Calibration
    ) -> None:
        self.labels = tuple(labels)
        self.features = features
        self.calibration = calibration
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)  # (features, labels): few rows are read for one text
        self._bias = bias.astype(np.float32)
        self._temperature = temperature

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Probabilities of shape (len(texts), len(labels)); each row sums to 1."""
        return _softmax(self._temperature * (self.features.rows(texts, vectors) @ self._weights + self._bias))

    @property
    def thresholds(self) -> Thresholds:
        """How sure is sure enough."""
        return self.calibration.thresholds

    def with_thresholds(self, thresholds: Thresholds) -> TopicModel:
        """The same model with other thresholds."""
        other = copy.copy(self)
        other.calibration = Calibration(thresholds, {})
        return other

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], vectors: np.ndarray, calibrate: Calibrate) -> TopicModel:
        """Fit classifier, temperature and thresholds. Deterministic: same data, same model.

        Args:
            texts: examples as typed, spelling corrected or not.
            labels: the label of each.
            vectors: their embeddings, (n, 384).
            calibrate: fits the thresholds of a second model on the examples that it has not learned.
        """
        y = np.array(labels)
        features = Features.learned(texts)
        rows = features.rows(texts, vectors)
        train, held = next(StratifiedShuffleSplit(1, test_size=_CALIBRATION_SHARE, random_state=_SEED).split(rows, y))
        whole = Separators.fitted(rows, y)
        part = Separators.fitted(rows[train], y[train], alike=whole.margins(rows[train]))
        margins = part.margins(rows[held])
        temperature = _temperature(margins, np.searchsorted(part.labels, y[held]))
        second = cls(list(part.labels), features, part.weights, part.bias, temperature, NOT_CALIBRATED)
        calibration = calibrate(second, [texts[index] for index in held], y[held].tolist(), _softmax(temperature * margins))
        return cls(list(whole.labels), features, whole.weights, whole.bias, temperature, calibration)

    def save(self, folder: Path) -> None:
        """Write the model into a folder, as arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "weights.npz", weights=self._weights, bias=self._bias, **self.features.arrays())
        meta = {
            "labels": list(self.labels),
            "temperature": self._temperature,
            "thresholds": vars(self.thresholds),
            "found": dict(self.calibration.found),
            **self.features.vocabularies(),
        }
        (folder / "model.json").write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read what `save` wrote; runs no code from the folder."""
        meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            features = Features.restored(meta, arrays)
            calibration = Calibration(Thresholds(**meta["thresholds"]), meta["found"])
            return cls(meta["labels"], features, arrays["weights"], arrays["bias"], meta["temperature"], calibration)


def _temperature(margins: np.ndarray, truth: np.ndarray) -> float:
    def loss(temperature: float) -> float:
        chosen = _softmax(temperature * margins)[np.arange(len(truth)), truth]
        return float(-np.log(chosen + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(1, 20), method="bounded").x)


def _softmax(margins: np.ndarray) -> np.ndarray:
    exponents = np.exp(margins - margins.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
