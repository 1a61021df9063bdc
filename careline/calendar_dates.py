"""Dates that say who somebody is: full dates anywhere, and whatever date follows "born" or "my dob"."""

from __future__ import annotations

import re

from careline.number_words import CARDINAL, ORDINAL

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?![^\W\d_])\.?"
)
_DAY_FIGURES = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"(?:{_DAY_FIGURES}(?:st|nd|rd|th)?(?!\d)|{ORDINAL}\b)"
_YEAR = r"(?:19|20)\d\d\b"
_ANY_YEAR = rf"(?:{_YEAR}|['’]?\d\d\b|{CARDINAL}(?:[ -]{CARDINAL}){{1,3}}\b)"  # '58, nineteen fifty
_OF = r"(?:,? (?:of |de |del )?)"
_DAY_AND_MONTH = rf"(?:the |el )?(?:{_MONTH} ?{_DAY}|{_DAY} ?(?:of |de )?{_MONTH})"
_FIGURES = (
    rf"(?:{_DAY_FIGURES}(?P<s>[/.-]){_DAY_FIGURES}(?P=s)(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}(?P<t>[/.-])(?:0?[1-9]|1[0-2])(?P=t){_DAY_FIGURES})"
)
_FULL = re.compile(rf"(?<![\w/.-])(?:{_FIGURES}|{_DAY_AND_MONTH}{_OF}{_YEAR})(?![\w/])", re.IGNORECASE)

_BIRTH = (
    r"(?:d\.?o\.?b\b\.?|(?:date|year) of birth|birth ?(?:date|day|year)|b-?day|born|nac[ií](?:d[ao]|[oó])?\b"
    r"|(?:fecha|f\.) de nacimiento|cumpleaños)(?:['’]?s\b)?"
    r"(?:[ ,]{0,2}(?:is|was|es|on|in|the|year|el|en|an?|(?:sun|mon|tues|wednes|thurs|fri|satur)day)\b|[ ]?[:=-]){0,4} {0,2}"
)
_LOOSE_FIGURES = r"(?:\d{1,4}(?:[/. -]\d{1,2}){1,2}[/. -]\d{1,4}|\d{1,2}/\d{1,2}|\d{8}|\d{6})"
_BORN_ON = (
    rf"(?:{_DAY_AND_MONTH}(?:{_OF}{_ANY_YEAR})?|{_MONTH}{_OF}{_ANY_YEAR}|\d{{1,2}}{_MONTH}\d{{2,4}}|{_LOOSE_FIGURES}|{_YEAR})"
    r"(?![\w/])"
)
_BIRTH_DATE = re.compile(rf"(?<![\w-])({_BIRTH}){_BORN_ON}", re.IGNORECASE)


def scrub(text: str) -> str:
    """Replace dates of birth by [birth date] and other full dates by [date]; "in March", "since 2019" stay."""
    return _FULL.sub("[date]", _BIRTH_DATE.sub(r"\1[birth date]", text))
