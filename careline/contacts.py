"""The registry of phone numbers: which may be shown, until when, and which never."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import phonenumbers
from pydantic import BaseModel, Extra

from careline import documents
from careline.schema import parse
from careline.silenced import is_silenced
from careline.turn import ShownContact

STATUSES = ("active", "link_only", "do_not_show", "closed")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Contact(_Strict):
    """One line people can call. `hours` is absent where nobody has verified them."""

    id: str
    name: dict[str, str]
    phone: str
    purpose: dict[str, str]
    languages: list[str]
    status: str
    source: str
    checked_on: date
    expires: date
    letters: str | None = None
    hours: dict[str, str] | None = None
    checked_by: str = ""

    @property
    def tel(self) -> str:
        """The number as a phone dials it: E.164, or the digits of a short code such as 911."""
        return _dialled(self.phone)

    def may_be_shown(self, today: date) -> bool:
        """Active, its check has not expired, and staff have not withdrawn it."""
        return self.status == "active" and today <= self.expires and not is_silenced(self.tel)


class Forbidden(_Strict):
    """A number that must never be shown, and why."""

    phone: str
    why: str


class _Registry(_Strict):
    default_hotline: str
    emergency: str
    crisis: str
    contacts: list[Contact]
    forbidden: list[Forbidden]


class Deployment(_Strict):
    """What one site sets for itself: its emergency number, its care-team line, its default hotline, its country."""

    country: str = "US"
    emergency_number: str | None = None
    crisis_number: str | None = None
    care_team: dict[str, str] | None = None  # name, phone and, optionally, hours
    default_hotline: str | None = None
    allowed_origins: list[str] = []


@lru_cache(maxsize=256)
def _dialled(phone: str) -> str:
    """Remembered, because every outgoing turn is held against all numbers of the registry, which do not change."""
    digits = re.sub(r"\D", "", phone)
    return digits if len(digits) <= 6 else phonenumbers.format_number(parsed(phone), phonenumbers.PhoneNumberFormat.E164)


def parsed(phone: str) -> phonenumbers.PhoneNumber:
    """Parse a North American number as written in the registry."""
    return phonenumbers.parse(phone, "US")


def digits_of(phone: str) -> str:
    """The national digits by which two ways of writing one number are the same."""
    digits = re.sub(r"\D", "", phone)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


@dataclass(frozen=True)
class Contacts:
    """The registry, as the rest of the program uses it."""

    by_id: Mapping[str, Contact]
    forbidden: Mapping[str, str]  # national digits -> why
    default_hotline: str
    emergency: str
    crisis: str
    care_team: Contact | None
    deployment: Deployment

    def shown(self, contact_id: str, language: str = "en", today: date | None = None) -> ShownContact | None:
        """The contact as a page shows it, or None where it may not be shown (expired, closed, unconfirmed)."""
        contact = self.by_id.get(contact_id)
        if contact is None or not contact.may_be_shown(today or date.today()):
            return None
        hours = (contact.hours or {}).get(language) or (contact.hours or {}).get("en")
        name = contact.name.get(language) or contact.name["en"]
        return ShownContact(contact.id, name, contact.letters or contact.phone, contact.tel, hours)

    def number(self, contact_id: str) -> str:
        """The number of a contact as people read it."""
        return self.by_id[contact_id].phone

    def allowed_digits(self, today: date | None = None) -> frozenset[str]:
        """National digits of every number that may appear in a text today."""
        return frozenset(
            digits_of(contact.tel.lstrip("+"))
            for contact in self.by_id.values()
            if contact.may_be_shown(today or date.today())
        )


def load(path: Path, deployment_path: Path | None = None) -> Contacts:
    """Read the registry and, where one is named (argument or CARELINE_DEPLOYMENT), the deployment's own settings.

    Raises:
        ContentError: an unknown or missing key or a value of the wrong kind, with its line.
    """
    registry = parse(_Registry, documents.read(path))
    place = deployment_path or (Path(os.environ["CARELINE_DEPLOYMENT"]) if os.environ.get("CARELINE_DEPLOYMENT") else None)
    deployment = parse(Deployment, documents.read(place)) if place else Deployment()
    by_id = {contact.id: contact for contact in registry.contacts}
    _override(by_id, registry.emergency, deployment.emergency_number)
    _override(by_id, registry.crisis, deployment.crisis_number)
    care_team = _care_team(deployment, by_id[registry.emergency])
    if care_team:
        by_id[care_team.id] = care_team
    return Contacts(
        by_id=by_id,
        forbidden={digits_of(entry.phone): entry.why for entry in registry.forbidden},
        default_hotline=deployment.default_hotline or registry.default_hotline,
        emergency=registry.emergency,
        crisis=registry.crisis,
        care_team=care_team,
        deployment=deployment,
    )


def _override(by_id: dict[str, Contact], contact_id: str, phone: str | None) -> None:
    if phone:
        by_id[contact_id] = by_id[contact_id].copy(update={"phone": phone, "letters": None})


def _care_team(deployment: Deployment, pattern: Contact) -> Contact | None:
    line: dict[str, Any] | None = deployment.care_team
    if not line:
        return None
    update = {"id": "care_team", "name": {"en": line["name"]}, "phone": line["phone"], "letters": None}
    update |= {"hours": {"en": line["hours"]} if line.get("hours") else None, "source": "deployment"}
    return pattern.copy(update=update)


def without(contacts: Contacts, contact_id: str) -> Contacts:
    """The registry with one contact left out, for tests of what happens then."""
    return replace(contacts, by_id={key: value for key, value in contacts.by_id.items() if key != contact_id})
