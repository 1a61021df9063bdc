"""The same held-out questions asked of two models: topic by topic what was lost and won, and what of it is more than chance. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from scipy.stats import binom

from careline.maintain.evaluation.questions import Judged

TOPIC_LEVEL = 0.10  # seven questions a topic show little; a wrong refusal costs a look, a wrong promotion costs people
OVERALL_LEVEL = 0.05


@dataclass(frozen=True)
class Change:
    """Some questions before and after: how many were right, how many of those are lost, how many others won."""

    label: str
    asked: int
    before: int
    after: int
    lost: int
    won: int
    taken_for: tuple[tuple[str, int], ...] = ()  # what the lost ones are taken for now

    @property
    def chance(self) -> float:
        """The exact one-sided McNemar test: how likely so many of the changed questions are lost by luck alone."""
        return float(binom.sf(self.lost - 1, self.lost + self.won, 0.5)) if self.lost else 1.0

    @property
    def least(self) -> float:
        """The smallest `chance` that so many changed questions could have had."""
        return float(0.5 ** (self.lost + self.won))

    @property
    def silenced(self) -> bool:
        """Most of its questions were right before, and none is now."""
        return self.after == 0 and 2 * self.before > self.asked


def by_topic(before: Sequence[Judged], after: Sequence[Judged]) -> list[Change]:
    """Every label of the held-out questions, those that lost most first."""
    labels = dict.fromkeys(item.question.label for item in before)
    pairs = list(zip(before, after))
    changes = [_change(label, [pair for pair in pairs if pair[0].question.label == label]) for label in labels]
    return sorted(changes, key=lambda change: (change.won - change.lost, change.label))


def overall(before: Sequence[Judged], after: Sequence[Judged]) -> Change:
    """All questions together."""
    return _change("all questions", list(zip(before, after)))


def worse(changes: Sequence[Change], level: float = TOPIC_LEVEL) -> list[Change]:
    """Topics that lost more than chance explains, or everything they had.

    Each is held against `level` divided by Tarone's number: as Bonferroni's correction for testing many topics at once, but
    without those of which too few questions changed to show anything.
    """
    bound = level / tested(changes, level)
    return [change for change in changes if change.silenced or change.chance <= bound]


def tested(changes: Iterable[Change], level: float = TOPIC_LEVEL) -> int:
    """Tarone's number: the smallest k such that no more than k topics could reach `level` / k at all."""
    least = [change.least for change in changes]
    return next(k for k in count(1) if sum(value <= level / k for value in least) <= k)


def confusions(before: Sequence[Judged], after: Sequence[Judged]) -> list[tuple[str, str, int, int]]:
    """(asked for, taken for, times before, times now) of what is mistaken more often now, the greatest change first."""
    then, now = _mistakes(before), _mistakes(after)
    grown = [(*pair, then[pair], now[pair]) for pair in now if now[pair] > then[pair]]
    return sorted(grown, key=lambda row: (row[2] - row[3], row[0], row[1]))


def _change(label: str, pairs: Sequence[tuple[Judged, Judged]]) -> Change:
    lost = [after for before, after in pairs if before.right and not after.right]
    return Change(
        label,
        asked=len(pairs),
        before=sum(before.right for before, _ in pairs),
        after=sum(after.right for _, after in pairs),
        lost=len(lost),
        won=sum(after.right and not before.right for before, after in pairs),
        taken_for=tuple(Counter(item.judgement.best for item in lost).most_common(3)),
    )


def _mistakes(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    return Counter((item.question.label, item.judgement.best) for item in judged if not item.right)
