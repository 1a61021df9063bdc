"""Building blocks of turns: an answer's parts, and a turn with its referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from careline.catalog import Catalog, Topic
from careline.dialogue.knowledge import Knowledge
from careline.referral import placeholders, referral
from careline.turn import TIERS, Choice, Part, Turn

# Of several answers in one turn, the referral further left leads.
_REFERRALS = ("call_doctor", "crisis_support", "care_team", "support", "lines")


def turn(
    knowledge: Knowledge,
    kind: str,
    parts: Iterable[Part | str],
    refer: str = "care_team",
    tier: str = "information",
    language: str = "en",
    choices: Sequence[Choice] = (),
    contacts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
) -> Turn:
    """Make a turn with its referral. `refer` is a kind of referral (see `careline.referral`)."""
    return Turn(
        kind=kind,
        tier=tier,
        parts=tuple(part if isinstance(part, Part) else Part(part) for part in parts if part),
        referral=referral(knowledge.catalog, refer, language, contacts),
        choices=tuple(choices),
        language=language,
        data=dict(data or {}),
    )


def fixed(knowledge: Knowledge, key: str, language: str = "en", **values: str) -> str:
    """A fixed wording with the registry's numbers filled in."""
    return knowledge.catalog.say(key, language, **placeholders(knowledge.catalog, language), **values)


def answer_parts(knowledge: Knowledge, topic: Topic, simple: bool = False) -> tuple[Part, ...]:
    """A topic's text with its sources, and what to get help for at once where the topic names red flags."""
    words = topic.meta.simple or topic.text if simple else topic.text
    answer = Part(words, topic.id, topic.meta.title, knowledge.catalog.citations(topic), topic.meta.review.on.isoformat())
    signs = watch_for(knowledge, topic.meta.watch_for)
    return (answer, Part(fixed(knowledge, "watch_for_lead", signs=signs), role="note")) if signs else (answer,)


def watch_for(knowledge: Knowledge, rows: Sequence[str], language: str = "en") -> str:
    """The signs of some red-flag rows as one list for a sentence."""
    flags = [knowledge.red_flags.flags[row] for row in rows if row in knowledge.red_flags.flags]
    return "; ".join(flag.watch_for.get(language) or flag.watch_for["en"] for flag in flags)


def answer_turn(knowledge: Knowledge, topics: Sequence[Topic], simple: bool = False, lead: str = "") -> Turn:
    """The turn that answers with one or more topics, the more serious first, under one referral."""
    ordered = sorted(topics, key=lambda topic: (TIERS.index(topic.meta.tier), _REFERRALS.index(topic.meta.referral)))
    first = ordered[0]
    parts = [part for topic in ordered for part in answer_parts(knowledge, topic, simple)]
    contacts = [contact for topic in ordered for contact in topic.meta.contacts]
    return turn(
        knowledge,
        "no_diagnosis" if any(topic.meta.kind == "no_diagnosis" for topic in ordered) else "answer",
        [lead, *parts],
        refer=first.meta.referral,
        tier="call_doctor" if first.meta.referral == "call_doctor" else "information",
        contacts=contacts,
    )


def topic_choices(catalog: Catalog, topics: Iterable[str]) -> tuple[Choice, ...]:
    """Topics as buttons."""
    return tuple(Choice(catalog.topics[topic].meta.title, f"topic:{topic}") for topic in topics)
