"""What staff can do that stays: withdraw an answer or a phone number, restore it, record that a number was rung. Each is one row of the ledger."""

from __future__ import annotations

from careline import withdrawals
from careline.catalog import Topic
from careline.contacts import Contact
from careline.privacy import scrub
from careline.store.ledger import CHECKED, RESTORED, WITHDRAWN, Act, Ledger, now

_LONGEST_REASON = 500


class Acts:
    """Writes acts down. Reasons are scrubbed: a caller's name does not belong in a log."""

    shortest_reason = 8  # characters

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def withdrawn(self, by: str, topic: Topic, reason: str) -> None:
        """Refuse today's words of a topic, and those of an earlier withdrawal that still stands."""
        self._withdraw(by, topic.id, withdrawals.wordings(topic), reason)

    def number_withdrawn(self, by: str, contact: Contact, reason: str) -> None:
        """Refuse today's number of a contact, and that of an earlier withdrawal that still stands."""
        self._withdraw(by, withdrawals.of_contact(contact.id), frozenset({contact.tel}), reason)

    def restored(self, by: str, subject: str, reason: str) -> None:
        """Let a topic speak, or a number be shown, again."""
        self._add(by, RESTORED, subject, reason=_tidy(reason))

    def checked(self, by: str, contact: Contact, result: str) -> None:
        """Somebody rang a number."""
        self._add(by, CHECKED, contact.id, phone=contact.phone, result=result)

    def _withdraw(self, by: str, subject: str, wordings: frozenset[str], reason: str) -> None:
        before = self._ledger.withdrawals().get(subject)
        refused = wordings | (before.wordings if before else frozenset())
        self._add(by, WITHDRAWN, subject, reason=_tidy(reason), wordings=sorted(refused))

    def _add(self, by: str, act: str, subject: str, **detail: object) -> None:
        self._ledger.add(Act(now(), by, act, subject, detail))


def _tidy(reason: str) -> str:
    return scrub(" ".join(reason.split())[:_LONGEST_REASON])
