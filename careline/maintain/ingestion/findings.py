"""What a document brings: sections against the known ones, topics to look at, conflicting claims, passages no topic covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from careline import disputed as disputes
from careline import documents
from careline.catalog import Catalog, SourceDocument, Topic
from careline.disputed import Dispute
from careline.fingerprints import Compared, to_look_at
from careline.maintain.ingestion.claims import Conflict, Sentence, bad_phones, conflicts
from careline.maintain.ingestion.document import Document
from careline.maintain.meaning import Near, Topics, encode, sentences
from careline.vocabulary import pattern

# Values of the facet `treatment` whose words in data/vocabulary/treatment.yml are names of drugs.
_DRUG_WORDS = ("bisphosphonate", "radiopharmaceutical", "steroids")


@dataclass(frozen=True)
class Gap:
    """A passage that no topic covers, with the nearest topics."""

    section: str
    text: str
    nearest: tuple[Near, ...]


@dataclass(frozen=True)
class Findings:
    """Everything a maintainer looks at before a document is used."""

    sections: tuple[Compared, ...]
    topics: tuple[Topic, ...]
    phones: tuple[tuple[Sentence, str, str], ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]
    disputed: tuple[tuple[str, Dispute], ...]  # what content/disputed.yml says of a section already
    held_against: tuple[str, ...]  # ids of the documents whose copies were there


def find(catalog: Catalog, document: Document, others: Sequence[Document]) -> Findings:
    """Hold a document against the known ones, the answers and the contacts registry."""
    compared = list(sections(catalog.sources.get(document.entry.id), document.entry))
    drugs = drug_names(catalog)
    mine = document.sentences()
    answers = [
        Sentence("answers", topic.id, text) for topic in catalog.topics.values() for text in sentences(topic.text)
    ]
    known = [*(sentence for other in others for sentence in other.sentences()), *answers]
    return Findings(
        sections=tuple(compared),
        topics=tuple(to_look_at(catalog, compared)),
        phones=tuple(bad_phones(mine, catalog.contacts, drugs)),
        conflicts=tuple(_conflicts(mine, known, drugs)),
        gaps=tuple(gaps(catalog, document)),
        disputed=tuple(known_disputes(catalog, document.entry.id)),
        held_against=tuple(other.entry.id for other in others),
    )


def sections(known: SourceDocument | None, now: SourceDocument) -> Iterator[Compared]:
    """Sections that are the same, moved, changed, new or gone, by name and fingerprint."""
    before = {section.name: section for section in known.sections} if known else {}
    texts = {section.fingerprint: section for section in before.values()}
    for section in now.sections:
        same = texts.get(section.fingerprint)
        if same and same.name == section.name:
            state = "same" if same.lines == section.lines else "moved"
        else:
            state = "changed" if section.name in before else "new"
        yield Compared(now.id, section.name, state)
    for name in before.keys() - {section.name for section in now.sections}:
        yield Compared(now.id, name, "gone")


def gaps(catalog: Catalog, document: Document) -> Iterator[Gap]:
    """Paragraphs that no answer says, or whose nearest topic is one that the documents did not cover so far."""
    topics = Topics(catalog)
    passages = [(part.name, text) for part in document.parts for text in part.paragraphs()]
    texts = [text for _, text in passages]
    for (section, text), near, covered in zip(passages, topics.nearest(texts), topics.covered(texts)):
        if not covered or catalog.topics[near[0].topic].meta.kind == "not_covered":
            yield Gap(section, text, tuple(near))


def drug_names(catalog: Catalog) -> re.Pattern[str]:
    """The drugs of content/triage.yml and data/vocabulary/treatment.yml, not their classes."""
    listed = documents.read(catalog.root / "content" / "triage.yml").value["treatments"]["drugs"]
    words = documents.read(catalog.root / "data" / "vocabulary" / "treatment.yml").value["nlu"]
    more = [
        line.removeprefix("- ").strip()
        for entry in words
        if entry.get("synonym") in _DRUG_WORDS
        for line in entry["examples"].splitlines()
        if not line.startswith(f"- {entry['synonym']}")
    ]
    return pattern([*listed, *more])


def known_disputes(catalog: Catalog, document: str) -> Iterator[tuple[str, Dispute]]:
    """What content/disputed.yml says of the sections of a document: (section, entry)."""
    for dispute in disputes.load(catalog.root / "content" / "disputed.yml"):
        for place in dispute.sections:
            if place.document == document:
                yield place.section, dispute


def _conflicts(mine: Sequence[Sentence], known: Sequence[Sentence], drugs: re.Pattern[str]) -> list[Conflict]:
    """Conflicts with what is known and, each pair once, within the document; the likest pairs first."""
    ours = encode([sentence.text for sentence in mine])
    theirs = encode([sentence.text for sentence in known])
    found = [*conflicts(mine, known, ours @ theirs.T, drugs), *conflicts(mine, mine, np.triu(ours @ ours.T, 1), drugs)]
    return sorted(found, key=lambda conflict: -conflict.similarity)
