"""The console put together: its routes, open and behind the door, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from careline.server import logs
from careline.server.silence import Silence
from careline.staff.accounts import Accounts
from careline.staff.acts import Acts
from careline.staff.calls import Calls
from careline.staff.entrance import DOOR, Entrance, leave
from careline.staff.library import Busy, Library
from careline.staff.logins import Logins
from careline.staff.office import Office
from careline.staff.pages import Pages
from careline.staff.records import Records
from careline.staff.settings import StaffSettings
from careline.store.base import Store, StoreError
from careline.store.ledger import Ledger
from careline.store.withdrawn import Withdrawn


def console(settings: StaffSettings, store: Store, library: Library | None = None) -> ASGIApp:
    """The application that is mounted at /staff. `store` holds the conversations, for the questions people agreed to keep."""
    ledger, accounts, pages = Ledger(settings.ledger_path), Accounts(settings.accounts_path), Pages(settings.web)
    logins = Logins(ledger, accounts, settings.secret)
    office = Office(library or Library(), ledger, logins, Withdrawn(ledger, fresh_seconds=0), Acts(ledger), store, pages)
    entrance = Entrance(Silence(Router(inside(office)), office.withdrawn), logins, accounts, settings, pages)
    return Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=settings.web / "static", check_dir=False)),
            Route("/login", entrance.show, methods=["GET"]),
            Route("/login", entrance.enter, methods=["POST"]),
            Mount("/", entrance),  # everything else: a page that is forgotten here is closed, not open
        ],
        exception_handlers=_handlers(pages),
    )


def inside(office: Office) -> list[Route]:
    """Every page behind the door, and what is sent from them."""

    async def logout(request: Request) -> Response:
        # The cookie is worthless from now on.
        await run_in_threadpool(office.logins.leave, request.state.login)
        return leave(RedirectResponse(DOOR, 303), request)

    return [*Calls(office).routes(), *Records(office).routes(), Route("/logout", logout, methods=["POST"])]


def _handlers(pages: Pages) -> Mapping[Any, Any]:
    async def missing(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return pages.refused(status, "Nothing here", "There is no such page. Go back to the call page.")

    async def busy(_request: Request, _error: Exception) -> Response:
        return pages.refused(503, "Busy", "Too many searches at once. Try again in a moment.")

    async def crashed(_request: Request, error: Exception) -> Response:
        logs.event("console_crashed", exception=type(error).__name__)
        return pages.refused(500, "Something went wrong", "Use your own protocol and numbers, and tell a maintainer.")

    return {HTTPException: missing, Busy: busy, StoreError: crashed, Exception: crashed}
