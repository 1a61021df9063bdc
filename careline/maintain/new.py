"""`careline new answer ID --from SOURCE#SECTION`: a draft for a person to write. `careline check` refuses it until then."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from careline import contents, paths
from careline.catalog import Citation
from careline.contents import Contents
from careline.maintain import drafts
from careline.maintain.edits import Refused
from careline.maintain.meaning import Topics

HELP = "start a new answer"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("what", choices=["answer"])
    parser.add_argument("id", help="topic id: small letters, digits, underscores")
    parser.add_argument(
        "--from",
        dest="sources",
        metavar="SOURCE#SECTION",
        action="append",
        required=True,
        help="a section it rests on; may be repeated",
    )
    parser.add_argument("--theme", help="folder of data/answers (default: that of the nearest answers)")
    parser.add_argument(
        "--documents", type=Path, metavar="DIR", help="copies of the documents, for better facets (CARELINE_DOCUMENTS)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the draft; returns the exit code."""
    known = contents.read(paths.home())
    try:
        sources = [drafts.cited(known, place) for place in options.sources]
        about = [
            options.id.replace("_", " "),
            *(source.section for source in sources),
            *_texts(known, sources, _folder(options)),
        ]
        draft = drafts.make(known, Topics(known.catalog), options.id, about, sources, options.theme)
        answer, questions = drafts.put(known, draft)
    except Refused as error:
        print(f"careline: {error}", file=sys.stderr)
        return 1
    print(
        f"{answer.relative_to(known.root)}: write the examples, the title, the text and the simpler text; look at facets, referral and related."
    )
    print(f"{questions.relative_to(known.root)}: let somebody else write its held-out questions, at the end.")
    print(
        f"careline suggest {options.id} shows how people asked. careline check refuses both files until nothing is left to write."
    )
    return 0


def _folder(options: argparse.Namespace) -> Path | None:
    named = options.documents or os.environ.get("CARELINE_DOCUMENTS")
    return Path(named) if named else None


def _texts(known: Contents, sources: Sequence[Citation], folder: Path | None) -> Iterator[str]:
    """The sentences of the cited sections, where copies of their documents are there."""
    from careline.maintain.ingestion.document import take_in

    for source in sources:
        about = known.catalog.sources[source.document]
        if folder and (folder / about.file).is_file():
            parts = take_in(folder / about.file, about, known.root / "content" / "repairs.yml").parts
            yield from (sentence for part in parts if part.name == source.section for sentence in part.sentences())
