"""A turn that breaks a house rule never goes out: the gate replaces it by the safe turn, whatever made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import speak
from careline import house_rules
from careline.catalog import Catalog
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import Knowledge, shared
from careline.turn import Choice, Part, Referral, Turn
from tests.faults.helpers import (
    FEVER,
    ORDINARY,
    Says,
    an_answer,
    assert_alarm,
    assert_safe,
    assert_stays_safe,
    in_time,
)

CLOSED_LINE = "1-800-221-2141"  # on the forbidden list of content/contacts.yml


def says(turn: Turn) -> Engine:
    """An engine whose Rasa says this turn."""
    return Engine(shared(), Says(turn))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["It is probably nothing.", "You may have a metastasis.", "Don't worry, you will be fine."]
)
async def test_forbidden_phrase(text: str) -> None:
    reply = await assert_stays_safe(says(an_answer(text)))
    assert reply.fault == "gate"


async def test_forbidden_phrase_in_a_choice() -> None:
    turn = replace(an_answer("Is it one of these?"), choices=(Choice("You probably mean this", "topic:x"),))
    assert (await assert_stays_safe(says(turn))).fault == "gate"


@pytest.mark.parametrize(
    "number", [CLOSED_LINE, "(800) 221 2141", "1-800-277-2345", "1-800-555-0100", "1-888-500-0370"]
)
async def test_forbidden_or_unknown_number(number: str) -> None:
    """Closed, misprinted, made up, or not to be shown."""
    reply = await assert_stays_safe(says(an_answer(f"Call {number} for help.")))
    assert reply.fault == "gate"


async def test_forbidden_number_in_a_note() -> None:
    """Notes quote the person, so phrases are theirs; a number in them could still be dialled."""
    turn = an_answer("Here is a note.")
    turn = replace(turn, parts=(*turn.parts, Part(f"Call {CLOSED_LINE}", role="note")))
    assert (await assert_stays_safe(says(turn))).fault == "gate"


async def test_nothing_said() -> None:
    turn = replace(an_answer("An answer."), parts=(Part("  "),))
    assert (await assert_stays_safe(says(turn))).fault == "gate"


def test_no_referral_is_impossible() -> None:
    """A turn without a referral cannot even be made, nor read back from what an action said."""
    turn = an_answer("An answer.")
    for nothing in (Referral("", turn.referral.contacts), Referral("Call someone.", ())):
        with pytest.raises(ValueError, match="referral"):
            replace(turn, referral=nothing)
    payload = turn.to_json()
    with pytest.raises(ValueError, match="referral"):
        Turn.from_json({**payload, "referral": {"text": "", "contacts": []}})


async def test_blank_referral() -> None:
    turn = an_answer("An answer.")
    assert (await assert_stays_safe(says(replace(turn, referral=replace(turn.referral, text="  "))))).fault == "gate"


async def test_turn_below_the_red_flag() -> None:
    """Rasa answers a fever on chemo as a question; the engine does not let it out."""
    reply = await in_time(says(an_answer("A fever can have many causes.")).respond(FEVER))
    assert reply.fault == "tier_below_red_flag"
    assert_alarm(reply)


async def test_a_good_turn_goes_out() -> None:
    reply = await says(an_answer("An answer.")).respond(ORDINARY)
    assert reply.fault is None and reply.turn.parts[0].text == "An answer."


@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_catalog_text_with_a_bad_number(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content that no check has seen: the answer's own text names a closed line."""
    topic = (await engine.respond(ORDINARY)).turn.parts[0].topic
    catalog = engine.knowledge.catalog
    bad = {**catalog.topics, topic: replace(catalog.topics[topic], text=f"Call {CLOSED_LINE} for help.")}
    known = Knowledge(replace(catalog, topics=bad), engine.knowledge.red_flags)
    monkeypatch.setattr(speak, "shared", lambda: known)
    reply = await in_time(engine.respond(ORDINARY))
    assert reply.fault == "gate"
    assert_safe(reply)
    assert_alarm(await in_time(engine.respond(FEVER)))


def _expired(catalog: Catalog) -> Catalog:
    old = {key: contact.copy(update={"expires": date(2000, 1, 1)}) for key, contact in catalog.contacts.by_id.items()}
    return replace(catalog, contacts=replace(catalog.contacts, by_id=old))


async def test_every_phone_number_expired() -> None:
    """911 and 988 are shown all the same, and nothing that has expired."""
    known = Knowledge(_expired(shared().catalog), shared().red_flags)
    engine = Engine(known, None)
    for text, number in ((ORDINARY, "911"), (FEVER, "911"), ("I want to end my life", "988")):
        reply = await in_time(engine.respond(text))
        assert number in [contact.tel for contact in reply.turn.referral.contacts]
        assert {contact.id for contact in reply.turn.referral.contacts} <= {"emergency", "lifeline_988"}
        assert house_rules.faults(known.catalog, reply.turn) == []
