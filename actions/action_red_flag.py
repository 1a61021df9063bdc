"""Answers a message that raised a red flag."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import alarm


class ActionRedFlag(Action):
    """Answers a message that raised a red flag."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_red_flag"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(alarm.alarm, dispatcher, tracker)
