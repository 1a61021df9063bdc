"""The safety report: everything measured for it, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from careline.dialogue.knowledge import Knowledge
from careline.maintain.evaluation import safety, typos
from careline.maintain.evaluation.cases import Case, LookAlike, Question
from careline.maintain.evaluation.fuzz import Fuzzed
from careline.maintain.evaluation.report import Report, Table
from careline.maintain.evaluation.safety import Find, Measured
from careline.maintain.evaluation.said import everything, forbidden, no_referral


def make(
    knowledge: Knowledge,
    finders: Mapping[str, Find],
    cases: Sequence[Case],
    look_alikes: Sequence[LookAlike],
    questions: Sequence[Question],
    fuzzed: Fuzzed | None = None,
    show_misses: bool = False,
) -> tuple[Report, dict[str, Any]]:
    """Measure and put together. The last of `finders` is the way the product finds red flags; it decides.

    Returns:
        the report, and its figures; `failures` in them says in a line each what must not be.
    """
    training = safety.training_texts(knowledge.red_flags)
    found = {name: safety.measure(find, cases, look_alikes, training) for name, find in finders.items()}
    product, decisive = list(finders.values())[-1], list(found.values())[-1]
    disguises, disguise_values = safety.disguised(product, decisive)
    plain, plain_values = safety.ordinary(product, questions)
    said, said_values = _said(knowledge)
    crisis = safety.silent_crises(knowledge, decisive.outcomes)
    values: dict[str, Any] = {
        "made": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "found_by": {name: safety.summary(measured) for name, measured in found.items()},
        "by_flag": _rows(safety.by(decisive, "flag")),
        "by_style": _rows(safety.by(decisive, "style")),
        "typed_differently": disguise_values,
        "ordinary_questions": plain_values,
        "crises_without_both_numbers": len(crisis),
        "said": said_values,
        "fuzzed": fuzzed.values() if fuzzed else None,
        "cpu_ms": _speeds(finders, decisive),
        "must_pass_lost": [each.case.text for each in decisive.must_pass_misses],
    }
    values["failures"] = failures(values, decisive)
    tables = [
        safety.totals(found), _verdicts(values, decisive), safety.shown(decisive, show_misses), safety.by(decisive, "flag"),
        safety.by(decisive, "style"), disguises, plain, said, *([_fuzz_table(fuzzed)] if fuzzed else []), _speed_table(values),
    ]
    return Report("Safety", _about(decisive, list(finders)), tables), values


def failures(values: Mapping[str, Any], measured: Measured) -> list[str]:
    """What lets the run fail: a lost must-pass case, a crisis turn without its numbers, a turn that breaks a promise."""
    found = []
    if measured.must_pass_misses:
        found.append(f"{len(measured.must_pass_misses)} must-pass cases are lost")
    if values["crises_without_both_numbers"]:
        found.append(f"{values['crises_without_both_numbers']} crisis turns with a plan or act do not name both numbers")
    if values["said"]["without_referral"] or values["said"]["forbidden"]:
        found.append("texts the bot can say lack a referral or hold a forbidden phrase")
    fuzzed = values["fuzzed"]
    if fuzzed and any(fuzzed[name] for name in ("raised", "without_referral", "forbidden", "below_red_flag")):
        found.append("fuzzed turns broke a promise")
    return found


def _verdicts(values: Mapping[str, Any], measured: Measured) -> Table:
    figures = safety.summary(measured)
    rows = [
        _verdict("must-pass cases lost", len(measured.must_pass_misses), 0),
        _verdict("severe under-triage", figures["severe_under_triage"], 0),
        ("recall at least", f"{figures['recall']:.2%}", f"{safety.RECALL:.0%}", _kept(figures["recall"] >= safety.RECALL)),
        ("misses, upper 95 % bound", f"{figures['misses_upper_95']:.2%}", f"< {safety.BOUND:.0%}", _kept(figures["misses_upper_95"] < safety.BOUND)),
        ("false alarms on look-alikes", f"{figures['false_alarm_rate']:.1%}", f"{safety.FALSE_ALARMS:.0%}", _kept(figures["false_alarm_rate"] <= safety.FALSE_ALARMS)),
        _verdict("crisis turns (plan or act) without 988 and 911", values["crises_without_both_numbers"], 0),
        _verdict("texts without a referral", values["said"]["without_referral"], 0),
        _verdict("texts with a forbidden phrase or number", values["said"]["forbidden"], 0),
    ]
    if values["fuzzed"]:
        rows += [_verdict(f"fuzzed turns: {name.replace('_', ' ')}", values["fuzzed"][name], 0) for name in ("raised", "without_referral", "forbidden", "below_red_flag")]
    return Table("Held against the targets", ("what", "measured", "target", "kept"), rows)


def _verdict(what: str, measured: int, target: int) -> tuple[str, int, int, str]:
    return what, measured, target, _kept(measured <= target)


def _kept(held: bool) -> str:
    return "yes" if held else "NO"


def _said(knowledge: Knowledge) -> tuple[Table, dict[str, Any]]:
    texts, silent, wrong = 0, [], []
    for name, made in everything(knowledge):
        texts += 1
        silent += [name] if no_referral(knowledge, made) else []
        wrong += [f"{name}: {fault}" for fault in forbidden(knowledge, made)]
    rows = [("turns made of every topic, wording, question and red-flag text", texts), ("without a referral last", len(silent)), ("with a forbidden phrase or number", len(wrong))]
    values = {"turns": texts, "without_referral": len(silent), "forbidden": len(wrong), "where": silent + wrong}
    return Table("Everything the bot can say", ("what", "count"), rows, "; ".join((silent + wrong)[:10])), values


def _fuzz_table(fuzzed: Fuzzed) -> Table:
    safe = ", ".join(f"{why} {count}" for why, count in fuzzed.safe_turns.most_common()) or "none"
    rows = [
        ("fuzzed turns", fuzzed.turns), ("raised an exception", fuzzed.raised), ("without a referral", fuzzed.without_referral),
        ("with a forbidden phrase or number", fuzzed.forbidden), ("below the tier of the red flags", fuzzed.below_red_flag),
        ("with red flags in the text", fuzzed.alarms), ("answered by the safe turn", sum(fuzzed.safe_turns.values())),
    ]
    kinds = ", ".join(f"{kind} {count}" for kind, count in fuzzed.kinds.most_common())
    return Table("Fuzzed turns through the engine", ("what", "count"), rows, f"Kinds of turn: {kinds}. Why the safe turn was given: {safe}.")


def _speeds(finders: Mapping[str, Find], measured: Measured) -> dict[str, dict[str, float]]:
    texts = [outcome.case.text for outcome in measured.outcomes[::4]]
    long = [typos.buried(text) for text in texts[::5]]
    return {name: {"median": _ms(safety.speed(find, texts)[0]), "p95": _ms(safety.speed(find, texts)[1]), "p95_long": _ms(safety.speed(find, long)[1])}
            for name, find in finders.items()}


def _ms(value: float) -> float:
    return round(value, 2)


def _speed_table(values: Mapping[str, Any]) -> Table:
    rows = [(name, each["median"], each["p95"], each["p95_long"]) for name, each in values["cpu_ms"].items()]
    return Table("CPU milliseconds a message", ("found by", "median", "95 %", "95 %, 2,000 characters"), rows, "Issue 3 asks for less than 5 ms for the rules.")


def _about(measured: Measured, finders: Sequence[str]) -> str:
    seen, alike = measured.left_out
    return (
        f"{len(measured.outcomes)} emergencies and {len(measured.alarms)} look-alikes of `tests/red_flags`, written apart from the rules. "
        f"Left out because the same words stand in `content/red_flags`: {seen} emergencies and {alike} look-alikes. "
        f"The tables below the first are about: {finders[-1]}. An emergency counts as caught when it is acted on in time: the crisis answer for a "
        "crisis, a call now for what must be called in now, a call today for the rest."
    )


def _rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row)) for row in table.rows]


def folder(home: Path) -> Path:
    """Where reports go."""
    return home / "reports"
