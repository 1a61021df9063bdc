"""Separators fitted on the rows that decide are those that all rows would have given."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import LinearSVC

from careline.nlu import separators
from careline.nlu.separators import Separators


def cloud(labels: int = 6, rows: int = 900, width: int = 40) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Rows around a centre for each label, near enough to each other to be mistaken."""
    chance = np.random.RandomState(1)
    y = np.arange(rows) % labels
    centres = chance.normal(size=(labels, width))
    return sparse.csr_matrix(centres[y] + 1.5 * chance.normal(size=(rows, width)), dtype=np.float32), y


@pytest.mark.parametrize("first, more", [(30, 10), (100, 500), (5000, 500)])
def test_few_rows_give_what_all_rows_give(monkeypatch: pytest.MonkeyPatch, first: int, more: int) -> None:
    monkeypatch.setattr(separators, "_FIRST", first)
    monkeypatch.setattr(separators, "_MORE", more)
    rows, y = cloud()
    found = Separators.fitted(rows, y).margins(rows)
    # At a finer tolerance than ours: what the machine is, were there time without end.
    exact = LinearSVC(C=0.3, tol=1e-6, max_iter=100_000, random_state=0).fit(rows, y).decision_function(rows)
    assert np.abs(found - exact).max() < 0.05
    assert (found.argmax(axis=1) == exact.argmax(axis=1)).mean() > 0.99


def test_labels_are_told_apart_by_name_and_again_the_same() -> None:
    rows, y = cloud(labels=3)
    names = np.array(["bone", "liver", "a cough"])[y]
    once, twice = Separators.fitted(rows, names), Separators.fitted(rows, names)
    assert list(once.labels) == ["a cough", "bone", "liver"]
    assert np.array_equal(once.weights, twice.weights) and np.array_equal(once.bias, twice.bias)
    assert (once.labels[once.margins(rows).argmax(axis=1)] == names).mean() > 0.8
