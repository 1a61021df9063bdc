"""The handout for a caller: one page in simple words, with whom to call and what to ask the doctor. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careline.catalog import Topic
from careline.dialogue.compose import fixed
from careline.dialogue.knowledge import Knowledge
from careline.referral import referral
from careline.turn import ShownContact
from careline.withdrawals import Withdrawals, is_withdrawn

MOST_TOPICS = 4  # more does not fit on one page
_MOST_QUESTIONS = 6


@dataclass(frozen=True)
class Handout:
    """Everything on the page."""

    title: str
    topics: tuple[Topic, ...]
    lead: str
    signs_lead: str
    signs: tuple[str, ...]
    questions_lead: str
    questions: tuple[str, ...]
    numbers_lead: str
    contacts: tuple[ShownContact, ...]
    note: str


def handout(knowledge: Knowledge, chosen: Sequence[str], withdrawals: Withdrawals) -> Handout:
    """The page about some topics; unknown and withdrawn ones are left out, and so is what would not fit on the page."""
    known = [knowledge.catalog.topics[topic] for topic in dict.fromkeys(chosen) if topic in knowledge.catalog.topics]
    topics = [topic for topic in known if not is_withdrawn(topic, withdrawals)][:MOST_TOPICS]
    say = {part: fixed(knowledge, f"handout_{part}") for part in ("title", "lead", "signs", "questions", "numbers", "note")}
    return Handout(
        title=say["title"],
        topics=tuple(topics),
        lead=say["lead"],
        signs_lead=say["signs"],
        signs=_signs(knowledge, topics),
        questions_lead=say["questions"],
        questions=_questions(knowledge, topics),
        numbers_lead=say["numbers"],
        contacts=_contacts(knowledge, topics),
        note=say["note"],
    )


def _signs(knowledge: Knowledge, topics: Sequence[Topic]) -> tuple[str, ...]:
    rows = dict.fromkeys(flag for topic in topics for flag in (*topic.meta.watch_for, *topic.meta.ask))
    flags = knowledge.red_flags.flags
    return tuple(flags[row].watch_for["en"] for row in rows if row in flags)


def _questions(knowledge: Knowledge, topics: Sequence[Topic]) -> tuple[str, ...]:
    by_aspect = knowledge.catalog.wording["visit_questions"]
    aspects = [topic.meta.facets.get("about", "general") for topic in topics] or ["general"]
    asked = [question for aspect in aspects for question in by_aspect.get(aspect) or by_aspect["general"]]
    return tuple(dict.fromkeys(asked))[:_MOST_QUESTIONS]


def _contacts(knowledge: Knowledge, topics: Sequence[Topic]) -> tuple[ShownContact, ...]:
    kinds = ["emergency", "crisis", *(topic.meta.referral for topic in topics), "care_team"]
    extra = [contact for topic in topics for contact in topic.meta.contacts]
    shown = [contact for kind in kinds if kind != "lines" for contact in referral(knowledge.catalog, kind, extra=extra).contacts]
    return tuple({contact.id: contact for contact in shown}.values())
