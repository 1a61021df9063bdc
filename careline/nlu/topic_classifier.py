"""Rasa component: fills intent, intent ranking and the response-selector output from one classifier over everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from careline.dialogue.knowledge import shared
from careline.dialogue.memory import LAST_TOPIC
from careline.nlu import encoder, questions
from careline.nlu.calibration import calibrate
from careline.nlu.rehearsal import KeptOut
from careline.nlu.sentence_encoder import SPELLED, SentenceEncoder, embedder
from careline.nlu.thresholds import Calibration
from careline.nlu.topic_model import TopicModel

GROUPS = ("answer", "symptom", "chat")
_SHOWN = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """One calibrated decision: the confidence of an answer is the answer's own, not that of its group."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the embedding of the sentence encoder."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: thresholds come from calibration data."""
        return {}

    def __init__(self, storage: ModelStorage, resource: Resource, model: TopicModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> TopicClassifier:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any) -> TopicClassifier:
        """Read a trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, TopicModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on every example of every intent."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        labels = [message.get(INTENT_RESPONSE_KEY) or message.get(INTENT) for message in messages]
        vectors = np.stack([embedding(message) for message in messages])
        self._model = TopicModel.train([message.get(TEXT) for message in messages], labels, vectors, _calibrate)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages; see `careline.nlu.questions` for messages that ask several things or tell a story."""
        assert self._model is not None
        for message in messages:
            listener = questions.Listener(self._model, embedder(message), shared().catalog)
            text = message.get(SPELLED) or message.get(TEXT) or ""
            last = (message.get(METADATA) or {}).get(LAST_TOPIC)
            _set_intent(message, listener.understand(text, embedding(message), last))
        return messages


def _calibrate(model: TopicModel, *kept: Any) -> Calibration:
    return calibrate(model, KeptOut(*kept), encoder.load(2).encode, shared().catalog)


def embedding(message: Message) -> np.ndarray:
    """The sentence embedding of a message, (384,)."""
    _, sentence = message.get_dense_features(TEXT, [])
    return sentence.features[0]


def _set_intent(message: Message, verdict: questions.Verdict) -> None:
    ranking = verdict.ranking[:_SHOWN]
    intent = verdict.intent.partition("/")[0]
    message.set("intent", {"name": intent, "confidence": ranking[0][1]}, add_to_output=True)
    message.set("intent_ranking", [{"name": label.partition("/")[0], "confidence": score} for label, score in ranking], add_to_output=True)
    message.set("topics", [{"id": label.partition("/")[2], "confidence": score} for label, score in verdict.topics[:_SHOWN]], add_to_output=True)
    message.set("near", [label.partition("/")[2] for label in verdict.near], add_to_output=True)
    message.set("parts", [label.partition("/")[2] for label in verdict.parts], add_to_output=True)
    message.set("response_selector", _selector(verdict.ranking), add_to_output=True)


def _selector(ranking: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """The output of Rasa's own response selectors, one for each group, so that its tools and `utter_answer` work."""
    output: dict[str, Any] = {"all_retrieval_intents": list(GROUPS)}
    for group in GROUPS:
        rows = [
            {"intent_response_key": label, "confidence": score} for label, score in ranking if label.startswith(f"{group}/")
        ][:_SHOWN]
        if rows:
            best = {**rows[0], "utter_action": f"utter_{rows[0]['intent_response_key']}", "responses": []}
            output[group] = {"response": best, "ranking": rows}
    return output


