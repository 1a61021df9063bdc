"""The red-flag aid: what a caller says, typed or ticked, as red flags with what to tell and what to ask next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from careline.dialogue.alarm import alarm_turn
from careline.dialogue.knowledge import Knowledge
from careline.flags import Flag
from careline.red_flags import TIERS, Finding, highest
from careline.turn import Turn

LONGEST = 2000  # characters that are read, as in the chat
Heard = Callable[[str], Iterable[Finding]]


@dataclass(frozen=True)
class Raised:
    """A red flag that was found or ticked. `words` raised it; "" for one that was ticked."""

    flag: Flag
    tier: str
    words: str
    by: str  # rules, net or ticked


@dataclass(frozen=True)
class Aid:
    """What was raised, the most serious first; the turn a patient would get (None where nothing was); what to ask next."""

    raised: tuple[Raised, ...]
    turn: Turn | None
    ask: tuple[Flag, ...]

    @property
    def tier(self) -> str | None:
        """How soon to act, all red flags taken together."""
        return self.turn.tier if self.turn else None


def aid(knowledge: Knowledge, said: str, ticked: Sequence[str], asked: Sequence[Flag], heard: Heard) -> Aid:
    """What the words and the ticks of a call amount to.

    Args:
        said: what the caller says, as staff typed it.
        ticked: ids of red flags that the caller confirmed.
        asked: the checklist in use; what of it is still open is asked next.
        heard: the learned alarm net.
    """
    text = said[:LONGEST]
    found = [*knowledge.red_flags.find(text), *heard(text)] if text.strip() else []
    found += [_ticked(knowledge.red_flags.flags[flag]) for flag in dict.fromkeys(ticked) if flag in knowledge.red_flags.flags]
    raised = {finding.flag for finding in found}
    return Aid(
        raised=tuple(Raised(knowledge.red_flags.flags[each.flag], each.tier, each.words, each.source) for each in _once(found)),
        turn=alarm_turn(knowledge, found) if highest(found) else None,
        ask=tuple(flag for flag in asked if flag.id not in raised),
    )


def _once(found: Sequence[Finding]) -> list[Finding]:
    """One finding a flag, the most serious; of two alike the first, which shows the words of the rules."""
    best: dict[str, Finding] = {}
    for finding in sorted(found, key=lambda each: TIERS.index(each.tier)):
        best.setdefault(finding.flag, finding)
    return list(best.values())


def _ticked(flag: Flag) -> Finding:
    return Finding(flag.id, flag.tier, "", 0, 0, "unknown", source="ticked")
