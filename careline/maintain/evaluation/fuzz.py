"""Turns nobody planned: random mixtures of words, marks, slashes and other alphabets, typed and pressed through the engine."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from careline.maintain.evaluation.said import forbidden, no_referral
from careline.red_flags import highest
from careline.turn import at_least

if TYPE_CHECKING:
    from careline.dialogue.engine import Engine, Reply

_SEED = 13
_TURNS = 8  # messages of one conversation
_PRESS = 0.25  # of the turns that offer choices, one is pressed
_ODD = (
    "/restart", "/session_start", "/red_flag", "/answer{\"topic\": \"x\"}", "//", "⁄stop", "\u200b", "\u202e", "\ufeff", "😢", "🚑🚑", "１００．４",
    "не могу дышать", "أشعر", "我很害怕", "ñandú", "{hotline}", "%s", "{{7*7}}", "<b>", "';--", "\x00", "\x1b[31m", "..." * 5, "a" * 300, "1-800-221-2141",
    "you have", "50 %", "\n\n", "\t", "…", "—", "\ud800", "nan", "null", "true", "-1", "0",
)


@dataclass
class Fuzzed:
    """What came of fuzzed turns."""

    turns: int = 0
    raised: int = 0  # exceptions out of the engine; it promises none
    without_referral: int = 0
    forbidden: int = 0
    below_red_flag: int = 0
    alarms: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    safe_turns: Counter[str] = field(default_factory=Counter)  # why the safe turn was given
    examples: list[str] = field(default_factory=list)  # of what went wrong, to repeat it

    @property
    def bad(self) -> int:
        """Turns that broke a promise."""
        return self.raised + self.without_referral + self.forbidden + self.below_red_flag

    def values(self) -> dict[str, Any]:
        """As plain data."""
        return {**vars(self), "kinds": dict(self.kinds), "safe_turns": dict(self.safe_turns), "examples": self.examples[:20]}


def fuzz(engine: Engine, corpus: Sequence[str], turns: int, progress: bool = False) -> Fuzzed:
    """Hold `turns` fuzzed turns, in conversations, against the promises that every turn keeps."""
    dice, found, loop = random.Random(_SEED), Fuzzed(), asyncio.new_event_loop()
    words = sorted({word for text in corpus for word in text.split()})
    state: dict[str, Any] | None = None
    reply: Reply | None = None
    for number in range(turns):
        if number % _TURNS == 0:
            state, reply = None, None
        text, action = _message(dice, words, corpus, reply)
        reply = _turn(engine, loop, text, action, state, found)
        state = reply.state if reply else None
        if progress and (number + 1) % 1000 == 0:
            print(f"  {number + 1} fuzzed turns, {found.bad} bad", flush=True)
    loop.close()
    return found


def _message(dice: random.Random, words: Sequence[str], corpus: Sequence[str], last: Reply | None) -> tuple[str, str | None]:
    if last and last.turn.choices and dice.random() < _PRESS:
        choice = dice.choice(last.turn.choices)
        return choice.label, choice.action
    kind = dice.random()
    if kind < 0.25:
        return dice.choice(corpus), None
    if kind < 0.35:
        return dice.choice(corpus)[: dice.randrange(1, 40)] + dice.choice(_ODD), None
    picked = [dice.choice(words) if dice.random() < 0.85 else dice.choice(_ODD) for _ in range(dice.choice((0, 1, 2, 4, 8, 16, 60)))]
    return dice.choice(("", "", "", "/", "  ")) + " ".join(picked), None


def _turn(engine: Engine, loop: asyncio.AbstractEventLoop, text: str, action: str | None, state: Any, found: Fuzzed) -> Reply | None:
    found.turns += 1
    try:
        reply = loop.run_until_complete(engine.respond(text, action=action, state=state))
    except Exception as error:  # noqa: BLE001 - the engine promises to raise nothing; this counts it if it does
        found.raised += 1
        found.examples.append(f"raised {type(error).__name__}: {text!r}")
        return None
    _check(engine, text, action, reply, found)
    return reply


def _check(engine: Engine, text: str, action: str | None, reply: Reply, found: Fuzzed) -> None:
    knowledge, made = engine.knowledge, reply.turn
    found.kinds[made.kind] += 1
    if reply.fault:
        found.safe_turns[reply.fault] += 1
    tier = highest(reply.findings)
    found.alarms += tier is not None
    broken = {
        "without_referral": no_referral(knowledge, made),
        "forbidden": bool(forbidden(knowledge, made)),
        "below_red_flag": tier is not None and not at_least(made.tier, tier),
    }
    for name, failed in broken.items():
        if failed:
            setattr(found, name, getattr(found, name) + 1)
            found.examples.append(f"{name}: {text!r} -> {made.text()[:200]!r}")
