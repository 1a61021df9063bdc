"""Answers a short follow-up to the last topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import steering


class ActionFollowUp(Action):
    """Answers a short follow-up to the last topic."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_follow_up"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(steering.follow_up, dispatcher, tracker)
