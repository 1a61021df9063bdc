"""The learned net beside the red-flag rules: it hears what the rules have no words for, and weighs their hints.

Two that fail on different texts judge together: a linear classifier over the words and what the rules saw, and an ear, the
encoder tuned to alarms (`alarm_ear.py`). A second linear classifier says which row of the table an alarm belongs to. How the two
are weighed, and how sure they must be, is set on sentences that neither has learned from. Nothing is pickled.

A rule is firm when what it raises in the training data is nearly always an alarm; every other rule is a hint ("fall", "off",
"weak" near "leg"). A firm rule alarms by itself, a hint where the net hears an alarm too, which it does from a chance of about one in ten.
Without a net every rule alarms (`red_flags.RedFlags.find`). Why: docs/decisions/0008 and 0019.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from careline import cores
from careline.nlu import segments
from careline.nlu.alarm_ear import AlarmEar
from careline.nlu.alarm_words import AlarmWords
from careline.nlu.heard import Heard
from careline.red_flags import Evidence, Finding, most_serious
from careline.turn import TIERS

_SEED = 13
_FALSE_ALARMS = 0.05  # of the look-alikes kept from learning may alarm: what safety.md allows
_LOUDEST = 4.5  # log odds; what the ear says beyond is cut: it was taught to be no surer than that (maintain/tuning/fit.py)
_PIECE = 0.97  # chance of an alarm at which a piece of a long message alarms: torn out of its story much sounds worse than it is
_FIRM = 0.97  # share of alarms among what a firm rule raises in the training data
_LONG = 30  # words; of a longer message every sentence is heard on its own as well
_WINDOW = 24  # words of a stretch of a long message without full stops
_MOST = 24  # pieces of one message
_UNSURE = 0.25  # a tier this likely counts: unknown is taken for the worse
_CRISIS, _MAYBE_CRISIS = "E11", 0.1
Read = Callable[[str], Evidence]


class AlarmNet:
    """The trained net."""

    def __init__(
        self, words: AlarmWords, ear: AlarmEar, alarm: np.ndarray, rows: np.ndarray, labels: Sequence[str], mix: np.ndarray, threshold: float, firm: Iterable[str]
    ) -> None:
        self._words = words
        self._ear = ear
        self._alarm = alarm  # (features + 1,): weights, then the bias
        self._rows = rows  # (features + 1, labels)
        self._labels = tuple(labels)  # "E1:urgent"
        self._mix = mix  # (3,): of the words' log odds, of the ear's, and the bias
        self.threshold = threshold
        self.firm = frozenset(firm)

    def judge(self, text: str, read: Read) -> tuple[Finding, ...]:
        """The red flags of a message, one finding a flag, the most serious first; `read` is what the rules make of a text."""
        evidence = read(text)
        texts = [text, *_pieces(text)]
        rows = self._words.rows(texts, [evidence.marks, *(read(piece).marks for piece in texts[1:])])
        chances = self._chances(texts, rows, np.array([self.threshold, *[_PIECE] * (len(texts) - 1)]))
        whole, piece = float(chances[0]), float(chances[1:].max(initial=0.0))
        if whole >= self.threshold or piece >= _PIECE:
            best = self._loudest(texts, rows)
            return most_serious([*(finding for _, finding in evidence.raised), *self._findings(text, texts[best], rows[best])])
        return most_serious(finding for rule, finding in evidence.raised if rule in self.firm or finding.tier == "today")

    def probabilities(self, texts: Sequence[str], evidence: Sequence[Evidence]) -> np.ndarray:
        """How likely each text is an alarm, (n,), each taken as a whole."""
        return self._chances(texts, self._words.rows(texts, [each.marks for each in evidence]), np.zeros(len(texts)))

    def _chances(self, texts: Sequence[str], rows: sparse.csr_matrix, levels: np.ndarray) -> np.ndarray:
        """How likely each text is an alarm, (n,). The ear costs most, so it is not asked where nothing it can say reaches the level
        that the text is held to; there the figure is the most that it could have been."""
        words, heard = rows @ self._alarm[:-1] + self._alarm[-1], np.full(len(texts), _LOUDEST)
        asked = np.flatnonzero(self._together(words, heard) >= levels)
        if asked.size:
            heard[asked] = _heard(self._ear, [texts[index] for index in asked])
        return self._together(words, heard)

    def _loudest(self, texts: Sequence[str], rows: sparse.csr_matrix) -> int:
        """Where the alarm is: the piece of a long message that sounds most like one, for the whole sounds like many things."""
        return 1 + int(self._chances(texts[1:], rows[1:], np.zeros(len(texts) - 1)).argmax()) if len(texts) > 1 else 0

    def _together(self, words: np.ndarray, heard: np.ndarray) -> np.ndarray:
        return np.asarray(expit(self._mix[0] * words + self._mix[1] * heard + self._mix[2]))

    def _findings(self, text: str, piece: str, row: sparse.csr_matrix) -> list[Finding]:
        """The likeliest row of the table, and a crisis beside it where there may be one: nobody who may need 988 is without it."""
        flags = self._flags(row)
        likeliest = max(flags, key=lambda flag: sum(flags[flag].values()))
        found = [likeliest, *([_CRISIS] if likeliest != _CRISIS and sum(flags.get(_CRISIS, {}).values()) >= _MAYBE_CRISIS else [])]
        return [self._finding(text, piece, flag, flags[flag]) for flag in found]

    def _finding(self, text: str, piece: str, flag: str, tiers: Mapping[str, float]) -> Finding:
        likely = [tier for tier, chance in tiers.items() if chance >= _UNSURE * sum(tiers.values())]
        tier = "crisis" if flag == _CRISIS else min(likely, key=TIERS.index)
        start = max(text.find(piece), 0)
        return Finding(flag, tier, piece, start, start + len(piece), "unknown", "strong" in likely, "net")

    def _flags(self, row: sparse.csr_matrix) -> dict[str, dict[str, float]]:
        """How likely each row of the table is, tier by tier."""
        margins = np.asarray(row @ self._rows[:-1] + self._rows[-1]).ravel()
        chances = np.exp(margins - margins.max())
        flags: dict[str, dict[str, float]] = {}
        for label, chance in zip(self._labels, chances / chances.sum()):
            flag, _, tier = label.partition(":")
            flags.setdefault(flag, {})[tier] = float(chance)
        return flags

    @classmethod
    def train(cls, heard: Heard, ordinary: Sequence[str], kept: Heard, ear: AlarmEar, read: Read) -> AlarmNet:
        """Fit the classifiers, tell firm rules from hints, and set weights and threshold on what was kept. Deterministic.

        Args:
            heard: phrasings and look-alikes of the red flags, to learn from.
            ordinary: questions and small talk that are no alarms.
            kept: the same as `heard`, never learned from; the ear must not have been tuned on it either.
            read: what the rules make of a text.
        """
        texts = [*(text for text, _, _ in heard.urgent), *heard.harmless, *ordinary, *(text for text, _, _ in heard.today)]
        y = np.repeat([1, 0], [len(heard.urgent), len(texts) - len(heard.urgent)])
        weight = np.repeat([1.0, 2.0, 1.0], [len(heard.urgent), len(heard.harmless), len(ordinary) + len(heard.today)])
        evidence = cores.spread(read, texts)
        marks = [each.marks for each in evidence]
        words = AlarmWords.learned(texts, marks)
        rows = words.rows(texts, marks)
        labels = np.array([f"{row}:{tier}" for _, row, tier in heard.urgent])
        # In processes, not threads: all fits of a process draw from one stream of random numbers.
        fits: list[Callable[[], Any]] = [
            lambda: _classifier().fit(rows[: len(labels)], labels),
            lambda: _classifier().fit(rows, y, weight),
        ]
        which, fitted = cores.spread(lambda fit: fit(), fits)
        alarm = _stack(fitted)[:, 0]
        mix, threshold = _weighed(words, alarm, ear, kept, read)
        return cls(words, ear, alarm, _stack(which), which.classes_, mix, threshold, _firm(evidence, y))

    def save(self, folder: Path) -> None:
        """Write the net into a folder that holds its ear, as arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "net.npz", alarm=self._alarm, rows=self._rows, mix=self._mix, **self._words.arrays())
        meta = {"labels": list(self._labels), "threshold": self.threshold, "firm": sorted(self.firm), **self._words.vocabularies()}
        (folder / "net.json").write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, ear: AlarmEar) -> AlarmNet:
        """Read what `save` wrote; runs no code from the folder."""
        meta = json.loads((folder / "net.json").read_text(encoding="utf-8"))
        with np.load(folder / "net.npz", allow_pickle=False) as arrays:
            words = AlarmWords.restored(meta, arrays)
            return cls(words, ear, arrays["alarm"], arrays["rows"], meta["labels"], arrays["mix"], meta["threshold"], meta["firm"])


def _classifier() -> LogisticRegression:
    # By its dual: the same optimum in a third of the time, and nearer to it than the primal comes at a tolerance of 0.01.
    return LogisticRegression(C=5, solver="liblinear", dual=True, tol=0.1, max_iter=1000, random_state=_SEED)


def _weighed(words: AlarmWords, alarm: np.ndarray, ear: AlarmEar, kept: Heard, read: Read) -> tuple[np.ndarray, float]:
    """How words and ear are weighed, and the level that no more than `_FALSE_ALARMS` of the look-alikes reach."""
    harmless = [*kept.harmless, *(text for text, _, _ in kept.today)]
    texts = [*(text for text, _, _ in kept.urgent), *harmless]
    rows = words.rows(texts, [read(text).marks for text in texts])
    margins = np.column_stack([rows @ alarm[:-1] + alarm[-1], _heard(ear, texts)])
    fitted = LogisticRegression().fit(margins, np.repeat([1, 0], [len(kept.urgent), len(harmless)]))
    mix = np.array([*fitted.coef_[0], *fitted.intercept_], dtype=np.float32)
    alike = margins[len(kept.urgent) : len(kept.urgent) + len(kept.harmless)]
    return mix, float(np.quantile(expit(alike @ mix[:2] + mix[2]), 1 - _FALSE_ALARMS))


def _heard(ear: AlarmEar, texts: Sequence[str]) -> np.ndarray:
    return np.clip(ear.margins(texts), -_LOUDEST, _LOUDEST)


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
