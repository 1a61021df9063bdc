"""A message cut into the sentences in which a question may stand, for messages that hold two or tell a story."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?])\s+|\n+|;\s+")
_JOIN = re.compile(r",?\s+(?:and also|and what about|and how about|also|plus|and)\s+(?=(?:what|how|can|could|should|is|are|do|does|will|would|who|where|when|why|which)\b)", re.I)
_QUESTION = re.compile(r"^(?:and |but |so |ok |also )?(?:what|whats|what's|how|can|could|should|is|are|am|do|does|did|will|would|who|where|when|why|which|any|tell me|explain)\b", re.I)
_ASIDE = re.compile(r"\s*\([^()]*\)")  # "(headache, seizure)" explains the sentence before it and asks nothing of its own
MOST = 6


def split(text: str) -> tuple[str, ...]:
    """The sentences of a message, and the halves of "… and what about …"; at most six, the last ones kept.

    People tell the story first and ask at the end, so of a long message the end is worth more.
    """
    pieces = [piece.strip(" ,") for sentence in _END.split(_ASIDE.sub("", text)) for piece in _JOIN.split(sentence)]
    return tuple(piece for piece in pieces if len(piece.split()) >= 2)[-MOST:]


def is_question(segment: str) -> bool:
    """Does a sentence ask something, with or without its question mark?"""
    return segment.rstrip().endswith("?") or bool(_QUESTION.match(segment.strip()))


_SEAM = re.compile(r",?\s+(?:and then|and also|and|also|plus|but)\s+|,\s+|\?\s*", re.I)
_SEAMS = 4


def halves(text: str) -> tuple[tuple[str, str], ...]:
    """The ways to cut a message in two at an "and", a comma or the like, each half of two words or more; four at most."""
    text = _ASIDE.sub("", text)
    cuts = [(text[: match.start()].strip(), text[match.end() :].strip()) for match in _SEAM.finditer(text)]
    return tuple((left, right) for left, right in cuts if len(left.split()) >= 2 and len(right.split()) >= 2)[:_SEAMS]
