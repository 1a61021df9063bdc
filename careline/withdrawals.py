"""Withdrawn answers: the exact words that may not be said until somebody restores them. Pure.

A withdrawal names a topic and the fingerprints of its wordings on that day. A corrected wording has another fingerprint and may be
said at once; the wrong one stays refused, in new turns and in old ones that are shown again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from careline.catalog import Topic
from careline.turn import Part, Turn


@dataclass(frozen=True)
class Withdrawal:
    """A topic whose words are refused: why, since when (seconds since 1970), and by whom."""

    topic: str
    wordings: frozenset[str]
    reason: str
    by: str
    at: float


Withdrawals = Mapping[str, Withdrawal]


def fingerprint(text: str) -> str:
    """16 hex digits that two texts share when they differ in white space only."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def wordings(topic: Topic) -> frozenset[str]:
    """The fingerprints of everything that a topic says."""
    return frozenset(fingerprint(text) for text in (topic.text, topic.meta.simple) if text.strip())


def is_withdrawn(topic: Topic, withdrawals: Withdrawals) -> bool:
    """Would any of the topic's words of today be refused?"""
    withdrawal = withdrawals.get(topic.id)
    return withdrawal is not None and not withdrawal.wordings.isdisjoint(wordings(topic))


def withheld(turn: Turn, withdrawals: Withdrawals, notice: str) -> Turn:
    """The turn without withdrawn words: `notice` stands in their place, and the referral stays.

    A turn that has nothing else to say becomes one that answers nothing, so that it is counted among the unanswered.
    """
    if not any(_refused(part, withdrawals) for part in turn.parts):
        return turn
    parts = tuple(dict.fromkeys(Part(notice) if _refused(part, withdrawals) else part for part in turn.parts))
    answered = any(part.topic for part in parts)
    return replace(turn, parts=parts, kind=turn.kind if answered or turn.kind != "answer" else "out_of_scope")


def _refused(part: Part, withdrawals: Withdrawals) -> bool:
    withdrawal = withdrawals.get(part.topic or "")
    return withdrawal is not None and fingerprint(part.text) in withdrawal.wordings
