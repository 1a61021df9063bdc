"""From one message to what it asks: one topic, several, or none that can be answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from careline.nlu import segments
from careline.nlu.topic_model import OUT_OF_SCOPE, TopicModel

FALLBACK = "nlu_fallback"
_TOPIC_GROUPS = ("answer/", "symptom/")
_PART = 0.55  # a sentence stands for a question of its own when it is this sure
_HALF = 0.7  # both halves of a cut message must be this sure
_HEARD = 0.2  # and the whole message must know one of the two
_LONGEST_SINGLE = 25  # words; a longer message is a story, and its question sentence speaks for it
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Verdict:
    """What a message asks. `ranking` is over every label, `topics` over answers and symptoms alone, best first."""

    intent: str
    ranking: tuple[tuple[str, float], ...]
    topics: tuple[tuple[str, float], ...]
    parts: tuple[str, ...] = ()


def understand(text: str, vector: np.ndarray, model: TopicModel, encode: Encode) -> Verdict:
    """Decide what a message asks.

    Args:
        text: the message, spelling put right.
        vector: its embedding, (384,).
        model: the classifier.
        encode: embeds further texts, for the sentences of a long message.
    """
    whole = model.probabilities([text], vector[None, :])[0]
    pieces, halves = segments.split(text), segments.halves(text)
    if len(pieces) < 2 and not halves:
        return _verdict(whole, model)
    texts = list(dict.fromkeys([*pieces, *(half for pair in halves for half in pair)]))
    rows = dict(zip(texts, model.probabilities(texts, encode(texts))))
    each = [rows[piece] for piece in pieces]
    parts = _parts(pieces, each, model) if len(pieces) > 1 else ()
    if len(parts) < 2 and len(text.split()) <= _LONGEST_SINGLE:
        parts = _halves(whole, [(rows[left], rows[right]) for left, right in halves], model)
    if len(parts) > 1:
        return _verdict(whole, model, parts)
    if len(pieces) < 2:
        return _verdict(whole, model)
    return _verdict(_question_of_story(text, whole, pieces, each), model)


def _parts(pieces: Sequence[str], each: Sequence[np.ndarray], model: TopicModel) -> tuple[str, ...]:
    """Topics of the sentences that are sure of one: questions, and symptoms told rather than asked."""
    found = []
    for piece, row in zip(pieces, each):
        label = model.labels[int(row.argmax())]
        told = label.startswith("symptom/")
        if row.max() >= _PART and (told or (label.startswith("answer/") and segments.is_question(piece))):
            found.append(label)
    return tuple(sorted(dict.fromkeys(found), key=lambda label: not label.startswith("symptom/")))[:3]


def _halves(whole: np.ndarray, pairs: Sequence[tuple[np.ndarray, np.ndarray]], model: TopicModel) -> tuple[str, ...]:
    """The two topics of a message cut at its best seam, where both halves are sure and the whole knows one of them."""
    best: tuple[str, ...] = ()
    score = _HALF
    for left, right in pairs:
        labels = (model.labels[int(left.argmax())], model.labels[int(right.argmax())])
        sure = min(left.max(), right.max())
        heard = max(whole[int(left.argmax())], whole[int(right.argmax())]) >= _HEARD
        if labels[0] != labels[1] and heard and sure > score and all(label.startswith(_TOPIC_GROUPS) for label in labels):
            best, score = labels, sure
    return best


def _question_of_story(text: str, whole: np.ndarray, pieces: Sequence[str], each: Sequence[np.ndarray]) -> np.ndarray:
    """A story with one question in it is judged half by the question, half by the whole."""
    asked = [row for piece, row in zip(pieces, each) if segments.is_question(piece)]
    if not asked or (len(text.split()) <= _LONGEST_SINGLE and whole.max() >= _PART):
        return whole
    return (whole + max(asked, key=lambda row: row.max())) / 2


def _verdict(row: np.ndarray, model: TopicModel, parts: tuple[str, ...] = ()) -> Verdict:
    ranking = tuple((model.labels[index], float(row[index])) for index in np.argsort(-row)[:25])
    topics = tuple(item for item in ranking if item[0].startswith(_TOPIC_GROUPS))
    # Parts stand in order of seriousness, so a symptom told beside a question comes first and is asked about.
    return Verdict(parts[0] if parts else _intent(ranking, row, model), ranking, topics, parts)


def _intent(ranking: Sequence[tuple[str, float]], row: np.ndarray, model: TopicModel) -> str:
    label, score = ranking[0]
    outside = float(row[model.labels.index(OUT_OF_SCOPE)]) if OUT_OF_SCOPE in model.labels else 0.0
    if 1 - outside < model.thresholds.scope:
        return OUT_OF_SCOPE
    if score >= model.thresholds.answer:
        return label
    return FALLBACK
