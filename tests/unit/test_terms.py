"""Terms weigh a text as scikit-learn's vectorizers do, which learned them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from careline.nlu.terms import Terms, dense, side_by_side

TEXTS = ["what is a bone scan", "is a bone scan a scan of every bone", "what helps with pain", "pain in my hip"]
ASKED = [*TEXTS, "Bone pain, pain, PAIN!", "nothing known", ""]


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)


def _marks() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=tuple, sublinear_tf=True, dtype=np.float32)


@pytest.mark.parametrize(("vectorizer", "known", "asked"), [
    (_characters, TEXTS, ASKED),
    (_marks, [("FEVER", "-CHILLS"), ("FEVER",)], [("FEVER", "FEVER", "-CHILLS", "NEW"), ()]),
])
def test_terms_are_weighed_as_by_the_vectorizer_that_learned_them(vectorizer: Any, known: Sequence[Any], asked: Sequence[Any]) -> None:
    """The same numbers in the same columns, for words said twice, unknown ones and nothing at all."""
    ours = side_by_side([Terms.learned(vectorizer(), known).block(asked)])
    theirs = vectorizer().fit(known).transform(asked)
    assert ours.shape == theirs.shape
    assert np.allclose(ours.toarray(), theirs.toarray(), atol=1e-6)


def test_blocks_stand_side_by_side_in_order() -> None:
    """Embeddings first, then the terms, and the terms again at half their weight."""
    terms, vectors = Terms.learned(_characters(), TEXTS), np.arange(8, dtype=np.float32).reshape(2, 4) + 1
    block = terms.block(TEXTS[:2])
    rows = side_by_side([dense(vectors), block, terms.block(TEXTS[:2], 0.5)])
    alone = side_by_side([block])
    assert np.allclose(rows.toarray(), sparse.hstack([vectors, alone, alone * 0.5]).toarray())
