"""How soon to call about a symptom, and what to say."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speak import perform
from careline.dialogue.questionnaire import advice


class ActionSymptomAdvice(Action):
    """Closes the symptom questionnaire."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_symptom_advice"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Give the advice and forget the answers."""
        return perform(advice, dispatcher, tracker)
