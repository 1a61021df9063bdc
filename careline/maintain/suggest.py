"""`careline suggest ID`: how people asked for a topic, from the review queue; never from the held-out questions."""

from __future__ import annotations

import argparse
import sys

from careline import contents, paths
from careline.maintain import reviewing, waiting
from careline.maintain.meaning import Topics

HELP = "how people asked for a topic, from the review queue"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("id", help="a topic")
    parser.add_argument("--limit", type=int, default=20)


def run(options: argparse.Namespace) -> int:
    """Print suggestions; returns the exit code."""
    known = contents.read(paths.home())
    if options.id not in known.catalog.topics:
        print(
            f"careline: there is no topic {options.id!r}; careline new answer {options.id} starts one", file=sys.stderr
        )
        return 2
    found = reviewing.suggestions(known, waiting.rows(), Topics(known.catalog), options.id)[: options.limit]
    for row, near in found:
        print(f"{near.similarity:.2f}  {row.text}  ({reviewing.reason(row)})")
    print(
        f"{len(found)} messages nearest to {options.id}. Write what they ask in your own words; careline check refuses one that is held out."
        if found
        else f"no message in the queue is nearest to {options.id}"
    )
    return 0
