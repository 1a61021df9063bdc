"""Body temperatures in a message: "101", "38,5", "a hundred and one point two", "38 point 6", "treinta y ocho".

A bare whole number is a temperature only beside a word for it, or where nothing else it could be is near (an age, a
room, a weight, a pulse, the weather).
"""
from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from careline.text import NUMBER, STOP, Token

# UHB (safety.md, E1) gives 37.5 C as its threshold, the CDC 100.4 F: the lower one counts.
_HIGH = ((37.5, 43.0), (99.5, 109.0))
_NORMAL = ((35.0, 37.5), (95.0, 99.5))
_DIGITS = {"zero": 0, "oh": 0, "o": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
           "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9}
_TENS = {"thirty": 30, "forty": 40, "ninety": 90, "hundred": 100, "treinta": 30, "cuarenta": 40}
_JOINTS = {"and", "y"}
_POINTS = {"point", "punto", "coma", "pt"}
SPOKEN = frozenset(_TENS) | {"one"}
_UNITS_F, _UNITS_C = {"f", "fahrenheit", "farenheit"}, {"c", "celsius", "centigrade", "centigrados", "celcius"}
_NOT_AFTER = {"mg", "ml", "mcg", "lb", "lbs", "pound", "pounds", "kg", "kilos", "percent", "miles", "years", "year", "yr", "yrs", "yo", "old",
              "days", "day", "weeks", "week", "months", "hours", "minutes", "questions", "times", "bpm", "people", "st", "nd", "rd", "th",
              "points", "dollars", "bucks", "anos", "dias", "semanas", "am", "pm", "cm", "mm", "inches", "over", "outside", "units", "year-old"}
_NOT_BEFORE = {"room", "route", "highway", "hwy", "chapter", "number", "cancer", "pulse", "heart", "rate", "bp", "weigh", "weighs", "weight",
               "age", "aged", "turned", "turning", "day", "week", "cycle", "calcium", "sugar", "glucose", "sats", "oxygen", "page", "spo2",
               "q", "session", "step", "platelets", "marker", "markers", "ca", "psa", "ward", "unit", "floor", "apartment", "bus", "hr", "dose"}
_WEATHER = {"outside", "weather", "heatwave", "summer", "degrees outside", "oven", "beach", "humidity", "afuera"}
_LEADS = {"is", "was", "its", "at", "of", "hit", "says", "said", "reads", "reading", "read", "to", "over", "mine", "got", "had", "up", "temp",
          "about", "around", "still", "now", "hits", "above", "es", "a", "de", "tengo", "tiene", "the", "by", "low", "high", "almost", "nearly"}
_NEAR = 6


@dataclass(frozen=True)
class Reading:
    """A number read as a temperature at tokens [start, end)."""

    start: int
    end: int
    value: float
    decimal: bool


def readings(tokens: Sequence[Token], named: Set[int]) -> tuple[list[Reading], list[Reading]]:
    """Tokens, and the indices of tokens that name a temperature or fever -> (raised, normal) readings."""
    weather = any(token.norm in _WEATHER for token in tokens)
    found = [reading for reading in _numbers(tokens) if _plausible(tokens, reading)]
    high = [each for each in found if _in(_HIGH, each.value) and _meant(tokens, each, named, weather)]
    normal = [each for each in found if _in(_NORMAL, each.value) and _beside(each, named)]
    return high, normal


def _in(ranges: tuple[tuple[float, float], ...], value: float) -> bool:
    return any(low <= value < high for low, high in ranges)


def _numbers(tokens: Sequence[Token]) -> list[Reading]:
    found, index = [], 0
    while index < len(tokens):
        reading = _number_at(tokens, index)
        if reading:
            found.append(reading)
        index = reading.end if reading else index + 1
    return found


def _number_at(tokens: Sequence[Token], index: int) -> Reading | None:
    token, end = tokens[index], index + 1
    if token.kind == NUMBER:
        value, decimal = float(token.norm), "." in token.norm
    elif token.norm in _TENS:
        value, end, decimal = _spoken(tokens, index)
    elif token.norm == "one" and [t.norm for t in tokens[index + 1 : index + 2]] == ["oh"] and index + 2 < len(tokens):
        return Reading(index, index + 3, 100.0 + _DIGITS.get(tokens[index + 2].norm, 50), False)
    else:
        return None
    if end + 1 < len(tokens) and tokens[end].norm in _POINTS:
        tail = _digit(tokens[end + 1])
        if tail is not None:
            return Reading(index, end + 2, value + tail / 10, True)
    return Reading(index, end, value, decimal)


def _spoken(tokens: Sequence[Token], index: int) -> tuple[float, int, bool]:
    """"hundred (and) two", "thirty (y) eight": (value, end, no decimal)."""
    value, end = float(_TENS[tokens[index].norm]), index + 1
    after = end + 1 if end < len(tokens) and tokens[end].norm in _JOINTS else end
    if after < len(tokens) and tokens[after].norm in _DIGITS:
        return value + _DIGITS[tokens[after].norm], after + 1, False
    return value, end, False


def _digit(token: Token) -> float | None:
    if token.kind == NUMBER and "." not in token.norm and len(token.norm) == 1:
        return float(token.norm)
    return _DIGITS.get(token.norm)


def _plausible(tokens: Sequence[Token], reading: Reading) -> bool:
    after = tokens[reading.end].norm if reading.end < len(tokens) else ""
    before = {token.norm for token in tokens[max(0, reading.start - 2) : reading.start] if token.kind != STOP}
    return after not in _NOT_AFTER and not before & _NOT_BEFORE


def _beside(reading: Reading, named: Set[int]) -> bool:
    return any(index in named for index in range(reading.start - _NEAR, reading.end + _NEAR + 1))


def _meant(tokens: Sequence[Token], reading: Reading, named: Set[int], weather: bool) -> bool:
    """Whether a number in the raised range is a body temperature."""
    if weather:
        return False
    after = tokens[reading.end].norm if reading.end < len(tokens) else ""
    fahrenheit = reading.value > 90
    if _beside(reading, named) or after in (_UNITS_F if fahrenheit else _UNITS_C):
        return True
    if reading.decimal:
        return True
    if not fahrenheit or reading.value < 100:
        return len(tokens) <= 2 and reading.value >= 38
    before = tokens[reading.start - 1].norm if reading.start else ""
    ends = reading.end == len(tokens) or tokens[reading.end].kind != "word" or after in {"now", "and", "with", "this", "since", "degrees", "today", "last", "what"}
    return len(tokens) <= 3 or (ends and (before in _LEADS or reading.start == 0))
