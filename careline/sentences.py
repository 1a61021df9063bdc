"""A message as the grammar sees it: tokens, the spans found on them, its sentences and clauses, and what is silenced."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from careline.phrases import Occurrence
from careline.text import COMMA, STOP, Token

Span = tuple[int, int]


@dataclass
class Sentences:
    """Tokens, and spans (in token positions) of frames, signs and places; `masks` holds the frames each token stands in."""

    tokens: Sequence[Token]
    frames: Mapping[str, list[Occurrence]]
    signs: Sequence[Occurrence]
    places: Sequence[Occurrence]
    able: Sequence[Occurrence]  # "no longer able to" and the like, whose "no" denies nothing
    splits: frozenset[str]
    here: frozenset[str]
    masks: list[int] = field(default_factory=list)
    sign_at: dict[int, int] = field(default_factory=dict)
    place_at: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.masks = [0] * len(self.tokens)
        for spans, ends in ((self.signs, self.sign_at), (self.places, self.place_at)):
            for span in spans:
                for index in range(span.start, span.end):
                    ends[index] = max(ends.get(index, 0), span.end)

    def put(self, frame: int, start: int, end: int) -> None:
        """Mark tokens [start, end) as standing in a frame."""
        for index in range(start, min(end, len(self.tokens))):
            self.masks[index] |= frame

    def any(self, name: str, start: int, end: int) -> bool:
        """Whether a frame phrase begins within [start, end)."""
        return any(start <= hit.start < end for hit in self.frames.get(name, ()))

    def words(self, start: int, end: int) -> list[str]:
        """The compared words of tokens [start, end); a start before the first token is the first."""
        return [token.norm for token in self.tokens[max(0, start) : end]]

    def sentences(self) -> list[Span]:
        """The sentences as [start, end) of tokens."""
        return list(self._between(0, len(self.tokens), self._stops))

    def clauses(self, start: int, end: int) -> list[Span]:
        """The clauses of a sentence as [start, end) of tokens."""
        return list(self._between(start, end, self.splits_at))

    def splits_at(self, index: int) -> bool:
        """Whether a clause ends at a token: a comma, or a word such as "but" that is not part of a sign."""
        token = self.tokens[index]
        return token.kind == COMMA or (token.norm in self.splits and index not in self.sign_at)

    def comes_back(self, index: int) -> bool:
        """Whether a clause ends here and the next begins with the person, here and now."""
        return self.splits_at(index) and bool(self.here.intersection(self.words(index + 1, index + 3)))

    def reach(self, start: int, end: int) -> int:
        """Where a frame that opens at `start` ends: at `end`, or where the sentence comes back to here and now."""
        return next((index for index in range(start, end) if self.comes_back(index)), end)

    def _between(self, start: int, end: int, boundary: Callable[[int], bool]) -> Iterator[Span]:
        begin = start
        for index in range(start, end):
            if boundary(index):
                if index > begin:
                    yield begin, index
                begin = index + 1
        if begin < end:
            yield begin, end

    def _stops(self, index: int) -> bool:
        """A full stop ends a sentence, unless a bracket follows: "What signs are there? (headache, confusion)"."""
        bracket = index + 1 < len(self.tokens) and self.tokens[index + 1].norm.startswith("(")
        return self.tokens[index].kind == STOP and not bracket


def end_of(sentences: list[Span], index: int) -> int:
    """The end of the sentence that holds a token."""
    return next((end for start, end in sentences if start <= index < end), index)
