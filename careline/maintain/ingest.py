"""`careline ingest FILE`: a document's clean text, sections and manifest entry, and what it would change. Publishes nothing."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from careline import catalog as catalogs
from careline import paths
from careline.catalog import Catalog, SourceDocument
from careline.fingerprints import fingerprint
from careline.maintain.evaluation.report import write
from careline.maintain.ingestion import findings, lines, manifest, report
from careline.maintain.ingestion.document import Document, take_in

HELP = "read a document: sections, conflicts, what no topic covers"
_WIDTH = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("file", type=Path, help="a text, HTML, PDF or Word file")
    parser.add_argument(
        "--id",
        help="of a new document: small letters, digits and underscores; known ones are recognised by file name or text",
    )
    parser.add_argument("--title", help="of a new document (default: its first heading)")
    parser.add_argument("--publisher", help="of a new document")
    parser.add_argument("--year", help='of publication (default: "undated")')
    parser.add_argument("--precedence", type=int, help="where documents conflict the lower number wins (default: last)")
    parser.add_argument("--clinicians", action="store_true", help="clinicians reviewed it")
    parser.add_argument(
        "--documents",
        type=Path,
        metavar="DIR",
        help="copies of the known documents, to find conflicts with (CARELINE_DOCUMENTS)",
    )
    parser.add_argument(
        "--format",
        choices=("table", "markdown", "json"),
        default="table",
        help="of what is printed; all three are written",
    )
    parser.add_argument("--reports", type=Path, metavar="DIR", help="where text and reports go (reports/ingest)")
    parser.add_argument("--write", action="store_true", help="put the entry into content/sources.yml")


def run(options: argparse.Namespace) -> int:
    """Ingest; returns the exit code."""
    root = paths.home()
    catalog = catalogs.load(root)
    try:
        about = _about(catalog, options)
    except ValueError as error:
        print(f"careline: {error}", file=sys.stderr)
        return 2
    document = take_in(options.file, about, root / "content" / "repairs.yml")
    found = findings.find(catalog, document, list(_others(catalog, document, _folder(options))))
    folder = options.reports or root / "reports" / "ingest"
    _keep(catalog, document, found, folder)
    _print(catalog, document, found, options.format)
    print(f"Text, entry and reports: {folder / document.entry.id}.*", file=sys.stderr)
    return _put(root, document, found) if options.write else 0


def _put(root: Path, document: Document, found: findings.Findings) -> int:
    """Write the entry, unless it would wipe out that of another document."""
    states = {item.state for item in found.sections}
    if states == {"new", "gone"}:
        print(
            f"careline: no section of {document.entry.id!r} is in this file, so nothing was written; give a new document an --id of its own",
            file=sys.stderr,
        )
        return 1
    changed = manifest.put(root / "content" / "sources.yml", document.entry)
    print(f"content/sources.yml: {'entry written' if changed else 'nothing to change'}", file=sys.stderr)
    return 0


def _about(catalog: Catalog, options: argparse.Namespace) -> SourceDocument:
    """What the manifest says of the document, or what the command line says of a new one."""
    known = catalog.sources.get(options.id) if options.id else _recognised(catalog, options.file)
    if known is None and not (options.id and options.publisher):
        raise ValueError(
            f"{options.file.name} is no known document; give --id and --publisher (and --title, --year), or the --id of the document it replaces"
        )
    if options.id and not re.fullmatch(r"[a-z][a-z0-9_]*", options.id):
        raise ValueError(f"the id {options.id!r} is not made of small letters, digits and underscores")
    last = max((document.precedence for document in catalog.sources.values()), default=0) + 1
    about = known or SourceDocument(
        id=options.id, title=_title(options.file), publisher=options.publisher, year="undated", reviewed_by_clinicians=False,
        precedence=last, file="", fingerprint="", sections=[],
    )  # fmt: skip
    given = {
        key: getattr(options, key)
        for key in ("title", "publisher", "year", "precedence")
        if getattr(options, key) is not None
    }
    return about.copy(update={**given, **({"reviewed_by_clinicians": True} if options.clinicians else {})})


def _recognised(catalog: Catalog, file: Path) -> SourceDocument | None:
    by_name = next((document for document in catalog.sources.values() if document.file == file.name), None)
    if by_name:
        return by_name
    text = fingerprint(lines.text_of(file))
    return next((document for document in catalog.sources.values() if document.fingerprint == text), None)


def _title(file: Path) -> str:
    read = lines.read(file)
    return next((line.text.strip() for line in read if line.heading), None) or next(
        line.text.strip() for line in read if line.text.strip()
    )


def _folder(options: argparse.Namespace) -> Path | None:
    named = options.documents or os.environ.get("CARELINE_DOCUMENTS")
    if named and not Path(named).is_dir():
        raise FileNotFoundError(f"{named} is no folder; name the folder that holds the documents")
    return Path(named) if named else None


def _others(catalog: Catalog, document: Document, folder: Path | None) -> Iterator[Document]:
    """The other known documents whose copies lie in the folder."""
    for about in catalog.sources.values():
        copy = (folder or Path()) / about.file
        if folder and about.id != document.entry.id and copy.is_file():
            yield take_in(copy, about, catalog.root / "content" / "repairs.yml")


def _keep(catalog: Catalog, document: Document, found: findings.Findings, folder: Path) -> None:
    name = document.entry.id
    write(report.make(catalog, document, found), report.values(catalog, document, found), folder, name)
    (folder / f"{name}.text.md").write_text(document.clean_text(), encoding="utf-8")
    (folder / f"{name}.entry.yml").write_text("\n".join(manifest.entry(document.entry)) + "\n", encoding="utf-8")


def _print(catalog: Catalog, document: Document, found: findings.Findings, form: str) -> None:
    if form == "json":
        print(json.dumps(report.values(catalog, document, found), indent=1, ensure_ascii=False))
    elif form == "markdown":
        print(report.make(catalog, document, found).markdown(), end="")
    else:
        print(report.make(catalog, document, found, _WIDTH).text(), end="")
