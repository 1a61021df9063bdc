"""What people ask: counts by topic, tier and day, and the scrubbed questions that went unanswered. No person can be found in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from careline.store.base import Review
from careline.store.counts import Key
from careline.turn import TIERS

DAYS = 30
_TOPICS = 12
REASONS = {"unanswered": "Not answered", "unsure": "Unsure: choices were offered", "not_helpful": "Marked as not helpful"}


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its label, how many, and how long it is of 100."""

    label: str
    count: int
    length: int


@dataclass(frozen=True)
class Insights:
    """The charts and lists of the page."""

    turns: int
    by_day: tuple[Bar, ...]
    by_tier: tuple[Bar, ...]
    by_topic: tuple[Bar, ...]
    unanswered: int
    questions: Mapping[str, tuple[Review, ...]]


def insights(counted: Mapping[Key, int], reviews: Iterable[Review], titles: Mapping[str, str], today: date) -> Insights:
    """Sum up the last month."""
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(DAYS))]
    by_day, by_tier, by_topic, by_kind = (_sums(counted, field) for field in ("day", "tier", "topic", "kind"))
    named = [(titles[topic], count) for topic, count in by_topic.most_common() if topic in titles][:_TOPICS]
    return Insights(
        turns=sum(counted.values()),
        by_day=_bars([(day, by_day[day]) for day in days]),
        by_tier=_bars([(tier, by_tier[tier]) for tier in TIERS]),
        by_topic=_bars(named),
        unanswered=sum(by_kind[kind] for kind in ("out_of_scope", "clarify", "error")),
        questions=_grouped(reviews),
    )


def _sums(counted: Mapping[Key, int], field: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, turns in counted.items():
        sums[getattr(key, field)] += turns
    return sums


def _bars(rows: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    most = max((count for _, count in rows), default=0) or 1
    return tuple(Bar(label, count, round(100 * count / most)) for label, count in rows)


def _grouped(reviews: Iterable[Review]) -> Mapping[str, tuple[Review, ...]]:
    groups: dict[str, list[Review]] = {reason: [] for reason in REASONS}
    for review in reviews:
        reason = "unsure" if review.reason == "unanswered" and review.kind == "clarify" else review.reason
        groups.setdefault(reason, []).append(review)
    return {reason: tuple(rows) for reason, rows in groups.items()}
