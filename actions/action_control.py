"""Steers the talk: stop, yes, no, a person please."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import steering


class ActionControl(Action):
    """Steers the talk: stop, yes, no, a person please."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_control"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(steering.control, dispatcher, tracker)
