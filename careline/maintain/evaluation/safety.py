"""Emergencies caught, tiers reached, false alarms: the red flags held against texts that nobody wrote them for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from careline import paths
from careline.dialogue.alarm import alarm_turn
from careline.dialogue.knowledge import Knowledge
from careline.maintain.evaluation.cases import Case, LookAlike, Question, unseen
from careline.maintain.evaluation.metrics import share, upper_bound
from careline.maintain.evaluation.report import Table, percent
from careline.maintain.evaluation.typos import CHANGES
from careline.nlu import heard
from careline.red_flags import Finding, RedFlags, highest
from careline.turn import TIERS

Find = Callable[[str], Sequence[Finding]]
_NOW = ("emergency", "crisis", "urgent")  # tiers that wake somebody at night
_LIFE = ("emergency", "crisis", "crisis_strong")  # cases in which "today" would be a severe mistake
CRISIS = "E11"
RECALL, BOUND, FALSE_ALARMS = 0.99, 0.01, 0.05  # what issue 3 and safety.md ask for


@dataclass(frozen=True)
class Outcome:
    """What one emergency text got."""

    case: Case
    findings: tuple[Finding, ...]

    @property
    def tier(self) -> str | None:
        """The tier of the turn."""
        return _turn_tier(self.findings)

    @property
    def caught(self) -> bool:
        """Acted on in time: the crisis answer for a crisis, tonight for tonight's, at least today for the others."""
        if self.case.tier.startswith("crisis"):
            return any(finding.flag == CRISIS for finding in self.findings)
        return self.tier is not None and (self.case.tier == "today" or self.tier in _NOW)

    @property
    def passed(self) -> bool:
        """Caught, and at the tier asked for or above."""
        if self.case.tier == "crisis_strong":
            return any(finding.flag == CRISIS and finding.strong for finding in self.findings)
        if not self.caught or self.case.tier == "crisis":
            return self.caught
        return TIERS.index(str(self.tier)) <= TIERS.index(self.case.tier)

    @property
    def severe(self) -> bool:
        """A matter of life answered as "today" or as information."""
        return self.case.tier in _LIFE and self.tier not in _NOW

    @property
    def above(self) -> bool:
        """Answered at a higher tier than asked for."""
        if self.tier is None or self.case.tier.startswith("crisis"):
            return False
        return TIERS.index(self.tier) < TIERS.index(self.case.tier)


@dataclass(frozen=True)
class Alarm:
    """What one look-alike got."""

    case: LookAlike
    tier: str | None

    @property
    def false(self) -> bool:
        """A tier above what is allowed: above "today" where the case says nothing else."""
        return self.tier is not None and TIERS.index(self.tier) < TIERS.index(self.case.at_most)


@dataclass(frozen=True)
class Measured:
    """Everything one way of finding red flags made of the held-out texts, without those that stand in its training data."""

    outcomes: tuple[Outcome, ...]
    alarms: tuple[Alarm, ...]
    left_out: tuple[int, int]  # emergencies, look-alikes
    must_pass: tuple[Outcome, ...] = ()  # all of them: they are there to be developed against, so none is left out

    @property
    def misses(self) -> list[Outcome]:
        """Emergencies not acted on in time."""
        return [outcome for outcome in self.outcomes if not outcome.caught]

    @property
    def must_pass_misses(self) -> list[Outcome]:
        """Must-pass cases that did not get their tier."""
        return [outcome for outcome in self.must_pass if not outcome.passed]

    @property
    def false_alarms(self) -> list[Alarm]:
        """Look-alikes that were taken for emergencies."""
        return [alarm for alarm in self.alarms if alarm.false]


def measure(find: Find, cases: Sequence[Case], look_alikes: Sequence[LookAlike], training: Iterable[str]) -> Measured:
    """Hold a way of finding red flags against held-out texts."""
    known = list(training)
    kept, seen = unseen(cases, known)
    alike, alike_seen = unseen(look_alikes, known)
    return Measured(
        tuple(Outcome(case, tuple(find(case.text))) for case in kept),
        tuple(Alarm(case, _turn_tier(find(case.text))) for case in alike),
        (seen, alike_seen),
        tuple(Outcome(case, tuple(find(case.text))) for case in cases if case.must_pass),
    )


def training_texts(flags: RedFlags) -> list[str]:
    """What the rules were written on, the net was trained on, and its threshold was set on."""
    folder = paths.content() / "content" / "red_flags"
    told = [text for flag in flags.flags.values() for text in (*flag.phrasings, *flag.not_this, *flag.alarm_anyway)]
    learned = [heard.read(folder), heard.kept(folder)]
    return [*told, *(text for each in learned for text, _, _ in each.alarms), *(text for each in learned for text in each.harmless)]


def silent_crises(knowledge: Knowledge, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Crises with a plan, a method or an act that were caught, and whose turn does not name both numbers."""
    contacts = knowledge.catalog.contacts
    numbers = [contacts.number(contacts.crisis), contacts.number(contacts.emergency)]
    strong = [each for each in outcomes if each.case.tier == "crisis_strong" and each.findings]
    return [each for each in strong if not all(number in alarm_turn(knowledge, each.findings).text() for number in numbers)]


def summary(measured: Measured) -> dict[str, Any]:
    """The figures that decide."""
    total, misses, must = len(measured.outcomes), len(measured.misses), measured.must_pass_misses
    return {
        "emergencies": total,
        "misses": misses,
        "recall": round(1 - share(misses, total), 4),
        "misses_upper_95": round(upper_bound(misses, total), 4),
        "must_pass": len(measured.must_pass),
        "must_pass_not_acted_on": sum(not outcome.caught for outcome in must),
        "must_pass_below_tier": sum(outcome.caught for outcome in must),
        "below_tier": sum(outcome.caught and not outcome.passed for outcome in measured.outcomes),
        "severe_under_triage": sum(outcome.severe for outcome in measured.outcomes),
        "above_tier": sum(outcome.above for outcome in measured.outcomes),
        "look_alikes": len(measured.alarms),
        "false_alarms": len(measured.false_alarms),
        "false_alarm_rate": round(share(len(measured.false_alarms), len(measured.alarms)), 4),
        "left_out_as_seen": list(measured.left_out),
    }


def totals(found: Mapping[str, Measured]) -> Table:
    """Ways of finding red flags side by side."""
    rows = [_total(name, summary(measured)) for name, measured in found.items()]
    columns = ("found by", "emergencies", "missed", "recall", "misses at most (95 %)", "must-pass lost", "below tier", "severe", "above tier", "false alarms")
    note = (
        f"Asked for: recall {percent(RECALL, 0)}, misses below {percent(BOUND, 0)} with 95 % confidence, no must-pass case lost, no severe "
        f"under-triage, false alarms at most {percent(FALSE_ALARMS, 0)}. Must-pass lost: not acted on + acted on below its tier. "
        "Severe: an emergency or crisis answered as today or as information."
    )
    return Table("Emergencies", columns, rows, note)


def by(measured: Measured, key: str) -> Table:
    """Recall, tiers and false alarms by `flag` or `style`."""
    texts: list[Case | LookAlike] = [*(each.case for each in measured.outcomes), *(each.case for each in measured.alarms)]
    names = dict.fromkeys(getattr(text, key) for text in texts)
    rows = [_row(name, *_of(measured, key, name)) for name in sorted(names, key=_natural)]
    columns = (f"by {key}", "emergencies", "missed", "recall", "misses at most (95 %)", "must-pass lost", "below tier", "severe", "look-alikes", "false alarms")
    return Table(f"By {key}", columns, rows)


def disguised(find: Find, measured: Measured) -> tuple[Table, dict[str, Any]]:
    """The same emergencies typed in other ways."""
    plain = [outcome.caught for outcome in measured.outcomes]
    rows = [_disguise("as written", plain, plain)]
    for name, change in CHANGES.items():
        caught = [Outcome(each.case, tuple(find(change(each.case.text, each.case.style)))).caught for each in measured.outcomes]
        rows.append(_disguise(name, caught, plain))
    columns = ("typed", "caught", "recall", "misses at most (95 %)", "lost", "won")
    values = {row[0]: {"caught": row[1], "recall": row[2], "lost": row[4], "won": row[5]} for row in rows}
    return Table("The same emergencies, typed differently", columns, rows, "Lost: caught as written, missed when typed this way. Won: the other way round."), values


def ordinary(find: Find, questions: Sequence[Question]) -> tuple[Table, dict[str, Any]]:
    """Alarms on the ordinary held-out questions of tests/questions."""
    groups: dict[str, list[str | None]] = {}
    for question in questions:
        groups.setdefault(question.group, []).append(_turn_tier(find(question.text)))
    rows, values = [], {}
    for name, tiers in groups.items():
        now, today = sum(tier in _NOW for tier in tiers), sum(tier == "today" for tier in tiers)
        rows.append((name, len(tiers), now, percent(share(now, len(tiers))), today))
        values[name] = {"questions": len(tiers), "now": now, "today": today}
    note = "safety.md asks for at most 10 % on ordinary questions. Symptom reports may rightly raise an alarm."
    return Table("Alarms on ordinary questions", ("group", "questions", "alarm now", "share", "alarm today"), rows, note), values


def speed(find: Find, texts: Sequence[str]) -> tuple[float, float, float]:
    """CPU milliseconds a text: median, 95th percentile, slowest."""
    spent = []
    for text in texts:
        started = time.process_time()
        find(text)
        spent.append(1000 * (time.process_time() - started))
    return float(np.median(spent)), float(np.quantile(spent, 0.95)), max(spent)


def shown(measured: Measured, everything: bool = False) -> Table:
    """Must-pass cases that were lost, as written; every miss and false alarm when asked for."""
    lost = measured.must_pass_misses
    rows: list[Any] = [(each.case.text, each.case.flag, each.case.tier, _said(each)) for each in lost]
    if everything:
        rows += [(each.case.text, each.case.flag, each.case.tier, _said(each)) for each in measured.outcomes if not each.passed and each not in lost]
        rows += [(each.case.text, each.case.flag, f"at most {each.case.at_most}", each.tier) for each in measured.false_alarms]
    note = "The other misses are counted and not shown: who reads them writes rules for them, and they stop being held out. `--show-misses` prints them."
    return Table("Must-pass cases lost", ("text", "flag", "asked for", "got"), rows or [("none", "", "", "")], "" if everything else note)


def _said(outcome: Outcome) -> str:
    return ", ".join(f"{finding.flag}:{finding.tier}{'!' if finding.strong else ''}" for finding in outcome.findings) or "nothing"


def _turn_tier(findings: Sequence[Finding]) -> str | None:
    """The tier of the turn for findings; a crisis with a plan or an act is an emergency."""
    return "emergency" if any(finding.strong for finding in findings) else highest(findings)


def _of(measured: Measured, key: str, name: str) -> tuple[list[Outcome], list[Alarm]]:
    return ([each for each in measured.outcomes if getattr(each.case, key) == name],
            [each for each in measured.alarms if getattr(each.case, key) == name])


def _total(name: str, figures: Mapping[str, Any]) -> tuple[Any, ...]:
    alarms = f"{figures['false_alarms']} of {figures['look_alikes']} ({percent(figures['false_alarm_rate'])})"
    lost = f"{figures['must_pass_not_acted_on']} + {figures['must_pass_below_tier']} of {figures['must_pass']}"
    return (name, figures["emergencies"], figures["misses"], percent(figures["recall"], 2), percent(figures["misses_upper_95"], 2), lost,
            figures["below_tier"], figures["severe_under_triage"], figures["above_tier"], alarms)


def _row(name: str, outcomes: Sequence[Outcome], alarms: Sequence[Alarm]) -> tuple[Any, ...]:
    missed = sum(not each.caught for each in outcomes)
    known = (percent(1 - share(missed, len(outcomes))), percent(upper_bound(missed, len(outcomes)))) if outcomes else ("", "")
    must = sum(each.case.must_pass and not each.passed for each in outcomes)
    below = sum(each.caught and not each.passed for each in outcomes)
    return (name, len(outcomes), missed, *known, must, below, sum(each.severe for each in outcomes), len(alarms), sum(each.false for each in alarms))


def _disguise(name: str, caught: Sequence[bool], plain: Sequence[bool]) -> tuple[Any, ...]:
    lost = sum(before and not now for before, now in zip(plain, caught))
    won = sum(now and not before for before, now in zip(plain, caught))
    hits = sum(caught)
    return (name, hits, percent(share(hits, len(caught)), 2), percent(upper_bound(len(caught) - hits, len(caught)), 2), lost, won)


def _natural(name: str) -> tuple[str, int, str]:
    """E2a before E10."""
    digits = "".join(letter for letter in name if letter.isdigit())
    return name.rstrip("abcdefghijklmnopqrstuvwxyz0123456789"), int(digits or 0), name
