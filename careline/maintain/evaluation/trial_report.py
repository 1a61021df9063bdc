"""The report on a trial: first in words for whoever answers for the content, then the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from careline.maintain.evaluation import comparison, plots, report
from careline.maintain.evaluation.comparison import Change
from careline.maintain.evaluation.questions import measure_pair
from careline.maintain.evaluation.report import Report, Table, percent
from careline.maintain.evaluation.trial import Trial

NAME = "comparison"
_MOST = 25


def write(trial: Trial, folder: Path) -> Report:
    """Write comparison.md, .html, .json and the pictures into a folder."""
    made = make(trial)
    if trial.changes:
        plots.before_after(_moved(trial), folder / "topics.png")
        plots.new_confusions(comparison.confusions(trial.before, trial.after), folder / "new_confusions.png")
        made.pictures += [("topics that changed, right answers before and now", "topics.png"), ("what is mistaken more often than before", "new_confusions.png")]
    report.write(made, values(trial), folder, NAME)
    return made


def make(trial: Trial) -> Report:
    """The report without pictures."""
    tables = [_verdict(trial), _content(trial)]
    if trial.changes:
        tables += [_overall(trial), _topics(trial), _confusions(trial), _emergencies(trial)]
    return Report(f"{trial.model} against {trial.against or 'nothing'}", "\n\n".join(_in_words(trial)), tables)


def values(trial: Trial) -> dict[str, Any]:
    """The figures, for programs."""
    return {
        "model": trial.model,
        "against": trial.against,
        "refusals": trial.refusals,
        "content": trial.content,
        "topics": [{**vars(change), "chance": change.chance} for change in trial.changes],
        "overall": {**vars(trial.overall), "chance": trial.overall.chance} if trial.changes else None,
        "confusions": comparison.confusions(trial.before, trial.after),
    }


def _in_words(trial: Trial) -> list[str]:
    lines = ["It may go live: nothing that is tested got worse." if not trial.refusals else f"It must not go live, for {_counted(len(trial.refusals), 'reason')}, listed below."]
    if trial.against is None or trial.incomparable:
        return [*lines, trial.incomparable or "There is no live model to compare it with."]
    lines.append(f"What differs in the content, in {_counted(len(trial.content), 'point')}, is listed below." if trial.content else "Its content is the same.")
    if not trial.changes:
        return [*lines, "Both have the same trained pipeline, so every question is understood exactly as before; only what is said differs."]
    whole = trial.overall
    lines.append(
        f"Asked {whole.asked} held-out questions, it understands {whole.after} at the first try; the live model understands {whole.before}. "
        f"Mistaken before and right now: {whole.won}. Right before and mistaken now: {whole.lost}."
    )
    lines += [_sentence(change) for change in comparison.worse(trial.changes)]
    return lines


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _sentence(change: Change) -> str:
    taken = ", ".join(_plain(label) for label, _ in change.taken_for)
    return f"Worse: “{_plain(change.label)}” was understood {change.before} times of {change.asked} and is now {change.after} of {change.asked}; people get {taken} instead."


def _verdict(trial: Trial) -> Table:
    rows = [(f"{number}. {reason}",) for number, reason in enumerate(trial.refusals, 1)] or [("none: it may go live",)]
    note = (
        f"A topic is down when it lost more of its held-out questions than chance explains (exact one-sided McNemar test at {comparison.TOPIC_LEVEL:.0%}, "
        f"Tarone's correction for many topics) or everything it had; the whole at {comparison.OVERALL_LEVEL:.0%}."
    )
    return Table("Why it must not go live", ("reason",), rows, note)


def _content(trial: Trial) -> Table:
    rows = [(sentence,) for sentence in trial.content] or [("nothing",)]
    return Table("What changed in the content", ("difference",), rows)


def _overall(trial: Trial) -> Table:
    rows = [
        (name, each["questions"], percent(each["before"]["top_1"]), percent(each["after"]["top_1"]), percent(each["before"]["top_3"]), percent(each["after"]["top_3"]))
        for name, each in measure_pair(trial.before, trial.after).items()
    ]
    return Table("Questions understood", ("group", "questions", "first, before", "first, now", "in three, before", "in three, now"), rows)


def _topics(trial: Trial) -> Table:
    rows = [(_plain(change.label), change.asked, change.before, change.after, change.lost, change.won, _chance(change)) for change in _moved(trial)]
    columns = ("topic", "questions", "right before", "right now", "lost", "won", "chance")
    return Table("Topics that changed", columns, rows or [("none", "", "", "", "", "", "")], "Chance: how likely so many of the changed ones are lost by luck alone.")


def _confusions(trial: Trial) -> Table:
    rows = [(_plain(asked), _plain(taken), then, now) for asked, taken, then, now in comparison.confusions(trial.before, trial.after)[:_MOST]]
    return Table("New confusions", ("asked for", "taken for", "times before", "times now"), rows or [("none", "", "", "")])


def _emergencies(trial: Trial) -> Table:
    before, after = trial.emergencies
    rows = [("caught", sum(each.caught for each in before), sum(each.caught for each in after)), ("of", len(before), len(after)), ("must-pass lost", *(sum(each.case.must_pass and not each.passed for each in side) for side in (before, after)))]
    return Table("Held-out emergencies", ("", "before", "now"), rows, "careline evaluate MODEL --safety measures them in full.")


def _moved(trial: Trial) -> list[Change]:
    moved = [change for change in trial.changes if change.lost or change.won]
    return moved[:_MOST] + [change for change in moved[_MOST:] if change.won > change.lost][-_MOST:]


def _chance(change: Change) -> str:
    return f"{change.chance:.2f}" if change.lost > change.won else ""


def _plain(label: str) -> str:
    return label.rpartition("/")[2].replace("_", " ")
