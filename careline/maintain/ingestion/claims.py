"""What a sentence claims that can be compared: percentages, doses, durations, dates, phone numbers, drugs, other numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import phonenumbers
from rapidfuzz.distance import OSA

from careline.contacts import Contacts, digits_of

_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100", "half": "0.5"}
_N = rf"(?:\d+(?:[.,]\d+)*|{'|'.join(_WORDS)})"
_RANGE = rf"{_N}(?:\s*(?:-|–|to|or|and)\s*{_N})?"
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
# In this order: what one pattern has taken is not looked at by the next.
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"(?<![\w.])(?:1[-. ])?8\d\d[-. ](?=[\dA-Z.-]*[A-Z]{3})[\dA-Z][\dA-Z.-]{5,9}"),
    "percentage": re.compile(rf"\b{_RANGE}\s*(?:%|percent\b|per cent\b)", re.IGNORECASE),
    "dose": re.compile(rf"\b{_RANGE}\s*(?:mg|mcg|µg|g|ml|units|milligrams?|grams?)\b", re.IGNORECASE),
    "date": re.compile(
        rf"\b(?:(?:{'|'.join(_MONTHS)})(?: \d{{1,2}},?)?(?: \d{{4}})?(?<![a-z])|(?:19|20)\d\ds?)\b", re.IGNORECASE
    ),
    "duration": re.compile(rf"\b{_RANGE}[- ](?:minute|hour|day|week|month|year)s?\b", re.IGNORECASE),
    "number": re.compile(rf"\b{_RANGE}\b", re.IGNORECASE),
}
_UNIT = re.compile(r"minute|hour|day|week|month|year|mg|mcg|ml", re.IGNORECASE)
SAME_SUBJECT = 0.62  # cosine above which two sentences are taken to speak of the same thing
COMPARED = (
    "percentage",
    "dose",
    "duration",
    "date",
    "drug",
    "number",
)  # phone numbers are held against the registry instead
_MISTYPED = 2  # slips by which a number is still taken for another one


@dataclass(frozen=True)
class Sentence:
    """A sentence with where it stands: a document's id (or "answers") and its section (or topic)."""

    document: str
    section: str
    text: str


@dataclass(frozen=True)
class Conflict:
    """Two sentences that seem to speak of the same thing and say different things of one kind."""

    kind: str
    new: Sentence
    says: tuple[str, ...]
    known: Sentence
    known_says: tuple[str, ...]
    similarity: float


def claims(text: str, drugs: re.Pattern[str]) -> dict[str, frozenset[str]]:
    """The comparable claims of a sentence by kind, each in one way of writing: "nearly twenty percent" -> percentage {"20"}."""
    found: dict[str, set[str]] = {}
    rest = text
    for phone in phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE):
        found.setdefault("phone", set()).add(digits_of(phone.raw_string))
        rest = rest.replace(phone.raw_string, " ")
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(rest):
            found.setdefault(kind, set()).add(_value(kind, match.group()))
        rest = pattern.sub(" ", rest)
    named = {match.group().lower() for match in drugs.finditer(text.lower())}
    return {kind: frozenset(values) for kind, values in {**found, "drug": named}.items() if values}


def conflicts(
    new: Sequence[Sentence], known: Sequence[Sentence], similarities: np.ndarray, drugs: re.Pattern[str]
) -> Iterator[Conflict]:
    """Pairs of sentences on one subject with no common value of a kind that both state.

    `similarities` has shape (len(new), len(known)).
    """
    ours, theirs = ([claims(item.text, drugs) for item in items] for items in (new, known))
    for row, column in zip(*np.nonzero(similarities >= SAME_SUBJECT)):
        for kind in COMPARED:
            said, held = (sorted(found.get(kind, ())) for found in (ours[row], theirs[column]))
            if said and held and not set(said) & set(held):
                yield Conflict(
                    kind, new[row], tuple(said), known[column], tuple(held), float(similarities[row, column])
                )


def bad_phones(
    new: Iterable[Sentence], contacts: Contacts, drugs: re.Pattern[str], today: date | None = None
) -> Iterator[tuple[Sentence, str, str]]:
    """Phone numbers that the registry forbids or does not know: (sentence, number, why)."""
    allowed = contacts.allowed_digits(today)
    for item in new:
        for number in sorted(claims(item.text, drugs).get("phone", frozenset()) - allowed):
            meant = next((other for other in sorted(allowed) if OSA.distance(number, other) <= _MISTYPED), None)
            if number in contacts.forbidden:
                yield item, number, f"forbidden: {contacts.forbidden[number]}"
            elif meant:
                yield item, number, f"perhaps {meant} of content/contacts.yml, mistyped"
            else:
                yield item, number, "not in content/contacts.yml, or its check has expired"


def _value(kind: str, text: str) -> str:
    if kind == "phone":
        return digits_of(phonenumbers.convert_alpha_characters_in_number(text))
    if kind == "date":
        return text.lower()
    plain = re.sub(r"\b[a-z]+\b", lambda word: _WORDS.get(word.group(), word.group()), text.lower())
    numbers = "-".join(re.findall(r"\d+(?:[.,]\d+)*", plain))
    unit = _UNIT.search(plain)
    return f"{numbers} {unit.group()}" if unit else numbers
