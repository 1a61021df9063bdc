"""What a system made of one text, in the same shape for every system that is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """Labels best first with their probabilities; what the person got (answered | offered | turned away | alarm | language) and with which labels."""

    ranking: tuple[tuple[str, float], ...]
    outcome: str
    said: tuple[str, ...]
    inside: float  # 1 - P(out_of_scope)

    @property
    def best(self) -> str:
        """The most probable label."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """Its probability."""
        return self.ranking[0][1]

    @property
    def labels(self) -> tuple[str, ...]:
        """The ranking without its probabilities."""
        return tuple(label for label, _ in self.ranking)
