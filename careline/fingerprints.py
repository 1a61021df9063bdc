"""Sections of the documents against local copies: unchanged, moved, changed or gone. Pure, apart from reading the copies."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careline.catalog import Catalog, Section, SourceDocument, Topic

DIGITS = 16
Lines = tuple[int, int]


@dataclass(frozen=True)
class Compared:
    """A section held against a copy of its document. `state` is same, moved, changed, gone or missing (no copy)."""

    document: str
    section: str
    state: str
    lines: Lines | None = None  # where its text stands now


def normalised(text: str) -> str:
    """NFKC with single spaces: what two copies of one text share."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def fingerprint(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of a normalised text."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:DIGITS]


def plain_text(path: Path) -> str:
    """A copy that is a text file."""
    return path.read_text(encoding="utf-8", errors="replace")


def compare(catalog: Catalog, folder: Path, read: Callable[[Path], str] = plain_text) -> Iterator[Compared]:
    """Every section of every document against the copies in a folder; `read` gives the text of a copy."""
    for document in catalog.sources.values():
        copy = _copy(document, folder, read)
        if copy is None:
            yield from (Compared(document.id, section.name, "missing") for section in document.sections)
        else:
            yield from sections(document, copy)


def sections(document: SourceDocument, text: str) -> Iterator[Compared]:
    """Every section of a document against the text of a copy."""
    lines = [normalised(line) for line in text.split("\n")]
    states = {section.name: _unmoved(section, lines) for section in document.sections}
    lost = [section for section in document.sections if not states[section.name]]
    found = find(lines, {section.fingerprint for section in lost}, _longest(lost))
    for section in document.sections:
        now = states[section.name] or found.get(section.fingerprint)
        state = "same" if states[section.name] else "moved" if now else _lost(section, lines, found.values())
        yield Compared(document.id, section.name, state, now)


def find(lines: Sequence[str], wanted: Iterable[str], longest: int) -> Mapping[str, Lines]:
    """Where texts with the wanted fingerprints stand among normalised lines, looking at up to `longest` lines at once."""
    wanted = set(wanted)
    found: dict[str, Lines] = {}
    for first in (index for index, line in enumerate(lines) if line and wanted):
        digest = hashlib.sha256(lines[first].encode())
        for last in range(first, min(first + longest, len(lines))):
            if last > first and lines[last]:
                digest.update(f" {lines[last]}".encode())
            if (known := digest.hexdigest()[:DIGITS]) in wanted:
                found.setdefault(known, (first + 1, last + 1))
    return found


def to_look_at(catalog: Catalog, compared: Iterable[Compared]) -> list[Topic]:
    """The topics that cite a section whose text changed or is gone."""
    touched = {(item.document, item.section) for item in compared if item.state in ("changed", "gone")}
    cites = (
        (topic, (cited.document, cited.section)) for topic in catalog.topics.values() for cited in topic.meta.sources
    )
    return list({topic.id: topic for topic, cited in cites if cited in touched}.values())


def _copy(document: SourceDocument, folder: Path, read: Callable[[Path], str]) -> str | None:
    """The copy by its file name, or whichever text file of the folder has the document's text."""
    named = folder / document.file
    if named.is_file():
        return read(named)
    texts = (plain_text(path) for path in sorted(folder.glob("*.txt")))
    return next((text for text in texts if fingerprint(text) == document.fingerprint), None)


def _unmoved(section: Section, lines: Sequence[str]) -> Lines | None:
    first, last = _range(section)
    return (first, last) if fingerprint(" ".join(lines[first - 1 : last])) == section.fingerprint else None


def _lost(section: Section, lines: Sequence[str], found: Iterable[Lines]) -> str:
    """Changed where the heading or the place is still its own; gone where other sections stand there or the file ends before."""
    first, _ = _range(section)
    if normalised(section.name) in lines:
        return "changed"
    taken = first > len(lines) or any(start <= first <= end for start, end in found)
    return "gone" if taken else "changed"


def _range(section: Section) -> Lines:
    first, _, last = section.lines.partition("-")
    return int(first), int(last or first)


def _longest(wanted: Iterable[Section]) -> int:
    spans = [last - first + 1 for first, last in map(_range, wanted)]
    return max(spans, default=0) + 10  # blank lines may have come between
