"""What falls due: checks of phone numbers that expire and reviews of texts that grow old. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from careline.contents import Contents
from careline.errors import Problem

WARN_AHEAD = timedelta(days=30)
REVIEW_LASTS = timedelta(days=365)  # a text is looked at again within a year, signed or not


def due(contents: Contents, ahead: timedelta = WARN_AHEAD) -> Iterator[Problem]:
    """Contacts and reviews that expire within `ahead` or have done so, each with the line to change."""
    yield from contacts_due(contents, ahead)
    yield from reviews_due(contents, ahead)


def contacts_due(contents: Contents, ahead: timedelta) -> Iterator[Problem]:
    """Contacts that are shown and whose check expires, or has expired and is an error of its own by now."""
    for index, contact in enumerate(contents.content["contacts"].value["contacts"]):
        left = _day(contact["expires"]) - contents.today
        if contact["status"] == "active" and left <= ahead:
            what = f"the check of {contact['id']!r} {_when(left)}; ring it and renew the dates"
            yield contents.in_content("contacts", "contacts", index, "expires", what=what)


def reviews_due(contents: Contents, ahead: timedelta) -> Iterator[Problem]:
    """Topics, red flags and the table of tiers that nobody has reviewed for nearly a year."""
    dated = [
        (topic.path, topic.line("review", "on"), topic.meta.review.on) for topic in contents.catalog.topics.values()
    ]
    for document in (contents.content["triage"], *contents.flags.values()):
        dated.append((document.path, document.line("review", "on"), _day(document.value["review"]["on"])))
    for path, line, reviewed in dated:
        left = reviewed + REVIEW_LASTS - contents.today
        if left <= ahead:
            yield contents.problem(
                path, line, f"the review of {reviewed} {_when(left)}; read the text again and renew the date"
            )


def _when(left: timedelta) -> str:
    return f"expires in {left.days} days" if left >= timedelta(0) else f"expired {-left.days} days ago"


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))
