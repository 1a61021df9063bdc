"""The contacts as staff see them: which may be given, which run out, which never to give, and who rang when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from careline.contacts import Contact, Contacts
from careline.store.ledger import Act
from careline.withdrawals import Withdrawals, may_be_withdrawn, numbers

WARN_AHEAD = timedelta(days=60)
RESULTS = {"right": "Right: they answered as the registry says", "wrong": "Wrong: the number or the hours are not right", "no_answer": "Nobody answered"}


@dataclass(frozen=True)
class Row:
    """A contact today. `state` is shown, soon (runs out within two months), expired, withdrawn or hidden; `last` its last recorded check.

    `may_be_withdrawn` is whether anybody on the staff can stop it from being shown.
    """

    contact: Contact
    state: str
    days_left: int
    last: Act | None
    may_be_withdrawn: bool


def rows(contacts: Contacts, checks: Iterable[Act], withdrawals: Withdrawals, today: date) -> list[Row]:
    """Every contact, those that need somebody to ring first."""
    latest: dict[str, Act] = {}
    for check in checks:  # newest first
        latest.setdefault(check.subject, check)
    made = [_row(contacts, contact, _of_this_number(latest.get(contact.id), contact), numbers(withdrawals), today) for contact in contacts.by_id.values()]
    order: Mapping[str, int] = {"withdrawn": 0, "expired": 1, "soon": 2, "shown": 3, "hidden": 4}
    return sorted(made, key=lambda row: (order[row.state], row.days_left))


def _row(contacts: Contacts, contact: Contact, last: Act | None, withdrawn: frozenset[str], today: date) -> Row:
    left = (contact.expires - today).days
    state = "hidden" if contact.status != "active" else "withdrawn" if contact.tel in withdrawn else _by_its_check(left)
    return Row(contact, state, left, last, state in ("shown", "soon") and may_be_withdrawn(contacts, contact))


def _by_its_check(left: int) -> str:
    return "expired" if left < 0 else "soon" if left <= WARN_AHEAD.days else "shown"


def _of_this_number(check: Act | None, contact: Contact) -> Act | None:
    """A check counts for the number that was rung, not for one that took its place."""
    return check if check and check.detail.get("phone") == contact.phone else None
