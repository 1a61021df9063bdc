"""Withdrawn words are refused, corrected words are not, and what staff did cannot be changed afterwards."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from careline import catalog as catalogs
from careline.dialogue.compose import answer_turn
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import shared
from careline.store.ledger import RESTORED, WITHDRAWN, Act, Ledger
from careline.store.withdrawn import Withdrawn
from careline.turn import Turn
from careline.withdrawals import Withdrawal, is_withdrawn, withheld, wordings

TOPIC = shared().catalog.topics["metastron"]
OTHER = shared().catalog.topics["bisphosphonates"]
NOTICE = "This is being corrected."


def withdrawal(topic: catalogs.Topic = TOPIC, **changes: object) -> dict[str, Withdrawal]:
    values = {"topic": topic.id, "wordings": wordings(topic), "reason": "wrong", "by": "ada", "at": 1.0, **changes}
    return {topic.id: Withdrawal(**values)}  # type: ignore[arg-type]


def said(*topics: catalogs.Topic, simple: bool = False) -> Turn:
    return answer_turn(shared(), topics, simple=simple)


def act(kind: str, subject: str = TOPIC.id, at: float = 1.0) -> Act:
    return Act(at, "ada", kind, subject, {"reason": "a wrong dose", "wordings": sorted(wordings(TOPIC))})


@pytest.mark.parametrize("simple", [False, True])
def test_withdrawn_words_give_way_to_the_notice_and_the_referral(simple: bool) -> None:
    before = said(TOPIC, simple=simple)
    after = withheld(before, withdrawal(), NOTICE)
    assert [part.text for part in after.parts] == [NOTICE]
    assert not after.parts[0].sources
    assert after.kind == "out_of_scope"
    assert after.referral == before.referral


def test_the_other_of_two_answers_stays() -> None:
    after = withheld(said(TOPIC, OTHER), withdrawal(), NOTICE)
    assert after.kind == "answer"
    assert sorted(part.text for part in after.parts) == sorted([NOTICE, OTHER.text])


def test_corrected_words_may_be_said_and_the_wrong_ones_stay_refused() -> None:
    old = withdrawal(wordings=frozenset({"0123456789abcdef"}))
    assert withheld(said(TOPIC), old, NOTICE) == said(TOPIC)
    assert not is_withdrawn(TOPIC, old)
    assert is_withdrawn(TOPIC, withdrawal())


async def test_the_engine_refuses_while_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    standing: dict[str, Withdrawal] = {}
    engine = Engine(shared(), None, withdrawn=lambda: standing)
    monkeypatch.setattr(engine, "_ask_rasa", _answering(engine))
    assert TOPIC.text in (await engine.respond("what is metastron")).turn.text()
    standing.update(withdrawal())
    reply = await engine.respond("what is metastron")
    assert TOPIC.text not in reply.turn.text()
    assert shared().catalog.say("withdrawn") in reply.turn.text()
    assert reply.fault is None


def _answering(engine: Engine) -> object:
    from careline.dialogue.engine import Reply

    async def answer(*_: object) -> Reply:
        return Reply(said(TOPIC), {}, "what is metastron")

    return answer


def test_the_last_act_on_a_topic_counts_in_every_process(tmp_path: Path) -> None:
    here, there = Ledger(tmp_path / "staff.sqlite3"), Ledger(tmp_path / "staff.sqlite3")
    assert here.withdrawals() == {} and not here.path.exists()
    here.add(act(WITHDRAWN))
    assert there.withdrawals()[TOPIC.id].reason == "a wrong dose"
    there.add(act(RESTORED))
    assert here.withdrawals() == {}


def test_a_process_asks_the_ledger_again_within_a_second(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "staff.sqlite3")
    withdrawn = Withdrawn(ledger)
    assert withdrawn() == {}
    ledger.add(act(WITHDRAWN))
    deadline = time.monotonic() + 5
    while not withdrawn():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert set(withdrawn()) == {TOPIC.id}


def test_a_ledger_that_breaks_leaves_what_was_known(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "staff.sqlite3")
    ledger.add(act(WITHDRAWN))
    withdrawn = Withdrawn(ledger, fresh_seconds=0)
    assert set(withdrawn()) == {TOPIC.id}
    ledger.path.write_bytes(b"this is no database any more" * 100)
    assert set(withdrawn()) == {TOPIC.id}


@pytest.mark.parametrize("statement", ["UPDATE acts SET who = 'nobody'", "DELETE FROM acts"])
def test_acts_are_never_changed(tmp_path: Path, statement: str) -> None:
    ledger = Ledger(tmp_path / "staff.sqlite3")
    ledger.add(act(WITHDRAWN))
    with sqlite3.connect(ledger.path) as db, pytest.raises(sqlite3.DatabaseError, match="never"):
        db.execute(statement)
    assert len(ledger.acts()) == 1


@pytest.mark.parametrize("statement", ["UPDATE acts SET who = 'nobody' WHERE seq = 2", "DELETE FROM acts WHERE seq = 2"])
def test_an_act_altered_behind_our_back_is_noticed(tmp_path: Path, statement: str) -> None:
    ledger = Ledger(tmp_path / "staff.sqlite3")
    for number in range(4):
        ledger.add(act(WITHDRAWN, f"topic{number}"))
    assert ledger.broken_at() is None
    with sqlite3.connect(ledger.path) as db:
        db.execute("DROP TRIGGER acts_stay")
        db.execute("DROP TRIGGER acts_remain")
        db.execute(statement)
    assert ledger.broken_at() is not None
