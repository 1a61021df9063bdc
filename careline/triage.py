"""How soon to call: what a person's reply says, and the tier that follows from it by the table of content/triage.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field

from careline import answers, documents, durations, paths, treatments
from careline.schema import parse
from careline.turn import TIERS, worst
from careline.vocabulary import Heard, Message, Words

# The questions, in the order they are asked; the names are those of the slots without "symptom_".
QUESTIONS = ("flags", "duration", "trend", "treatment")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Row(_Strict):
    """A row of the table: conditions that must all hold, the tier they give, and the reason."""

    why: str
    tier: Literal["flags", "emergency", "urgent", "today", "call_doctor"]
    own: list[str] = []
    flags: list[str] = []
    duration: list[str] = []
    trend: list[str] = []
    treatment: list[str] = []

    def holds(self, given: Mapping[str, str]) -> bool:
        """Do the answers and the symptom's own tier meet every condition of this row?"""
        conditions = {name: getattr(self, name) for name in ("own", *QUESTIONS)}
        return all(given[name] in allowed for name, allowed in conditions.items() if allowed)


class Rules(_Strict):
    """content/triage.yml."""

    review: dict[str, str]
    worse_first: dict[str, list[str]]
    table: list[Row]
    unknown_flag_tier: Literal["emergency", "urgent", "today"]
    answers: dict[str, list[str]]
    durations: dict[str, Any]
    trends: dict[str, Any]
    treatments: dict[str, Any]
    mentions: dict[str, list[str]]
    mild: list[str]
    sites: list[str]
    sides: list[str]
    denied: dict[str, list[str]]
    past: dict[str, list[str]]
    relations: dict[str, Any] = Field(alias="about")


@dataclass(frozen=True)
class Triage:
    """The rules and their compiled vocabulary."""

    rules: Rules
    words: Words

    @classmethod
    def load(cls, path: Path) -> Triage:
        """Read content/triage.yml.

        Raises:
            ContentError: with the line of every problem.
        """
        document = documents.read(path)
        rules = parse(Rules, document)
        return cls(rules, Words(document.value, rules.worse_first))


@paths.per_content
def shared(root: Path) -> Triage:
    """The rules in the content that is used here."""
    return Triage.load(root / "content" / "triage.yml")


def tier(given: Mapping[str, str | None], own: str, flag_tiers: Sequence[str] = (), rules: Rules | None = None) -> str:
    """How soon to call, by the answers (`flags`, `duration`, `trend`, `treatment`) and the symptom's own tier.

    Never lower than `call_doctor` nor than `own`. A missing answer counts as unknown, unknown as the worse.
    """
    rules = rules or shared().rules
    known = {"own": own} | {question: given.get(question) or "unknown" for question in QUESTIONS}
    flags = worst(flag_tiers) if flag_tiers else rules.unknown_flag_tier
    given_tiers = [flags if row.tier == "flags" else row.tier for row in rules.table if row.holds(known)]
    return worst([own, "call_doctor", *given_tiers])


def serious(own: str, flag_tiers: Sequence[str]) -> tuple[int, int]:
    """A key to sort symptoms by, the more serious first: its own tier, then the worst of its red flags."""
    return TIERS.index(own), TIERS.index(worst(flag_tiers))


def read(text: str, open_question: str | None = None, triage: Triage | None = None) -> dict[str, str]:
    """What a message answers: a value for each question it settles, by slot name ("symptom_duration" …).

    Any question but the red flags may be answered before it is asked; a wrong "no" to those would cost too much. What
    answers the open question only in part is `unknown`; what does not speak of it at all is left out.
    """
    return {f"symptom_{question}": item.value for question, item in hear(text, open_question, triage).items()}


def hear(text: str, open_question: str | None = None, triage: Triage | None = None) -> dict[str, Heard]:
    """As `read`, with the words each answer was heard in, by question."""
    words = (triage or shared()).words
    message, asked = Message.of(text), (open_question or "").removeprefix("symptom_")
    heard = {
        "duration": durations.duration(words, message, asked == "duration"),
        "trend": answers.trend(words, message, asked == "trend"),
        "treatment": treatments.treatment(words, message, asked == "treatment"),
    }
    found = {question: item for question, item in heard.items() if item}
    if asked in QUESTIONS and asked not in found:
        found |= _plainly(words, message, asked, found)
    return {question: found[question] for question in QUESTIONS if question in found}


def _plainly(words: Words, message: Message, asked: str, found: Mapping[str, Heard]) -> dict[str, Heard]:
    """A plain yes, no or "I don't know" to the open question."""
    mild = (item for symptom in words.data["mild"] for item in words.phrases(message, f"mentions.{symptom}"))
    said = answers.yes_no(words, message, [*found.values(), *mild])
    if said is None:
        return {}
    # A yes to "how long" or "worse, the same or better?" says nothing that could be relied on.
    value = said if asked in ("flags", "treatment") else "unknown"
    return {asked: Heard(value, message.text.strip())}


def mentioned(text: str, triage: Triage | None = None) -> dict[str, str]:
    """Symptoms a text names in strong words, each `now`, `denied` or `past`; where it is unclear, `now`."""
    words = (triage or shared()).words
    message, result = Message.of(text), {}
    for path, search in words.patterns.items():
        if path.startswith("mentions."):
            states = [_state(words, message, match.start()) for match in search.finditer(message.plain)]
            if states:
                result[path.removeprefix("mentions.")] = next(
                    (state for state in ("now", "past") if state in states), "denied"
                )
    return result


def _state(words: Words, message: Message, position: int) -> str:
    if _denied(words, message, position):
        return "denied"
    clause = message.plain[slice(*message.clause(position))]
    happened, when, over, today = (words.patterns[f"past.{name}"] for name in ("verbs", "times", "ended", "today"))
    if today.search(clause) or not happened.search(clause):
        return "now"
    gone = over.search(message.plain) and not today.search(message.plain)
    return "past" if when.search(clause) or gone else "now"


def _denied(words: Words, message: Message, position: int) -> bool:
    """Is what stands at a position plainly denied, with nothing but small words between?"""
    start = message.clause(position)[0]
    for match in words.patterns["denied.by"].finditer(message.plain, start, position):
        between = words.patterns["denied.small"].sub("", message.plain[match.end() : position])
        if not between.strip():
            return True
    return False


def site(text: str, triage: Triage | None = None) -> str | None:
    """Where a person says it is: "left hip"."""
    words = (triage or shared()).words
    message = Message.of(text)
    for match in words.patterns["sites"].finditer(message.plain):
        if not message.negator(match.start()):
            side = message.plain[: match.start()].split()[-1:]
            return " ".join([*(word for word in side if word in ("left", "right")), match.group()])
    return None
