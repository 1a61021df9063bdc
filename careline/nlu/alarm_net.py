"""The learned net beside the red-flag rules: it hears what the rules have no words for. It may raise an alarm, never lower one.

One linear classifier says whether a message is an alarm at all, a second which row of the table it belongs to. Both read the
sentence embedding and the characters and words of the text, as the topic classifier does; nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from careline import documents
from careline.nlu import segments
from careline.nlu.topic_model import Features
from careline.red_flags import Finding
from careline.turn import TIERS

_SEED = 13
_FALSE_ALARMS = 0.025  # of look-alikes, out of fold: the bound that the threshold is chosen by
_LONG = 30  # words; of a longer message every sentence is heard on its own as well
_WINDOW = 24  # words of a stretch of a long message without full stops
_MOST = 24  # pieces of one message
_UNSURE = 0.25  # a tier this likely counts: unknown is taken for the worse
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Heard:
    """Training data: sentences that raise an alarm with their row and tier, and sentences that do not."""

    alarms: tuple[tuple[str, str, str], ...]  # (text, row, tier)
    harmless: tuple[str, ...]


def read(directory: Path) -> Heard:
    """All phrasings and look-alikes of the red flags, the rules' own and those in `heard/`."""
    alarms, harmless = [], []
    for path in [*sorted(directory.glob("E*.yml")), *sorted((directory / "heard").glob("*.yml"))]:
        value = documents.read(path).value
        alarms += [(text, value["id"], _tier(level)) for level, texts in value["phrasings"].items() for text in texts]
        harmless += value["not_this"]
    return Heard(tuple(alarms), tuple(harmless))


class AlarmNet:
    """The trained net."""

    def __init__(self, features: Features, alarm: np.ndarray, rows: np.ndarray, labels: Sequence[str], threshold: float) -> None:
        self._features = features
        self._alarm = alarm  # (features + 1,): weights, then the bias
        self._rows = rows  # (features + 1, labels)
        self._labels = tuple(labels)  # "E1:urgent"
        self.threshold = threshold

    def find(self, text: str, vector: np.ndarray, encode: Encode) -> tuple[Finding, ...]:
        """The alarm of a message, at most one finding.

        Args:
            text: the message; its embedding is `vector`, (384,).
            encode: embeds the pieces of a long message.
        """
        pieces = _pieces(text)
        vectors = np.vstack([vector[None, :], encode(pieces)]) if pieces else vector[None, :]
        texts = [text, *pieces]
        rows = self._features.rows(texts, vectors)
        scores = _logistic(rows @ self._alarm[:-1] + self._alarm[-1])
        best = int(scores.argmax())
        if scores[best] < self.threshold:
            return ()
        return (self._finding(text, texts[best], rows[best]),)

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """How likely each text is an alarm, (n,), each taken as a whole."""
        return _logistic(self._features.rows(texts, vectors) @ self._alarm[:-1] + self._alarm[-1])

    def _finding(self, text: str, piece: str, row: sparse.csr_matrix) -> Finding:
        margins = np.asarray(row @ self._rows[:-1] + self._rows[-1]).ravel()
        chances = np.exp(margins - margins.max())
        chances /= chances.sum()
        flag = self._labels[int(chances.argmax())].partition(":")[0]
        tiers: dict[str, float] = {}
        for label, chance in zip(self._labels, chances):
            if label.startswith(f"{flag}:"):
                tier = label.partition(":")[2]
                tiers[tier] = tiers.get(tier, 0.0) + float(chance)
        total = sum(tiers.values())
        likely = [tier for tier, chance in tiers.items() if chance / total >= _UNSURE]
        strong = "strong" in likely
        tier = "crisis" if flag == "E11" else min(likely, key=TIERS.index)
        start = max(text.find(piece), 0)
        return Finding(flag, tier, piece, start, start + len(piece), "unknown", strong, "net")

    @classmethod
    def train(cls, heard: Heard, reports: Sequence[str], ordinary: Sequence[str], embed: Encode) -> AlarmNet:
        """Fit both classifiers and choose the threshold on predictions out of fold. Deterministic.

        Args:
            heard: the red flags' phrasings and look-alikes.
            reports: symptoms told that are no alarms; they lie nearest to the alarms, so they weigh most.
            ordinary: questions and small talk that are no alarms.
            embed: embeds texts, (n, 384).
        """
        urgent = [item for item in heard.alarms if item[2] != "today"]  # what can wait for a day is the rules' to say
        texts = [*(text for text, _, _ in urgent), *heard.harmless, *reports, *ordinary]
        y = np.array([1] * len(urgent) + [0] * (len(texts) - len(urgent)))
        shares = ((1.0, urgent), (1.5, heard.harmless), (4.0, reports), (0.4, ordinary))
        weight = np.concatenate([np.full(len(some), share) for share, some in shares])
        features = Features.untrained().fit(texts)
        rows = features.rows(texts, embed(texts))
        alarm = _classifier().fit(rows, y, sample_weight=weight)
        labels = np.array([f"{row}:{tier}" for _, row, tier in urgent])
        which = _classifier().fit(rows[: len(urgent)], labels)
        look_alikes = np.arange(len(urgent), len(urgent) + len(heard.harmless))
        threshold = _threshold(rows, y, weight, look_alikes)
        return cls(features, _stack(alarm)[:, 0], _stack(which), which.classes_, threshold)

    def save(self, folder: Path) -> None:
        """Write the net into a folder, as arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "net.npz", alarm=self._alarm, rows=self._rows, **self._features.arrays())
        meta = {"labels": list(self._labels), "threshold": self.threshold, **self._features.vocabularies()}
        (folder / "net.json").write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> AlarmNet:
        """Read what `save` wrote; runs no code from the folder."""
        meta = json.loads((folder / "net.json").read_text(encoding="utf-8"))
        with np.load(folder / "net.npz", allow_pickle=False) as arrays:
            features = Features.restored(meta, arrays)
            return cls(features, arrays["alarm"], arrays["rows"], meta["labels"], meta["threshold"])


def _classifier() -> LogisticRegression:
    return LogisticRegression(C=5, solver="liblinear", random_state=_SEED)


def _threshold(rows: sparse.csr_matrix, y: np.ndarray, weight: np.ndarray, look_alikes: np.ndarray) -> float:
    """The level that at most 3 % of look-alikes reach when the net has not seen them."""
    folds = StratifiedKFold(4, shuffle=True, random_state=_SEED)
    unseen = cross_val_predict(_classifier(), rows, y, cv=folds, method="predict_proba", fit_params={"sample_weight": weight})[:, 1]
    return float(np.clip(np.quantile(unseen[look_alikes], 1 - _FALSE_ALARMS), 0.1, 0.9))


def _pieces(text: str) -> list[str]:
    """The sentences of a long message, and stretches of it where it has none."""
    words = text.split()
    if len(words) <= _LONG:
        return []
    stretches = [" ".join(words[start : start + _WINDOW]) for start in range(0, len(words), _WINDOW // 2)]
    return list(dict.fromkeys([*stretches, *segments.split(text)]))[:_MOST]


def _stack(model: LogisticRegression) -> np.ndarray:
    return np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)


def _logistic(margins: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-margins))


def _tier(level: str) -> str:
    return {"act": "strong"}.get(level, level)
