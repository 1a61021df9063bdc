"""How well held-out questions are understood, and what people get for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from careline.maintain.evaluation import scope, typos
from careline.maintain.evaluation.cases import Question
from careline.maintain.evaluation.judgement import Judgement
from careline.maintain.evaluation.metrics import calibration_error, in_first, interval, macro_f1, share

TOPICS = ("answer", "symptom")
OUTCOMES = ("answered", "offered", "turned away", "alarm", "language")


class System(Protocol):
    """Something that can be asked what it makes of a text."""

    name: str
    model_id: str

    def judge(self, text: str) -> Judgement: ...


@dataclass(frozen=True)
class Judged:
    """A question and what a system made of it."""

    question: Question
    judgement: Judgement

    @property
    def right(self) -> bool:
        """Is the most probable label the right one?"""
        return self.judgement.best == self.question.label

    @property
    def served(self) -> bool:
        """Is the right label among those answered or offered?"""
        said = {label.rpartition("/")[2] for label in self.judgement.said}
        return self.question.label.rpartition("/")[2] in said


def judge(system: System, questions: Iterable[Question], change: Callable[[str], str] | None = None) -> list[Judged]:
    """Ask a system about every question, typed as it is or changed."""
    return [Judged(question, system.judge(change(question.text) if change else question.text)) for question in questions]


def slipped(system: System, questions: Iterable[Question]) -> list[Judged]:
    """The same questions with keyboard slips."""
    return judge(system, questions, typos.slips)


def of(judged: Iterable[Judged], *groups: str) -> list[Judged]:
    """Those whose question belongs to some groups."""
    return [item for item in judged if item.question.group in groups]


def accuracy(judged: Sequence[Judged]) -> dict[str, Any]:
    """How often right, in the first three, and macro-F1."""
    truth = [item.question.label for item in judged]
    rankings = [item.judgement.labels for item in judged]
    first = in_first(rankings, truth, 1)
    return {
        "questions": len(judged),
        "labels": len(set(truth)),
        "top_1": round(first, 4),
        "top_1_interval": [round(value, 4) for value in interval(first, len(judged))],
        "top_3": round(in_first(rankings, truth, 3), 4),
        "macro_f1": round(macro_f1(truth, [item.judgement.best for item in judged]), 4) if judged else 0.0,
    }


def outcomes(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """What people get, and how much of it holds the right topic."""
    result = {}
    for outcome in OUTCOMES:
        those = [item for item in judged if item.judgement.outcome == outcome]
        result[outcome] = {"share": round(share(len(those), len(judged)), 4), "count": len(those), "right": round(share(sum(item.served for item in those), len(those)), 4)}
    return result


def scope_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """How well off-topic texts are told from all others."""
    inside, outside = scope_scores(judged)
    return scope.measure(inside, outside) if inside and outside else {}


def scope_scores(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """1 - P(out_of_scope) of the texts inside the scope, and of those outside."""
    inside = [item.judgement.inside for item in judged if item.question.group != "out_of_scope"]
    return inside, [item.judgement.inside for item in of(judged, "out_of_scope")]


def calibration(judged: Sequence[Judged]) -> float:
    """Expected calibration error of the best label's probability."""
    return round(calibration_error(*sureness(judged)), 4)


def sureness(judged: Sequence[Judged]) -> tuple[list[float], list[bool]]:
    """How sure, and whether right, for each question."""
    return [item.judgement.confidence for item in judged], [item.right for item in judged]


def confusions(judged: Iterable[Judged], most: int = 20) -> list[dict[str, Any]]:
    """The pairs of labels taken for each other most often, with both directions."""
    taken = Counter((item.question.label, item.judgement.best) for item in judged if not item.right)
    pairs: Counter[tuple[str, str]] = Counter()
    for (truth, found), count in taken.items():
        pairs[min(truth, found), max(truth, found)] += count
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"pair": list(pair), "count": count, "first_taken_for_second": taken[pair], "second_taken_for_first": taken[pair[::-1]]} for pair, count in ordered]


def by_theme(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Accuracy of each theme, worst first."""
    themes = dict.fromkeys(item.question.theme for item in judged)
    rows = [{"theme": theme, **accuracy([item for item in judged if item.question.theme == theme])} for theme in themes]
    return sorted(rows, key=lambda row: row["top_1"])


def weakest(judged: Sequence[Judged], most: int = 15) -> list[dict[str, Any]]:
    """Topics whose questions are least often right, with what they are taken for."""
    labels = dict.fromkeys(item.question.label for item in judged)
    rows: list[dict[str, Any]] = []
    for label in labels:
        those = [item for item in judged if item.question.label == label]
        wrong = Counter(item.judgement.best for item in those if not item.right)
        rows.append({"label": label, "questions": len(those), "right": len(those) - sum(wrong.values()), "taken_for": dict(wrong.most_common(3))})
    return sorted(rows, key=lambda row: (row["right"] / row["questions"], row["label"]))[:most]


def measure(judged: Sequence[Judged], typed: Sequence[Judged]) -> dict[str, Any]:
    """Every figure of one system; `typed` are the same questions with slips."""
    topics, slips = of(judged, *TOPICS), of(typed, *TOPICS)
    found = {group: accuracy(of(judged, group)) for group in ("answer", "symptom", "chat", "act") if of(judged, group)}
    with_slips = accuracy(slips)
    return {
        "topics": accuracy(topics),
        "groups": found,
        "scope": scope_of(judged),
        "outcomes": outcomes(topics),
        "outcomes_off_topic": outcomes(of(judged, "out_of_scope")),
        "split": round(share(sum(len(item.judgement.said) > 1 for item in topics if item.judgement.outcome == "answered"), len(topics)), 4),
        "calibration_error": calibration(topics),
        "typos": {**with_slips, "top_1_lost": round(accuracy(topics)["top_1"] - with_slips["top_1"], 4), "top_3_lost": round(accuracy(topics)["top_3"] - with_slips["top_3"], 4)},
        "confusions": confusions(topics),
        "themes": by_theme(topics),
        "weakest": weakest(topics),
    }


def measure_pair(before: Sequence[Judged], after: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Accuracy of two models on the same questions, for each group of questions there is."""
    groups = {group: (of(before, group), of(after, group)) for group in ("answer", "symptom", "chat", "act", "out_of_scope")}
    return {
        group: {"questions": len(then), "before": accuracy(then), "after": accuracy(now)} for group, (then, now) in groups.items() if then
    }
