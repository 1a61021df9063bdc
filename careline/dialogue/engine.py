"""The bot: a message in, a turn out, whatever happens in between.

Red flags are read first, by rules that need nothing else alive, and the turn that goes out is never below what they found.
Rasa runs under a time limit; when it is late, broken or absent, the person gets the safe turn.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from careline import house_rules, language, paths, privacy
from careline.dialogue import alarm
from careline.dialogue.compose import fixed, turn
from careline.dialogue.knowledge import Knowledge, shared
from careline.dialogue.memory import Memory, Reading
from careline.models import Model, live_model
from careline.red_flags import Finding, highest
from careline.silenced import silencing
from careline.turn import Turn, at_least, merge, new_id
from careline.withdrawals import Withdrawals, numbers, withheld

if TYPE_CHECKING:
    from careline.dialogue.rasa_runtime import RasaRuntime

LONGEST = 2000  # characters of a message
TIME_LIMIT = 2.4  # seconds for Rasa; the person gets a turn within three
SHOWN_TOPICS = 5
_FIRST = ("what is metastatic breast cancer", "my mother has had a cough for two weeks")
_FIRST_ALARM = "I am on chemo and I have a fever"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What one message brought: the turn, the state to keep for the next, the text as it may be stored, the best topics."""

    turn: Turn
    state: dict[str, Any]
    text: str
    topics: tuple[dict[str, Any], ...] = ()
    fault: str | None = None  # why the safe turn was given, as a short code for the metrics
    findings: tuple[Finding, ...] = ()  # red flags of the message, as the rules and the learned net judge it together


class Engine:
    """Answers messages. `respond` never raises and always returns a turn with a referral."""

    def __init__(
        self, knowledge: Knowledge, runtime: RasaRuntime | None, time_limit: float = TIME_LIMIT, withdrawn: Callable[[], Withdrawals] = dict
    ) -> None:
        self.knowledge = knowledge
        self._runtime = runtime
        self._time_limit = time_limit
        self._withdrawn = withdrawn

    @property
    def model_id(self) -> str:
        """The id of the model that answers, or "rules" where none is loaded."""
        return self._runtime.model_id if self._runtime else "rules"

    @classmethod
    def load(cls, model: Model | None = None) -> Engine:
        """Load a model (the live one by default) and the content it was trained on; takes some seconds.

        Raises:
            FileNotFoundError: there is no model; `make train` makes one.
            Untrusted: it is not what was signed; nothing of it was opened.
        """
        opened = (model or live_model()).opened()  # before Rasa, which takes seconds to import
        from careline.dialogue.rasa_runtime import RasaRuntime
        from careline.store.withdrawn import Withdrawn

        runtime = RasaRuntime(opened)
        with paths.using(runtime.project):
            engine = cls(shared(), runtime, time_limit=60)
        # The first messages read what is read once, the encoder for one: better now than on a person's time.
        for text in _FIRST:
            asyncio.run(engine.respond(text))
        return cls(engine.knowledge, runtime, withdrawn=Withdrawn())

    async def respond(self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None) -> Reply:
        """Answer one message.

        Args:
            text: what the person typed, or the label of the choice they pressed.
            action: what the pressed choice means (`Choice.action`), None for typed text.
            state: what the last reply left to keep; None at the start.
        """
        with self._answering():
            return await self._respond(text, action, dict(state or {}))

    async def _respond(self, text: str, action: str | None, snapshot: dict[str, Any]) -> Reply:
        findings = () if action and not action.startswith("say:") else self._findings(text)
        try:
            clean = privacy.scrub(tidy(text))
            reply = await asyncio.wait_for(self._ask_rasa(text, clean, action, snapshot, findings), self._time_limit)
            reply = replace(reply, turn=self._without_withdrawn(reply.turn))
        except Exception as error:  # noqa: BLE001 - whatever breaks, the person gets a turn
            _log.error("turn failed: %s", type(error).__name__)
            return self._safe(text, snapshot, findings, type(error).__name__)
        return self._gated(reply, snapshot)

    def safe_reply(self, text: str, state: Mapping[str, Any] | None = None) -> Reply:
        """The turn that needs no model: an alarm where there are red flags, otherwise an apology with whom to call."""
        with self._answering():
            return self._safe(text, dict(state or {}), self._findings(text), "safe")

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """From the engine's own content, without the phone numbers that staff have withdrawn."""
        with paths.using(self.knowledge.catalog.root), silencing(numbers(self._withdrawn())):
            yield

    async def parse(self, text: str) -> dict[str, Any]:
        """What the pipeline understands of a text (for evaluation)."""
        assert self._runtime is not None
        with paths.using(self.knowledge.catalog.root):
            return await self._runtime.parse(tidy(text))

    def _findings(self, text: str) -> tuple[Finding, ...]:
        try:
            return self.knowledge.red_flags.find(text)
        except Exception as error:  # noqa: BLE001 - a broken rule must not silence the rest
            _log.error("red flags failed: %s", type(error).__name__)
            return ()

    async def _ask_rasa(self, raw: str, clean: str, action: str | None, snapshot: dict[str, Any], findings: tuple[Finding, ...]) -> Reply:
        if not clean:
            return Reply(turn(self.knowledge, "clarify", [fixed(self.knowledge, "empty")]), snapshot, "")
        if self._runtime is None:
            return self._safe(raw, snapshot, findings, "no_model")
        meant, parsed = _pressed(action, clean, self.knowledge)
        outcome = await self._runtime.handle(meant, snapshot, parsed)
        if not outcome.turns:
            return self._safe(raw, snapshot, findings, "silence")
        said = merge(outcome.turns)
        return Reply(said, outcome.snapshot, clean, self._topics(said, outcome.parsed), findings=self._judged(clean, outcome.parsed, findings))

    def _judged(self, clean: str, parsed: Mapping[str, Any], raised: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The pipeline's red flags, and those of the rules that it could not judge: it has not read them, or they were scrubbed away."""
        if "red_flags" not in parsed:
            return raised
        read = {finding.flag for finding in self._findings(clean)} if raised else set()
        return (*(Finding(**item) for item in parsed["red_flags"]), *(finding for finding in raised if finding.flag not in read))

    def _topics(self, said: Turn, parsed: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
        """The best topics: those the turn answers first (a follow-up is understood from context), then the classifier's."""
        known = self.knowledge.catalog.topics
        scores = {item["id"]: item["confidence"] for item in parsed.get("topics") or () if item["id"] in known}
        answered = dict.fromkeys(part.topic for part in said.parts if part.topic in known)
        best = {topic: scores.get(topic, 1.0) for topic in answered} | {topic: scores[topic] for topic in scores if topic not in answered}
        rows = [{"id": topic, "confidence": score} for topic, score in best.items()][:SHOWN_TOPICS]
        return tuple({"id": row["id"], "covers": list(known[row["id"]].meta.covers), "confidence": round(float(row["confidence"]), 4)} for row in rows)

    def _without_withdrawn(self, said: Turn) -> Turn:
        withdrawals = self._withdrawn()
        return withheld(said, withdrawals, self.knowledge.catalog) if withdrawals else said

    def _gated(self, reply: Reply, snapshot: dict[str, Any]) -> Reply:
        """Let a turn out only when it is as serious as the red flags and breaks no house rule."""
        tier = highest(reply.findings)
        if tier is not None and not at_least(reply.turn.tier, tier):
            return self._safe(reply.text, snapshot, reply.findings, "tier_below_red_flag")
        faults = house_rules.faults(self.knowledge.catalog, reply.turn)
        if faults:
            _log.error("turn refused by the gate: %d faults", len(faults))
            return self._safe(reply.text, snapshot, reply.findings, "gate")
        return replace(reply, turn=self._stamped(reply.turn))

    def _safe(self, text: str, snapshot: dict[str, Any], findings: tuple[Finding, ...], fault: str) -> Reply:
        # A state that cannot be read must not cost a person the alarm, so it is tried again without it.
        for state in (snapshot, {}) if findings else ():
            try:
                return self._alarm(text, state, findings, fault)
            except Exception as error:  # noqa: BLE001 - the last line of defence
                _log.error("safe turn failed: %s", type(error).__name__)
        return self._apology(text, snapshot, fault)

    def _alarm(self, text: str, snapshot: dict[str, Any], findings: tuple[Finding, ...], fault: str) -> Reply:
        memory, storable = Memory.of(snapshot.get("slots") or {}), _storable(text)
        # The rules read what was typed. A turn is kept, so it may quote only what scrubbing leaves.
        quoted = tuple(finding if finding.words in storable else replace(finding, words="") for finding in findings)
        made, changes = alarm.alarm(self.knowledge, memory, Reading(storable, "red_flag", findings=quoted, language=_spoken(text)))
        slots = {**(snapshot.get("slots") or {}), **changes}
        # The questionnaire, if one was open, is over: nothing is asked of somebody in danger.
        slots = {name: value for name, value in slots.items() if not name.startswith("symptom") and name != "requested_slot"}
        return Reply(self._stamped(made), {"slots": slots, "loop": None}, storable, (), fault, tuple(findings))

    def _apology(self, text: str, snapshot: dict[str, Any], fault: str) -> Reply:
        made = turn(self.knowledge, "error", [fixed(self.knowledge, "error")], refer="today", tier="information")
        return Reply(self._stamped(made), snapshot, _storable(text), (), fault)

    def _stamped(self, made: Turn) -> Turn:
        """A turn on its way out: with an id of its own and the model it came from."""
        return replace(made, turn=new_id(), model=self.model_id)


def _storable(text: str) -> str:
    return privacy.storable(tidy(text))


def tidy(text: str) -> str:
    """Typed text as the pipeline reads it: NFKC, no control or zero-width characters, at most 2,000 characters, no command.

    A leading slash would make Rasa obey it as an intent (S4, S5); it is taken off, full-width or hidden ones included.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(" " if character in "\n\r\t" else character for character in plain if character in "\n\r\t" or unicodedata.category(character)[0] != "C")
    return re.sub(r"\s+", " ", plain)[:LONGEST].strip().lstrip("/\\⁄∕ ").strip()


def _pressed(action: str | None, label: str, knowledge: Knowledge) -> tuple[str, dict[str, Any] | None]:
    """The text and, where a choice says it all, the reading of a message."""
    kind, _, value = (action or "").partition(":")
    if kind == "topic" and value in knowledge.catalog.topics:
        group = knowledge.catalog.topics[value].group
        return label, _reading(label, group, topics=[{"id": value, "confidence": 1.0}])
    if kind == "intent":
        return label, _reading(label, value)
    if kind == "add":
        return f"add to my list: {value}", _reading(f"add to my list: {value}", "add_to_list")
    if kind == "topic":  # offered by a model whose topic this one does not have
        return label, None
    return (value if kind == "say" else action or label), None


def _reading(text: str, intent: str, **extra: Any) -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": [], "language": "en", **extra}


def _spoken(text: str) -> str:
    return "es" if language.detect(text, lambda _: False) == "es" else "en"


@lru_cache(maxsize=1)
def fallback_engine() -> Engine:
    """An engine without a model: red flags and the safe turn, always available."""
    engine = Engine(shared(), None)
    # What the rules read once takes seconds: better now than on the time of the first person in danger.
    engine.safe_reply(_FIRST_ALARM)
    return engine


