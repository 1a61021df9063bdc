"""The repairs of content/repairs.yml: what they do to the lines of a document, and a note of each. Pure, apart from reading the rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, root_validator

from careline import documents
from careline.errors import Problem, problem
from careline.maintain.ingestion.lines import Line
from careline.schema import parse

KINDS = ("drop", "replace", "split", "list", "section", "lost")


class Repair(BaseModel):
    """One rule: exactly one of the kinds, its pattern, and why."""

    why: str
    drop: str = ""
    replace: str = ""
    by: str = ""
    split: str = ""
    list: str = ""
    section: str = ""
    at: str = ""
    until: str = ""
    lost: str = ""

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @root_validator
    def _one_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = [kind for kind in KINDS if values.get(kind)]
        if len(given) != 1 or bool(values.get("section")) != bool(values.get("at")):
            raise ValueError(f"a repair is one of {', '.join(KINDS)} (a section with `at`)")
        for key in (*KINDS, "at", "until"):
            if key != "section":
                _compiled(values.get(key) or "")
        return values

    @property
    def kind(self) -> str:
        """Which of the kinds it is."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What it looks for."""
        return re.compile(self.at or str(getattr(self, self.kind)))


class _File(BaseModel):
    everywhere: list[Repair]
    documents: dict[str, list[Repair]] = {}

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class Repaired:
    """A repair that was made: where, what stood there, and why."""

    line: int
    kind: str
    before: str
    why: str


def load(path: Path, document: str) -> tuple[Repair, ...]:
    """The repairs of a document: those for all, then its own.

    Raises:
        ContentError: a rule that cannot be read, with its line.
    """
    rules = parse(_File, documents.read(path))
    return (*rules.everywhere, *rules.documents.get(document, ()))


def unknown(path: Path, known: Collection[str]) -> list[Problem]:
    """Repairs of documents that are not among those known by their ids.

    Raises:
        ContentError: a rule that cannot be read, with its line.
    """
    source = documents.read(path)
    named = [name for name in parse(_File, source).documents if name not in known]
    return [problem(path, source.line("documents", name), f"{name!r} is no document of content/sources.yml; correct the id or take its repairs out") for name in named]


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from error


def apply(repairs: Sequence[Repair], lines: Iterable[Line]) -> tuple[list[Line], list[Repaired]]:
    """The repaired lines, and every repair that was made. Sections are left to `outline`."""
    done: list[Repaired] = []
    kept = [piece for line in lines for piece in _repaired(repairs, line, done)]
    return kept, done


def _repaired(repairs: Sequence[Repair], line: Line, done: list[Repaired]) -> Iterator[Line]:
    pieces = [line]
    for repair in repairs:
        pieces = [made for piece in pieces for made in _made(repair, piece, done)]
    yield from pieces


def _made(repair: Repair, line: Line, done: list[Repaired]) -> list[Line]:
    if repair.kind == "section" or not line.text or not repair.pattern.search(line.text):
        return [line]
    done.append(Repaired(line.number, repair.kind, line.text.strip(), repair.why))
    if repair.kind == "drop":
        return []
    if repair.kind == "replace":
        return [replace(line, text=repair.pattern.sub(repair.by, line.text))]
    if repair.kind == "list":
        return [replace(line, text=f"  • {line.text.strip()}")]
    return _pieces(repair, line) if repair.kind == "split" else [line]


def _pieces(repair: Repair, line: Line) -> list[Line]:
    """The parts of a line that was cut, with blank lines between, so that a heading among them can be seen as one."""
    parts = [part.strip() for part in repair.pattern.split(line.text)]
    made = [replace(line, text=text, heading=None) for part in parts for text in (part, "")]
    return made[:-1]
