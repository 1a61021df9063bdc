"""Rasa component: language, body sites and treatments, and whom the message is about.

It comes last and has the last word: a red flag replaces whatever intent the classifier found.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from careline import language, paths
from careline.dialogue.about import about
from careline.nlu.alarm_listener import RED_FLAGS
from careline.nlu.entities import vocabulary
from careline.nlu.sentence_encoder import SPELLED
from careline.nlu.spelling import Speller, words


@paths.per_content
def _english(_root: Path) -> Speller:
    return Speller.of_words(word for phrase in vocabulary().phrases for word in phrase.lower().split())


def _misspelt(text: str, spelled: str) -> set[str]:
    """The words that were put right."""
    typed, meant = words(text), words(spelled)
    return {word for word, right in zip(typed, meant) if word != right} if len(typed) == len(meant) else set()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageMarks(GraphComponent):
    """Marks a message with everything but its topic."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> MessageMarks:
        """Make the component; there is nothing to train."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities, language and subject; set the intent where language or a red flag decides it."""
        for message in messages:
            self._mark(message, message.get(TEXT) or "")
        return messages

    def _mark(self, message: Message, text: str) -> None:
        spoken = language.detect(text, _english().knows, _misspelt(text, message.get(SPELLED) or text))
        message.set("entities", vocabulary().entities(text), add_to_output=True)
        message.set("language", spoken, add_to_output=True)
        message.set("about", about(text), add_to_output=True)
        if message.get(RED_FLAGS):
            message.set("intent", {"name": "red_flag", "confidence": 1.0}, add_to_output=True)
        elif spoken != "en":
            message.set("intent", {"name": "other_language", "confidence": 1.0}, add_to_output=True)
