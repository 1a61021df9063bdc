"""Phone numbers that staff have withdrawn: the registry does not show them, whatever its file says.

As with the check of a number that has expired, whoever asks the registry for a contact gets none, and refers to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_silenced: ContextVar[frozenset[str]] = ContextVar("careline_silenced", default=frozenset())


@contextmanager
def silencing(numbers: frozenset[str]) -> Iterator[None]:
    """Show none of these numbers (as a phone dials them, E.164). Holds for this task or thread and what it calls."""
    before = _silenced.set(numbers)
    try:
        yield
    finally:
        _silenced.reset(before)


def is_silenced(number: str) -> bool:
    """Was this number (E.164) withdrawn?"""
    return number in _silenced.get()
