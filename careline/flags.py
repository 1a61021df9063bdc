"""A red flag as its file says it, and a finding of one in a message."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Finding:
    """A red flag found: its row, how soon, the words that raised it as typed, and who it is about.

    `subject` is "self", "other" or "unknown". `strong` is for E11 only: a plan, a method or an act was named.
    """

    flag: str
    tier: str
    words: str
    start: int
    end: int
    subject: str
    strong: bool = False
    source: str = "rules"


@dataclass(frozen=True)
class Flag:
    """One row of the table in safety.md, as its file says it."""

    id: str
    title: str
    tier: str
    told: Texts
    watch_for: Mapping[str, str]
    ask: Mapping[str, str]
    sources: tuple[Mapping[str, str], ...]
    review: Mapping[str, str]
    phrasings: tuple[str, ...]
    not_this: tuple[str, ...]
    told_at: Mapping[str, Texts] = field(default_factory=dict)
    told_strong: Texts | None = None
    phrasings_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alarm_anyway: tuple[str, ...] = ()

    def told_for(self, finding: Finding) -> Texts:
        """What to tell the person for one finding of this flag: the strong text, the text of its tier, or the usual one."""
        if finding.strong and self.told_strong:
            return self.told_strong
        return self.told_at.get(finding.tier, self.told)


def flag(value: Mapping[str, Any]) -> Flag:
    """A flag from the checked value of its file."""
    phrasings_at = {tier: tuple(map(str, lines)) for tier, lines in value["phrasings"].items()}
    return Flag(
        id=value["id"], title=value["title"], tier=value["tier"], told=_texts(value["told"]), watch_for=value["watch_for"],
        ask=value["ask"], sources=tuple(value["sources"]), review=value["review"],
        phrasings=tuple(line for lines in phrasings_at.values() for line in lines), not_this=tuple(map(str, value["not_this"])),
        told_at={tier: _texts(texts) for tier, texts in value.get("told_at", {}).items()},
        told_strong=_texts(value["told_strong"]) if "told_strong" in value else None, phrasings_at=phrasings_at,
        alarm_anyway=tuple(each["text"] for each in value.get("alarm_anyway", ())))


def _texts(value: Mapping[str, Iterable[str]]) -> Texts:
    return {language: tuple(sentences) for language, sentences in value.items()}
