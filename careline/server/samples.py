"""One sample of every kind of turn, for the page that shows them all and for whoever styles them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

from careline.catalog import Catalog
from careline.referral import placeholders, referral
from careline.turn import KINDS, Choice, Part, ShownContact, Source, Turn

# Kind -> the tier it usually has, its referral, a fixed wording that stands for what it says, and its buttons.
_KINDS = {
    "emergency": ("emergency", "emergency", "reminder_emergency", ()),
    "crisis": ("crisis", "crisis", "after_crisis", ()),
    "urgent": ("urgent", "urgent", "reminder_urgent", ()),
    "today": ("today", "today", "serious_follow_up", ()),
    "no_diagnosis": ("call_doctor", "call_doctor", "serious_follow_up", ()),
    "symptom_advice": ("call_doctor", "call_doctor", "serious_follow_up", ()),
    "symptom_question": ("call_doctor", "call_doctor", "follow_up_unclear", ("Yes", "No", "I do not know")),
    "answer": ("information", "care_team", "nothing_more", ()),
    "clarify": ("information", "care_team", "clarify", ("Signs in the bones", "Scans and tests", "None of these")),
    "out_of_scope": ("information", "care_team", "out_of_scope", ()),
    "small_talk": ("information", "care_team", "affirm_nothing", ()),
    "error": ("information", "care_team", "error", ()),
}


def samples(catalog: Catalog) -> Iterator[Turn]:
    """A turn of every kind, most serious first. An answer shows a real topic where there is one."""
    for kind in KINDS:
        tier, refer, key, labels = _KINDS[kind]
        choices = tuple(Choice(label, "sample") for label in labels)
        part = (_answer(catalog) if kind == "answer" else None) or Part(catalog.say(key, **placeholders(catalog)))
        turn = Turn(kind, tier, (part,), referral(catalog, refer), choices)
        yield replace(turn, turn=f"sample-{kind}", reply_to=f"message-{kind}")


def numbers(catalog: Catalog) -> dict[str, dict[str, object]]:
    """The numbers a page keeps for when the server is gone, by language and role, as web/widget/numbers.js holds them."""
    return {
        language: {role: asdict(contact) for role, contact in _roles(catalog, language)} for language in ("en", "es")
    }


def _roles(catalog: Catalog, language: str) -> Iterator[tuple[str, ShownContact]]:
    contacts = catalog.contacts
    ids = {
        "emergency": contacts.emergency,
        "crisis": contacts.crisis,
        "care_team": "care_team",
        "hotline": contacts.default_hotline,
    }
    shown = {
        contact.id: contact
        for kind in ("emergency", "crisis", "care_team")
        for contact in referral(catalog, kind, language).contacts
    }
    return ((role, shown[contact_id]) for role, contact_id in ids.items() if contact_id in shown)


def _answer(catalog: Catalog) -> Part | None:
    topic = next((topic for topic in catalog.group("answer") if topic.meta.sources), None)
    if topic is None:
        return None
    sources: tuple[Source, ...] = catalog.citations(topic)
    return Part(topic.text, topic.id, topic.meta.title, sources, topic.meta.review.on.isoformat())
