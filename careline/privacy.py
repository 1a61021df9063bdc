"""The one scrubber: what a person typed -> the same without what says who they are.

It stands in front of everything that keeps text (store, logs, review rows). It misses some, so nothing relies on it
alone: texts expire after an hour. Rules with a cue before them ("my name is", "MRN") are preferred to guesses, because a
scrubber that eats drug names and blood counts makes the review rows useless.

Every repetition in its expressions is bounded, so that no text can make them run away.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import lru_cache

from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher

from careline import calendar_dates, contacts, identifiers, names, paths, postal
from careline.number_words import DIGIT

_log = logging.getLogger(__name__)

_AT = r"(?: ?@ ?| ?[(<\[] ?at ?[)>\]] ?| (?:at|arroba) )"
_DOT = r"(?: ?\. ?| ?[(<\[] ?dot ?[)>\]] ?| (?:dot|punto) )"
_DOMAIN = r"(?:com|net|org|edu|gov|io|me|us|uk|es|mx|co)"
_PROVIDERS = r"(?:gmail|yahoo|hotmail|outlook|aol|icloud|proton(?:mail)?|comcast|msn|live|btinternet)"
_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:mailto:)?[\w.+%-]{1,64}(?: (?:underscore|dot|dash|punto) \w{1,20}){0,2}"
    rf"(?:@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}|{_AT}[\w-]{{1,63}}{_DOT}(?:[\w-]{{1,20}}{_DOT})?{_DOMAIN}\b|{_AT}{_PROVIDERS}\b|@[a-z]{{3,30}}\b)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\bhttps?://\S{1,300}|\bwww\.\S{1,300}|\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,3}\.(?:com|org|net|edu|gov|io|me|example)/\S{1,300}",
    re.IGNORECASE,
)
_SPOKEN_PHONE = re.compile(rf"\b{DIGIT}(?:[ ,-]{{1,2}}{DIGIT}){{6,14}}\b", re.IGNORECASE)
_ABROAD = re.compile(r"\+ ?\d(?:[ ().-]{0,2}\d){7,14}(?!\d)")
_BRITISH = re.compile(r"(?<![\d.-])(?<!\d )\(?0[\d)]")
_UNIT = re.compile(r" ?(?:mg|mcg|ml|g|units|calories|steps|cells)\b", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w.,+-])\d{7,24}\b(?![.,]\d)")
_DASHES = str.maketrans("‐‑‒–—", "-----")


def scrub(text: str) -> str:
    """Replace what identifies a person by placeholders such as [name] and [phone]. Scrubbing twice changes nothing more."""
    text = _LINK.sub("[link]", _EMAIL.sub("[email]", text))
    text = calendar_dates.scrub(text)
    text = identifiers.scrub(text)
    text = postal.scrub(_scrub_phones(text))
    text = _LONG_NUMBER.sub(lambda match: match[0] if _is_ours(match[0]) else "[number]", text)
    return names.scrub(text)


def storable(text: str) -> str:
    """The scrubbed text, or nothing: what could not be scrubbed must not be stored."""
    try:
        return scrub(text)
    except Exception as error:  # noqa: BLE001 - the turn matters more than keeping its text
        _log.error("scrubbing failed: %s", type(error).__name__)
        return ""


def _scrub_phones(text: str) -> str:
    text = _ABROAD.sub("[phone]", _SPOKEN_PHONE.sub("[phone]", text))
    for match in reversed(list(_phones(text))):
        text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


def _phones(text: str) -> Iterable[PhoneNumberMatch]:
    """Phone numbers as the library finds them; British ones too where they begin with 0, as ours never do."""
    if sum(char.isdigit() for char in text) < 7:
        return
    plain = text.translate(_DASHES)
    for match in PhoneNumberMatcher(plain, _region(plain), leniency=Leniency.POSSIBLE):
        digits = re.sub(r"\D", "", match.raw_string)
        inside_a_word = plain[: match.start][-1:].isalpha()
        if (
            len(digits) >= 7
            and not inside_a_word
            and not _is_ours(match.raw_string)
            and not _UNIT.match(plain, match.end)
        ):
            yield match


def _region(text: str) -> str:
    return "GB" if _BRITISH.search(text) else "US"


def _is_ours(number: str) -> bool:
    return contacts.digits_of(number) in _public_numbers()


@lru_cache(maxsize=1)
def _public_numbers() -> frozenset[str]:
    """Digits of the hotlines of the registry, those that may no longer be shown too: they belong to nobody in particular."""
    try:
        registry = contacts.load(paths.home() / "content" / "contacts.yml")
    except (OSError, ValueError):
        return frozenset()
    return frozenset(contacts.digits_of(contact.phone) for contact in registry.by_id.values()) | frozenset(
        registry.forbidden
    )
