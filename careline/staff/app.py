"""The console as a process of its own: nothing of the chat in it, so that neither can slow the other."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from careline.server.headers import Shield
from careline.server.refusals import Refusal
from careline.server.settings import Settings
from careline.staff import settings as staff_settings
from careline.staff.console import console
from careline.staff.library import Library
from careline.store.sqlite import SqliteStore


def mounted(settings: Settings, library: Library | None = None) -> ASGIApp:
    """The console as the server of the chat mounts it, set up by the environment."""
    return console(staff_settings.from_environment(settings.secret), SqliteStore(settings.store_path), library)


def alone(settings: Settings) -> ASGIApp:
    """The console with its health checks, behind the same shield as everything else."""
    library = Library()

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        return JSONResponse({"ready": library.is_open}, 200 if library.is_open else 503)

    routes = [
        Route("/healthz", health, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/", lambda _: RedirectResponse("/staff/"), methods=["GET"]),
        Mount("/staff", mounted(settings, library)),
    ]
    return Shield(Starlette(routes=routes), settings, _refused)


def _refused(refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.message, refusal.status)
