"""The report of an ingested document, as tables and as JSON values."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from careline.catalog import Catalog
from careline.maintain.evaluation.report import Report, Table
from careline.maintain.ingestion.claims import Conflict
from careline.maintain.ingestion.document import Document
from careline.maintain.ingestion.findings import Findings, Gap
from careline.maintain.meaning import Near

Rows = Sequence[Sequence[Any]]
_STATES = ("new", "changed", "gone", "moved", "same")
NOTHING_PUBLISHED = "Nothing was published: an answer changes only when a person writes it, and is live only after check, train, evaluate and promote."


def make(catalog: Catalog, document: Document, findings: Findings, width: int | None = None) -> Report:
    """The report; cells of text are cut to `width` characters where one is given."""
    tables = _tables(catalog, document, findings)
    if width:
        tables = [_cut(table, width) for table in tables]
    return Report(f"{document.entry.title} ({document.entry.id})", _about(document, findings), tables)


def values(catalog: Catalog, document: Document, findings: Findings) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "document": document.entry.dict(),
        "repairs": [asdict(item) for item in document.repaired],
        "outside": [{"line": line, "text": text} for line, text in document.outside],
        "sections": [{"section": item.section, "state": item.state} for item in findings.sections],
        "topics": [{"topic": topic.id, "file": _file(catalog, topic.id)} for topic in findings.topics],
        "phones": [{"section": where.section, "number": number, "why": why} for where, number, why in findings.phones],
        "conflicts": [asdict(item) for item in findings.conflicts],
        "disputed": [{"section": section, "entry": item.id} for section, item in findings.disputed],
        "gaps": [asdict(gap) for gap in findings.gaps],
        "held_against": list(findings.held_against),
    }


def _about(document: Document, findings: Findings) -> str:
    counted = Counter(item.state for item in findings.sections)
    states = ", ".join(f"{counted[state]} {state}" for state in _STATES if counted[state])
    against = (
        f"our answers and {', '.join(findings.held_against)}"
        if findings.held_against
        else "our answers only; name the other documents' folder with --documents"
    )
    return f"Sections: {states or 'none'}. Claims were held against {against}. {NOTHING_PUBLISHED}"


def _tables(catalog: Catalog, document: Document, findings: Findings) -> list[Table]:
    rows: Sequence[tuple[str, str, Rows]] = (
        ("Sections", "state section lines", _sections(document, findings)),
        ("Topics that rest on a changed section", "file title", [(_file(catalog, topic.id), topic.meta.title) for topic in findings.topics]),
        ("Phone numbers that may not be shown", "number why section", [(number, why, where.section) for where, number, why in findings.phones]),
        ("Claims that may conflict", "kind says here also where there", [_conflict(item) for item in findings.conflicts]),
        ("Disputed already", "entry section finding say", [(f"{item.id} {item.title}", where, item.finding, item.say) for where, item in findings.disputed]),
        ("Passages that no topic covers", "section passage nearest", [(gap.section, gap.text, _nearest(catalog, gap)) for gap in findings.gaps]),
        ("Repairs", "line what before why", [(item.line, item.kind, item.before, item.why) for item in document.repaired]),
        ("In no section", "line text", document.outside),
    )  # fmt: skip
    return [Table(title, columns.split(), cells, texts=True) for title, columns, cells in rows if cells]


def _sections(document: Document, findings: Findings) -> Rows:
    """Those that are not as they were."""
    lines = {section.name: section.lines for section in document.entry.sections}
    return [
        (item.state, item.section, lines.get(item.section, "")) for item in findings.sections if item.state != "same"
    ]


def _conflict(item: Conflict) -> Sequence[str]:
    here, there = f"{item.new.section}: {item.new.text}", f"{item.known.document}#{item.known.section}"
    return (item.kind, ", ".join(item.says), here, ", ".join(item.known_says), there, item.known.text)


def _cut(table: Table, width: int) -> Table:
    rows = [[textwrap.shorten(str(cell), width, placeholder=" …") for cell in row] for row in table.rows]
    return Table(table.title, table.columns, rows, table.note, table.texts)


def _nearest(catalog: Catalog, gap: Gap) -> str:
    return ", ".join(_near(catalog, near) for near in gap.nearest)


def _near(catalog: Catalog, near: Near) -> str:
    kind = " (says it is not covered)" if catalog.topics[near.topic].meta.kind == "not_covered" else ""
    return f"{near.topic} {near.similarity:.2f}{kind}"


def _file(catalog: Catalog, topic: str) -> str:
    return catalog.topics[topic].path.relative_to(catalog.root).as_posix()
