"""The contacts as staff see them: which may be given, which run out, which never to give, and who rang when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from careline.contacts import Contact, Contacts
from careline.store.ledger import Act

WARN_AHEAD = timedelta(days=60)
RESULTS = {"right": "Right: they answered as the registry says", "wrong": "Wrong: the number or the hours are not right", "no_answer": "Nobody answered"}


@dataclass(frozen=True)
class Row:
    """A contact today. `state` is shown, soon (runs out within two months), expired or hidden; `last` its last recorded check."""

    contact: Contact
    state: str
    days_left: int
    last: Act | None


def rows(contacts: Contacts, checks: Iterable[Act], today: date) -> list[Row]:
    """Every contact, those that need somebody to ring first."""
    latest: dict[str, Act] = {}
    for check in checks:  # newest first
        latest.setdefault(check.subject, check)
    made = [_row(contact, _of_this_number(latest.get(contact.id), contact), today) for contact in contacts.by_id.values()]
    order: Mapping[str, int] = {"expired": 0, "soon": 1, "shown": 2, "hidden": 3}
    return sorted(made, key=lambda row: (order[row.state], row.days_left))


def _row(contact: Contact, last: Act | None, today: date) -> Row:
    left = (contact.expires - today).days
    if contact.status != "active":
        return Row(contact, "hidden", left, last)
    state = "expired" if left < 0 else "soon" if left <= WARN_AHEAD.days else "shown"
    return Row(contact, state, left, last)


def _of_this_number(check: Act | None, contact: Contact) -> Act | None:
    """A check counts for the number that was rung, not for one that took its place."""
    return check if check and check.detail.get("phone") == contact.phone else None
