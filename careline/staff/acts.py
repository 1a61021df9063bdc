"""What staff can do that stays: withdraw an answer, restore it, record that a number was rung. Each is one row of the ledger."""

from __future__ import annotations

from careline.catalog import Topic
from careline.contacts import Contact
from careline.privacy import scrub
from careline.staff.accounts import Account
from careline.store.ledger import CHECKED, RESTORED, WITHDRAWN, Act, Ledger, now
from careline.withdrawals import wordings

_LONGEST_REASON = 500


class Acts:
    """Writes acts down. Reasons are scrubbed: a caller's name does not belong in a log."""

    shortest_reason = 8  # characters

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def withdrawn(self, by: Account, topic: Topic, reason: str) -> None:
        """Refuse today's words of a topic, and those of an earlier withdrawal that still stands."""
        before = self._ledger.withdrawals().get(topic.id)
        refused = wordings(topic) | (before.wordings if before else frozenset())
        self._add(by, WITHDRAWN, topic.id, reason=_tidy(reason), wordings=sorted(refused))

    def restored(self, by: Account, topic: str, reason: str) -> None:
        """Let a topic speak again."""
        self._add(by, RESTORED, topic, reason=_tidy(reason))

    def checked(self, by: Account, contact: Contact, result: str) -> None:
        """Somebody rang a number."""
        self._add(by, CHECKED, contact.id, phone=contact.phone, result=result)

    def _add(self, by: Account, act: str, subject: str, **detail: object) -> None:
        self._ledger.add(Act(now(), by.name, act, subject, detail))


def _tidy(reason: str) -> str:
    return scrub(" ".join(reason.split())[:_LONGEST_REASON])
