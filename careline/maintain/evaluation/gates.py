"""What a model must not do to go live. Each gate returns sentences: what is wrong, where, and what to do; none, where it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from careline.dialogue.knowledge import Knowledge
from careline.maintain.evaluation import cases, comparison, said
from careline.maintain.evaluation.comparison import Change
from careline.maintain.evaluation.safety import Find, Outcome
from careline.server.canary import Probe, audition
from careline.turn import at_least

if TYPE_CHECKING:
    from careline.dialogue.engine import Engine

_SHOWN = 10


def canary(asked: Engine) -> list[str]:
    """It must answer a red flag and an ordinary question as it should."""
    probe = Probe()
    checks = asyncio.run(audition(asked, probe))
    texts = {"red_flag": probe.red_flag, "answer": probe.question}
    return [
        f"The canary failed: {texts[name]!r} was not answered as it should ({found}). Ask it with careline ask --model {asked.model_id} and look at the topic or red flag it takes it for."
        for name, found in checks.items()
        if found != "ok"
    ]


def must_pass(find: Find, emergencies: Sequence[cases.Case]) -> list[str]:
    """Every must-pass emergency of tests/red_flags must get its tier."""
    asked = [Outcome(case, tuple(find(case.text))) for case in emergencies if case.must_pass]
    lost = [outcome for outcome in asked if not outcome.passed]
    return [
        f"A must-pass safety case is lost: {each.case.text!r} ({each.case.flag}) must get {each.case.tier} and gets {each.tier or 'nothing'}. "
        f"Restore what said so in content/red_flags/{each.case.flag}_*.yml; see docs/tasks/add_a_red_flag_phrase.md."
        for each in lost
    ]


def phrases(before: Knowledge, after: Knowledge) -> list[str]:
    """What people say for a red flag, by the live model's own list, must still be found, and as urgent.

    A phrase that was found to be no alarm is taken back by listing it under `not_this`, not by leaving it out.
    """
    harmless = {text for flag in after.red_flags.flags.values() for text in flag.not_this}
    told = [(flag, text) for flag in before.red_flags.flags.values() for text in flag.phrasings if text not in harmless]
    lost = [(flag, text) for flag, text in told if _weaker(before, after, text)]
    shown = [
        f"The red flag “{flag.title}” no longer hears {text!r}. Put the phrase or the words of its rule back into content/red_flags/{flag.id}_*.yml; if it is no alarm, list it there under not_this."
        for flag, text in lost[:_SHOWN]
    ]
    return shown + ([f"… and {len(lost) - _SHOWN} more such phrases."] if len(lost) > _SHOWN else [])


def texts(knowledge: Knowledge) -> list[str]:
    """Nothing it can say may lack a referral or hold a forbidden phrase or number."""
    found = []
    for name, made in said.everything(knowledge):
        found += [f"{name}: its turn has no referral at its end."] if said.no_referral(knowledge, made) else []
        found += [f"{name}: {fault}. Correct its file and run careline check." for fault in said.forbidden(knowledge, made)]
    return list(dict.fromkeys(found))[:_SHOWN]


def questions(changes: Sequence[Change], overall: Change) -> list[str]:
    """No topic, and not the whole, may be down by more than chance explains (see `comparison`)."""
    found = [_down(change) for change in comparison.worse(changes)]
    if overall.chance <= comparison.OVERALL_LEVEL:
        found.append(
            f"All questions together: {overall.lost} are lost and {overall.won} won, which chance would do in {overall.chance:.1%} of cases. Look at the new confusions in the report."
        )
    return found


def emergencies(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[str]:
    """Held-out emergencies may not be caught less often by more than chance explains."""
    lost = sum(then.caught and not now.caught for then, now in zip(before, after))
    won = sum(now.caught and not then.caught for then, now in zip(before, after))
    change = Change("emergencies", len(after), sum(each.caught for each in before), sum(each.caught for each in after), lost, won)
    if change.chance > comparison.OVERALL_LEVEL:
        return []
    return [f"Of {change.asked} held-out emergencies {lost} that were caught are missed now, and {won} are newly caught. Compare content/red_flags with the live model's."]


def _down(change: Change) -> str:
    group, _, topic = change.label.rpartition("/")
    where = f"data/answers/*/{topic}.yml" if group == "answer" else f"data/symptoms/{topic}.yml" if group == "symptom" else "data/dialogue"
    now = ", ".join(f"{label} ({times})" for label, times in change.taken_for)
    return (
        f"The topic {change.label} is down: {change.before} of {change.asked} held-out questions were right, now {change.after} "
        f"(lost {change.lost}, won {change.won}); they are taken for {now}. Compare the examples in {where} with those: one may stand in the wrong file."
    )


def _weaker(before: Knowledge, after: Knowledge, text: str) -> bool:
    then, now = before.red_flags.find(text), after.red_flags.find(text)
    return bool(then) and not (now and at_least(now[0].tier, then[0].tier))
