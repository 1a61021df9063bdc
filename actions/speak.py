"""What every action does: read the tracker, let a pure function decide, utter the turn, keep what it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from careline.dialogue import alarm
from careline.dialogue.knowledge import Knowledge, shared
from careline.dialogue.memory import Memory, Reading
from careline.turn import CHANNEL, Turn

Reply = Callable[[Knowledge, Memory, Reading], tuple[Turn | None, Mapping[str, Any]]]


def perform(reply: Reply, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Run a reply function on a tracker: utter its turn, return its slot changes as events.

    Our own channel gets the turn whole. On Rasa's channels people see its text, which ends with the referral, and nothing after it.
    """
    memory = Memory.of(tracker.slots)
    turn, changes = reply(shared(), memory, Reading.of(tracker.latest_message))
    if turn is not None:
        turn, changes = alarm.remind(shared(), memory, turn, changes)
        whole = tracker.get_latest_input_channel() == CHANNEL
        dispatcher.utter_message(text=turn.text(), json_message=turn.to_json() if whole else None)
    return [SlotSet(name, value) for name, value in changes.items()]
