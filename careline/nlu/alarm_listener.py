"""Rasa component: red flags, by the rules and the learned net beside them, which is trained with the rest of the model."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from careline import paths
from careline.dialogue.knowledge import shared
from careline.nlu import alarm_ear, heard
from careline.nlu.alarm_net import AlarmNet

RED_FLAGS = "red_flags"  # message property and parse output: findings, as plain dicts
_REPORTS = "symptom"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AlarmListener(GraphComponent):
    """Marks a message with its red flags; `careline.nlu.message_marks` lets them overrule the topic."""

    def __init__(self, storage: ModelStorage, resource: Resource, net: AlarmNet | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._net = net

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> AlarmListener:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any) -> AlarmListener:
        """Read a trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, AlarmNet.load(folder, alarm_ear.load(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the net on the red flags' phrasings and look-alikes, with ordinary questions as what is no alarm."""
        flags = paths.content() / "content" / "red_flags"
        told = [(message.get(INTENT), message.get(TEXT)) for message in training_data.intent_examples]
        ordinary = [text for intent, text in told if intent != _REPORTS]  # of a report a person says in heard/ whether it is an alarm
        with self._storage.write_to(self._resource) as folder:
            ear = alarm_ear.build(flags, folder)
            self._net = AlarmNet.train(heard.read(flags), ordinary, heard.kept(flags), ear, shared().red_flags.read)
            self._net.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message with its red flags."""
        assert self._net is not None
        for message in messages:
            found = self._net.judge(message.get(TEXT) or "", shared().red_flags.read)
            message.set(RED_FLAGS, [asdict(finding) for finding in found], add_to_output=True)
        return messages
