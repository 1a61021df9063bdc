"""Thresholds fitted at training, on examples kept out of it; what each must keep to is stated here (docs/decisions/0020)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from careline.catalog import Catalog
from careline.nlu import in_context, pieces, questions
from careline.nlu.embeddings import Encode
from careline.nlu.pieces import Halves, Piece
from careline.nlu.questions import Listener
from careline.nlu.rehearsal import KeptOut
from careline.nlu.thresholds import NOT_CALIBRATED, Calibration, Thresholds
from careline.nlu.topic_model import OUT_OF_SCOPE, TopicModel

RIGHT = 0.9  # of what is answered, at the least
CERTAIN = 0.95  # right, at the least, where a part is believed of which the whole message knows nothing
TURNED_AWAY = 0.02  # of what is in scope, at the most: who is wrongly turned away is left alone
UNOFFERED = 0.02  # of the right topics among the first three of an unsure message, at the most
SPLIT = 0.05  # of messages that ask one thing, at the most; nearly all of them still hold its answer
BENT = 0.05  # of off-topic texts, at the most, are taken for a question about the answer before them
CRITERIA = {
    "answer": f"of what is answered, at least {RIGHT:.0%} is right",
    "offer": f"of the right topics among the first three of an unsure message, at most {UNOFFERED:.0%} get no button",
    "scope": f"of what is in scope, at most {TURNED_AWAY:.0%} is turned away",
    "part": f"both parts of most pairs are found, and of single messages at most {SPLIT:.0%} are split",
    "alone": f"where the classifier is as sure as that, at least {CERTAIN:.0%} is right",
    "heard": "together with part",
    "hint": f"of off-topic texts after an answer, at most {BENT:.0%} are bent into a question about it",
}
_PART, _HEARD = (0.4, 0.5, 0.6, 0.7, 0.8), (0.05, 0.1, 0.15, 0.2, 0.3)
_NEAR = 3
_DRAWS = 4  # answers after which each off-topic text is read
_SEED = 13


@dataclass(frozen=True)
class _Message:
    """A message with its labels, its sentences and its cuts, as they were read."""

    labels: frozenset[str]
    sentences: Sequence[Piece]
    cuts: Sequence[Halves]


def calibrate(model: TopicModel, kept: KeptOut, encode: Encode, catalog: Catalog) -> Calibration:
    """Fit the thresholds of a model on examples that it has not learned. Deterministic.

    Returns:
        The thresholds, and what they come to on those examples: shares, and numbers of cases.
    """
    sure, found = _levels(kept, model.labels)
    loosest = replace(sure, part=min(_PART), heard=min(_HEARD), hint=0.0)
    listener = Listener(model.with_thresholds(loosest), encode, catalog)
    cutting, cut = _cutting(sure, *_messages(listener, kept))
    hint, bent = _hint(listener, kept, catalog, sure.answer)
    return Calibration(replace(cutting, hint=hint), {**found, **cut, **bent})


# --- when to answer, to offer, to turn away ---------------------------------------------------------------------------


def _levels(kept: KeptOut, labels: Sequence[str]) -> tuple[Thresholds, dict[str, float]]:
    truth = np.array([labels.index(label) for label in kept.labels])
    best, right = kept.rows.max(axis=1), kept.rows.argmax(axis=1) == truth
    answer, alone = _level(best, right, RIGHT), _level(best, right, CERTAIN)
    scope = _scope(kept.rows, truth, labels)
    chances = _chances(kept.rows[best < answer], truth[best < answer], labels)
    offer = float(np.quantile(chances, UNOFFERED)) if len(chances) else 0.0
    answered = best >= answer
    found = {"examples": len(truth), "answered": float(answered.mean()), "right of those answered": _share(right[answered]), "unsure, right among three": len(chances)}
    return replace(NOT_CALIBRATED.thresholds, answer=answer, offer=offer, scope=scope, alone=alone), found


def _level(best: np.ndarray, right: np.ndarray, share: float) -> float:
    """The lowest level from which on that share is right; 1 where none is."""
    precise = [level for level in np.linspace(0.2, 0.99, 80) if (best >= level).any() and right[best >= level].mean() >= share]
    return float(min(precise, default=1.0))


def _scope(rows: np.ndarray, truth: np.ndarray, labels: Sequence[str]) -> float:
    """Which chance of being in scope all but a few of the texts in scope reach; no more than one half."""
    if OUT_OF_SCOPE not in labels:
        return 0.0
    outside = labels.index(OUT_OF_SCOPE)
    return float(min(0.5, np.quantile(1 - rows[truth != outside, outside], TURNED_AWAY)))


def _chances(rows: np.ndarray, truth: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """The probability of the right topic in each message that has it among its first three."""
    topics = np.array([label.startswith(("answer/", "symptom/")) for label in labels])
    first = np.argsort(-np.where(topics, rows, -1.0), axis=1)[:, :_NEAR]
    among = topics[truth] & (first == truth[:, None]).any(axis=1)
    return rows[among, truth[among]]


# --- when a message asks two things -----------------------------------------------------------------------------------


def _messages(listener: Listener, kept: KeptOut) -> tuple[list[_Message], list[_Message]]:
    """The messages that ask one thing and those that ask two, their parts read together, which is quicker."""
    singles, pairs = kept.singles(), list(kept.pairs())
    listener.alone([part for text in (*(text for text, *_ in singles), *(text for text, _ in pairs)) for part in questions.parts(text)])
    rows = listener.alone([text for text, _ in pairs])
    one = [_read(listener, text, frozenset((label,)), row) for text, label, row in singles]
    return one, [_read(listener, text, labels, row) for (text, labels), row in zip(pairs, rows)]


def _read(listener: Listener, text: str, labels: frozenset[str], row: np.ndarray) -> _Message:
    return _Message(labels, listener.sentences(text, row), list(listener.cuts(text, row)))


def _cutting(sure: Thresholds, singles: Sequence[_Message], pairs: Sequence[_Message]) -> tuple[Thresholds, dict[str, float]]:
    """Of the thresholds that split few enough single messages, those that find both parts of most pairs; of equals the strictest.

    Where none does, nothing is ever split.
    """
    every = [replace(sure, part=part, heard=heard) for part, heard in itertools.product(_PART, _HEARD)]
    careful = [tried for tried in every if _split(singles, tried) <= SPLIT] or [sure]
    chosen = max(careful, key=lambda tried: (_both(pairs, tried), -_split(singles, tried), tried.part, tried.heard))
    found = {"singles": len(singles), "singles split": _split(singles, chosen), "singles that lose their answer": _lost(singles, chosen)}
    return chosen, {**found, "pairs": len(pairs), "pairs with both found": _both(pairs, chosen)}


def _topics(message: _Message, thresholds: Thresholds) -> tuple[str, ...]:
    return pieces.asked(message.sentences, message.cuts, thresholds)


def _split(singles: Sequence[_Message], thresholds: Thresholds) -> float:
    return _share(len(_topics(message, thresholds)) > 1 for message in singles)


def _lost(singles: Sequence[_Message], thresholds: Thresholds) -> float:
    asked = [(message.labels, _topics(message, thresholds)) for message in singles]
    return _share(len(topics) > 1 and not labels <= set(topics) for labels, topics in asked)


def _both(pairs: Sequence[_Message], thresholds: Thresholds) -> float:
    return _share(message.labels <= set(_topics(message, thresholds)) for message in pairs)


def _share(which: Iterable[bool]) -> float:
    held = list(which)
    return float(sum(held) / max(len(held), 1))


# --- when an answer is meant that only the context suggests -----------------------------------------------------------


def _hint(listener: Listener, kept: KeptOut, catalog: Catalog, answer: float) -> tuple[float, dict[str, float]]:
    """The lowest hint with which few enough off-topic texts are bent into an answer to what was asked before."""
    texts, answers, drawn = kept.off_topic(in_context.LONGEST), list(catalog.group("answer")), random.Random(_SEED)
    after = [(text, row, last) for text, row in texts for last in drawn.sample(answers, min(_DRAWS, len(answers)))]
    unsure = [(row, listener.in_context(text, row, last)) for text, row, last in after if row.max() < answer]
    bent = sorted((float(row[int(read.argmax())]) for row, read in unsure if read is not row), reverse=True)
    allowed = int(BENT * len(after))
    hint = float(np.nextafter(bent[allowed], 1.0)) if len(bent) > allowed else 0.0
    return hint, {"off-topic texts": len(texts), "off-topic texts bent": sum(chance >= hint for chance in bent) / max(len(after), 1)}
