"""Rules: the notation in which a red flag says how people say it, and matching it against the words found.

    CANT > BREATHE          both, in this order, at most 3 words apart; >5 widens it
    LEG & NUMB              both, in any order, at most 7 words apart; &12 widens it
    FEVER_WORD + CONFUSED   both, anywhere in the message
    HIVES ! NEUROPATHY      the first, and the second nowhere in the message
    FOOT/HAND & heard a (crack|snap)     / separates alternatives; lower case is a phrase written out

CAPITALS name a list of content/red_flags/_words.yml.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]
Spans = Callable[[str], list[Span]]

_JOIN = re.compile(r"\s+(&\d*|>\d*|\+|!)\s+")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")
_APART = {"&": 7, ">": 3, "+": 100_000}


@dataclass(frozen=True)
class Link:
    """One item of a rule: any of `names`, joined to what stands before it by `join` within `apart` words."""

    names: tuple[str, ...]
    join: str = "&"
    apart: int = 0


@dataclass(frozen=True)
class Rule:
    """One line of `say`, read. `banned` names must not be in the message at all."""

    text: str
    links: tuple[Link, ...]
    banned: tuple[str, ...]

    def match(self, spans: Spans, positions: list[int], everywhere: Spans) -> Span | None:
        """The first span of words that satisfies the rule, or None.

        `spans` gives the loud occurrences of a name in order, `everywhere` the silenced ones too (for what is banned);
        `positions` the weighted place of each word.
        """
        if any(everywhere(name) for name in self.banned):
            return None
        for first in _all(spans, self.links[0]):
            whole = self._from(first, spans, positions)
            if whole:
                return whole
        return None

    def _from(self, first: Span, spans: Spans, positions: list[int]) -> Span | None:
        taken = [first]
        for link in self.links[1:]:
            best = _closest(link, taken, spans, positions)
            if best is None:
                return None
            taken.append(best)
        return min(start for start, _ in taken), max(end for _, end in taken)


def _all(spans: Spans, link: Link) -> Iterator[Span]:
    for name in link.names:
        yield from spans(name)


def _closest(link: Link, taken: list[Span], spans: Spans, positions: list[int]) -> Span | None:
    """The occurrence of a link nearest to what is taken, within reach and on no word already taken."""
    last, best, nearest = taken[-1], None, link.apart + 1
    for span in _all(spans, link):
        if any(span[0] < end and start < span[1] for start, end in taken):
            continue
        away = _gap(last, span, positions) if link.join == ">" else min(_gap(each, span, positions, True) for each in taken)
        if away < nearest:
            best, nearest = span, away
    return best


def _gap(left: Span, right: Span, positions: list[int], either: bool = False) -> int:
    """Words between two spans; in the wrong order it is out of reach unless `either`."""
    if right[0] >= left[1]:
        return positions[right[0]] - positions[left[1] - 1] - 1
    return positions[left[0]] - positions[right[1] - 1] - 1 if either else 10**6


def read(line: str, known: Iterable[str]) -> Rule:
    """Read one line of `say`.

    Raises:
        ValueError: a name in capitals that no word list defines.
    """
    pieces = _JOIN.split(line.strip())
    links, banned = [Link(_names(pieces[0], known))], list[str]()
    for join, item in zip(pieces[1::2], pieces[2::2]):
        names = _names(item, known)
        if join == "!":
            banned.extend(names)
        else:
            links.append(Link(names, join[0], int(join[1:] or _APART[join[0]])))
    return Rule(line, tuple(links), tuple(banned))


def _names(item: str, known: Iterable[str]) -> tuple[str, ...]:
    names = tuple(part.strip() for part in item.split("/"))
    for name in names:
        if _NAME.match(name) and name not in known:
            raise ValueError(f"{name} is not a word list; define it in _words.yml or write the words in lower case")
    return names


def phrases(rules: Iterable[Rule]) -> set[str]:
    """The phrases written out in rules, which must be searched for like a word list of one."""
    used = {name for rule in rules for names in (*(link.names for link in rule.links), rule.banned) for name in names}
    return {name for name in used if not _NAME.match(name)}


def positions(kinds: list[bool]) -> list[int]:
    """Weighted places of words: the end of a sentence counts as four words, so that a rule rarely reaches across."""
    places, place = [], 0
    for ends_sentence in kinds:
        place += 4 if ends_sentence else 1
        places.append(place)
    return places
