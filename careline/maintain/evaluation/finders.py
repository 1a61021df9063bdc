"""The ways red flags are found: the rules, and where a model holds the learned net, both."""

from __future__ import annotations

from collections.abc import Mapping

from careline.dialogue.knowledge import Knowledge
from careline.maintain.evaluation.safety import Find


def of(knowledge: Knowledge, model: str | None = None) -> Mapping[str, Find]:
    """Ways by name; the last is the product's own."""
    return {"rules": knowledge.red_flags.find}
