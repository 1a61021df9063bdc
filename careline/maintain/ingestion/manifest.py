"""The entry of a document in content/sources.yml: how it is written, and putting it there."""

from __future__ import annotations

import json
from pathlib import Path

from careline import documents
from careline.catalog import SourceDocument
from careline.maintain import edits


def entry(document: SourceDocument) -> list[str]:
    """The lines of an entry."""
    head = {
        "id": document.id,
        "title": _quoted(document.title),
        "publisher": _quoted(document.publisher),
        "year": _quoted(document.year),
        "reviewed_by_clinicians": str(document.reviewed_by_clinicians).lower(),
        "precedence": str(document.precedence),
        **({"url": _quoted(document.url)} if document.url else {}),
        "file": document.file,
        "fingerprint": document.fingerprint,
    }
    lines = [f"{'-' if key == 'id' else ' '} {key}: {value}" for key, value in head.items()]
    sections = [
        f"  - {{name: {_quoted(section.name)}, lines: {_quoted(section.lines)}, fingerprint: {_quoted(section.fingerprint)}}}"
        for section in document.sections
    ]
    return [*lines, "  sections:", *sections]


def put(path: Path, document: SourceDocument) -> bool:
    """Write the entry of a document into content/sources.yml; False where it stands there already, word for word."""
    listed = documents.read(path)
    known = listed.value["documents"]
    text = path.read_text(encoding="utf-8").splitlines()
    index = next((number for number, other in enumerate(known) if other["id"] == document.id), len(known))
    first = listed.line("documents", index) if index < len(known) else len(text) + 1
    last = listed.line("documents", index + 1) - 1 if index + 1 < len(known) else len(text)
    lines = entry(document)
    if text[first - 1 : last] == lines:
        return False
    edits.replace(path, first, last, lines)
    return True


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
