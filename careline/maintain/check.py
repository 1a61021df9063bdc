"""`careline check`: the house rules over all content, and on request what takes longer or falls due."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from careline import content_rules, contents, expiry, fingerprints, paths
from careline.catalog import Catalog
from careline.contents import Contents, Example
from careline.errors import ContentError, Problem, problem
from careline.fingerprints import Compared
from careline.nlu import heard, tuning

if TYPE_CHECKING:
    from careline.maintain.nearness import Pair

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
    parser.add_argument(
        "--near",
        action="store_true",
        help="also find examples that say the same in two topics or stand in the wrong one",
    )
    parser.add_argument(
        "--expiring",
        metavar="DAYS",
        type=_days,
        help="only list contacts and reviews that expire within so many days (30d); fails where there are any",
    )


def run(options: argparse.Namespace) -> int:
    """Check; prints what is wrong, then one line that sums up. Returns the exit code: 1 where something is wrong."""
    if options.documents and not options.documents.is_dir():
        print(f"careline: {options.documents} is no folder; name the folder that holds the documents", file=sys.stderr)
        return 2
    started = time.perf_counter()
    try:
        known = contents.read(paths.home())
    except ContentError as error:
        return _finish([str(each) for each in error.problems], "", started)
    if options.expiring is not None:
        return _expiring(known, options.expiring)
    compared = _compared(known.catalog, options.documents) if options.documents else []
    for line in document_report(known.catalog, compared):
        print(line)
    for line in content_rules.warnings(known):
        print(f"warning: {line}")
    if untuned := _untuned(known):
        print(f"warning: {untuned}")
    wrong = [str(each) for each in [*content_rules.problems(known), *_of_tools(known)]]
    wrong += near_report(known) if options.near else []
    code = _finish(wrong, content_rules.counts(known), started)
    return code or int(any(item.state in ("changed", "gone", "missing") for item in compared))


def _of_tools(known: Contents) -> list[Problem]:
    """What is wrong with the files that no answer is made of, but maintainers' tools read."""
    from careline.maintain import nearness
    from careline.maintain.ingestion import repairs

    folder = known.root / "content"
    try:
        nearness.accepted(folder / "near.yml")
        found = repairs.unknown(folder / "repairs.yml", known.catalog.sources)
    except ContentError as error:
        found = list(error.problems)
    return [problem(each.path, each.line, each.what, known.root) for each in found]


def _untuned(known: Contents) -> str | None:
    """What to do where the encoder was not tuned to today's sentences."""
    flags = known.root / "content" / "red_flags"
    return tuning.outdated(flags, heard.read(flags).texts)


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


def near_report(known: Contents) -> list[str]:
    """Examples too near to another topic's, each with the pair and the remedy."""
    from careline.maintain import nearness, progress
    from careline.nlu.embeddings import cached

    with progress.of_embedding():
        vectors = cached([example.text for example in known.examples])
    accepted = nearness.accepted(known.root / "content" / "near.yml")
    return [_near(known, pair) for pair in nearness.pairs(known.examples, vectors, accepted)]


def _near(known: Contents, pair: Pair) -> str:
    other = f"{pair.other.text!r} ({pair.other.intent}, {_place(known, pair.other)})"
    said = f"{pair.example.text!r} says the same as {other}; keep one of them"
    if pair.kind == "stray":
        said = f"{pair.example.text!r} of {pair.example.intent} is nearer to {other}; move it there, or list it in content/near.yml with the reason"
    return f"{_place(known, pair.example)}: {said}"


def _place(known: Contents, example: Example) -> str:
    return f"{example.path.relative_to(known.root)}:{example.line}"


def _compared(catalog: Catalog, folder: Path) -> list[Compared]:
    from careline.maintain.ingestion import (
        lines,
    )  # readers of Word and PDF files, which an editor's save need not wait for

    return list(fingerprints.compare(catalog, folder, lines.text_of))


def _expiring(known: Contents, ahead: timedelta) -> int:
    found = list(expiry.due(known, ahead))
    for each in found:
        print(each)
    print(
        f"{len(found)} contacts or reviews expire within {ahead.days} days"
        if found
        else f"nothing expires within {ahead.days} days"
    )
    return int(bool(found))


def _days(text: str) -> timedelta:
    if not re.fullmatch(r"\d+d?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; write 30d")
    return timedelta(days=int(text.rstrip("d")))


def _finish(problems: Sequence[str], counts: str, started: float) -> int:
    for each in problems:
        print(each)
    found = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}" if problems else "no problems"
    print(f"{counts}: {found}" if counts else found, f"({time.perf_counter() - started:.1f} s)")
    return int(bool(problems))
