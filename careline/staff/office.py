"""What the pages of the console work with, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from careline.catalog import Topic
from careline.staff.acts import Acts
from careline.staff.library import Library, Shelf
from careline.staff.logins import Logins
from careline.staff.pages import Pages
from careline.staff.search import GROUPS
from careline.store.base import Store
from careline.store.ledger import Ledger
from careline.store.withdrawn import Withdrawn

Result = TypeVar("Result")


@dataclass(frozen=True)
class Office:
    """The handlers' tools. Every handler may rely on `request.state.login`, and on `.form` where something is sent."""

    library: Library
    ledger: Ledger
    logins: Logins
    withdrawn: Withdrawn
    acts: Acts
    store: Store
    pages: Pages

    async def look(self, work: Callable[[Shelf], Result]) -> Result:
        """What somebody finds on the shelf of the live model.

        Raises:
            Busy: too many are looking.
        """
        return await self.library.ask(work)

    def for_maintainers(self, request: Request) -> Response:
        """The page for staff who ask for what only a maintainer may do."""
        return self.pages.refused(403, "For maintainers", "Ask a maintainer of Careline to do this.", request.state.login)


def topic_of(shelf: Shelf, topic: str) -> Topic | None:
    """An answer or a symptom by its id; small talk is no answer to read out."""
    known = shelf.knowledge.catalog.topics.get(topic)
    return known if known and known.group in GROUPS else None
