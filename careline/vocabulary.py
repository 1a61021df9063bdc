"""A message as it is searched, and the vocabulary of content/triage.yml that it is searched with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from careline import text as typed

# A clause ends at punctuation (not inside 2.5), and where a new thought begins.
_CLAUSE_END = re.compile(
    r"(?<!\d)[.,]|[.,](?!\d)|[;:!?()\n]+|\b(?:but|though|although|however|except|and (?=(?:i|im|i'm|my|now|it|its|it's|she|he|then)\b))\b"
)
_NEGATOR = re.compile(
    r"\b(?:no|not|never|without|nor|neither|hardly|none|nothing|(?:is|are|was|were|has|have|had|does|do|did|wo|ca|could|would|ai)n'?t|cannot)\b"
)
_FILLER = r"(?:(?:of|or so|more|whole|full|good|long|solid|the|last|past|and a half|an?|or)\s+)*"


@dataclass(frozen=True)
class Heard:
    """One answer: its value, the words it was heard in, and where they stood in the folded text."""

    value: str
    words: str
    start: int = 0
    end: int = 0


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One search for many phrases: whole words, longest first, apostrophes and width of spaces left open, `*` any ending."""
    parts = sorted({typed.folded(phrase)[0] for phrase in phrases}, key=len, reverse=True)
    escaped = (re.escape(part).replace(r"\*", r"\w*").replace("'", "'?").replace(r"\ ", r"\s+") for part in parts)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(escaped) or '(?!)'})(?![\w'])")


@dataclass(frozen=True)
class Message:
    """A text as it is searched (`plain`, lower case, no accents) and as it was typed."""

    text: str
    plain: str
    origins: Sequence[int] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Message:
        """Fold a text."""
        plain, origins = typed.folded(text)
        return cls(text, plain, origins)

    def heard(self, value: str, start: int, end: int) -> Heard:
        """An answer, with its words as the person typed them."""
        words = self.text[self.origins[start] : self.origins[end - 1] + 1] if end > start else ""
        return Heard(value, " ".join(words.split()), start, end)

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each clause."""
        marks = [match.span() for match in _CLAUSE_END.finditer(self.plain)]
        starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(self.plain)]
        return tuple((start, end) for start, end in zip(starts, ends, strict=True) if self.plain[start:end].strip())

    def clause(self, position: int) -> tuple[int, int]:
        """The clause a position lies in."""
        return next(((start, end) for start, end in self.clauses if start <= position < end), (0, len(self.plain)))

    def negator(self, position: int, reach: int = 4) -> re.Match[str] | None:
        """The word that denies what stands at a position: at most `reach` words before it, in the same clause."""
        found = list(_NEGATOR.finditer(self.plain, self.clause(position)[0], position))
        near = found and len(self.plain[found[-1].end() : position].split()) < reach
        return found[-1] if near else None


@dataclass(frozen=True)
class Words:
    """The vocabulary of content/triage.yml, compiled once."""

    data: Mapping[str, Any]
    worse_first: Mapping[str, Sequence[str]]

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """Every flat list of phrases, by its path: "answers.yes", "trends.phrases.worse"."""
        return dict(_compiled("", self.data))

    @cached_property
    def quantity(self) -> re.Pattern[str]:
        """A number and a unit of time."""
        numbers = "|".join(sorted(self.data["durations"]["numbers"], key=len, reverse=True))
        units = "|".join(
            sorted((word for unit in self._units.values() for word in unit["words"]), key=len, reverse=True)
        )
        number = rf"\d{{1,3}}(?:[.,]\d+)?|{numbers}"
        return re.compile(
            rf"(?<![\w.])(?P<n>{number})(?:\s*(?:-|–|to|or|/)\s*(?:{number}))?[\s-]*{_FILLER}(?P<unit>{units})(?!\w)"
        )

    def phrases(self, message: Message, path: str) -> Iterable[Heard]:
        """What a list, or the lists below a path, hear in a message, each with the list's name as its value."""
        for name, search in self.patterns.items():
            if f"{name}.".startswith(f"{path}."):
                found = search.finditer(message.plain)
                yield from (message.heard(name.rpartition(".")[2], *match.span()) for match in found)

    @property
    def _units(self) -> Mapping[str, Mapping[str, Any]]:
        return self.data["durations"]["units"]

    def days(self, match: re.Match[str]) -> tuple[float, float]:
        """How many days a quantity stands for, and how many its unit is."""
        unit = next(unit["days"] for unit in self._units.values() if match["unit"] in unit["words"])
        number = self.data["durations"]["numbers"].get(match["n"])
        return (float(match["n"].replace(",", ".")) if number is None else number) * unit, unit

    def worst(self, question: str, heard: Iterable[Heard]) -> Heard | None:
        """The most serious of several answers to one question."""
        return min(heard, key=lambda item: self.worse_first[question].index(item.value), default=None)


def _compiled(path: str, data: Any) -> Iterable[tuple[str, re.Pattern[str]]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _compiled(f"{path}.{key}" if path else str(key), value)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        yield path, pattern(map(str, data))
