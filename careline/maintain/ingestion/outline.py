"""Sections of a document: from its repaired lines to names, places, clean text and fingerprints. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careline.catalog import Section
from careline.fingerprints import fingerprint, normalised
from careline.maintain.ingestion.lines import Line
from careline.maintain.ingestion.repairs import Repair, Repaired
from careline.maintain.meaning import sentences

_LONGEST_HEADING = 12  # words
_LEAST_WORDS = 5  # a paragraph of fewer says nothing that an answer could cover
_NO_HEADING = re.compile(r"^\s|^[^\w\"“]|^[a-z]|[.:;,]$|: ")


@dataclass(frozen=True)
class Part:
    """A section: its heading, its first and last line in the document, its text as repaired."""

    name: str
    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its lines as content/sources.yml writes them."""
        return f"{self.first}-{self.last}"

    def sentences(self) -> Iterator[str]:
        """Its sentences and list items, without the heading."""
        for line in self.lines:
            yield from sentences(line.strip(" •"))

    def paragraphs(self) -> Iterator[str]:
        """Its paragraphs and list items of some length, without the heading."""
        return (line.strip(" •") for line in self.lines if len(line.split()) > _LEAST_WORDS)


@dataclass(frozen=True)
class Outline:
    """The sections, and the lines that are in none: (line, text)."""

    parts: tuple[Part, ...]
    outside: tuple[tuple[int, str], ...]


def outline(lines: Sequence[Line], repairs: Sequence[Repair]) -> Outline:
    """Cut repaired lines into sections. A heading without text of its own is no section; it is in `outside`."""
    parts: list[Part] = []
    outside: list[tuple[int, str]] = []
    for name, block in _blocks(lines, [repair for repair in repairs if repair.kind == "section"]):
        filled = [line for line in block if line.text.strip()]
        if name and len(filled) > 1 or (name and filled and filled[0].text.strip() != name):
            parts.append(
                _part(name, block[block.index(filled[0]) : block.index(filled[-1]) + 1], [part.name for part in parts])
            )
        else:
            outside += [(line.number, line.text.strip()) for line in filled]
    return Outline(tuple(parts), tuple(outside))


def sections(parts: Sequence[Part], original: Sequence[Line]) -> list[Section]:
    """The sections as content/sources.yml keeps them: their fingerprint is that of the lines as they stand in the document."""
    texts = {line.number: line.text for line in original}
    return [
        Section(
            name=part.name,
            lines=part.place,
            fingerprint=fingerprint(" ".join(texts[n] for n in range(part.first, part.last + 1))),
        )
        for part in parts
    ]


def unfinished(parts: Sequence[Part]) -> list[Repaired]:
    """Sections that end with a colon: a list is missing, which a person must look up."""
    ends = [(part.last, part.lines[-1]) for part in parts if part.lines and part.lines[-1].endswith(":")]
    return [Repaired(line, "lost", text.strip(), "the list that should follow is missing") for line, text in ends]


def _blocks(lines: Sequence[Line], named: Sequence[Repair]) -> Iterator[tuple[str, list[Line]]]:
    """The lines from one heading to the next, under the name of the section; "" before the first."""
    name, block, until = "", list[Line](), ""
    for index, line in enumerate(lines):
        if until and re.search(until, line.text):
            until = ""
        rule = None if until else next((rule for rule in named if rule.pattern.search(line.text)), None)
        if rule or (not until and _is_heading(lines, index)):
            yield name, block
            name, block = rule.section if rule else normalised(line.text), []
            until = rule.until if rule else ""
        block.append(line)
    yield name, block


def _is_heading(lines: Sequence[Line], index: int) -> bool:
    """What the file marks as one; in a file that marks none, a short line with a capital and no full stop, after a blank one."""
    line = lines[index]
    if line.heading is not None:
        return line.heading
    alone = index == 0 or not lines[index - 1].text.strip()
    text = line.text.rstrip()
    return bool(text) and alone and len(text.split()) <= _LONGEST_HEADING and not _NO_HEADING.search(text)


def _part(name: str, block: Sequence[Line], taken: Sequence[str]) -> Part:
    count = sum(re.sub(r" \(\d+\)$", "", other) == name for other in taken)
    unique = f"{name} ({count + 1})" if count else name
    text = block[1:] if normalised(block[0].text) == name else block
    return Part(unique, block[0].number, block[-1].number, tuple(line.text.rstrip() for line in text))
