"""Body sites, treatments, operations and kinds of recurrence that a text names, by the word lists of data/vocabulary/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
from spacy.matcher import PhraseMatcher

from careline import documents, paths


class Vocabulary:
    """The lists of data/vocabulary/; the file's name is the kind of entity."""

    def __init__(self, root: Path) -> None:
        self._blank = spacy.blank("en")
        self._matcher = PhraseMatcher(self._blank.vocab, attr="LOWER")
        self.phrases: list[str] = []
        for path in sorted((root / "data" / "vocabulary").glob("*.yml")):
            for entry in documents.read(path).value["nlu"]:
                if "synonym" in entry:
                    self._add(path.stem, entry["synonym"], entry["examples"])

    def _add(self, kind: str, canonical: str, examples: str) -> None:
        phrases = [canonical, *(line[2:].strip() for line in examples.splitlines() if line.startswith("- "))]
        self.phrases += phrases
        self._matcher.add(f"{kind}/{canonical}", [self._blank.make_doc(phrase) for phrase in phrases])

    def entities(self, text: str) -> list[dict[str, Any]]:
        """Entities of a text in the shape Rasa gives them."""
        doc = self._blank.make_doc(text)
        found = spacy.util.filter_spans([self._span(doc, match) for match in self._matcher(doc)])
        return [
            {
                "entity": span.label_.partition("/")[0],
                "value": span.label_.partition("/")[2],
                "start": span.start_char,
                "end": span.end_char,
                "extractor": "Vocabulary",
                "confidence_entity": 1.0,
            }
            for span in found
        ]

    def _span(self, doc: spacy.tokens.Doc, match: tuple[int, int, int]) -> spacy.tokens.Span:
        name, start, end = match
        return spacy.tokens.Span(doc, start, end, label=name)


@paths.per_content
def vocabulary(root: Path) -> Vocabulary:
    """The vocabulary in the content that is used here."""
    return Vocabulary(root)
