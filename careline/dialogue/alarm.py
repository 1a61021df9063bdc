"""Red flags in the dialogue: the turn they get, the reminder that follows, and what comes after a crisis. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from careline.dialogue.compose import fixed, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.red_flags import Finding, highest
from careline.referral import placeholders
from careline.turn import Part, Turn

REMINDERS = 4  # turns after an alarm that open with a reminder of it
_SPOKEN = ("emergency", "crisis", "urgent")  # tiers that are worth a reminder


def alarm(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Mapping[str, Any]]:
    """The turn for a message that raised red flags: what to do now comes first, nothing is asked."""
    made = alarm_turn(knowledge, reading.findings, reading.language)
    raised = {f"{finding.flag}:{finding.tier}": None for finding in reading.findings}
    flags = list({**dict.fromkeys(memory.flags), **raised})
    spoken = None if reading.language == "en" else reading.language
    return made, {"flags": flags, "reminders": REMINDERS, "misses": 0, "offered": None, "pending": None, "spoken": spoken}


def alarm_turn(knowledge: Knowledge, findings: Sequence[Finding], language: str = "en") -> Turn:
    """The turn for findings, in a language the flags speak (English otherwise); needs no model and no memory."""
    tier = highest(findings)
    if tier is None:
        raise ValueError("no red flag was found, so there is nothing to raise an alarm about")
    spoken = language if language in ("en", "es") else "en"
    kind = _kind(tier, findings)
    lead = _lead(tier, findings)
    values = placeholders(knowledge.catalog, spoken)
    said = [sentence.format(**values) for finding in lead for sentence in _told(knowledge, finding, spoken)]
    strong = any(finding.strong for finding in findings if finding.flag == "E11")
    return turn(
        knowledge,
        kind,
        [Part(" ".join(dict.fromkeys(said)))],
        refer="crisis" if kind == "crisis" else tier,
        tier="emergency" if strong else tier,
        language=spoken,
        data={"flags": [{"id": finding.flag, "tier": finding.tier, "words": finding.words} for finding in findings]},
    )


def _kind(tier: str, findings: Sequence[Finding]) -> str:
    # Where thoughts of suicide and another emergency meet, the person still hears the crisis answer, with 911 in it.
    return "crisis" if any(finding.flag == "E11" for finding in findings) and tier in ("crisis", "emergency") else tier


def _lead(tier: str, findings: Sequence[Finding]) -> list[Finding]:
    """The findings whose words are told: the crisis if there is one, and the first of the most serious others."""
    crisis = sorted((finding for finding in findings if finding.flag == "E11"), key=lambda finding: not finding.strong)[:1]
    others = [finding for finding in findings if finding.flag != "E11"]
    others = [finding for finding in others if finding.tier == tier] or ([] if crisis else others)
    return [*crisis, *others[:1]]


def _told(knowledge: Knowledge, finding: Finding, language: str) -> tuple[str, ...]:
    told = knowledge.red_flags.flags[finding.flag].told_for(finding)
    return told.get(language) or told["en"]


def standing(memory: Memory) -> str | None:
    """The most serious tier raised earlier in this conversation that still deserves a reminder."""
    tiers = [flag.rpartition(":")[2] for flag in memory.flags]
    return next((tier for tier in _SPOKEN if tier in tiers), None)


def in_crisis(memory: Memory) -> bool:
    """Were thoughts of suicide spoken of in the last few turns?"""
    return memory.reminders > 0 and any(flag.startswith("E11:") for flag in memory.flags)


def stay(knowledge: Knowledge, memory: Memory) -> tuple[Turn, Mapping[str, Any]]:
    """What is said while a crisis is near to a message that did not ask for information; not the same words twice in a row."""
    key = "after_crisis" if memory.reminders % 2 == REMINDERS % 2 else "after_crisis_again"
    language = _language(memory)
    made = turn(knowledge, "crisis", [fixed(knowledge, key, language)], refer="crisis", tier="crisis", language=language)
    return made, {"reminders": memory.reminders - 1}


def beside(knowledge: Knowledge, memory: Memory) -> Turn | None:
    """What is said to a message that asks nothing while an alarm stands; None where none does."""
    tier, language = standing(memory), _language(memory)
    if tier is None or memory.reminders <= 0:
        return None
    return turn(knowledge, "small_talk", [fixed(knowledge, "beside_alarm", language)], refer=tier, language=language)


def _language(memory: Memory) -> str:
    return "es" if memory.spoken == "es" else "en"


def remind(knowledge: Knowledge, memory: Memory, made: Turn, changes: Mapping[str, Any]) -> tuple[Turn, Mapping[str, Any]]:
    """Put a short reminder on top of a turn that follows an alarm; one reminder less is left then."""
    tier = standing(memory)
    if tier is None or memory.reminders <= 0 or made.kind in _SPOKEN:
        return made, changes
    crisis = in_crisis(memory)
    key = "reminder_crisis" if crisis else f"reminder_{tier}"
    reminder = Part(fixed(knowledge, key, made.language), role="reminder")
    return replace(made, parts=(reminder, *made.parts)), {"reminders": memory.reminders - 1, **changes}
