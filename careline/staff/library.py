"""What the console looks things up in: the catalog, the red flags and the live model's parts, exchanged when the live model changes."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from careline import live, models, paths
from careline.dialogue.knowledge import Knowledge, shared
from careline.errors import Untrusted
from careline.models import Opened
from careline.red_flags import Finding
from careline.server import logs
from careline.staff import model_parts
from careline.staff.search import Search

_WAITING = 16  # searches in the queue; more would only be late
Result = TypeVar("Result")


class Busy(Exception):
    """Too many searches at once."""


@dataclass(frozen=True)
class Shelf:
    """One state of the library. `heard` is the learned alarm net, where a model is loaded."""

    knowledge: Knowledge
    search: Search
    heard: Callable[[str], tuple[Finding, ...]]
    model: Opened | None  # held, since its content is read as long as it is used

    @property
    def knows_meaning(self) -> bool:
        """Is there a model, so that search knows more than words?"""
        return self.model is not None


class Library:
    """Looks things up on one thread of its own, so that a search never takes the place of a patient's turn."""

    def __init__(self, open_live: Callable[[], Opened | None] | None = None, mark: Callable[[], bytes] = live.mark) -> None:
        self._open_live = open_live or _live
        self._mark = mark
        self._marked: bytes | None = None
        self._shelf: Shelf | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="careline-console")
        self._waiting = 0
        self._thread.submit(self._current)  # it takes some seconds: better now than when the first caller waits

    @property
    def is_open(self) -> bool:
        """Has the first shelf been made?"""
        return self._shelf is not None

    async def ask(self, work: Callable[[Shelf], Result]) -> Result:
        """Do something with the current shelf on the library's thread.

        Raises:
            Busy: too many are waiting.
        """
        if self._waiting >= _WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, contextvars.copy_context().run, self._worked, work)
        finally:
            self._waiting -= 1

    def _worked(self, work: Callable[[Shelf], Result]) -> Result:
        shelf = self._current()
        with paths.using(shelf.knowledge.catalog.root):
            return work(shelf)

    def _current(self) -> Shelf:
        """The shelf of the live model and its content; made anew when another has gone live, which takes some seconds."""
        mark = self._mark()
        if self._shelf is None or mark != self._marked:
            self._shelf, self._marked = self._made(), mark
        return self._shelf

    def _made(self) -> Shelf:
        try:
            return shelved(self._open_live())
        except (OSError, ValueError, KeyError) as error:  # a model that lacks a part: words alone are better than nothing
            logs.event("console_without_model", logging.ERROR, exception=type(error).__name__)
            return shelved(None)


def shelved(model: Opened | None) -> Shelf:
    """The shelf of a model and its content, or of the project's content alone."""
    parts = model_parts.load(model.archive) if model else None
    with paths.using(model.project if model else paths.home()):
        knowledge = shared()
    search = Search(knowledge.catalog, parts.labels if parts else None)
    search("what is metastatic breast cancer")  # loads the encoder now, not while somebody types
    return Shelf(knowledge, search, parts.heard if parts else lambda _: (), model)


def _live() -> Opened | None:
    """The live model; None where there is none, or where it is not what was signed."""
    try:
        return models.live_model().opened()
    except FileNotFoundError:
        return None
    except Untrusted:
        logs.event("console_model_untrusted", logging.ERROR)
        return None
