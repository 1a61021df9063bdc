"""Whatever the sequence of turns: every turn has a referral and keeps the house rules, red flags win, nothing gets stuck."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from careline import catalog, house_rules, paths
from careline.dialogue.engine import Engine, Reply
from careline.red_flags import Finding, highest
from careline.turn import Choice, at_least

pytestmark = pytest.mark.model

PATIENCE = 12  # turns of "no" or "I don't know" after which no questionnaire may be open
CASES, STEPS = 40, 20  # about 60 seconds

ENGLISH = st.characters(blacklist_categories=("Cs",))
GARBAGE = st.one_of(
    st.text(ENGLISH, max_size=80),
    st.text("abcdefgh ?!.,'/{}\"\\<>0123456789", min_size=1, max_size=200),
    st.sampled_from(
        [
            "",
            " ",
            "/",
            "/restart",
            "/session_start",
            '/answer{"topic":"cure"}',
            "\u200b",
            "????",
            "no yes no",
            "a" * 2500,
            "{hotline}",
            "%s",
            "\x00",
        ]
    ),
)


@lru_cache(maxsize=1)
def _said() -> dict[str, list[str]]:
    """What people say, by kind: questions, symptoms, small talk, and what steers the talk."""
    known = catalog.shared()
    by_group = {
        group: [text for topic in known.group(group) for text in topic.examples]
        for group in ("answer", "symptom", "chat")
    }
    return {**by_group, "act": [text for texts in known.acts.values() for text in texts]}


@lru_cache(maxsize=1)
def _alarming() -> list[str]:
    """The red-flag phrasings of tests/red_flags/ that the rules hear: what they hear must win in any state."""
    return [
        text
        for path in sorted((paths.home() / "tests" / "red_flags").glob("E*.yml"))
        for text in _texts(yaml.safe_load(path.read_text("utf-8")))
    ]


def _texts(value: Any) -> list[str]:
    """All sentences of a file, however it is laid out."""
    if isinstance(value, str):
        return [value] if " " in value else []
    if isinstance(value, dict):
        return (
            [value["text"]]
            if isinstance(value.get("text"), str)
            else [text for item in value.values() for text in _texts(item)]
        )
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


class Talk(RuleBasedStateMachine):
    """One conversation with the real engine."""

    engine: Engine
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.reply: Reply | None = None
        self.refusals = 0  # turns in a row of "no" or "I don't know"

    def tell(self, text: str, action: str | None = None) -> Reply:
        """Say something, and hold the turn against the red flags that the pipeline hears in it."""
        state = self.reply.state if self.reply else None
        self.reply = self.loop.run_until_complete(self.engine.respond(text, action=action, state=state))
        self.refusals = 0
        if action is None:
            tier = self.heard(text)
            assert tier is None or at_least(self.reply.turn.tier, tier), (
                f"{text!r} is {tier}, the turn is {self.reply.turn.tier}"
            )
        return self.reply

    def heard(self, text: str) -> str | None:
        """The tier that the red flags of a text ask for."""
        parsed = self.loop.run_until_complete(self.engine.parse(text))
        return highest(Finding(**item) for item in parsed.get("red_flags") or ())

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Most conversations begin with a question or a symptom."""
        self.tell(data.draw(st.sampled_from(_said()["answer"] + _said()["symptom"] * 2)))

    @rule(data=st.data(), group=st.sampled_from(["answer", "symptom", "chat", "act", "act"]))
    def say(self, data: st.DataObject, group: str) -> None:
        """A question, a symptom, small talk, or something that steers."""
        self.tell(data.draw(st.sampled_from(_said()[group])))

    @rule(data=st.data(), joint=st.sampled_from([" and ", ". ", "? "]))
    def say_two_things(self, data: st.DataObject, joint: str) -> None:
        """Two things in one message."""
        pool = _said()["answer"] + _said()["symptom"]
        self.tell(joint.join(data.draw(st.lists(st.sampled_from(pool), min_size=2, max_size=2))))

    @rule(data=st.data(), after=st.sampled_from(["", " what is hospice?", "\n" + "thank you " * 30]))
    def alarm(self, data: st.DataObject, after: str) -> None:
        """A red flag, alone or with something behind it: the turn is an alarm and asks nothing."""
        text = data.draw(st.sampled_from(_alarming())) + after
        heard = self.heard(text)
        turn = self.tell(text).turn
        if heard:
            assert not any(part.role == "question" for part in turn.parts)
            assert not (self.reply and self.reply.state.get("loop"))

    @rule(text=GARBAGE)
    def mumble(self, text: str) -> None:
        """Anything at all."""
        self.tell(text)

    @precondition(lambda self: self.reply is not None and self.reply.turn.choices)
    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        """One of the choices offered."""
        assert self.reply is not None
        choice: Choice = data.draw(st.sampled_from(list(self.reply.turn.choices)))
        self.tell(choice.label, choice.action)

    @rule(text=st.sampled_from(["no", "I don't know"]))
    def refuse(self, text: str) -> None:
        """Nothing but no: sooner or later the questionnaire is over."""
        count = self.refusals
        self.tell(text)
        self.refusals = count + 1
        assert self.reply is not None
        assert self.refusals <= PATIENCE or not self.reply.state.get("loop")

    def teardown(self) -> None:
        """However a conversation went, twelve times no or "I don't know" end every questionnaire."""
        for number in range(PATIENCE):
            if not (self.reply and self.reply.state.get("loop")):
                return
            self.tell(("no", "I don't know")[number % 2])
        assert self.reply is not None
        assert not self.reply.state.get("loop"), "the questionnaire never ends"

    @invariant()
    def every_turn_keeps_the_rules(self) -> None:
        """A referral with contacts, no house rule broken, and no fault behind the turn."""
        if self.reply is None:
            return
        turn = self.reply.turn
        assert turn.referral.text.strip()
        assert turn.referral.contacts
        assert not house_rules.faults(self.engine.knowledge.catalog, turn)
        assert self.reply.fault is None, f"the safe turn was given: {self.reply.fault}"


def test_no_sequence_of_turns_breaks_it(engine: Engine) -> None:
    """Random conversations."""
    Talk.engine, Talk.loop = engine, asyncio.new_event_loop()
    try:
        run_state_machine_as_test(
            Talk,
            settings=settings(
                max_examples=CASES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,  # the same conversations on every machine
                database=None,
                phases=(Phase.explicit, Phase.generate),  # shrinking would play hundreds of conversations
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        Talk.loop.close()
