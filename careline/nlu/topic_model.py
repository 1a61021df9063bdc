"""Which topic a message is about: one linear classifier over all topics, symptoms, small talk and out-of-scope together.

Features are the sentence embedding and the TF-IDF of characters and words, side by side; the margins become probabilities by
one temperature, fitted on examples kept out of training, so that a probability of 0.8 is right about eight times in ten.
Nothing here is pickled: a model is arrays and JSON, and opening one runs no code of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedShuffleSplit

from careline.nlu.separators import Separators
from careline.nlu.terms import Block, Terms, dense, side_by_side

OUT_OF_SCOPE = "out_of_scope"
_EMBEDDING_WEIGHT = 2.0  # beside unit-length TF-IDF rows; chosen by cross-validation (docs/decisions/0003)
_CALIBRATION_SHARE = 0.12
_SEED = 13


@dataclass(frozen=True)
class Thresholds:
    """When to answer, offer, or say that there is no answer; fitted on examples kept out of training."""

    answer: float  # least probability at which the best topic is answered
    offer: float  # least probability at which a topic is worth offering as a choice
    scope: float  # least probability of being in scope at all


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
        return [dense(vectors * _EMBEDDING_WEIGHT), self._characters.block(texts), self._words.block(texts)]

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
        self, labels: Sequence[str], features: Features, weights: np.ndarray, bias: np.ndarray, temperature: float, thresholds: Thresholds
    ) -> None:
        self.labels = tuple(labels)
        self.features = features
        self.thresholds = thresholds
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)  # (features, labels): few rows are read for one text
        self._bias = bias.astype(np.float32)
        self._temperature = temperature

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Probabilities of shape (len(texts), len(labels)); each row sums to 1."""
        return _softmax(self._temperature * (self.features.rows(texts, vectors) @ self._weights + self._bias))

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str], vectors: np.ndarray) -> TopicModel:
        """Fit classifier, temperature and thresholds. Deterministic: same data, same model.

        Args:
            texts: examples as typed, spelling corrected or not.
            labels: the label of each.
            vectors: their embeddings, (n, 384).
        """
        y = np.array(labels)
        features = Features.learned(texts)
        rows = features.rows(texts, vectors)
        train, held = next(StratifiedShuffleSplit(1, test_size=_CALIBRATION_SHARE, random_state=_SEED).split(rows, y))
        whole = Separators.fitted(rows, y)
        part = Separators.fitted(rows[train], y[train], alike=whole.margins(rows[train]))
        margins = part.margins(rows[held])
        truth = np.searchsorted(part.labels, y[held])
        temperature = _temperature(margins, truth)
        thresholds = calibrate(_softmax(temperature * margins), truth, list(part.labels))
        return cls(list(whole.labels), features, whole.weights, whole.bias, temperature, thresholds)

    def save(self, folder: Path) -> None:
        """Write the model into a folder, as arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "weights.npz", weights=self._weights, bias=self._bias, **self.features.arrays())
        meta = {
            "labels": list(self.labels),
            "temperature": self._temperature,
            "thresholds": vars(self.thresholds),
            **self.features.vocabularies(),
        }
        (folder / "model.json").write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read what `save` wrote; runs no code from the folder."""
        meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            features = Features.restored(meta, arrays)
            return cls(meta["labels"], features, arrays["weights"], arrays["bias"], meta["temperature"], Thresholds(**meta["thresholds"]))


def calibrate(probabilities: np.ndarray, truth: np.ndarray, labels: Sequence[str]) -> Thresholds:
    """Thresholds from held-out probabilities: answer where at least nine in ten such answers are right.

    The scope threshold turns away 2 % of in-scope texts at the most: a question wrongly turned away leaves a person alone,
    an off-topic one answered with a referral does not.
    """
    best, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    candidates = np.linspace(0.2, 0.9, 71)
    precise = [level for level in candidates if (best >= level).any() and right[best >= level].mean() >= 0.9]
    out = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None
    inside = 1 - probabilities[:, out] if out is not None else np.ones(len(truth))
    in_scope = inside[truth != out] if out is not None else inside
    return Thresholds(
        answer=float(min(precise, default=0.6)), offer=0.03, scope=float(min(0.5, np.quantile(in_scope, 0.02)))
    )


def _temperature(margins: np.ndarray, truth: np.ndarray) -> float:
    def loss(temperature: float) -> float:
        chosen = _softmax(temperature * margins)[np.arange(len(truth)), truth]
        return float(-np.log(chosen + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(1, 20), method="bounded").x)


def _softmax(margins: np.ndarray) -> np.ndarray:
    exponents = np.exp(margins - margins.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
