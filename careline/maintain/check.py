"""`careline check`: the house rules over all content; with `--documents DIR`, the documents against their fingerprints, too."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from careline import content_rules, contents, fingerprints, paths
from careline.catalog import Catalog
from careline.errors import ContentError
from careline.fingerprints import Compared

HELP = "hold the house rules against all content"
_STATES = {
    "same": "unchanged",
    "moved": "moved, text unchanged",
    "changed": "CHANGED",
    "gone": "GONE",
    "missing": "no copy found",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "--documents",
        metavar="DIR",
        type=Path,
        help="also hold the sections of the documents against the copies in DIR",
    )


def run(options: argparse.Namespace) -> int:
    """Check; prints what is wrong, then one line that sums up. Returns the exit code: 1 where something is wrong."""
    if options.documents and not options.documents.is_dir():
        print(f"careline: {options.documents} is no folder; name the folder that holds the documents", file=sys.stderr)
        return 2
    try:
        known = contents.read(paths.home())
    except ContentError as error:
        return _finish([str(problem) for problem in error.problems], "")
    compared = _compared(known.catalog, options.documents) if options.documents else []
    for line in document_report(known.catalog, compared):
        print(line)
    for line in content_rules.warnings(known):
        print(f"warning: {line}")
    wrong = [str(problem) for problem in content_rules.problems(known)]
    code = _finish(wrong, content_rules.counts(known))
    return code or int(any(item.state in ("changed", "gone", "missing") for item in compared))


def document_report(catalog: Catalog, compared: Sequence[Compared]) -> Iterator[str]:
    """The documents against their copies, and the topics to look at again."""
    for document in catalog.sources.values():
        mine = [item for item in compared if item.document == document.id]
        if mine:
            states = Counter(item.state for item in mine)
            yield f"{document.id} ({document.file}): " + ", ".join(
                f"{states[state]} {shown}" for state, shown in _STATES.items() if states[state]
            )
        for item in mine:
            if item.state in ("moved", "changed", "gone"):
                where = (
                    f" (now lines {item.lines[0]}-{item.lines[1]}; correct content/sources.yml)" if item.lines else ""
                )
                yield f"  {_STATES[item.state]}: {item.section}{where}"
    topics = fingerprints.to_look_at(catalog, compared)
    if topics:
        yield f"{len(topics)} topics to look at again, because a section they rest on changed or is gone:"
    for topic in topics:
        yield f"  {topic.path.relative_to(catalog.root)}:{topic.line('sources')}: {topic.meta.title}"


def _compared(catalog: Catalog, folder: Path) -> list[Compared]:
    from careline.maintain.ingestion import (
        lines,  # readers of Word and PDF files, which an editor's save need not wait for
    )

    return list(fingerprints.compare(catalog, folder, lines.text_of))


def _finish(problems: Sequence[str], counts: str) -> int:
    for problem in problems:
        print(problem)
    found = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}" if problems else "no problems"
    print(f"{counts}: {found}" if counts else found)
    return int(bool(problems))
