"""The terms of texts as numbers: TF-IDF rows, and blocks of columns put side by side.

scikit-learn learns which terms count and how much. Its `transform` checks its input so thoroughly that a single text costs five
times as much, several times a turn; so texts are weighed here, by the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer


class Block(NamedTuple):
    """Some columns of a feature matrix: of each text those that are not zero, in rising order, and their values."""

    rows: list[tuple[np.ndarray, np.ndarray]]
    width: int


class Terms:
    """Weighs the terms of a document by how often they stand in it (one more counts less and less) and by how rare they are."""

    def __init__(self, analyze: Callable[[Any], Iterable[str]], terms: Sequence[str], idf: np.ndarray) -> None:
        self.terms = list(terms)
        self.idf = idf
        self._analyze = analyze
        self._columns: Mapping[str, int] = {term: column for column, term in enumerate(terms)}

    @classmethod
    def learned(cls, vectorizer: TfidfVectorizer, documents: Sequence[Any]) -> Terms:
        """The terms that an untrained vectorizer (`sublinear_tf`, rows of unit length) finds in documents."""
        vectorizer.fit(documents)
        return cls(vectorizer.build_analyzer(), vectorizer.get_feature_names_out(), vectorizer.idf_)

    def block(self, documents: Iterable[Any], weight: float = 1.0) -> Block:
        """A row of length `weight` for each document, of zeros where it holds no known term."""
        return Block([self._row(document, weight) for document in documents], len(self.terms))

    def _row(self, document: Any, weight: float) -> tuple[np.ndarray, np.ndarray]:
        found = [self._columns[term] for term in self._analyze(document) if term in self._columns]
        columns, counts = np.unique(np.array(found, dtype=np.int32), return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * self.idf[columns]
        return columns, values * np.float32(weight / (np.linalg.norm(values) or 1.0))


def dense(vectors: np.ndarray) -> Block:
    """A block of vectors, (n, width)."""
    columns = np.arange(vectors.shape[1], dtype=np.int32)
    return Block([(columns, vector) for vector in vectors], len(columns))


def side_by_side(blocks: Sequence[Block]) -> sparse.csr_matrix:
    """The blocks of some texts as one matrix, float32, (texts, sum of the widths)."""
    starts = np.cumsum([0, *(block.width for block in blocks)], dtype=np.int32)
    rows = list(zip(*(block.rows for block in blocks)))
    columns = [columns + start for row in rows for (columns, _), start in zip(row, starts)]
    values = [values for row in rows for _, values in row]
    ends = np.cumsum([0, *(sum(len(columns) for columns, _ in row) for row in rows)], dtype=np.int32)
    shape = len(rows), int(starts[-1])
    return sparse.csr_matrix((np.concatenate(values, dtype=np.float32), np.concatenate(columns), ends), shape=shape)
