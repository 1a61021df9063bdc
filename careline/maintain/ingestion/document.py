"""A document taken in: its manifest entry, its sections with clean text, and everything that was repaired or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from careline.catalog import SourceDocument
from careline.fingerprints import fingerprint
from careline.maintain.ingestion import lines as files
from careline.maintain.ingestion import outline, repairs
from careline.maintain.ingestion.claims import Sentence
from careline.maintain.ingestion.outline import Part
from careline.maintain.ingestion.repairs import Repaired


@dataclass(frozen=True)
class Document:
    """What a file holds. `outside` are lines in no section, as (line, text)."""

    entry: SourceDocument
    parts: tuple[Part, ...]
    repaired: tuple[Repaired, ...]
    outside: tuple[tuple[int, str], ...]

    def sentences(self) -> list[Sentence]:
        """Its sentences, each with its section."""
        return [Sentence(self.entry.id, part.name, text) for part in self.parts for text in part.sentences()]

    def clean_text(self) -> str:
        """The repaired text as Markdown, a heading above each section."""
        return "\n\n".join(f"## {part.name}\n\n" + "\n".join(part.lines).strip() for part in self.parts) + "\n"


def take_in(path: Path, about: SourceDocument, rules: Path) -> Document:
    """Read a file, repair it by content/repairs.yml (`rules`) and cut it into sections.

    `about` says what the file cannot: id, title, publisher, precedence; its sections and fingerprints are made anew.

    Raises:
        ContentError: the file or a rule cannot be read.
    """
    original = files.read(path)
    known = repairs.load(rules, about.id)
    kept, repaired = repairs.apply(known, original)
    found = outline.outline(kept, known)
    entry = about.copy(
        update={
            "file": path.name,
            "fingerprint": fingerprint("\n".join(line.text for line in original)),
            "sections": outline.sections(found.parts, original),
        }
    )
    return Document(entry, found.parts, (*_once_a_line(repaired), *outline.unfinished(found.parts)), found.outside)


def _once_a_line(repaired: Sequence[Repaired]) -> list[Repaired]:
    """One note where a rule hit both halves of a line that another had cut."""
    return list({(item.line, item.kind, item.why): replace(item) for item in repaired}.values())
