"""What staff have withdrawn: exact words and exact phone numbers that may not be shown until somebody restores them. Pure.

A withdrawal names its subject, a topic or a contact, and what is refused of it: the fingerprints of a topic's wordings on that day, or
a contact's number. A corrected wording has another fingerprint and a corrected number is another: both may be shown at once. What was
wrong stays refused, in new turns and in old ones that are shown again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from careline.catalog import Catalog, Topic
from careline.contacts import Contact, Contacts, digits_of
from careline.house_rules import dialled, numbers_in
from careline.referral import placeholders, referral
from careline.silenced import silencing
from careline.turn import Part, Turn

_CONTACT = "contact:"
_REFERRALS = ("today", "urgent", "emergency", "crisis")  # tiers that have a referral of their own


@dataclass(frozen=True)
class Withdrawal:
    """What is refused of a subject: why, since when (seconds since 1970), and by whom. `subject` is a topic id or that of `of_contact`."""

    subject: str
    wordings: frozenset[str]  # fingerprints of words, or numbers as a phone dials them
    reason: str
    by: str
    at: float


Withdrawals = Mapping[str, Withdrawal]


def fingerprint(text: str) -> str:
    """16 hex digits that two texts share when they differ in white space only."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def wordings(topic: Topic) -> frozenset[str]:
    """The fingerprints of everything that a topic says."""
    return frozenset(fingerprint(text) for text in (topic.text, topic.meta.simple) if text.strip())


def is_withdrawn(topic: Topic, withdrawals: Withdrawals) -> bool:
    """Would any of the topic's words of today be refused?"""
    withdrawal = withdrawals.get(topic.id)
    return withdrawal is not None and not withdrawal.wordings.isdisjoint(wordings(topic))


def of_contact(contact_id: str) -> str:
    """The subject under which a contact's number is withdrawn."""
    return _CONTACT + contact_id


def contact_of(subject: str) -> str:
    """The contact that a subject is about; "" where it is a topic."""
    return subject.removeprefix(_CONTACT) if subject.startswith(_CONTACT) else ""


def may_be_withdrawn(contacts: Contacts, contact: Contact) -> bool:
    """The emergency and the crisis number stay: to have nobody to call is worse. A deployment's own are set in its file."""
    return contact.id not in (contacts.emergency, contacts.crisis)


def numbers(withdrawals: Withdrawals) -> frozenset[str]:
    """The numbers that may not be shown, as a phone dials them."""
    return frozenset(number for subject, each in withdrawals.items() if contact_of(subject) for number in each.wordings)


def withheld(turn: Turn, withdrawals: Withdrawals, catalog: Catalog) -> Turn:
    """The turn without what was withdrawn: a notice stands in place of words, a remark in place of a number, and a referral stays.

    A turn that has nothing else to say becomes one that answers nothing, so that it is counted among the unanswered.
    """
    refused = numbers(withdrawals)
    with silencing(refused):
        return _without_numbers(_without_words(turn, withdrawals, catalog), refused, catalog)


def _without_words(turn: Turn, withdrawals: Withdrawals, catalog: Catalog) -> Turn:
    if not any(_refused(part, withdrawals) for part in turn.parts):
        return turn
    notice = Part(catalog.say("withdrawn", turn.language, **placeholders(catalog, turn.language)))
    parts = tuple(dict.fromkeys(notice if _refused(part, withdrawals) else part for part in turn.parts))
    answered = any(part.topic for part in parts)
    return replace(turn, parts=parts, kind=turn.kind if answered or turn.kind != "answer" else "out_of_scope")


def _without_numbers(turn: Turn, refused: frozenset[str], catalog: Catalog) -> Turn:
    parts = tuple(replace(part, text=_struck(part.text, refused, catalog, turn.language)) for part in turn.parts)
    shown = {contact.tel for contact in turn.referral.contacts}
    if refused.isdisjoint(shown) and not _shown(turn.referral.text, refused):
        return replace(turn, parts=parts)
    kind = turn.tier if turn.tier in _REFERRALS else "call_doctor"
    return replace(turn, parts=parts, referral=referral(catalog, kind, turn.language))


def _struck(text: str, refused: frozenset[str], catalog: Catalog, language: str) -> str:
    for number in _shown(text, refused):
        text = text.replace(number.strip(), catalog.say("number_withdrawn", language))
    return text


def _shown(text: str, refused: frozenset[str]) -> list[str]:
    """The refused numbers in a text, as they are written there."""
    if not refused:
        return []
    digits = {digits_of(number) for number in refused}
    return [number for number in numbers_in(text) if digits_of(dialled(number)) in digits]


def _refused(part: Part, withdrawals: Withdrawals) -> bool:
    withdrawal = withdrawals.get(part.topic or "")
    return withdrawal is not None and fingerprint(part.text) in withdrawal.wordings
