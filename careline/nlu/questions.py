"""From one message to what it asks: one topic, several, or none that can be answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from careline.catalog import Catalog, Topic
from careline.nlu import in_context, pieces, segments
from careline.nlu.embeddings import Encode
from careline.nlu.entities import vocabulary
from careline.nlu.pieces import Piece
from careline.nlu.topic_model import OUT_OF_SCOPE, TopicModel

FALLBACK = "nlu_fallback"
ADD_TO_LIST = "add_to_list"
_TOPIC_GROUPS = ("answer/", "symptom/")
_SURE, _FEWEST = 0.95, 4  # a message of so many words that is so sure of itself needs no context, unless it points back
_LONGEST_SINGLE = 25  # words; a longer message is a story, and its question sentence speaks for it
_NEAR = 3  # topics offered where none is sure


@dataclass(frozen=True)
class Verdict:
    """What a message asks. `ranking` is over every label, `topics` over answers and symptoms alone, best first."""

    intent: str
    ranking: tuple[tuple[str, float], ...]
    topics: tuple[tuple[str, float], ...]
    near: tuple[str, ...] = ()  # topics worth offering where nothing is sure
    parts: tuple[str, ...] = ()  # topics of a message that asks several things, symptoms first


def parts(text: str) -> tuple[str, ...]:
    """The parts of a message that a listener nearly always reads, so that they can be embedded together with it."""
    sentences = segments.split(text)
    cuts = segments.halves(text) if len(text.split()) <= _LONGEST_SINGLE else ()
    return (*(sentences if len(sentences) > 1 else ()), *itertools.chain(*cuts))


class Listener:
    """Decides what a message asks. It remembers what it has read: reading the parts is most of what a turn costs."""

    def __init__(self, model: TopicModel, encode: Encode, catalog: Catalog) -> None:
        """`encode` embeds texts, (n, 384); the catalog says what lies near what."""
        self._model = model
        self._encode = encode
        self._catalog = catalog
        self._known: dict[str, np.ndarray] = {}

    def understand(self, text: str, vector: np.ndarray, last: str | None = None) -> Verdict:
        """Decide what a message asks.

        Args:
            text: the message, spelling put right.
            vector: its embedding, (384,).
            last: the topic that was answered last, for a message that leans on it.
        """
        whole = self._model.probabilities([text], vector[None, :])[0]
        if self._is_put_on_list(text):
            return replace(self._verdict(whole), intent=ADD_TO_LIST)
        sentences = self.sentences(text, whole)
        asked = pieces.asked(sentences, self.cuts(text, whole), self._model.thresholds)
        if len(asked) > 1:
            # Parts stand in order of seriousness, so a symptom told beside a question comes first and is asked about.
            return replace(self._verdict(whole), intent=asked[0], parts=asked)
        row = self._question_of_story(text, whole, sentences)
        return self._verdict(self.in_context(text, row, self._catalog.topics.get(last or "")))

    def alone(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Probabilities of texts, each by itself; read together and once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._model.probabilities(new, self._encode(new))))
        return [self._known[text] for text in texts]

    def sentences(self, text: str, whole: np.ndarray) -> list[Piece]:
        """The sentences of a message as they read, where it has several; `whole` is how all of it reads."""
        split = segments.split(text)
        return self._read(split, whole) if len(split) > 1 else []

    def cuts(self, text: str, whole: np.ndarray) -> Iterator[list[Piece]]:
        """The ways to cut a short message in two, as both halves read."""
        if len(text.split()) > _LONGEST_SINGLE:
            return
        pairs = [*segments.halves(text), *segments.shared(text, vocabulary().entities(text))]
        rows = self.alone([half for pair in pairs for half in pair])[::2]
        # A cut whose first half is unsure of itself is none, whatever the second is in its light.
        first = (self._piece(half, row, whole) for (half, _), row in zip(pairs, rows))
        yield from (self._read(pair, whole) for pair, half in zip(pairs, first) if pieces.is_sure(half, self._model.thresholds))

    def in_context(self, text: str, row: np.ndarray, last: Topic | None) -> np.ndarray:
        """The reading of a short message after an answer; a symptom told, small talk and steering need no context.

        What is surely about something else ("how tall is the Eiffel Tower") must not be bent into an answer.
        """
        intent = self._intent(row)
        asks = intent.startswith("answer/") or intent == FALLBACK
        if last is None or not asks or self._stands_alone(text, row):
            return row
        read = in_context.read(text, row, last, self._catalog, self._model.labels, self.alone)
        best = int(read.argmax())
        hinted = intent != FALLBACK or row[best] >= self._model.thresholds.hint
        return read if best != row.argmax() and hinted and self._model.labels[best].startswith("answer/") else row

    def _stands_alone(self, text: str, row: np.ndarray) -> bool:
        """Does a text say itself what it is about? Unneeded context costs a reading, and bends a clear question now and then."""
        words = len(text.split())
        return words > in_context.LONGEST or (words >= _FEWEST and row.max() >= _SURE and not segments.leans(text))

    def _is_put_on_list(self, text: str) -> bool:
        """Is it an order to keep something? "Add to my list: can I fly?" asks nothing now, whatever stands behind it.

        A symptom is kept only for who says where: "note: my hip hurts" tells of it.
        """
        order = segments.order(text)
        if order is None or self._intent(self.alone(order[:1])[0]) != ADD_TO_LIST:
            return False
        return segments.names_a_list(order[0]) or not self._intent(self.alone(order[1:])[0]).startswith("symptom/")

    def _read(self, texts: Sequence[str], whole: np.ndarray) -> list[Piece]:
        """Parts of a message, each in the light of the one before: "what is it and how is it treated"."""
        read: list[Piece] = []
        for text, row in zip(texts, self.alone(texts)):
            if read and (segments.leans(text) or row.max() < self._model.thresholds.answer):
                row = self.in_context(text, row, self._catalog.topics.get(read[-1].label.partition("/")[2]))
            read.append(self._piece(text, row, whole))
        return read

    def _piece(self, text: str, row: np.ndarray, whole: np.ndarray) -> Piece:
        best = int(row.argmax())
        return Piece(text, row, self._model.labels[best], float(whole[best]))

    def _question_of_story(self, text: str, whole: np.ndarray, sentences: Sequence[Piece]) -> np.ndarray:
        """A story, or small talk, with a question in it is judged by the question where that could stand alone, else by both."""
        sure, question = self._model.thresholds.answer, _surest_question(sentences)
        chat = self._model.labels[int(whole.argmax())].startswith("chat/")
        told_in_short = len(text.split()) <= _LONGEST_SINGLE and whole.max() >= sure and not chat
        if question is None or told_in_short:
            return whole
        return question.row if question.sure >= self._model.thresholds.alone else (whole + question.row) / 2

    def _verdict(self, row: np.ndarray) -> Verdict:
        ranking = tuple((self._model.labels[index], float(row[index])) for index in np.argsort(-row)[:25])
        topics = tuple(item for item in ranking if item[0].startswith(_TOPIC_GROUPS))
        near = tuple(label for label, sure in topics[:_NEAR] if sure >= self._model.thresholds.offer)
        return Verdict(self._intent(row), ranking, topics, near)

    def _intent(self, row: np.ndarray) -> str:
        labels, best = self._model.labels, int(row.argmax())
        outside = float(row[labels.index(OUT_OF_SCOPE)]) if OUT_OF_SCOPE in labels else 0.0
        if 1 - outside < self._model.thresholds.scope:
            return OUT_OF_SCOPE
        return labels[best] if row[best] >= self._model.thresholds.answer else FALLBACK


def _surest_question(sentences: Sequence[Piece]) -> Piece | None:
    return max((piece for piece in sentences if piece.asks), key=lambda piece: piece.sure, default=None)
