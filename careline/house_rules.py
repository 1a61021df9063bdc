"""What no text of the bot may break: one set of rules for the check of the content and for every outgoing turn. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from careline.catalog import Catalog
from careline.contacts import digits_of
from careline.turn import Turn

# Seven or ten digits with the marks people write in numbers, or letters after 1-800.
_PHONE = re.compile(r"(?<![\w.])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ]?)?\d{3}[-. ]?\d{4}(?![\w])")
_VANITY = re.compile(r"\b1[-. ]?8\d\d[-. ][\dA-Z][\dA-Z -]{5,12}\b")


def forbidden_claims(catalog: Catalog, text: str) -> Iterator[str]:
    """The forbidden phrases in a text, each with the reason."""
    plain = text.lower().replace("’", "'")
    for claim, pattern in _compiled(catalog):
        if said := pattern.search(plain):
            yield f"it says {said.group()!r} ({claim.why})"


def bad_numbers(catalog: Catalog, text: str, today: date | None = None) -> Iterator[str]:
    """Phone numbers in a text that the registry does not allow to be shown today."""
    allowed = catalog.contacts.allowed_digits(today) | {
        digits_of(catalog.contacts.number(catalog.contacts.emergency)), digits_of(catalog.contacts.number(catalog.contacts.crisis))
    }
    for number in numbers_in(text):
        digits = digits_of(dialled(number))
        if digits in catalog.contacts.forbidden:
            yield f"it shows {number.strip()}, which is forbidden: {catalog.contacts.forbidden[digits]}"
        elif digits not in allowed:
            yield f"it shows {number.strip()}, which is not in the contacts registry or has expired"


def numbers_in(text: str) -> list[str]:
    """Whatever in a text looks like a phone number of seven digits or more."""
    found = [match.group() for pattern in (_PHONE, _VANITY) for match in pattern.finditer(text)]
    return [number for number in found if len(re.sub(r"\W", "", number)) >= 7]


def faults(catalog: Catalog, turn: Turn) -> list[str]:
    """Everything wrong with an outgoing turn; empty where it may go out.

    The person's own words come back in notes and lists (part role "note", turn.data), so these are held against the
    phone-number rules only: a caller may well say "I probably …".
    """
    ours = [part.text for part in turn.parts if part.role != "note"] + [turn.referral.text, *(choice.label for choice in turn.choices)]
    ours = [_without_quote(turn, text) for text in ours]
    found = [fault for text in ours for fault in forbidden_claims(catalog, text)]
    found += [fault for part in [*ours, *(part.text for part in turn.parts)] for fault in bad_numbers(catalog, part)]
    if not turn.referral.text.strip() or not turn.referral.contacts:
        found.append("it has no referral")
    if not any(part.text.strip() for part in turn.parts):
        found.append("it says nothing")
    return found


def _without_quote(turn: Turn, text: str) -> str:
    """A text of ours without the person's own list item at its end: what they wrote is theirs to say."""
    items = sorted(map(str, turn.data.get("doctor_list", ())), key=len, reverse=True)
    return next((text[: -len(item)] for item in items if item and text.endswith(item)), text)


def dialled(number: str) -> str:
    """A number with its letters as the digits they stand for."""
    keys = {letter: digit for digit, letters in {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}.items() for letter in letters}
    return "".join(keys.get(character, character) for character in number)


@lru_cache(maxsize=4)
def _compiled_for(phrases: tuple[tuple[str, str], ...], patterns: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], ...]:
    # Looked back at from its end, so that the search can jump to the phrase itself: every turn is held against all of them.
    words = [re.compile(rf"{said}(?!\w)(?<!\w{said})") for said in (re.escape(phrase) for phrase, _ in phrases)]
    return (*words, *(re.compile(pattern) for pattern, _ in patterns))


def _compiled(catalog: Catalog) -> Iterator[tuple]:
    claims = (*catalog.forbidden_phrases, *catalog.forbidden_patterns)
    phrases = tuple((claim.phrase, claim.why) for claim in catalog.forbidden_phrases)
    patterns = tuple((claim.phrase, claim.why) for claim in catalog.forbidden_patterns)
    return zip(claims, _compiled_for(phrases, patterns))
