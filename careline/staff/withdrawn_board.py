"""What is withdrawn, as staff see it: which answer or number, why, and whether what is there now is still what was refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from careline.catalog import Catalog
from careline.withdrawals import Withdrawal, Withdrawals, contact_of, is_withdrawn


@dataclass(frozen=True)
class Row:
    """A withdrawal, what people call its subject, and whether that would be refused as it stands today."""

    withdrawal: Withdrawal
    title: str
    is_number: bool
    refused: bool


def rows(catalog: Catalog, withdrawals: Withdrawals) -> list[Row]:
    """Every withdrawal that stands."""
    return list(_rows(catalog, withdrawals))


def _rows(catalog: Catalog, withdrawals: Withdrawals) -> Iterable[Row]:
    for subject, each in withdrawals.items():
        topic, contact = catalog.topics.get(subject), catalog.contacts.by_id.get(contact_of(subject))
        if contact_of(subject):
            name = contact.name["en"] if contact else contact_of(subject)
            yield Row(each, f"{name}: {', '.join(sorted(each.wordings))}", True, contact is not None and contact.tel in each.wordings)
        else:
            yield Row(each, topic.meta.title if topic else subject, False, topic is not None and is_withdrawn(topic, withdrawals))
