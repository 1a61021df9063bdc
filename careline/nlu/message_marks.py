"""Rasa component: red flags, language, body sites and treatments, and whom the message is about.

It comes last and has the last word: a red flag replaces whatever intent the classifier found.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import PhraseMatcher

from careline import documents, language, paths
from careline.dialogue.about import about
from careline.dialogue.knowledge import shared
from careline.nlu.alarm_listener import HEARD
from careline.nlu.spelling import Speller
from careline.red_flags import Finding


class Vocabulary:
    """Body sites, treatments, drugs and the like, as `data/vocabulary/` names them."""

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
            {"entity": span.label_.partition("/")[0], "value": span.label_.partition("/")[2], "start": span.start_char,
             "end": span.end_char, "extractor": "Vocabulary", "confidence_entity": 1.0}
            for span in found
        ]

    def _span(self, doc: spacy.tokens.Doc, match: tuple[int, int, int]) -> spacy.tokens.Span:
        name, start, end = match
        return spacy.tokens.Span(doc, start, end, label=name)


@paths.per_content
def vocabulary(root: Path) -> Vocabulary:
    """The vocabulary in the content that is used here."""
    return Vocabulary(root)


@paths.per_content
def _english(_root: Path) -> Speller:
    return Speller.of_words(word for phrase in vocabulary().phrases for word in phrase.lower().split())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageMarks(GraphComponent):
    """Marks a message with everything but its topic."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> MessageMarks:
        """Make the component; there is nothing to train."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities, language, subject and red flags; set the intent where language or a red flag decides it."""
        for message in messages:
            self._mark(message, message.get(TEXT) or "")
        return messages

    def _mark(self, message: Message, text: str) -> None:
        spoken = language.detect(text, _english().knows)
        heard = [Finding(**item) for item in message.get(HEARD) or ()]
        findings = (*shared().red_flags.find(text), *heard)
        message.set("entities", vocabulary().entities(text), add_to_output=True)
        message.set("language", spoken, add_to_output=True)
        message.set("about", about(text), add_to_output=True)
        message.set("red_flags", [asdict(finding) for finding in findings], add_to_output=True)
        if findings:
            message.set("intent", {"name": "red_flag", "confidence": 1.0}, add_to_output=True)
        elif spoken != "en":
            message.set("intent", {"name": "other_language", "confidence": 1.0}, add_to_output=True)
