"""How sure is sure enough: the levels at which a message is answered, cut in two, offered choices, or turned away.

None is set by hand: `careline.nlu.calibration` fits them at every training, and the model carries them (docs/decisions/0020).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """Probabilities of the topic classifier, each the least at which something is done."""

    answer: float  # the best topic is answered
    offer: float  # a topic is worth offering as a choice
    scope: float  # a message may be in scope at all
    part: float  # a part of a message stands for a question of its own
    alone: float  # it does so even where the whole message does not know its topic
    heard: float  # the whole message knows a topic
    hint: float  # what a message itself must give an answer that only its context suggests


@dataclass(frozen=True)
class Calibration:
    """The thresholds of a model, and what they come to on the examples they were fitted on: shares, and numbers of cases."""

    thresholds: Thresholds
    found: Mapping[str, float]


NOT_CALIBRATED = Calibration(Thresholds(answer=1, offer=1, scope=0, part=1, alone=1, heard=1, hint=1), {})  # nothing is sure enough
