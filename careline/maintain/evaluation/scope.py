"""Is a text about our subject at all: how well the two kinds come apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from careline.maintain.evaluation.metrics import auroc, false_accept

FALSE_REJECT = 0.05


def measure(inside: Sequence[float], outside: Sequence[float]) -> dict[str, Any]:
    """AUROC of 1 - P(out_of_scope), and what slips in where one in twenty questions is turned away."""
    accepted, threshold = false_accept(inside, outside, FALSE_REJECT)
    return {
        "inside": len(inside),
        "outside": len(outside),
        "auroc": round(auroc(inside, outside), 4),
        "false_accept_at_5_percent_false_reject": round(accepted, 4),
        "threshold": round(threshold, 4),
    }


def curve(inside: Sequence[float], outside: Sequence[float], points: int = 200) -> list[tuple[float, float]]:
    """(false reject, false accept) over all thresholds, for a plot."""
    known, off = np.sort(np.asarray(inside)), np.sort(np.asarray(outside))
    levels = np.quantile(np.r_[known, off], np.linspace(0, 1, points))
    return [(float((known < level).mean()), float((off >= level).mean())) for level in levels]
