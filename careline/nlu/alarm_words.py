"""The words of a text as the alarm net sees them: characters and words, and what the rules saw in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from careline.nlu.terms import Terms, side_by_side
from careline.nlu.topic_model import Features

_MARKS_WEIGHT = 0.7  # beside unit-length rows of words; chosen on development data (docs/decisions/0008)


class AlarmWords:
    """Texts with the marks of the rules (`red_flags.Evidence.marks`), as one sparse row each."""

    def __init__(self, text: Features, marks: Terms) -> None:
        self._text = text
        self._marks = marks

    @classmethod
    def learned(cls, texts: Sequence[str], marks: Sequence[Sequence[str]]) -> AlarmWords:
        """Learn the vocabularies."""
        vectorizer = TfidfVectorizer(analyzer=tuple, sublinear_tf=True, min_df=3, dtype=np.float32)
        return cls(Features.learned(texts), Terms.learned(vectorizer, marks))

    def rows(self, texts: Sequence[str], marks: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Features of texts with their marks: a (n, features) sparse matrix."""
        return side_by_side([*self._text.terms(texts), self._marks.block(marks, _MARKS_WEIGHT)])

    def arrays(self) -> dict[str, np.ndarray]:
        """What `restored` needs of numbers."""
        return {**self._text.arrays(), "mark_idf": self._marks.idf}

    def vocabularies(self) -> dict[str, list[str]]:
        """What `restored` needs of words."""
        return {**self._text.vocabularies(), "marks": self._marks.terms}

    @classmethod
    def restored(cls, vocabularies: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> AlarmWords:
        """The features that gave `vocabularies()` and `arrays()`."""
        return cls(Features.restored(vocabularies, arrays), Terms(tuple, vocabularies["marks"], arrays["mark_idf"]))
