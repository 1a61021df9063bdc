"""Rasa component: puts misspelt words right and adds the sentence embedding as an ordinary dense feature."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from careline.nlu import encoder, questions
from careline.nlu.embeddings import Encode, Remembered, cached
from careline.nlu.spelling import Speller

# Message properties.
SPELLED = "spelled"  # the text with misspelt words put right
_VECTORS = "vectors"  # of the message and its parts, by their text; plain data, because `rasa test nlu` copies messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Embeds messages with the frozen encoder; what it learns is only which words its subject uses."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`vocabulary`: words to correct to beside those of the examples (drug names)."""
        return {"vocabulary": []}

    def __init__(self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource, speller: Speller | None) -> None:
        self._config = config
        self._name = name
        self._storage = storage
        self._resource = resource
        self._speller = speller

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> SentenceEncoder:
        """Make an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource, None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the subject's words."""
        examples = [message.get(TEXT) for message in training_data.intent_examples]
        self._speller = Speller.from_examples(examples, [*self._config["vocabulary"], *training_data.entity_synonyms])
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._speller.subject), encoding="utf-8")
        return self._resource

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any) -> SentenceEncoder:
        """Read the subject's words."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, Speller.of_words(words))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all examples as typed, remembering the vectors between trainings."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        for message, vector in zip(messages, cached([message.get(TEXT) for message in messages])):
            self._feature(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed messages after putting their spelling right."""
        assert self._speller is not None
        for message in messages:
            spelled = self._speller.correct(message.get(TEXT) or "")
            message.set(SPELLED, spelled)
            message.set(_VECTORS, {})
            vector, *_ = embedder(message)([spelled, *questions.parts(spelled)])  # in one run, which is most of what a turn costs
            self._feature(message, vector)
        return messages

    def _feature(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._name))


def embedder(message: Message) -> Encode:
    """Embeds further texts of a message, and remembers those of its parts, whichever component asked for them."""
    return Remembered(encoder.load().encode, message.get(_VECTORS))
