"""What the thresholds fitted at training keep to, with a classifier that knows topics by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from careline import catalog
from careline.nlu import calibration
from careline.nlu.calibration import calibrate
from careline.nlu.questions import Listener
from careline.nlu.rehearsal import KeptOut
from careline.nlu.thresholds import NOT_CALIBRATED, Calibration, Thresholds

WORDS = {"answer/hair_loss": "hair", "answer/alcohol": "wine", "answer/exercise": "swim", "answer/travel": "fly", "symptom/cough": "cough", "out_of_scope": "football"}
LABELS = tuple(WORDS)


class WordModel:
    """Shares its trust among the topics whose words a text holds; where there is none, it trusts nothing much."""

    labels = LABELS

    def __init__(self, thresholds: Thresholds = NOT_CALIBRATED.thresholds) -> None:
        self.thresholds = thresholds

    def with_thresholds(self, thresholds: Thresholds) -> WordModel:
        return WordModel(thresholds)

    def probabilities(self, texts: Sequence[str], _vectors: np.ndarray) -> np.ndarray:
        found = np.array([[word in text for word in WORDS.values()] for text in texts]) * 20.0 + 1.0
        return found / found.sum(axis=1, keepdims=True)


def _kept(examples: Sequence[tuple[str, str]]) -> KeptOut:
    texts = [text for text, _ in examples]
    return KeptOut(texts, [label for _, label in examples], WordModel().probabilities(texts, np.zeros((len(texts), 384))))


def _fitted(examples: Sequence[tuple[str, str]]) -> Calibration:
    return calibrate(WordModel(), _kept(examples), lambda texts: np.zeros((len(texts), 384)), catalog.shared())  # type: ignore[arg-type]


def _asked(label: str, count: int = 20) -> list[tuple[str, str]]:
    return [(f"can I ask about {WORDS[label]} number {number}", label) for number in range(count)]


PLAIN = [example for label in LABELS for example in _asked(label)]
# Single questions that hold the words of a second topic behind a seam: what must not be cut.
MISLEADING = [(f"can I have wine and is it so that they swim {number}", "answer/alcohol") for number in range(40)]


def _parts(thresholds: Thresholds, text: str) -> tuple[str, ...]:
    listener = Listener(WordModel(thresholds), lambda texts: np.zeros((len(texts), 384)), catalog.shared())  # type: ignore[arg-type]
    return listener.understand(text, np.zeros(384)).parts


def test_two_questions_are_found_where_nothing_speaks_against_it() -> None:
    fitted = _fitted(PLAIN)
    assert fitted.found["pairs with both found"] == 1 and fitted.found["singles split"] == 0
    assert set(_parts(fitted.thresholds, "will my hair fall out and can I drink wine")) == {"answer/hair_loss", "answer/alcohol"}


def test_single_questions_are_not_split_for_the_sake_of_double_ones() -> None:
    fitted = _fitted(PLAIN + MISLEADING)
    assert fitted.found["singles split"] <= calibration.SPLIT
    assert _parts(fitted.thresholds, MISLEADING[0][0]) == ()


def test_nine_in_ten_answers_are_right_and_right_topics_keep_their_button() -> None:
    wrong = [(text, "answer/travel") for text, _ in _asked("answer/alcohol", 12)]
    unsure = [("hair or wine or swim, what comes first", "answer/exercise")] * 20
    fitted = _fitted(PLAIN + wrong + unsure)
    kept = _kept(PLAIN + wrong + unsure)
    truth = np.array([LABELS.index(label) for label in kept.labels])
    answered = kept.rows.max(axis=1) >= fitted.thresholds.answer
    assert (kept.rows.argmax(axis=1) == truth)[answered].mean() >= calibration.RIGHT
    assert not answered[-1] and kept.rows[-1, truth[-1]] >= fitted.thresholds.offer


def test_off_topic_texts_are_not_bent_into_an_answer() -> None:
    fitted = _fitted(PLAIN + [("the score of the game", "out_of_scope")] * 20)
    assert fitted.found["off-topic texts bent"] <= calibration.BENT


def test_the_same_examples_give_the_same_thresholds() -> None:
    assert _fitted(PLAIN + MISLEADING) == _fitted(PLAIN + MISLEADING)


def test_pairs_are_two_short_examples_of_different_topics_as_people_join_them() -> None:
    examples = dict(PLAIN)
    pairs = list(_kept(PLAIN).pairs())
    assert pairs
    for text, labels in pairs:
        assert len(labels) == 2 and "out_of_scope" not in labels
        assert {label for example, label in examples.items() if example in text} >= labels


@pytest.mark.parametrize("name", vars(NOT_CALIBRATED.thresholds))
def test_each_threshold_says_by_what_it_is_chosen(name: str) -> None:
    assert calibration.CRITERIA[name]
    assert replace(NOT_CALIBRATED.thresholds, **{name: 0.5})
