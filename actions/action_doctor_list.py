"""Keeps the questions for the doctor."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue import doctor_list


class ActionDoctorList(Action):
    """Keeps the questions for the doctor."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_doctor_list"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it."""
        return perform(doctor_list.doctor_list, dispatcher, tracker)
