"""Long work on many items, shared by the cores of this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_SHARES = 8  # pieces for each core, so that none waits long for the slowest
_MOST = 4  # cores; each copy of this process takes memory of its own
_at_work: Callable[[int], Any] | None = None


def count() -> int:
    """The cores that this process may use, four at most."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, _MOST)


def spread(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """`[work(item) for item in items]`, in the same order, done by copies of this process, one for each core.

    Copies, because what works (compiled rules, a loaded model, a large matrix) takes seconds to make or to send. Only results
    are sent, so they must be picklable. What work raises is raised here, and so is it when a copy dies.
    """
    global _at_work
    copies = min(count(), len(items))
    if copies < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return [work(item) for item in items]
    _at_work = lambda index: work(items[index])  # noqa: E731 - the copies find it where they were copied from
    try:
        with ProcessPoolExecutor(copies, multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_do, range(len(items)), chunksize=max(1, len(items) // (copies * _SHARES))))
    finally:
        _at_work = None


def _do(index: int) -> Any:
    assert _at_work is not None
    return _at_work(index)
