"""Turns counted by day, topic, kind and tier: no text, no person, kept for thirteen months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from careline.store.ledger import Ledger

KEPT = timedelta(days=400)


class Key(NamedTuple):
    """What is counted: `topic` is "" for a turn that answered none."""

    day: str
    topic: str
    kind: str
    tier: str


def add(ledger: Ledger, counted: Mapping[Key, int]) -> None:
    """Add to the counts, and drop those past keeping."""
    if not counted:
        return
    with ledger.transaction() as db:
        db.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET turns = turns + excluded.turns",
            [(*key, turns) for key, turns in counted.items()],
        )
        db.execute("DELETE FROM counts WHERE day < ?", ((date.today() - KEPT).isoformat(),))


def since(ledger: Ledger, day: str) -> dict[Key, int]:
    """The counts from a day (ISO date) on."""
    with ledger.reading() as db:
        rows = db.execute("SELECT day, topic, kind, tier, turns FROM counts WHERE day >= ? ORDER BY day", (day,))
        return {Key(*row[:4]): int(row[4]) for row in rows}
