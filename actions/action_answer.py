"""Answers a question about a topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import answering


class ActionAnswer(Action):
    """Answers a question about a topic."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(answering.answer, dispatcher, tracker)
