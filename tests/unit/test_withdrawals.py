"""Withdrawn words and numbers are refused, corrected ones are not, and what staff did cannot be changed afterwards."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from careline import catalog as catalogs
from careline import house_rules
from careline.contacts import Contact
from careline.dialogue.compose import answer_turn
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import shared
from careline.referral import referral
from careline.silenced import silencing
from careline.store.ledger import RESTORED, WITHDRAWN, Act, Ledger
from careline.store.withdrawn import Withdrawn
from careline.turn import Part, Turn
from careline.withdrawals import Withdrawal, is_withdrawn, numbers, of_contact, withheld, wordings

TOPIC = shared().catalog.topics["metastron"]
OTHER = shared().catalog.topics["bisphosphonates"]
CATALOG = shared().catalog
NOTICE = CATALOG.say("withdrawn")
HOTLINE = CATALOG.contacts.by_id[CATALOG.contacts.default_hotline]


def withdrawal(topic: catalogs.Topic = TOPIC, **changes: object) -> dict[str, Withdrawal]:
    values = {"subject": topic.id, "wordings": wordings(topic), "reason": "wrong", "by": "ada", "at": 1.0, **changes}
    return {topic.id: Withdrawal(**values)}  # type: ignore[arg-type]


def said(*topics: catalogs.Topic, simple: bool = False) -> Turn:
    return answer_turn(shared(), topics, simple=simple)


def act(kind: str, subject: str = TOPIC.id, at: float = 1.0) -> Act:
    return Act(at, "ada", kind, subject, {"reason": "a wrong dose", "wordings": sorted(wordings(TOPIC))})


@pytest.mark.parametrize("simple", [False, True])
def test_withdrawn_words_give_way_to_the_notice_and_the_referral(simple: bool) -> None:
    before = said(TOPIC, simple=simple)
    after = withheld(before, withdrawal(), CATALOG)
    assert [part.text for part in after.parts] == [NOTICE]
    assert not after.parts[0].sources
    assert after.kind == "out_of_scope"
    assert after.referral == before.referral


def test_the_other_of_two_answers_stays() -> None:
    after = withheld(said(TOPIC, OTHER), withdrawal(), CATALOG)
    assert after.kind == "answer"
    assert sorted(part.text for part in after.parts) == sorted([NOTICE, OTHER.text])


def test_corrected_words_may_be_said_and_the_wrong_ones_stay_refused() -> None:
    old = withdrawal(wordings=frozenset({"0123456789abcdef"}))
    assert withheld(said(TOPIC), old, CATALOG) == said(TOPIC)
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


# --- numbers ----------------------------------------------------------------------------------------------------------


def number_withdrawal(contact: Contact = HOTLINE) -> dict[str, Withdrawal]:
    subject = of_contact(contact.id)
    return {subject: Withdrawal(subject, frozenset({contact.tel}), "somebody else answers", "ada", 1.0)}


@pytest.mark.parametrize("kind", ["call_doctor", "support", "today", "urgent", "emergency", "crisis", "lines"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_withdrawn_hotline_is_in_no_referral_and_there_is_always_somebody_to_call(kind: str, language: str) -> None:
    with silencing(numbers(number_withdrawal())):
        found = referral(CATALOG, kind, language, extra=[HOTLINE.id])
        assert found.contacts and HOTLINE.id not in {contact.id for contact in found.contacts}
        assert HOTLINE.phone not in found.text and "{" not in found.text
        assert list(house_rules.bad_numbers(CATALOG, f"Call {HOTLINE.phone}.")), "the gate would let it through"


def test_with_every_number_withdrawn_the_emergency_and_the_crisis_number_stay() -> None:
    every = {subject: each for contact in CATALOG.contacts.by_id.values() for subject, each in number_withdrawal(contact).items()}
    with silencing(numbers(every)):
        assert [contact.id for contact in referral(CATALOG, "support").contacts] == [CATALOG.contacts.emergency]
        assert [contact.id for contact in referral(CATALOG, "crisis").contacts] == [CATALOG.contacts.crisis, CATALOG.contacts.emergency]


def test_an_old_turn_is_shown_without_the_number_and_with_whom_to_call_instead() -> None:
    before = replace(said(TOPIC), parts=(*said(TOPIC).parts, Part(f"Or ring {HOTLINE.letters or HOTLINE.phone} by day.")))
    assert HOTLINE.id in {contact.id for contact in before.referral.contacts}
    after = withheld(before, number_withdrawal(), CATALOG)
    assert after.referral.contacts and HOTLINE.tel not in str(after.to_json()) and HOTLINE.phone not in str(after.to_json())
    assert after.parts[0] == before.parts[0] and after.kind == before.kind
    assert CATALOG.say("number_withdrawn") in after.parts[-1].text
    assert withheld(before, {}, CATALOG) == before


@pytest.mark.parametrize("tier", ["today", "urgent", "emergency", "crisis"])
def test_an_old_alarm_stays_one(tier: str) -> None:
    alarm = replace(said(TOPIC), tier=tier, referral=referral(CATALOG, tier, extra=[HOTLINE.id]))
    after = withheld(alarm, number_withdrawal(), CATALOG)
    with silencing(numbers(number_withdrawal())):
        assert after.tier == tier and after.referral == referral(CATALOG, tier)


def test_a_corrected_number_may_be_shown_and_the_wrong_one_stays_refused() -> None:
    corrected = HOTLINE.copy(update={"phone": "1-800-227-9999"})
    with silencing(numbers(number_withdrawal())):
        assert corrected.may_be_shown(HOTLINE.checked_on) and not HOTLINE.may_be_shown(HOTLINE.checked_on)


async def test_the_engine_knows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    standing: dict[str, Withdrawal] = {}
    engine = Engine(shared(), None, withdrawn=lambda: standing)
    alarm = "I have a fever of 102 and chemo was thursday"
    for text in ("what is metastron", alarm):
        assert HOTLINE.tel in str((await engine.respond(text)).turn.to_json()) or text == alarm
    standing.update(number_withdrawal())
    for text in ("what is metastron", alarm):
        for reply in (await engine.respond(text), engine.safe_reply(text)):
            assert reply.turn.referral.contacts and HOTLINE.tel not in str(reply.turn.to_json())
    assert (await engine.respond(alarm)).turn.tier == "urgent"


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
