"""Where things lie: the project folder, the content that is used, and what is derived from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")
_KEPT = 4  # contents in memory at once: the project's, a model's, its successor's, and one to spare
_content: ContextVar[Path | None] = ContextVar("careline_content", default=None)


def home() -> Path:
    """The project folder: CARELINE_HOME, or the folder that holds this package."""
    return Path(os.environ.get("CARELINE_HOME") or Path(__file__).resolve().parent.parent)


def content() -> Path:
    """The folder whose `data/` and `content/` answer here: the project's, or inside `using` that of a model."""
    return _content.get() or home()


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Answer from the content of another folder. Holds for this task or thread and what it calls, not for its neighbours.

    A model is trained on some content and carries a copy of it. While one model takes over from another, both answer in
    the same process, each from its own.
    """
    before = _content.set(folder)
    try:
        yield
    finally:
        _content.reset(before)


def per_content(read: Callable[[Path], Value]) -> Callable[[], Value]:
    """Make of a reader of a project folder a function without arguments that reads each folder of content once."""
    known = lru_cache(maxsize=_KEPT)(read)

    @wraps(read)
    def shared() -> Value:
        return known(content())

    return shared


def models() -> Path:
    """Trained models (derived, not in version control)."""
    return Path(os.environ.get("CARELINE_MODELS") or home() / "models")


def var() -> Path:
    """What the running program writes: the conversation store and the secret it made."""
    return Path(os.environ.get("CARELINE_VAR") or home() / "var")
