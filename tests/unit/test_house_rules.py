"""The gate on the way out: what it refuses and what it lets through, on made turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline import catalog as catalogs
from careline.catalog import Catalog
from careline.contacts import digits_of
from careline.house_rules import bad_numbers, faults, forbidden_claims, numbers_in
from careline.referral import referral
from careline.turn import Choice, Part, Referral, Turn

CATALOG = catalogs.load()
GOOD = "Pain that lasts is worth a call to the doctor."
SEPARATORS = ("-", ".", " ", "")


def _turn(text: str = GOOD, role: str = "text", **changes: object) -> Turn:
    made = Turn("answer", "information", (Part(text, role=role),), referral(CATALOG, "care_team"))
    return replace(made, **changes)  # type: ignore[arg-type]


def _with_referral(text: str, contacts: int = 1) -> Turn:
    # A turn refuses to be made without a referral, so one that has lost it is put together by hand.
    made = _turn()
    object.__setattr__(made, "referral", Referral(text, made.referral.contacts[:contacts]))
    return made


@pytest.mark.parametrize(
    "kind", ["care_team", "call_doctor", "support", "crisis_support", "today", "urgent", "emergency", "crisis"]
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_good_turn_passes_with_every_referral(kind: str, language: str) -> None:
    assert faults(CATALOG, _turn(referral=referral(CATALOG, kind, language), language=language)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("You have cancer in the bones.", "you have"),
        ("YOU MAY HAVE a fracture.", "you may have"),
        ("It is probably a cold.", "probably"),
        ("That sounds like an infection.", "sounds like"),
        ("It’s nothing.", "it's nothing"),
        ("Don’t worry about it.", "don't worry"),
        ("About 20 % live longer.", "%"),
        ("Take 400 mg twice a day.", "mg"),
        ("3 out of 10 people live on.", "out of"),
    ],
)
def test_a_claim_is_refused_wherever_it_stands(text: str, says: str) -> None:
    turns = [
        _turn(text),
        _turn(choices=(Choice(text, "topic:cure"),)),
        _with_referral(text),
        _turn(text, role="question"),
    ]
    for made in turns:
        assert any(says in fault for fault in faults(CATALOG, made)), made


@pytest.mark.parametrize(
    "text",
    [
        "You haven't said since when.",
        "A probable cause",
        "Do you havea question",
        "determinal",
        "Medians of roads? No: medianly",
    ],
)
def test_phrases_match_whole_words(text: str) -> None:
    assert not list(forbidden_claims(CATALOG, text))


def test_the_words_of_the_person_are_not_held_against_the_bot() -> None:
    said = "is it probably nothing?"
    made = _turn(f"I put this on your list: {said}", data={"doctor_list": [said]})
    assert faults(CATALOG, made) == []
    both = replace(_turn(), parts=(Part(GOOD), Part('In my own words: "you have no idea how it hurts".', role="note")))
    assert faults(CATALOG, both) == []


def test_a_number_in_a_note_is_still_refused() -> None:
    made = replace(_turn(), parts=(Part(GOOD), Part("Call 1-800-221-2141.", role="note")))
    assert any("forbidden" in fault for fault in faults(CATALOG, made))


def test_a_turn_without_words_or_referral_is_refused() -> None:
    assert "it says nothing" in faults(CATALOG, _turn("  "))
    assert "it has no referral" in faults(CATALOG, _with_referral(" "))
    assert "it has no referral" in faults(CATALOG, _with_referral("Call someone.", contacts=0))


@pytest.mark.parametrize(
    "contact", [c for c in CATALOG.contacts.by_id.values() if c.status == "active"], ids=lambda contact: contact.id
)
def test_a_number_of_the_registry_passes_until_it_expires(contact: object) -> None:
    phone, expires = contact.phone, contact.expires  # type: ignore[attr-defined]
    assert not list(bad_numbers(CATALOG, f"Call {phone}.", expires))
    always = phone in ("911", "988")
    assert always or list(bad_numbers(CATALOG, f"Call {phone}.", expires + timedelta(days=1)))


@pytest.mark.parametrize(
    "contact", [c for c in CATALOG.contacts.by_id.values() if c.letters], ids=lambda contact: contact.id
)
def test_the_letters_of_a_number_are_the_number(contact: object) -> None:
    assert not list(bad_numbers(CATALOG, f"Call {contact.letters}.", contact.expires))  # type: ignore[attr-defined]


@pytest.mark.parametrize("digits", sorted(CATALOG.contacts.forbidden))
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_forbidden_number_is_refused_however_it_is_written(digits: str, separator: str) -> None:
    shown = separator.join((digits[:3], digits[3:6], digits[6:]))
    for text in (f"Call {shown}.", f"Call 1-{shown} now", f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"):
        assert any("forbidden" in fault for fault in bad_numbers(CATALOG, text)), text


@settings(deadline=None)
@given(
    area=st.integers(200, 999), exchange=st.integers(200, 999), line=st.integers(0, 9999), separator=st.sampled_from(SEPARATORS),
    one=st.sampled_from(("", "1-", "+1 ", "1 ")),
)  # fmt: skip
def test_no_made_up_number_gets_through(area: int, exchange: int, line: int, separator: str, one: str) -> None:
    number = f"{one}{area}{separator}{exchange}{separator}{line:04}"
    allowed = CATALOG.contacts.allowed_digits(date(2026, 11, 24))
    faulty = bool(list(bad_numbers(CATALOG, f"Please call {number} today.", date(2026, 11, 24))))
    assert faulty == (digits_of(number) not in allowed)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    for number in numbers_in(text):
        assert number in text
    list(forbidden_claims(CATALOG, text))
    list(bad_numbers(CATALOG, text))


@pytest.mark.parametrize(
    "text",
    ["since 2023", "in 2006 and 2007", "24 hours, every day", "within 60 minutes", "HER2 and CDK4/6", "strontium-89"],
)
def test_years_and_names_are_no_numbers(text: str) -> None:
    assert not numbers_in(text)


def test_every_answer_passes_the_gate(catalog: Catalog = CATALOG) -> None:
    for topic in catalog.topics.values():
        made = _turn(topic.text, referral=referral(catalog, topic.meta.referral, extra=topic.meta.contacts))
        assert faults(catalog, made) == [], topic.id
