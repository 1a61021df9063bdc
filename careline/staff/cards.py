"""The answer card: what to read aloud, word for word as a patient gets it, and everything staff should know beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from careline.catalog import Citation, SourceDocument, Topic
from careline.contacts import Contact
from careline.dialogue.compose import answer_turn
from careline.dialogue.knowledge import Knowledge
from careline.disputed import Dispute
from careline.flags import Flag
from careline.turn import Turn
from careline.withdrawals import Withdrawal, Withdrawals, is_withdrawn


@dataclass(frozen=True)
class CitedSection:
    """A section an answer rests on, with its document."""

    document: SourceDocument
    section: str


@dataclass(frozen=True)
class Card:
    """One topic as the console shows it. `withdrawal` is there while its words of today are refused."""

    topic: Topic
    turn: Turn
    sources: tuple[CitedSection, ...]
    disputes: tuple[Dispute, ...]
    related: tuple[Topic, ...]
    contacts: tuple[Contact, ...]
    flags: tuple[Flag, ...]
    withdrawal: Withdrawal | None

    @property
    def is_signed(self) -> bool:
        """Has a clinician signed the answer?"""
        return self.topic.meta.review.status == "signed"

    @property
    def tier(self) -> str:
        """How soon to call, as the answer itself says."""
        return self.turn.tier


def card(knowledge: Knowledge, topic: Topic, withdrawals: Withdrawals) -> Card:
    """The card of a topic."""
    catalog = knowledge.catalog
    turn = answer_turn(knowledge, [topic])
    return Card(
        topic=topic,
        turn=turn,
        sources=_sources(catalog.sources, topic.meta.sources),
        disputes=catalog.disputes(topic),
        related=tuple(catalog.topics[other] for other in topic.meta.related if other in catalog.topics),
        contacts=tuple(catalog.contacts.by_id[contact.id] for contact in turn.referral.contacts),
        flags=checklist(knowledge, topic),
        withdrawal=withdrawals[topic.id] if is_withdrawn(topic, withdrawals) else None,
    )


def checklist(knowledge: Knowledge, topic: Topic | None) -> tuple[Flag, ...]:
    """The red flags to ask about: those a topic names, the most serious first; all of them where it names none."""
    flags = knowledge.red_flags.flags
    named: Sequence[str] = [*topic.meta.ask, *topic.meta.watch_for] if topic else []
    chosen: Iterable[str] = dict.fromkeys(flag for flag in named if flag in flags) or flags
    return tuple(flags[flag] for flag in chosen)


def _sources(documents: Mapping[str, SourceDocument], cited: Iterable[Citation]) -> tuple[CitedSection, ...]:
    sections = (CitedSection(documents[each.document], each.section) for each in cited)
    return tuple(sorted(sections, key=lambda each: each.document.precedence))
