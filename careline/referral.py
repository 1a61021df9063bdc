"""Whom to call: the one function that writes the sentence every turn ends with."""

from __future__ import annotations

from collections.abc import Sequence

from careline.catalog import Catalog
from careline.turn import Referral, ShownContact

# The contacts each kind of referral shows, by role; a topic may add its own.
_ROLES = {
    "care_team": ("care_team", "hotline"),
    "call_doctor": ("care_team", "hotline"),
    "support": ("hotline", "care_team"),
    "crisis_support": ("crisis", "hotline"),
    "lines": (),
    "today": ("care_team", "emergency", "hotline"),
    "urgent": ("care_team", "emergency"),
    "emergency": ("emergency", "care_team"),
    "crisis": ("crisis", "emergency"),
}


def referral(catalog: Catalog, kind: str, language: str = "en", extra: Sequence[str] = ()) -> Referral:
    """The referral of one kind (`care_team`, `call_doctor`, `support`, `lines`, or a tier) in a language.

    `extra` are ids of contacts that the topic itself is about. Contacts that may not be shown are left out; the emergency
    number never is, so that a referral always names somebody.
    """
    contacts = [_role(catalog, role, language) for role in _ROLES[kind]] + [
        catalog.contacts.shown(contact, language) for contact in extra
    ]
    shown = tuple({contact.id: contact for contact in contacts if contact}.values()) or (_always(catalog, "emergency", language),)
    text = catalog.say(f"referral_{kind}", language, contacts=_spoken_list(shown, language), **placeholders(catalog, language))
    return Referral(text, shown)


def placeholders(catalog: Catalog, language: str = "en") -> dict[str, str]:
    """The values of {hotline}, {crisis}, {emergency} and {care_team} for texts in a language."""
    hotline = _role(catalog, "hotline", language) or _always(catalog, "emergency", language)
    care_team = _role(catalog, "care_team", language)
    line = catalog.say("care_team_line", language)
    return {
        "hotline": _spoken(hotline, language),
        "crisis": catalog.contacts.number(catalog.contacts.crisis),
        "emergency": catalog.contacts.number(catalog.contacts.emergency),
        "care_team": f"{care_team.name} ({care_team.phone})" if care_team else line,
    }


def _role(catalog: Catalog, role: str, language: str) -> ShownContact | None:
    if role == "care_team":
        return catalog.contacts.shown("care_team", language) if catalog.contacts.care_team else None
    if role == "hotline":
        return catalog.contacts.shown(catalog.contacts.default_hotline, language)
    return _always(catalog, role, language)


def _always(catalog: Catalog, role: str, language: str) -> ShownContact:
    # 911 and 988 are shown even when nobody renewed their check: hiding them would be the greater harm.
    contact = catalog.contacts.by_id[getattr(catalog.contacts, role)]
    name = contact.name.get(language) or contact.name["en"]
    return ShownContact(contact.id, name, contact.phone, contact.tel, (contact.hours or {}).get(language))


def _spoken(contact: ShownContact, language: str) -> str:
    joiner = {"es": "al"}.get(language, "at")
    hours = f" ({contact.hours})" if contact.hours else ""
    return f"{_article(contact, language)}{contact.name} {joiner} {contact.phone}{hours}"


def _article(contact: ShownContact, language: str) -> str:
    if language == "es":
        return "la " if contact.name.startswith(("Sociedad", "Línea")) else ""
    return "the " if contact.name.split()[0] in {"American", "National", "988", "Cancer"} else ""


def _spoken_list(contacts: Sequence[ShownContact], language: str) -> str:
    spoken = [_spoken(contact, language) for contact in contacts]
    joiner = {"es": " o a "}.get(language, " or ")
    return joiner.join([", ".join(spoken[:-1]), spoken[-1]]) if len(spoken) > 1 else spoken[0]
