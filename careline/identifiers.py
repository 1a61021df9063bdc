"""Numbers by which an office knows a person: records, insurance, social security, cards.

A number is known by the words before it ("MRN", "policy no."), seldom by its own shape, since blood counts look the same.
"""

from __future__ import annotations

import re

from careline.number_words import DIGIT

_RECORDS = (
    r"mrn|mr ?#|chi|epic|mychart|nhs|med(?:ical)? rec(?:ord)?s?|(?:medical|health|patient|unit|hospital|clinic) record|record"
    r"|chart|patient|pt|hosp(?:ital)?|unit|wristband|barcode|bracelet|accession|specimen|lab|path(?:ology)?(?: report)?"
    r"|encounter|visit|appointment|confirmation|referral|reference|ref|case|trial|study|subject|participant|prescription|rx"
    r"|account|acct|invoice|bill|order|expediente(?: n[uú]mero)?|historia cl[ií]nica"
)
_INSURANCE = (
    r"policy|insurance|insurer|ins|coverage|health plan|plan|member(?:ship)?|group|grp|subscriber|claim|benefit"
    r"|(?:prior |pre-?)?auth(?:orization)?|medicare|medicaid|mbi|tricare|va|dod|blue ?cross(?: blue ?shield)?|bcbs|aetna|cigna"
    r"|humana|anthem|kaiser|united ?health ?care|p[oó]liza|seguro(?: social)?|id del seguro"
)
_GOVERNMENT = (
    r"(?:last (?:four|4) (?:digits )?(?:of )?(?:my |his |her )?)?(?:ssn|ss|social(?: sec(?:urity)?)?)|itin|national insurance|ni"
    r"|driver'?s? licen[cs]e|licen[cs]e|passport|id|(?:(?:credit|debit|bank|insurance|medicare|id) )?card|visa|mastercard"
    r"|n[uú]mero de [a-zñáéíóú]{4,12}(?: social)?"
)
_JOIN = (  # between the thing and its number: "no.", "'s id is:"
    r"(?:['’]?s\b)?(?:[ ,]{0,2}(?:number|num|no|nr|id|card|code|member|patient|insurance|policy|i\.d|is|was|are|says|gave me"
    r"|assigned|it['’]?s|es|n[uú]mero)\b['’]?s?\.?|[ ]?[#:=-]){0,4}[ :#]{0,3}"
)
_PREFIX = r"(?!(?:de|of|in|on|to|the|for|at|is|was|por|con|and|t)\b)[a-z]{1,4}(?=[ -][a-z]{0,2}\d)"
_PIECE = rf"(?:[a-z]{{0,8}}\d[a-z0-9]{{0,20}}|{_PREFIX}|x{{2,4}}(?=-)|(?<=\d )[a-z]\b)"
_CODE = rf"{_PIECE}(?:[ -]{{0,3}}(?<![ -]{{3}}){_PIECE}){{0,7}}(?![\w/]|[.,]\d|%)"
_SPOKEN = rf"{DIGIT}(?:[ ,-]{{1,2}}{DIGIT}){{3,15}}\b"
_KEYED = re.compile(
    rf"(?<![\w-])((?:(?P<record>{_RECORDS})|{_INSURANCE}|{_GOVERNMENT}){_JOIN})(?<=[ :#=-])(?:(?P<code>{_CODE})|{_SPOKEN})",
    re.IGNORECASE,
)

_SHAPES = re.compile(
    r"(?<![\w-])(?:\d{3}|xxx)[- ](?:\d{2}|xx)[- ]\d{4}\b"  # social security
    r"|\b[1-9][A-Z][A-Z0-9]\d[ -]?[A-Z][A-Z0-9]\d[ -]?[A-Z]{2}\d{2}\b"  # Medicare
    r"|\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d\d ?){3}[A-D]\b"  # British national insurance
    r"|(?<![\w-])\d{4}(?:[ -]\d{4}){2}[ -]\d{3,4}\b",  # bank cards
    re.IGNORECASE,
)
_YEAR_OR_TRIAL = re.compile(r"(?:19|20)\d\d|NCT\d{8}", re.IGNORECASE)
_MEASURE = re.compile(
    r" ?(?:mg|mcg|ml|mm|cm|g|kg|iu|units?|dollars?|bucks|percent|days?|weeks?|months?|years?|hours?|minutes?|times|people"
    r"|patients|women|cells|a (?:day|month|year)|per|copay|deductible)\b",
    re.IGNORECASE,
)


def scrub(text: str) -> str:
    """Replace identifiers by [number]; the words before them stay."""
    return _KEYED.sub(_replaced, _SHAPES.sub("[number]", text))


def _replaced(match: re.Match[str]) -> str:
    code = match["code"]
    return match[0] if code and _is_ordinary(code, match) else f"{match[1]}[number]"


def _is_ordinary(code: str, match: re.Match[str]) -> bool:
    """ "group 2", "lab is 2300", "chart 2019" and "patient 100 mg" are no identifiers."""
    digits = sum(map(str.isdigit, code))
    fewest = 3 if not code.isdigit() else 5 if match["record"] else 4
    few = digits < fewest
    return few or bool(_YEAR_OR_TRIAL.fullmatch(code) or _MEASURE.match(match.string, match.end()))
