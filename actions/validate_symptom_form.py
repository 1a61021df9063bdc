"""Reads a message for the symptom questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speak import perform
from careline.dialogue.reported import understand

_OWN = ("symptom_form", "action_listen", "action_extract_slots", "validate_symptom_form")


class ValidateSymptomForm(Action):
    """A plain action, because a FormValidationAction cannot tell "nothing understood" from "nothing to validate".

    No slot set means that Rasa rejects the form, and the rules of data/dialogue/questionnaire.yml answer the message.
    """

    def name(self) -> str:
        """Its name in the domain."""
        return "validate_symptom_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Set the slots that the latest message fills."""
        return perform(partial(understand, interrupted=_interrupted(tracker.events)), dispatcher, tracker)


def _interrupted(events: list[Mapping[str, Any]]) -> bool:
    """Has another action spoken since the latest message? Then the form comes back after a digression."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in _OWN:
            return True
    return False
