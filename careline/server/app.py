"""The application: everything put together, and what starts and stops with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from careline.catalog import Catalog
from careline.server import logs
from careline.server.api import Api, forever
from careline.server.canary import Canary, Probe
from careline.server.choices import Choices
from careline.server.clock import Clock
from careline.server.guard import Guard
from careline.server.headers import Shield
from careline.server.journal import Journal
from careline.server.messages import Parts
from careline.server.metrics import Metrics
from careline.server.pages import Pages
from careline.server.peers import behind_proxies
from careline.server.ports import Engine
from careline.server.refusals import Refusal, Refuser
from careline.server.sessions import Sessions
from careline.server.settings import Settings, from_environment
from careline.server.silence import Silence
from careline.server.succession import Succession
from careline.server.tally import Tally
from careline.store.base import Store, StoreError
from careline.store.ledger import Ledger
from careline.store.sqlite import SqliteStore
from careline.store.withdrawn import Withdrawn

STOP_SECONDS = 3.0
_PROBE = Probe()


def create_app(
    settings: Settings,
    load: Callable[[], Engine],
    *,
    fallback: Engine,
    catalog: Catalog,
    store: Store | None = None,
    mark: Callable[[], bytes] = lambda: b"",
    probe: Probe = _PROBE,
    staff: ASGIApp | None = None,
) -> ASGIApp:
    """The ASGI application.

    Args:
        settings: limits and places.
        load: makes the engine; runs in a thread while the fallback already answers, and again whenever `mark` changes.
        fallback: answers until then, and whenever the engine does not.
        catalog: wording and phone numbers for pages and refusals.
        store: where conversations go; SQLite at `settings.store_path` if not given.
        mark: what is live, as something to compare; cheap, it is asked every second.
        probe: what readiness asks, and what a model must answer before it takes over from another.
        staff: the console, where this process serves it.
    """
    settings = replace(settings, origins=settings.origins | set(catalog.contacts.deployment.allowed_origins))
    parts = _parts(settings, fallback, store or SqliteStore(settings.store_path), catalog)
    api = Api(parts, Canary(parts.guard, parts.store, parts.metrics, parts.clock, probe))
    refuser = Refuser(parts.guard, parts.metrics, _wording(catalog))
    app = Starlette(
        routes=[*api.routes(), *Pages(settings.web, catalog).routes(), *([Mount("/staff", staff)] if staff else [])],
        exception_handlers=_handlers(refuser),
        # The widget is sent to slow phones; compressed it is a third of its size.
        middleware=[Middleware(GZipMiddleware, minimum_size=1000), Middleware(Silence, parts.withdrawn)],
        lifespan=lambda _: _lifespan(parts, Succession(parts.guard, parts.metrics, load, mark, probe)),
    )
    app.state.parts = parts
    return Shield(app, settings, refuser.response)


def serve(host: str = "127.0.0.1", port: int = 8000, only: str = "") -> None:
    """Serve until stopped: the chat and the console, or `only` one of them ("chat", "staff").

    Configured by environment variables alone (see settings.py and staff/settings.py).
    """
    from careline.staff import app as staff

    logs.install_logging()
    settings = from_environment()
    app = staff.alone(settings) if only == "staff" else _chat(settings, None if only == "chat" else staff.mounted(settings))
    logs.install_logging()  # again: what was imported since has brought its own handlers
    uvicorn.Server(server_config(app, host, port, settings.proxies)).run()


def _chat(settings: Settings, staff: ASGIApp | None) -> ASGIApp:
    from careline import catalog, live
    from careline.dialogue import engine

    return create_app(
        settings, engine.Engine.load, fallback=engine.fallback_engine(), catalog=catalog.shared(), mark=live.mark, staff=staff
    )


def server_config(app: ASGIApp, host: str, port: int, proxies: str = "") -> uvicorn.Config:
    """How uvicorn serves it: no access log (it holds addresses), no server header, forwarded addresses only from our own proxies."""
    return uvicorn.Config(
        behind_proxies(app, proxies),
        host=host,
        port=port,
        ws="none",  # rasa pins a websockets that uvicorn cannot use, and nothing here speaks it
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # behind_proxies reads them, and remembers the proxy
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
    )


def _parts(settings: Settings, fallback: Engine, store: Store, catalog: Catalog) -> Parts:
    metrics, clock, ledger = Metrics(), Clock(), Ledger(settings.ledger_path)
    return Parts(
        settings=settings,
        clock=clock,
        store=store,
        journal=Journal(store, metrics),
        guard=Guard(fallback, metrics),
        sessions=Sessions(settings, clock),
        choices=Choices(settings.secret),
        metrics=metrics,
        withdrawn=Withdrawn(ledger),
        catalog=catalog,
        tally=Tally(ledger),
    )


def _wording(catalog: Catalog) -> Mapping[str, str]:
    keys = ("too_long", "empty", "error", "refused_too_many", "refused_busy", "refused_starting", "refused_session_over", "refused_stale_choice")
    return {key: catalog.say(key) for key in keys if key in catalog.wording}


def _handlers(refuser: Refuser) -> Mapping[Any, Any]:
    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return refuser.response(error)

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method"}.get(error.status_code, "http")
        return refuser.response(Refusal(error.status_code, code, error.detail, headers=error.headers or {}))

    async def crashed(_request: Request, error: Exception) -> Response:
        logs.event("crashed", exception=type(error).__name__)
        return refuser.response(Refusal(500, "internal", "Something went wrong."))

    return {Refusal: refused, HTTPException: http, Exception: crashed}


@contextlib.asynccontextmanager
async def _lifespan(parts: Parts, succession: Succession) -> AsyncIterator[None]:
    parts.guard.start()
    await _open_store(parts)
    jobs = [
        asyncio.create_task(parts.journal.run()),
        asyncio.create_task(forever(parts.settings.look_every, succession.look)),
        asyncio.create_task(forever(parts.settings.expiry_every, lambda: _expire(parts))),
        asyncio.create_task(forever(parts.settings.tally_every, parts.tally.flush)),
    ]
    logs.event("started")
    try:
        yield
    finally:
        for job in jobs:
            job.cancel()
        await _stop(parts)


async def _open_store(parts: Parts) -> None:
    # A store that is away must not keep the bot from answering: it is tried again with every turn.
    try:
        await parts.store.open()
    except StoreError as error:
        parts.metrics.trouble(f"store_{error.code}")


async def _expire(parts: Parts) -> None:
    now, settings = parts.clock.now(), parts.settings
    parts.sessions.forget_idle()
    with contextlib.suppress(StoreError):  # counted; the next round comes in a minute
        await parts.journal.attempt(
            lambda: parts.store.expire(now - settings.idle_seconds, now - settings.review_seconds), 5
        )


async def _stop(parts: Parts) -> None:
    await parts.tally.flush()
    if parts.journal.down:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(parts.journal.flush(), STOP_SECONDS)
    with contextlib.suppress(StoreError):
        await parts.store.close()
    parts.guard.stop()
    logs.event("stopped")
