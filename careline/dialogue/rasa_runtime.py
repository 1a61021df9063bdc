"""The adapter to Rasa: one message in, through its processor with our actions in this process, what was said out.

Rasa's tracker is built anew for each message from a small snapshot (slots and the active loop), so that a turn costs the same
at the start of a conversation and after a hundred turns, and nothing of a conversation stays behind in Rasa.
"""

from __future__ import annotations

import copy
import json as jsonlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from careline.dialogue.memory import LAST_TOPIC, Memory
from careline.models import Opened
from careline.turn import CHANNEL, Turn


@dataclass
class Outcome:
    """What came of one message: the turns the actions said, the snapshot to keep, and how it was understood."""

    turns: list[Turn]
    snapshot: dict[str, Any]
    parsed: dict[str, Any] = field(default_factory=dict)


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server, and runs the actions right here."""

    def __init__(self) -> None:
        # selective_domain: Rasa would otherwise send the whole domain, all answers included, with every action.
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, json: Any = None, **__: Any) -> Any:
        """Run the action that Rasa would post; the reply has the shape of the action server's."""
        try:
            return await self._executor.run(json)
        except ActionExecutionRejection as error:
            raise ClientResponseError(400, str(error), jsonlib.dumps({"action_name": error.action_name, "error": str(error)}).encode()) from error


class _Collector(OutputChannel):
    """Takes what the actions say as turns; text alone is never said by our actions."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        if message.get("custom"):
            self.turns.append(Turn.from_json(message["custom"]))


class _Snapshots(TrackerStore):
    """Hands Rasa a tracker made of a snapshot, and takes the changed one back."""

    def __init__(self, domain: Domain | None) -> None:
        super().__init__(domain)
        self._trackers: dict[str, DialogueStateTracker] = {}

    def put(self, sender: str, snapshot: Mapping[str, Any]) -> None:
        """Lay a snapshot ready under a sender's name."""
        slots, loop = snapshot.get("slots") or {}, snapshot.get("loop")
        events = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
        known = {slot.name for slot in self.domain.slots}
        events += [SlotSet(name, value) for name, value in slots.items() if name in known and name != "requested_slot"]
        if loop in self.domain.form_names:  # a state of another version may name one that is gone
            events += [ActionExecuted(loop), ActiveLoop(loop), SlotSet("requested_slot", slots.get("requested_slot")), ActionExecuted("action_listen")]
        self._trackers[sender] = DialogueStateTracker.from_events(sender, events, self.domain.slots, domain=self.domain)

    def take(self, sender: str) -> DialogueStateTracker:
        """The tracker after the message; forgotten here."""
        return self._trackers.pop(sender)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker under a sender's name."""
        return self._trackers.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the changed tracker until it is taken."""
        self._trackers[tracker.sender_id] = tracker

    async def keys(self) -> list[str]:
        """Senders whose message is being handled."""
        return list(self._trackers)


class RasaRuntime:
    """A loaded model that handles messages one by one, without memory of its own."""

    def __init__(self, model: Opened) -> None:
        """Load a model that was checked: an archive is code, and Rasa runs what is in it.

        Raises:
            Exception: whatever Rasa raises for a broken archive or one of another version.
        """
        self._model = model  # its content is there as long as somebody answers from it
        # The reply comes from our own code in this process; checking it against a constant JSON schema costs 20 ms a turn.
        RemoteAction._validate_action_result = lambda *_: True  # type: ignore[method-assign]
        self._store = _Snapshots(None)
        self._agent = Agent.load(
            str(model.archive), tracker_store=self._store, lock_store=InMemoryLockStore(), action_endpoint=InProcessActions()
        )
        self._store.domain = self._agent.domain
        self.model_id, self.project = model.id, model.project

    async def handle(self, text: str, snapshot: Mapping[str, Any], parsed: Mapping[str, Any] | None = None) -> Outcome:
        """Handle one message on top of a snapshot. `parsed` replaces what the pipeline would understand (a pressed choice)."""
        sender = uuid.uuid4().hex
        channel = _Collector()
        self._store.put(sender, snapshot)
        try:
            said = {"parse_data": copy.deepcopy(dict(parsed)) if parsed else None, "metadata": _context(snapshot)}
            message = UserMessage(text, channel, sender, input_channel=CHANNEL, **said)
            await self._agent.processor.handle_message(message)
        finally:
            tracker = self._store.take(sender)
        latest = tracker.latest_message.parse_data if tracker.latest_message else {}
        return Outcome(channel.turns, _snapshot(tracker), dict(latest))

    async def parse(self, text: str) -> dict[str, Any]:
        """What the pipeline understands of a text, without a conversation."""
        return dict(await self._agent.parse_message(text))


def _context(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """What the pipeline may know of the talk so far; nothing while the questionnaire asks, whose answers are short, too."""
    memory = Memory.of(snapshot.get("slots") or {})
    guessed = memory.offered[0] if memory.offered and memory.misses else None  # what the last message seemed to be about
    return {} if snapshot.get("loop") else {LAST_TOPIC: guessed or memory.topic}


def _snapshot(tracker: DialogueStateTracker) -> dict[str, Any]:
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    return {"slots": slots, "loop": tracker.active_loop_name}


