"""The learned net beside the red-flag rules: it hears what the rules have no words for, and weighs their hints.

One linear classifier says whether a message is an alarm at all, a second which row of the table it belongs to. Both read the
sentence embedding, the characters and words of the text, and what the rules saw in it. Nothing is pickled.

A rule is firm when what it raises in the training data is nearly always an alarm; every other rule is a hint ("fall", "off",
"weak" near "leg"). A firm rule alarms by itself; a hint is set aside only where the net is nearly sure that there is no alarm.
Without a net every rule alarms (`red_flags.RedFlags.find`). Why: docs/decisions/0008.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit

from careline import cores, documents
from careline.nlu import segments
from careline.nlu.alarm_features import AlarmFeatures
from careline.red_flags import Evidence, Finding, most_serious
from careline.turn import TIERS

_SEED = 13
_FALSE_ALARMS = 0.11  # of look-alikes, out of fold: the bound that the threshold is chosen by
_PIECE = 0.9  # chance of an alarm at which a piece of a long message alarms: torn out of its story much sounds worse than it is
_HINTED = 0.1  # chance of an alarm at which a hint of the rules stands
_HINTED_PIECE = 0.5  # the same, of a piece
_KEPT = 0.25  # share of the training data that the threshold is chosen on
_FIRM = 0.97  # share of alarms among what a firm rule raises in the training data
_LONG = 30  # words; of a longer message every sentence is heard on its own as well
_WINDOW = 24  # words of a stretch of a long message without full stops
_MOST = 24  # pieces of one message
_UNSURE = 0.25  # a tier this likely counts: unknown is taken for the worse
Encode = Callable[[Sequence[str]], np.ndarray]
Read = Callable[[str], Evidence]


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

    def __init__(
        self, features: AlarmFeatures, alarm: np.ndarray, rows: np.ndarray, labels: Sequence[str], threshold: float, firm: Iterable[str]
    ) -> None:
        self._features = features
        self._alarm = alarm  # (features + 1,): weights, then the bias
        self._rows = rows  # (features + 1, labels)
        self._labels = tuple(labels)  # "E1:urgent"
        self.threshold = threshold
        self.firm = frozenset(firm)

    def judge(self, text: str, vector: np.ndarray, encode: Encode, read: Read) -> tuple[Finding, ...]:
        """The red flags of a message, one finding a flag, the most serious first.

        Args:
            text: the message; its embedding is `vector`, (384,).
            encode: embeds the pieces of a long message.
            read: what the rules make of a text.
        """
        evidence = read(text)
        texts, rows = self._read(text, vector, evidence, encode, read)
        chances = self._chances(rows)
        whole, piece = float(chances[0]), float(chances[1:].max(initial=0.0))
        if whole >= self.threshold or piece >= _PIECE:
            best = 0 if whole >= self.threshold else int(chances.argmax())
            return most_serious([*(finding for _, finding in evidence.raised), self._finding(text, texts[best], rows[best])])
        hinted = whole >= _HINTED or piece >= _HINTED_PIECE
        return most_serious(finding for rule, finding in evidence.raised if hinted or rule in self.firm or finding.tier == "today")

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray, evidence: Sequence[Evidence]) -> np.ndarray:
        """How likely each text is an alarm, (n,), each taken as a whole."""
        return self._chances(self._features.rows(texts, vectors, [each.marks for each in evidence]))

    def _read(self, text: str, vector: np.ndarray, evidence: Evidence, encode: Encode, read: Read) -> tuple[list[str], sparse.csr_matrix]:
        """A message and the pieces of a long one, with their features."""
        pieces = _pieces(text)
        vectors = np.vstack([vector[None, :], encode(pieces)]) if pieces else vector[None, :]
        texts = [text, *pieces]
        return texts, self._features.rows(texts, vectors, [evidence.marks, *(read(piece).marks for piece in pieces)])

    def _chances(self, rows: sparse.csr_matrix) -> np.ndarray:
        return 1 / (1 + np.exp(-(rows @ self._alarm[:-1] + self._alarm[-1])))

    def _finding(self, text: str, piece: str, row: sparse.csr_matrix) -> Finding:
        flag, tiers = self._row(row)
        likely = [tier for tier, chance in tiers.items() if chance >= _UNSURE]
        tier = "crisis" if flag == "E11" else min(likely, key=TIERS.index)
        start = max(text.find(piece), 0)
        return Finding(flag, tier, piece, start, start + len(piece), "unknown", "strong" in likely, "net")

    def _row(self, row: sparse.csr_matrix) -> tuple[str, Mapping[str, float]]:
        """The likeliest row of the table, and how likely each of its tiers is given that row."""
        margins = np.asarray(row @ self._rows[:-1] + self._rows[-1]).ravel()
        chances = np.exp(margins - margins.max())
        flag = self._labels[int(chances.argmax())].partition(":")[0]
        tiers = {label.partition(":")[2]: float(chance) for label, chance in zip(self._labels, chances) if label.startswith(f"{flag}:")}
        total = sum(tiers.values())
        return flag, {tier: chance / total for tier, chance in tiers.items()}

    @classmethod
    def train(cls, heard: Heard, ordinary: Sequence[str], embed: Encode, read: Read) -> AlarmNet:
        """Fit both classifiers, choose the threshold on predictions out of fold, and tell firm rules from hints. Deterministic.

        Args:
            heard: phrasings and look-alikes of the red flags.
            ordinary: questions and small talk that are no alarms.
            embed: embeds texts, (n, 384).
            read: what the rules make of a text.
        """
        urgent = [item for item in heard.alarms if item[2] != "today"]
        today = [text for text, _, tier in heard.alarms if tier == "today"]  # no alarm tonight; that it is one for the day is the rules' to say
        texts = [*(text for text, _, _ in urgent), *heard.harmless, *ordinary, *today]
        y = np.repeat([1, 0], [len(urgent), len(texts) - len(urgent)])
        weight = np.repeat([1.0, 2.0, 1.0, 1.0], [len(urgent), len(heard.harmless), len(ordinary), len(today)])
        evidence = cores.spread(read, texts)
        marks = [each.marks for each in evidence]
        features = AlarmFeatures.learned(texts, marks)
        rows = features.rows(texts, embed(texts), marks)
        labels = np.array([f"{row}:{tier}" for _, row, tier in urgent])
        # In processes, not threads: all fits of a process draw from one stream of random numbers.
        fits: list[Callable[[], Any]] = [
            lambda: _classifier().fit(rows[: len(urgent)], labels),
            lambda: _classifier().fit(rows, y, weight),
            lambda: _threshold(rows, y, weight, slice(len(urgent), len(urgent) + len(heard.harmless))),
        ]
        which, alarm, threshold = cores.spread(lambda fit: fit(), fits)
        return cls(features, _stack(alarm)[:, 0], _stack(which), which.classes_, threshold, _firm(evidence, y))

    def save(self, folder: Path) -> None:
        """Write the net into a folder, as arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "net.npz", alarm=self._alarm, rows=self._rows, **self._features.arrays())
        meta = {"labels": list(self._labels), "threshold": self.threshold, "firm": sorted(self.firm), **self._features.vocabularies()}
        (folder / "net.json").write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> AlarmNet:
        """Read what `save` wrote; runs no code from the folder."""
        meta = json.loads((folder / "net.json").read_text(encoding="utf-8"))
        with np.load(folder / "net.npz", allow_pickle=False) as arrays:
            features = AlarmFeatures.restored(meta, arrays)
            return cls(features, arrays["alarm"], arrays["rows"], meta["labels"], meta["threshold"], meta["firm"])


def _classifier() -> LogisticRegression:
    # By its dual: the same optimum in a third of the time, and nearer to it than the primal comes at a tolerance of 0.01.
    return LogisticRegression(C=5, solver="liblinear", dual=True, tol=0.1, max_iter=1000, random_state=_SEED)


def _threshold(rows: sparse.csr_matrix, y: np.ndarray, weight: np.ndarray, look_alikes: slice) -> float:
    """The level that no more than `_FALSE_ALARMS` of the look-alikes reach that were kept from a net of its own."""
    train, held = next(StratifiedShuffleSplit(1, test_size=_KEPT, random_state=_SEED).split(rows, y))
    chances = _classifier().fit(rows[train], y[train], weight[train]).predict_proba(rows[held])[:, 1]
    alike = (held >= look_alikes.start) & (held < look_alikes.stop)
    return float(np.quantile(chances[alike], 1 - _FALSE_ALARMS))


def _firm(evidence: Sequence[Evidence], y: np.ndarray) -> set[str]:
    """The rules that raise hardly anything but alarms; a rule that is rarely met is a hint until it has shown itself."""
    right: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    for each, alarm in zip(evidence, y):
        for rule in {rule for rule, _ in each.raised}:
            raised[rule] += 1
            right[rule] += int(alarm)
    return {rule for rule, times in raised.items() if (right[rule] + 0.5) / (times + 1) >= _FIRM}


def _pieces(text: str) -> list[str]:
    """The sentences of a long message, and stretches of it where it has none."""
    words = text.split()
    if len(words) <= _LONG:
        return []
    stretches = [" ".join(words[start : start + _WINDOW]) for start in range(0, len(words), _WINDOW // 2)]
    return list(dict.fromkeys([*stretches, *segments.split(text)]))[:_MOST]


def _stack(model: LogisticRegression) -> np.ndarray:
    return np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)


def _tier(level: str) -> str:
    return {"act": "strong"}.get(level, level)
