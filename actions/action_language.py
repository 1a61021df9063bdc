"""Answers somebody who writes in another language."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import unsure


class ActionLanguage(Action):
    """Answers somebody who writes in another language."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(unsure.other_language, dispatcher, tracker)
