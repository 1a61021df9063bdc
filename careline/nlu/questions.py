"""From one message to what it asks: one topic, several, or none that can be answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from careline import triage
from careline.catalog import Catalog, Topic
from careline.nlu import in_context, segments
from careline.nlu.embeddings import Encode
from careline.nlu.entities import vocabulary
from careline.nlu.topic_model import OUT_OF_SCOPE, TopicModel

FALLBACK = "nlu_fallback"
ADD_TO_LIST = "add_to_list"
_TOPIC_GROUPS = ("answer/", "symptom/")
_PART = 0.5  # a sentence stands for a question of its own when it is this sure
_HALF = 0.7  # so sure must a half of a cut message be that the whole message does not know
_HEARD = 0.2  # a topic this likely is known to the whole message; of two halves it must know one
_TOLD = 0.9  # a symptom told in passing, in no strong words
_HINT = 0.01  # an answer that only the context suggests must be hinted at by words of which nothing else is sure
_SURE, _FEWEST = 0.95, 4  # a message of so many words that is so sure of itself needs no context, unless it points back
_LONGEST_SINGLE = 25  # words; a longer message is a story, and its question sentence speaks for it
MOST_PARTS = 3


@dataclass(frozen=True)
class Verdict:
    """What a message asks. `ranking` is over every label, `topics` over answers and symptoms alone, best first."""

    intent: str
    ranking: tuple[tuple[str, float], ...]
    topics: tuple[tuple[str, float], ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """A part of a message, with its probabilities over all labels."""

    text: str
    row: np.ndarray
    label: str
    sure: float

    @property
    def answers(self) -> bool:
        """Is it about something that is answered?"""
        return self.label.startswith("answer/")


def parts(text: str) -> tuple[str, ...]:
    """The parts of a message that a listener nearly always reads, so that they can be embedded together with it."""
    sentences = segments.split(text)
    cuts = segments.halves(text) if len(text.split()) <= _LONGEST_SINGLE else ()
    return (*(sentences if len(sentences) > 1 else ()), *itertools.chain(*cuts))


class Listener:
    """Decides what a message asks. Made for one message, whose parts it remembers: reading them is most of what a turn costs."""

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
        pieces = self._read(segments.split(text))
        parts = self._asked(pieces, whole) if len(pieces) > 1 else ()
        if len(parts) < 2 and len(text.split()) <= _LONGEST_SINGLE:
            parts = self._cut(text, whole)
        if len(parts) > 1:
            return self._verdict(whole, parts)
        row = self._question_of_story(text, whole, pieces)
        return self._verdict(self._in_context(text, row, self._catalog.topics.get(last or "")))

    def _is_put_on_list(self, text: str) -> bool:
        """Is it an order to keep something? "Add to my list: can I fly?" asks nothing now, whatever stands behind it."""
        order = segments.order(text)
        if order is None:
            return False
        return self._intent(self._alone(order[:1])[0]) == ADD_TO_LIST

    def _alone(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Probabilities of texts, each by itself; read together and once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._model.probabilities(new, self._encode(new))))
        return [self._known[text] for text in texts]

    def _read(self, texts: Sequence[str]) -> list[_Piece]:
        """Parts of a message, each in the light of the one before: "what is it and how is it treated"."""
        read: list[_Piece] = []
        for text, row in zip(texts, self._alone(texts) if len(texts) > 1 else ()):
            if read and (segments.leans(text) or row.max() < self._model.thresholds.answer):
                row = self._in_context(text, row, self._catalog.topics.get(read[-1].label.partition("/")[2]))
            read.append(self._piece(text, row))
        return read

    def _piece(self, text: str, row: np.ndarray) -> _Piece:
        return _Piece(text, row, self._model.labels[int(row.argmax())], float(row.max()))

    def _in_context(self, text: str, row: np.ndarray, last: Topic | None) -> np.ndarray:
        """The reading of a short message after an answer; a symptom told, small talk and steering need no context.

        What is surely about something else ("how tall is the Eiffel Tower") must not be bent into an answer.
        """
        intent = self._intent(row)
        asks = intent.startswith("answer/") or intent == FALLBACK
        if last is None or not asks or self._stands_alone(text, row):
            return row
        read = in_context.read(text, row, last, self._catalog, self._model.labels, self._alone)
        best = int(read.argmax())
        hinted = intent != FALLBACK or row[best] >= _HINT
        return read if best != row.argmax() and hinted and self._model.labels[best].startswith("answer/") else row

    def _stands_alone(self, text: str, row: np.ndarray) -> bool:
        """Does a text say itself what it is about? Unneeded context costs a reading, and bends a clear question now and then."""
        words = len(text.split())
        return words > in_context.LONGEST or (words >= _FEWEST and row.max() >= _SURE and not segments.leans(text))

    def _asked(self, pieces: Sequence[_Piece], whole: np.ndarray) -> tuple[str, ...]:
        """Topics of the sentences that are sure of one: questions, and symptoms told rather than asked."""
        found = [piece for piece in pieces if piece.sure >= _PART]
        return _serious_first(
            [
                piece.label
                for piece in found
                if self._tells(piece, whole) or (piece.answers and segments.is_question(piece.text))
            ]
        )

    def _cut(self, text: str, whole: np.ndarray) -> tuple[str, ...]:
        """The two topics of a message cut at its best seam, of which the whole message must know at least one."""
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        for halves in self._halves(text, whole):
            known = any(self._knows(whole, half.label) for half in halves)
            if known and all(self._is_sure(half, whole) for half in halves) and self._two_things(halves, whole):
                best = max(best, (min(half.sure for half in halves), tuple(half.label for half in halves)))
        return _serious_first(best[1])

    def _is_sure(self, half: _Piece, whole: np.ndarray) -> bool:
        return half.sure >= (_PART if self._knows(whole, half.label) else _HALF)

    def _two_things(self, halves: Sequence[_Piece], whole: np.ndarray) -> bool:
        """Two questions, two symptoms, or a symptom and a question: "and he is on tamoxifen" beside a symptom asks nothing."""
        told = [self._tells(half, whole) for half in halves]
        if any(told):
            return all(tells or (half.answers and segments.is_question(half.text)) for half, tells in zip(halves, told))
        return all(half.answers for half in halves)

    def _knows(self, row: np.ndarray, label: str) -> bool:
        return bool(row[self._model.labels.index(label)] >= _HEARD)

    def _tells(self, piece: _Piece, whole: np.ndarray) -> bool:
        """Does a part tell of a symptom? By strong words, or where it is very sure: "my scan lit up in my hip" is none."""
        if not piece.label.startswith("symptom/"):
            return False
        named = piece.label.partition("/")[2] in triage.mentioned(piece.text)
        return named or piece.sure >= _TOLD or self._knows(whole, piece.label)

    def _halves(self, text: str, whole: np.ndarray) -> Iterator[list[_Piece]]:
        pairs = [*segments.halves(text), *segments.shared(text, vocabulary().entities(text))]
        rows = self._alone([half for pair in pairs for half in pair])[::2]
        # A cut whose first half is unsure of itself is none, whatever the second is in its light.
        return (self._read(pair) for pair, row in zip(pairs, rows) if self._is_sure(self._piece(pair[0], row), whole))

    def _question_of_story(self, text: str, whole: np.ndarray, pieces: Sequence[_Piece]) -> np.ndarray:
        """A story, or small talk, with a question in it is judged by the question where that is sure, else by both."""
        sure, question = self._model.thresholds.answer, _surest_question(pieces)
        chat = self._model.labels[int(whole.argmax())].startswith("chat/")
        told_in_short = len(text.split()) <= _LONGEST_SINGLE and whole.max() >= sure and not chat
        if question is None or told_in_short:
            return whole
        return question.row if question.sure >= sure else (whole + question.row) / 2

    def _verdict(self, row: np.ndarray, parts: tuple[str, ...] = ()) -> Verdict:
        ranking = tuple((self._model.labels[index], float(row[index])) for index in np.argsort(-row)[:25])
        topics = tuple(item for item in ranking if item[0].startswith(_TOPIC_GROUPS))
        # Parts stand in order of seriousness, so a symptom told beside a question comes first and is asked about.
        return Verdict(parts[0] if parts else self._intent(row), ranking, topics, parts)

    def _intent(self, row: np.ndarray) -> str:
        labels, best = self._model.labels, int(row.argmax())
        outside = float(row[labels.index(OUT_OF_SCOPE)]) if OUT_OF_SCOPE in labels else 0.0
        if 1 - outside < self._model.thresholds.scope:
            return OUT_OF_SCOPE
        return labels[best] if row[best] >= self._model.thresholds.answer else FALLBACK


def _serious_first(labels: Sequence[str]) -> tuple[str, ...]:
    """Symptoms before questions, each once, three at the most."""
    return tuple(sorted(dict.fromkeys(labels), key=lambda label: not label.startswith("symptom/")))[:MOST_PARTS]


def _surest_question(pieces: Sequence[_Piece]) -> _Piece | None:
    asked = [piece for piece in pieces if segments.is_question(piece.text)]
    return max(asked, key=lambda piece: piece.sure, default=None)
