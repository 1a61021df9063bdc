"""Pictures of the evaluation, drawn without a display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402 - the backend must be chosen first

from careline.maintain.evaluation import scope  # noqa: E402
from careline.maintain.evaluation.comparison import Change  # noqa: E402
from careline.maintain.evaluation.metrics import bins  # noqa: E402
from careline.maintain.evaluation.questions import Judged, scope_scores, sureness  # noqa: E402


def reliability(found: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """How often right at each level of confidence."""
    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="as sure as right")
    for name, judged in found.items():
        points = bins(*sureness(judged))
        axes.plot([sure for _, sure, _ in points], [right for _, _, right in points], marker="o", label=name)
    _finish(figure, axes, "How sure it is", "How often it is right", path)


def detection(found: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """What slips in against what is turned away."""
    figure, axes = pyplot.subplots(figsize=(5, 5))
    for name, judged in found.items():
        points = scope.curve(*scope_scores(judged))
        axes.plot([reject for reject, _ in points], [accept for _, accept in points], label=name)
    axes.axvline(scope.FALSE_REJECT, color="grey", linestyle=":")
    _finish(figure, axes, "Questions turned away", "Off-topic texts let in", path)


def themes(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Right at the first and within three, theme by theme."""
    figure, axes = pyplot.subplots(figsize=(7, 0.3 * len(rows) + 1.2))
    names = [row["theme"] for row in rows]
    axes.barh(names, [row["top_3"] for row in rows], color="lightsteelblue", label="in three")
    axes.barh(names, [row["top_1"] for row in rows], color="steelblue", label="first")
    _finish(figure, axes, "Share of questions right", "", path)


def confusions(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """The pairs of topics taken for each other most, both directions."""
    shown = list(reversed(rows[:15]))
    figure, axes = pyplot.subplots(figsize=(8, 0.35 * len(shown) + 1.2))
    names = [" / ".join(label.rpartition("/")[2] for label in row["pair"]) for row in shown]
    first = [row["first_taken_for_second"] for row in shown]
    axes.barh(names, first, color="indianred", label="first taken for second")
    axes.barh(names, [row["second_taken_for_first"] for row in shown], left=first, color="lightsalmon", label="second taken for first")
    _finish(figure, axes, "Questions", "", path)


def before_after(changes: Sequence[Change], path: Path) -> None:
    """Topics whose questions are understood differently: the share that was right, and that is."""
    figure, axes = pyplot.subplots(figsize=(8, 0.3 * len(changes) + 1.5))
    for place, change in enumerate(reversed(changes)):
        then, now = change.before / change.asked, change.after / change.asked
        axes.plot([then, now], [place, place], color="indianred" if now < then else "seagreen", linewidth=3, zorder=1)
        axes.scatter([then], [place], color="white", edgecolor="black", zorder=2, label="before" if place == 0 else None)
        axes.scatter([now], [place], color="black", zorder=2, label="now" if place == 0 else None)
    axes.set_yticks(range(len(changes)), [change.label.rpartition("/")[2] for change in reversed(changes)])
    axes.set_xlim(-0.03, 1.03)
    _finish(figure, axes, "Share of held-out questions right", "", path)


def new_confusions(rows: Sequence[tuple[str, str, int, int]], path: Path) -> None:
    """What is mistaken more often than before."""
    shown = list(reversed(rows[:15]))
    figure, axes = pyplot.subplots(figsize=(8, 0.35 * len(shown) + 1.5))
    names = [f"{asked.rpartition('/')[2]} → {taken.rpartition('/')[2]}" for asked, taken, _, _ in shown]
    axes.barh(names, [now for *_, now in shown], color="indianred", label="now")
    axes.barh(names, [then for *_, then, _ in shown], color="lightgrey", label="before")
    _finish(figure, axes, "Questions", "", path)


def _finish(figure: Any, axes: Any, x: str, y: str, path: Path) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(loc="best", fontsize=8)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
