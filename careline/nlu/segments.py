"""A message cut into the parts in which a question may stand, for messages that hold two or tell a story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST = 6  # sentences looked at
_SEAMS = 4  # places looked at where a message may be cut in two
_BREATH = 18  # words; a longer sentence is several run together
_ASKING = r"what|whats|what's|how|can|could|should|is|are|am|do|does|did|will|would|who|where|when|why|which|any"
_ASIDE = re.compile(
    r"\s*\([^()]*\)"
)  # "(headache, seizure)" explains the sentence before it and asks nothing of its own
_END = re.compile(r"(?<=[.!?])\s+|\n+|;\s+")
_JOIN = re.compile(rf",?\s+(?:and also|and what about|and how about|also|plus|and|or|then)\s+(?=(?:{_ASKING})\b)", re.I)
_QUESTION = re.compile(
    rf"^(?:and |but |so |ok |also )?(?:(?:{_ASKING}|tell me|explain)\b|(?:i|we)(?: also)? (?:need|want|would like|wonder)\b)",
    re.I,
)
_THOUGHT = re.compile(
    r"\s+(?:but|because|cause|cos|cuz|so|and)\s+|\s+(?=(?:is it|is this|is that|can i|can she|can he|should i|do i|will i|does it)\b)",
    re.I,
)
_SEAM = re.compile(r",?\s+(?:and then|and also|and|also|plus|but|or|then|[&+/-])\s+|[,:]\s+|\?\s*", re.I)
_BACK = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|ones?|others?|else|there|then|instead|too)\b", re.I
)
_BETWEEN = re.compile(r"\s*(?:,|and|or|&|/)+\s*(?:in |of |for )?(?:the |my |her |his )?", re.I)

# An order and what it is about: "add to my list: can I fly?", "remind me to ask about my port".
_ORDER = re.compile(
    r"(?P<order>[^:?]{3,60}?(?::|\blist\b[,.:]?|\bto ask(?: (?:my|the|her|his) (?:doctor|oncologist|nurse|team))?(?: about| if| whether)?\b)"
    r"|(?:(?:please|also|can you|could you) )*(?:write|put|note|jot) (?:\w+ )?down:?)\s*"
    r"(?:(?:to )?ask (?:about |if |whether )?)?(?P<what>\S.{3,})",
    re.I | re.S,
)

_KEEPING = re.compile(r"\b(?:list|ask|question|questions)\b", re.I)


def order(text: str) -> tuple[str, str] | None:
    """The order a message gives and what it is about, where it may be cut so; whether it is one is for others to judge."""
    match = _ORDER.fullmatch(text.strip())
    return (match["order"].rstrip(" :,."), match["what"].strip()) if match else None


def names_a_list(order: str) -> bool:
    """Does an order say in so many words that something is to be kept or asked? "Note: …" does not."""
    return bool(_KEEPING.search(order))


def split(text: str) -> tuple[str, ...]:
    """The sentences of a message, and the halves of "… and what about …"; at most six, the last ones kept.

    People tell the story first and ask at the end, so of a long message the end is worth more.
    """
    sentences = (piece for sentence in _END.split(_ASIDE.sub("", text)) for piece in _JOIN.split(sentence))
    pieces = [piece.strip(" ,") for sentence in sentences for piece in _breaths(sentence)]
    return tuple(piece for piece in pieces if len(piece.split()) >= 2)[-MOST:]


def _breaths(sentence: str) -> list[str]:
    """A sentence without an end, as people type in a fright, cut where a new thought begins."""
    return [sentence] if len(sentence.split()) <= _BREATH else [piece for piece in _THOUGHT.split(sentence) if piece]


def is_question(segment: str) -> bool:
    """Does a sentence ask something, with or without its question mark?"""
    return segment.rstrip().endswith("?") or bool(_QUESTION.match(segment.strip()))


def leans(segment: str) -> bool:
    """Does a part point back at something ("how is it treated"), so that it cannot be read by itself?"""
    return bool(_BACK.search(segment))


def halves(text: str) -> tuple[tuple[str, str], ...]:
    """The ways to cut a message in two at an "and", a comma or the like, each half of two words or more; four at most."""
    text = _ASIDE.sub("", text)
    cuts = [(text[: match.start()].strip(), text[match.end() :].strip()) for match in _SEAM.finditer(text)]
    return tuple((left, right) for left, right in cuts if len(left.split()) >= 2 and len(right.split()) >= 2)[:_SEAMS]


def shared(text: str, entities: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Two readings of a message that asks one thing of two: "signs in the liver or brain" is also "signs in the brain".

    `entities` have a kind, a value, a start and an end, as Rasa gives them.
    """
    pairs = zip(entities, entities[1:])
    return tuple(
        (text[: first["end"]] + text[second["end"] :], text[: first["start"]] + text[second["start"] :])
        for first, second in pairs
        if first["entity"] == second["entity"]
        and first["value"] != second["value"]
        and _BETWEEN.fullmatch(text[first["end"] : second["start"]])
    )[:1]
