"""The figures, as functions of plain lists and arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import beta
from sklearn.metrics import f1_score, roc_auc_score


def upper_bound(misses: int, of: int, level: float = 0.95) -> float:
    """One-sided Clopper-Pearson upper bound on a rate of misses; 1 where nothing was tried."""
    if misses >= of:
        return 1.0
    return float(beta.ppf(level, misses + 1, of - misses))


def share(hits: float, of: float) -> float:
    """A part of a whole; 0 of 0 is 0."""
    return hits / of if of else 0.0


def in_first(rankings: Sequence[Sequence[str]], truth: Sequence[str], first: int) -> float:
    """How often the truth is among the first labels of its ranking."""
    return share(sum(label in ranking[:first] for ranking, label in zip(rankings, truth)), len(truth))


def macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """F1 of each label that occurs in the truth, averaged: a rare topic counts as much as a frequent one."""
    return float(f1_score(truth, found, labels=sorted(set(truth)), average="macro", zero_division=0))


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a text of the subject scores above one off it."""
    scores = np.concatenate([np.asarray(inside), np.asarray(outside)])
    return float(roc_auc_score(np.r_[np.ones(len(inside)), np.zeros(len(outside))], scores))


def false_accept(inside: Sequence[float], outside: Sequence[float], false_reject: float = 0.05) -> tuple[float, float]:
    """Share of off-topic texts let in where `false_reject` of the others are turned away, and that threshold."""
    threshold = float(np.quantile(np.asarray(inside), false_reject))
    return float((np.asarray(outside) >= threshold).mean()), threshold


def bins(confidence: Sequence[float], right: Sequence[bool], count: int = 10) -> list[tuple[int, float, float]]:
    """(how many, mean confidence, share right) for each tenth of confidence that is not empty."""
    sure, correct = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    place = np.minimum((sure * count).astype(int), count - 1)
    each = [place == index for index in range(count)]
    return [(int(mask.sum()), float(sure[mask].mean()), float(correct[mask].mean())) for mask in each if mask.any()]


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: how far confidence and being right lie apart, over tenths of confidence."""
    return sum(many * abs(sure - correct) for many, sure, correct in bins(confidence, right)) / max(len(confidence), 1)


def interval(rate: float, of: int) -> tuple[float, float]:
    """95 % Wilson interval of a rate."""
    if not of:
        return 0.0, 1.0
    z = 1.96
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return float(middle - half), float(middle + half)
