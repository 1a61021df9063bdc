"""How long a reply says that a symptom has been there. Pure; the words are data of content/triage.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable

from careline.vocabulary import Heard, Message, Words

_A_BEFORE = re.compile(
    r"(?:^|\b(?:for|about|over|nearly|almost|maybe|since|than|past|last|around|roughly|like|only|just|good))\s*$"
)


def duration(words: Words, message: Message, asked: bool) -> Heard | None:
    """How long it has been there; of several lengths of time the most serious."""
    unknown = _unknown_length(words, message)
    if unknown:
        return unknown
    found = [*_quantities(words, message, asked), *_moments(words, message, asked)]
    if not found and asked:
        found = [*words.phrases(message, "durations.when_asked")]
    return words.worst("duration", found)


def _unknown_length(words: Words, message: Message) -> Heard | None:
    for match in words.patterns["answers.unknown"].finditer(message.plain):
        after = words.patterns["answers.how_long"].match(message.plain, match.end() + 1)
        if after:
            return message.heard("unknown", match.start(), after.end())
    return None


def _quantities(words: Words, message: Message, asked: bool) -> Iterable[Heard]:
    for match in words.quantity.finditer(message.plain):
        if _is_length(words, message, match, asked):
            yield message.heard(_bucket(*words.days(match)), *match.span())


def _moments(words: Words, message: Message, asked: bool) -> Iterable[Heard]:
    found = words.phrases(message, "durations.phrases")
    return (item for item in found if asked or not _elsewhere(words, message, item.start))


def _is_length(words: Words, message: Message, match: re.Match[str], asked: bool) -> bool:
    before, after = message.plain[: match.start()].rstrip(), message.plain[match.end() :].lstrip(" -")
    if words.patterns["durations.not_before"].match(after) or _ends_with(words.patterns["durations.not_after"], before):
        return False
    if match["n"] == "half" and not re.match(r"half an? ", match.group()):
        return False
    if not asked and not _tells_onset(words, match, after):
        return False
    if match["n"] in ("a", "an") and not asked and not (_A_BEFORE.search(before) or after.startswith("ago")):
        return False
    return asked or not _elsewhere(words, message, match.start())


def _tells_onset(words: Words, match: re.Match[str], after: str) -> bool:
    """Minutes and hours are mostly how long a spell lasted, years how long the illness did, "some nights" how often."""
    days, unit = words.days(match)
    return match["n"] != "some" and (unit >= 1 or after.startswith("ago")) and days < 365


def _ends_with(search: re.Pattern[str], text: str) -> bool:
    return any(match.end() == len(text) for match in search.finditer(text))


def _elsewhere(words: Words, message: Message, position: int) -> bool:
    """Does a length of time belong to the illness or a treatment ("Ibrance for two years") and not to the symptom?"""
    start, end = message.clause(position)
    if words.patterns["durations.elsewhere"].search(message.plain, start, end):
        return True
    drugs = words.patterns["treatments.drugs"].finditer(message.plain, start, position)
    return any(len(message.plain[match.end() : position].split()) <= 2 for match in drugs)


def _bucket(days: float, unit: float) -> str:
    if days < 0.9:
        return "today"
    if unit >= 30 or days >= 60:
        return "months"
    return "days" if days < 7 else "weeks"
