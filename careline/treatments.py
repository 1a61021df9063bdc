"""What a reply says of cancer treatment: on it now, over, or not clear. Pure; the words are data of content/triage.yml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from careline.vocabulary import Heard, Message, Words


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
