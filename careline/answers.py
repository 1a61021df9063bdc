"""What a reply says: yes or no, how long, getting worse or not, on treatment or not. Pure; the words are data of content/triage.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from careline.vocabulary import Heard, Message, Words

_A_BEFORE = re.compile(
    r"(?:^|\b(?:for|about|over|nearly|almost|maybe|since|than|past|last|around|roughly|like|only|just|good))\s*$"
)


# --- how long ----------------------------------------------------------------------------------------------------


def duration(words: Words, message: Message, asked: bool) -> Heard | None:
    """How long it has been there; of several lengths of time the most serious."""
    unknown = _unknown_length(words, message)
    if unknown:
        return unknown
    found = [*_quantities(words, message, asked), *_moments(words, message, asked)]
    if not found and asked:
        found = [*_lists(words, message, "durations.when_asked")]
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
    found = _lists(words, message, "durations.phrases")
    return (item for item in found if asked or not _elsewhere(words, message, item.start))


def _lists(words: Words, message: Message, path: str) -> Iterable[Heard]:
    for name, search in words.patterns.items():
        if name.startswith(f"{path}."):
            yield from (
                message.heard(name.rpartition(".")[2], *match.span()) for match in search.finditer(message.plain)
            )


def _is_length(words: Words, message: Message, match: re.Match[str], asked: bool) -> bool:
    before, after = message.plain[: match.start()].rstrip(), message.plain[match.end() :].lstrip(" -")
    if words.patterns["durations.not_before"].match(after) or _ends_with(words.patterns["durations.not_after"], before):
        return False
    if match["n"] == "half" and not re.match(r"half an? ", match.group()):
        return False
    if not asked and not _tells_onset(words, match, after):
        return False
    if match["n"] in ("a", "an") and not asked and not _A_BEFORE.search(before):
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


# --- getting worse, the same, better ------------------------------------------------------------------------------


def trend(words: Words, message: Message, asked: bool) -> Heard | None:
    """Where it is heading; of contradicting words the most serious."""
    found = [*_lists(words, message, "trends.phrases")]
    if asked:
        found = [*found, *_lists(words, message, "trends.when_asked")]
    kept = [_heading(message, item) for item in _longest(found) if asked or not _doubtful(words, message, item)]
    return words.worst("trend", [item for item in kept if asked or item.value != "unknown"])


def _longest(found: Sequence[Heard]) -> list[Heard]:
    """Without the words that stand inside a longer phrase: "no worse no better" holds "worse"."""
    return [item for item in found if not any(_inside(item, other) for other in found)]


def _inside(item: Heard, other: Heard) -> bool:
    return other.start <= item.start and item.end <= other.end and (other.end - other.start) > (item.end - item.start)


def _heading(message: Message, item: Heard) -> Heard:
    """A denied "worse" or "better" is the same; a denied "same" says nothing."""
    denied = message.negator(item.start, reach=3)
    if not denied:
        return item
    return message.heard("unknown" if item.value == "same" else "same", denied.start(), item.end)


def _doubtful(words: Words, message: Message, item: Heard) -> bool:
    """ "Worse at night" and "I hope it gets better" may say nothing of where it is heading."""
    rest = message.plain[item.end :].lstrip(" ,")
    if item.value == "better" and words.patterns["trends.hedges"].search(message.plain, *message.clause(item.start)):
        return True
    return item.value != "same" and bool(words.patterns["trends.depends"].match(rest))


# --- on treatment --------------------------------------------------------------------------------------------------


def treatment(words: Words, message: Message, asked: bool) -> Heard | None:
    """On cancer treatment now? Where it is unclear: unknown when asked, nothing otherwise (so that it gets asked)."""
    found = [item for start, end in message.clauses if (item := _treatment_of(words, message, start, end, asked))]
    best = next((item for value in ("yes", "unknown", "no") for item in found if item.value == value), None)
    return None if best and best.value == "unknown" and not asked else best


def _treatment_of(words: Words, message: Message, start: int, end: int, asked: bool) -> Heard | None:
    """What one clause says of treatment."""
    named = _named(words, message, start, end, asked)
    value = (
        _present(words, message, named, start)
        or _none(words, message, start, end, asked)
        or _past(words, message, named, start, end, asked)
    )
    if not value and named:
        value = _bare(words, message, named, start, end, asked)
    return message.heard(value, start, end) if value else None


def _named(words: Words, message: Message, start: int, end: int, asked: bool) -> list[tuple[str, int]]:
    """The drugs and kinds of treatment a clause names, and where."""
    lists = ("drugs", "kinds", "general", *(("pills",) if asked else ()))
    return [
        (name, match.start())
        for name in lists
        for match in words.patterns[f"treatments.{name}"].finditer(message.plain, start, end)
    ]


def _present(words: Words, message: Message, named: Sequence[tuple[str, int]], start: int) -> str | None:
    """ "on Ibrance", "in the middle of my chemo": a word of the present right before, which nothing denies or ends."""
    for _, position in named:
        before = message.plain[start:position].rstrip()
        for match in words.patterns["treatments.now"].finditer(before):
            near = len(before[match.end() :].split()) <= 2
            over = words.patterns["treatments.ended"].search(before, max(0, match.start() - 8))
            if near and not over and not message.negator(start + match.start(), reach=3):
                return "yes"
    return None


def _none(words: Words, message: Message, start: int, end: int, asked: bool) -> str | None:
    lists = ("none", *(("none_when_asked",) if asked else ()))
    return (
        "no" if any(words.patterns[f"treatments.{name}"].search(message.plain, start, end) for name in lists) else None
    )


def _past(words: Words, message: Message, named: Sequence[Any], start: int, end: int, asked: bool) -> str | None:
    """A treatment that ended: weeks ago still counts as now, years ago does not, and in between it is unclear."""
    verbs = ("ended", "ended_when_asked") if asked else ("ended",)
    if not (named or asked) or not any(
        words.patterns[f"treatments.{name}"].search(message.plain, start, end) for name in verbs
    ):
        return None
    if _long_ago(words, message, start, end):
        return "no"
    recent = words.patterns["treatments.ended_recently"].search(message.plain, start, end)
    ago = [words.days(match)[0] for match in words.quantity.finditer(message.plain, start, end)]
    return "yes" if recent or any(days < 60 for days in ago) else "unknown"


def _long_ago(words: Words, message: Message, start: int, end: int) -> bool:
    clause = message.plain[start:end]
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", clause)]
    ago = [words.days(match)[0] for match in words.quantity.finditer(clause)]
    return bool(
        words.patterns["treatments.ended_long_ago"].search(clause)
        or (years and max(years) <= words.data["treatments"]["long_ago_year"])
        or (ago and min(ago) >= 365)
    )


def _bare(
    words: Words, message: Message, named: Sequence[tuple[str, int]], start: int, end: int, asked: bool
) -> str | None:
    """A name alone: a drug is a treatment of the present, "chemo" alone only when the question is open."""
    if words.patterns["treatments.future"].search(message.plain, start, end):
        return "unknown"
    standing = [name for name, position in named if not message.negator(position, reach=3)]
    return "yes" if standing and (asked or "drugs" in standing) else "unknown"


def drug(words: Words, text: str) -> str | None:
    """The first drug a text names, as the vocabulary writes it."""
    match = words.patterns["treatments.drugs"].search(Message.of(text).plain)
    return next((name for name in words.data["treatments"]["drugs"] if match and name.lower() == match.group()), None)


# --- yes, no, I don't know -----------------------------------------------------------------------------------------


def yes_no(words: Words, message: Message, explained: Iterable[Heard] = ()) -> str | None:
    """Yes, no or unknown as an answer to an open question; None where it is no answer at all.

    `explained` are words that answered another question. What is left unexplained beside a no makes it unknown.
    """
    rest = _without(message, explained)
    said = [_said(words, rest, start, end) for start, end in rest.clauses]
    for value in ("yes", "unknown"):
        if value in said:
            return value
    if "no" not in said:
        return None
    return "unknown" if "?" in said else "no"


def _without(message: Message, explained: Iterable[Heard]) -> Message:
    plain = list(message.plain)
    for item in explained:
        plain[item.start : item.end] = " " * (item.end - item.start)
    return Message(message.text, "".join(plain), message.origins)


def _said(words: Words, message: Message, start: int, end: int) -> str:
    """One clause: yes, no, unknown, "" for nothing of weight, or "?" for something not understood."""
    clause = message.plain[start:end].strip()
    if words.patterns["answers.unknown"].search(clause):
        return "unknown"
    if words.patterns["answers.loss"].search(clause):
        return "yes"
    denied = words.patterns["answers.no"].search(clause)
    agreed = [
        match for match in words.patterns["answers.yes"].finditer(clause) if not _denied_closely(message, start, match)
    ]
    if agreed and denied:
        return _both(agreed[0], denied)
    if agreed:
        return "yes"
    return "no" if denied else _weight(words, clause)


def _both(agreed: re.Match[str], denied: re.Match[str]) -> str:
    """ "I have none" is a no, "no just a bit" is unclear: what comes first does not hold when the other follows."""
    return "no" if agreed.start() < denied.start() and agreed.group() not in ("yes", "yeah", "yep", "si") else "unknown"


def _denied_closely(message: Message, start: int, match: re.Match[str]) -> bool:
    return bool(message.negator(start + match.start(), reach=2)) and match.start() > 0


def _weight(words: Words, clause: str) -> str:
    known = {word for name in ("answers.plain", "sites", "sides") for word in words.patterns[name].findall(clause)}
    covered = {part for phrase in known for part in phrase.split()}
    return "" if all(word in covered or not word.isalpha() for word in clause.split()) else "?"
