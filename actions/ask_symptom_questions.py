"""The questions of the symptom questionnaire, one action each, as Rasa's form looks them up by name."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speak import Reply, perform
from careline.dialogue import questionnaire


class _Ask:
    """What the five have in common; no Action itself, or the SDK would register it."""

    slot: str
    reply: Reply

    def name(self) -> str:
        """Its name in the domain."""
        return f"action_ask_symptom_form_{self.slot}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Ask."""
        return perform(type(self).reply, dispatcher, tracker)


class ActionAskSymptom(_Ask, Action):
    """What is bothering you?"""

    slot, reply = "symptom", staticmethod(questionnaire.ask_symptom)


class ActionAskFlags(_Ask, Action):
    """Is a red flag there?"""

    slot, reply = "symptom_flags", staticmethod(questionnaire.ask_flags)


class ActionAskDuration(_Ask, Action):
    """How long?"""

    slot, reply = "symptom_duration", staticmethod(questionnaire.ask_duration)


class ActionAskTrend(_Ask, Action):
    """Worse, the same or better?"""

    slot, reply = "symptom_trend", staticmethod(questionnaire.ask_trend)


class ActionAskTreatment(_Ask, Action):
    """On treatment now?"""

    slot, reply = "symptom_treatment", staticmethod(questionnaire.ask_treatment)
