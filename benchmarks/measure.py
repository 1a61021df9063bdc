"""Blocks of messages to each server in turn, so that whatever else the machine does weighs on all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.servers import Server
from benchmarks.talk import Talker


@dataclass
class Figures:
    """What one server cost."""

    start_cpu: float = 0.0
    start_wall: float = 0.0
    memory: float = 0.0
    broken: int = 0  # replies without an answer, or not stored
    block_cpu_ms: list[float] = field(default_factory=list)  # CPU ms a turn, block by block
    wall_ms: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a turn: the median of its blocks."""
        return statistics.median(self.block_cpu_ms)

    def wall(self, part: float) -> float:
        """A quantile of the wall time of a turn."""
        return float(np.quantile(self.wall_ms, part))


def blocks(servers: Mapping[str, tuple[Server, Talker]], texts: Sequence[str], pairs: int, turns: int) -> dict[str, Figures]:
    """`pairs` blocks of `turns` messages for each server, one server after the other, the same messages for all."""
    figures = {name: Figures() for name in servers}
    for number in range(pairs):
        block = [texts[(number * turns + index) % len(texts)] for index in range(turns)]
        order = list(servers)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            _block(*servers[name], block, figures[name])
    for name, (server, talker) in servers.items():
        figures[name].memory, figures[name].broken = server.memory(), talker.broken
    return figures


def _block(server: Server, talker: Talker, texts: Sequence[str], figures: Figures) -> None:
    before = server.cpu()
    for text in texts:
        started = time.perf_counter()
        talker.say(text)
        figures.wall_ms.append(1000 * (time.perf_counter() - started))
    server.check()
    figures.block_cpu_ms.append(1000 * (server.cpu() - before) / len(texts))


def ratio(ours: Figures, theirs: Figures) -> float:
    """Ours to theirs in CPU a turn: the median over pairs of blocks that stood next to each other."""
    return statistics.median(mine / other for mine, other in zip(ours.block_cpu_ms, theirs.block_cpu_ms))
