"""Says what Careline is for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import unsure


class ActionOutOfScope(Action):
    """Says what Careline is for."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(unsure.out_of_scope, dispatcher, tracker)
