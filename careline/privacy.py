"""The one scrubber: what a person typed -> the same without what says who they are.

It stands in front of everything that keeps text (store, logs, review rows). It misses some, so nothing relies on it
alone: texts expire after an hour. Rules with a cue before them ("my name is", "MRN") are preferred to guesses, because a
scrubber that eats drug names and blood counts makes the review rows useless.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import phonenumbers

from careline import contacts, names, paths

Replace = str | Callable[[re.Match[str]], str]

# --- parts of the expressions; every repetition is bounded, so that no text can make them run away -----------------
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_NUMERIC = rf"(?:(?:0?[1-9]|1[0-2])(?P<s>[/.-])(?:0?[1-9]|[12]\d|3[01])(?P=s)(?:{_YEAR}|\d\d)" + (
    rf"|(?:0?[1-9]|[12]\d|3[01])(?P<t>[/.-])(?:0?[1-9]|1[0-2])(?P=t){_YEAR}|{_YEAR}(?P<u>[/.-])(?:0?[1-9]|1[0-2])(?P=u)(?:0?[1-9]|[12]\d|3[01]))"
)
_WRITTEN = rf"(?:the )?(?:{_MONTH} {_DAY}|{_DAY} (?:of |de )?{_MONTH})"
_DATE = rf"(?:{_NUMERIC}|{_WRITTEN},?(?: de| del)? {_YEAR})"
_IS = r"(?: ?(?:is|was|no\.?|num(?:ber)?|#|id|code|:|=|-|es)){0,3}[ :#]{0,3}"
_CODE = (
    r"(?:[A-Z]{2,4} (?=\d{3}))?(?=[A-Z0-9-]{0,24}\d)[A-Z0-9](?:[A-Z0-9-]{2,24}[A-Z0-9])\b(?: \d{3,6}\b){0,4}(?: \d\b)?"
)
_RECORD = (
    r"(?:mrn|mr#|med rec|medical record|health record|record|chart|patient id|patient|hospital|account|acct|policy|member(?:ship)?|insurance(?: member)?|group|claim|case"
    r"|medicare|medicaid|subscriber|subject|rx|prescription|referral|confirmation|passport|driver'?s license|licen[cs]e|reference|ref|last four of my social|ssn|social security|social|card|blue cross)"
)
_NAMED_STREET = r"(?:street|avenue|ave|road|lane|boulevard|blvd|terrace|parkway|pkwy|highway|hwy|rd|ln|calle)"
_CAPITAL_STREET = r"(?:St|Dr|Drive|Court|Ct|Way|Place|Pl|Circle|Cir|Trail|Loop|Square|Run)"
_FLAT = r"(?:,? (?:apt|apartment|unit|suite|ste|#) ?\.?#? ?\w{1,5}\b)?"
_COMPASS = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?"
_STATES = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
    r"|North Carolina|South Carolina|Virginia|Georgia|Tennessee|Florida|New York|Texas|California|Ohio)"
)
_DIGIT_WORD = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
)
# --- what is replaced without looking closer ----------------------------------------------------------------------
_PLAIN: tuple[tuple[re.Pattern[str], Replace], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (
            r"(?<![\w.+%-])[\w.+%-]{1,64} ?@ ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|(?<![\w.+%-])[\w.+%-]{2,64}@[a-z]{3,30}\b",
            "[email]",
        ),
        (
            r"\b[\w.]{2,40} (?:at|arroba) (?:gmail|yahoo|hotmail|outlook|aol|icloud|proton)(?: dot |\.| punto )(?:com|net|org|me)\b",
            "[email]",
        ),
        (
            r"\bhttps?://\S{1,300}|\bwww\.\S{1,300}|\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,3}\.(?:com|org|net|edu|gov|io|me|example)/\S{1,300}",
            "[link]",
        ),
        (
            rf"\b(d\.?o\.?b\.?|(?:date of |year of )?birth ?(?:date|day|year)?|birthday|birthdate|born|nac[ií](?:da|do)?|fecha de nacimiento)"
            rf"((?: (?:is|was|es|on|in|el|en))?[ :=]{{1,3}}(?:on |in )?)(?:{_DATE}|{_WRITTEN}|{_MONTH},? (?:de )?{_YEAR}|{_YEAR})\b",
            r"\1\2[birth date]",
        ),
        (r"\b\d{3}[- ]\d{2}[- ]\d{4}\b", "[number]"),
        (r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d{2}\b", "[number]"),
        (r"(?<![\w-])(?:\d{4}[ -]){3}\d{3,4}\b", "[number]"),
        (rf"(?<![\w/.])(?:{_DATE})(?![\w/])", "[date]"),
        (rf"\b({_STATES},?)( |, )\d{{5}}(?:-\d{{4}})?\b", r"\1\2[zip]"),
        (
            r"\b(zip(?: ?code)?|post ?code|postal code)((?: is|:| es)? )(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b",
            r"\1\2[zip]",
        ),
        (r"\b(p\.? ?o\.? ?box) ?#?\d{1,7}\b", r"\1 [address]"),
        (rf"(?:{_DIGIT_WORD}[ ,-]{{1,2}}){{6,14}}{_DIGIT_WORD}\b", "[phone]"),
    )
)
_KEYED = re.compile(
    rf"\b({_RECORD}(?:'s)?\b(?: (?:number|no\b\.?|num|id|gave me|assigned))?{_IS})({_CODE})", re.IGNORECASE
)
_ID = re.compile(rf"\b(id(?: (?:number|no\.?|is))?[ :#]{{1,3}})({_CODE})", re.IGNORECASE)
_STREET_THEN_NUMBER = re.compile(r"\b(?:[A-Z][\w']{1,20} ){1,3}(?:Street|Avenue|Road|Lane|Drive|Boulevard) \d{1,5}\b")
_PLACE_ZIP = re.compile(r"(?<![\w.])((?:[A-Z][a-z]{2,20}[ -])?[A-Z][a-z]{2,20},?) (\d{5}(?:-\d{4})?)(?![\w,.]\d|\d)")
_COUNTED = frozenset(
    {"platelets", "platelet", "count", "counts", "wbc", "cells", "neutrophils", "steps", "at", "over", "under", "about"}
)
_STREET = re.compile(
    rf"\b\d{{1,6}} {_COMPASS}((?:[\w'.]{{1,20}} ){{0,4}}?)(?:{_NAMED_STREET})\b\.?(?: \d{{1,4}}\b)?{_FLAT}",
    re.IGNORECASE,
)
_STREET_CAPITAL = re.compile(
    rf"\b\d{{1,6}} (?:{_COMPASS}(?:[A-Z][\w'.]{{1,20}} ){{1,4}}{_CAPITAL_STREET}\b\.?|Calle (?:[A-Z]\w{{1,20}} ?){{1,3}})(?i:{_FLAT})"
)
_LIVE_AT = re.compile(
    r"\b((?:lives? at|living at|address(?: is|:)|home is) )\d{1,6} [\w']{2,20}(?: [A-Z][\w']{1,20}){0,2}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)(?:,? ?(?:ext|x)\.? ?\d{1,6})?"
    r"|(?<![\w.+-])\d{3}[-.]\d{4}(?![\w-])(?! ?(?:mg|mcg|ml|g|units|calories|steps|cells)\b)"
    r"|(?<![\w.+-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w.,+-])\d{7,24}\b(?![.,]\d)")
_TRIAL = re.compile(r"NCT\d{8}", re.IGNORECASE)
_NOT_STREET = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "in",
        "all",
        "days",
        "day",
        "hours",
        "hour",
        "weeks",
        "week",
        "months",
        "month",
        "years",
        "year",
        "mg",
        "times",
        "to",
        "my",
        "out",
        "long",
        "down",
        "who",
        "miles",
        "blocks",
        "on",
        "at",
        "for",
        "and",
        "or",
    }
)


def scrub(text: str) -> str:
    """Replace what identifies a person by placeholders such as [name] and [phone]. Scrubbing twice changes nothing more."""
    for pattern, replacement in _PLAIN:
        text = pattern.sub(replacement, text)
    if any(char.isdigit() for char in text):
        text = _scrub_numbers(text)
    return names.scrub(text)


def _scrub_numbers(text: str) -> str:
    text = _STREET_CAPITAL.sub("[address]", text)
    text = _STREET.sub(_street, text)
    text = _STREET_THEN_NUMBER.sub("[address]", text)
    text = _PLACE_ZIP.sub(_zip, text)
    text = _LIVE_AT.sub(r"\1[address]", text)
    text = _KEYED.sub(_keyed, text)
    text = _ID.sub(lambda match: match[1] + "[number]" if _digits(match[2]) > 3 else match[0], text)
    text = _PHONE.sub(_phone, text)
    if _digits(text) >= 8:
        text = _international(text)
    return _LONG_NUMBER.sub(_long, text)


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _street(match: re.Match[str]) -> str:
    words = match[1].lower().split()
    highway = re.search(r"(?:highway|hwy)\.? \d", match[0], re.IGNORECASE)
    return match[0] if _NOT_STREET & set(words) or (not words and not highway) else "[address]"


def _zip(match: re.Match[str]) -> str:
    place = match[1].rstrip(",")
    return match[0] if _COUNTED & set(re.split("[ -]", place.lower())) else f"{match[1]} [zip]"


def _keyed(match: re.Match[str]) -> str:
    code = match[2]
    # "stage", "group 2", "chart 2019": fewer than four digits or a year is no record number.
    plain = _digits(code) < 4 or re.fullmatch(_YEAR, code)
    return match[0] if plain or _TRIAL.fullmatch(code) else f"{match[1]}[number]"


def _phone(match: re.Match[str]) -> str:
    return match[0] if _is_ours(match[0]) else "[phone]"


def _long(match: re.Match[str]) -> str:
    return match[0] if _is_ours(match[0]) else "[number]"


def _international(text: str) -> str:
    found = [match for match in phonenumbers.PhoneNumberMatcher(text, "US") if not _is_ours(match.raw_string)]
    for match in reversed(found):
        text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


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
