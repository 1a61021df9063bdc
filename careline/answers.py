"""What a reply says: getting worse or not, and yes, no or "I don't know". Pure; the words are data of content/triage.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from careline.vocabulary import Heard, Message, Words

_EXPLAINED = "~"  # stands for words that answer another question


# --- getting worse, the same, better ------------------------------------------------------------------------------


def trend(words: Words, message: Message, asked: bool) -> Heard | None:
    """Where it is heading; of contradicting words the most serious."""
    found = [*words.phrases(message, "trends.phrases")]
    if asked:
        found = [*found, *words.phrases(message, "trends.when_asked")]
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


# --- yes, no, I don't know -----------------------------------------------------------------------------------------


def yes_no(words: Words, message: Message, explained: Iterable[Heard] = ()) -> str | None:
    """Yes, no or unknown as an answer to an open question; None where it is no answer at all.

    `explained` are words that answered another question. What is left unexplained beside a no makes it unknown.
    """
    rest = _without(message, explained, _EXPLAINED)
    rest = _without(rest, words.phrases(rest, "answers.no_answer"), " ")
    said = [_said(words, rest, start, end) for start, end in rest.clauses]
    for value in ("yes", "unknown"):
        if value in said:
            return value
    if "no" not in said:
        return None
    return "unknown" if "?" in said else "no"


def _without(message: Message, found: Iterable[Heard], mark: str) -> Message:
    """The message with a mark in the place of what was found, as long as that was."""
    plain = list(message.plain)
    for item in found:
        plain[item.start : item.end] = mark.ljust(item.end - item.start)
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
        match
        for match in words.patterns["answers.yes"].finditer(clause)
        if not _denied_closely(message, start, match) and not _of_explained(words, clause, match)
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


def _of_explained(words: Words, clause: str, match: re.Match[str]) -> bool:
    """Does "I am" or "a bit" belong to words that were heard as something else: "I am very tired"?"""
    partial = words.patterns["answers.partial"].fullmatch(match.group())
    return bool(partial) and _EXPLAINED in clause[match.end() :]


def _weight(words: Words, clause: str) -> str:
    known = {word for name in ("answers.plain", "sites", "sides") for word in words.patterns[name].findall(clause)}
    covered = {part for phrase in known for part in phrase.split()}
    return "" if all(word in covered or not word.isalpha() for word in clause.split()) else "?"
