"""The door: whatever lies behind it needs a login, every form the token of its page. Nothing inside decides that for itself."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from careline.server import logs
from careline.server.peers import peer
from careline.staff import forms
from careline.staff.accounts import Account, Accounts
from careline.staff.forms import Forbidden, Form
from careline.staff.logins import LONGEST_SECONDS, Login, Logins
from careline.staff.pages import Pages, wants_fragment
from careline.staff.settings import StaffSettings
from careline.store.base import StoreError

HOME, DOOR = "/staff/", "/staff/login"
_FAILED = "That did not fit. After several tries a name is locked for fifteen minutes."
_LOGIN_COOKIE, _FORM_COOKIE = "careline_staff", "careline_staff_form"


class Entrance:
    """ASGI middleware before the pages of the console, and the handlers of the login page before it."""

    def __init__(self, inside: ASGIApp, logins: Logins, accounts: Accounts, settings: StaffSettings, pages: Pages) -> None:
        self._inside = inside
        self._logins = logins
        self._accounts = accounts
        self._settings = settings
        self._pages = pages
        # Hashing a password takes a core for a moment: one at a time, so that guessing slows nobody but the guesser.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="careline-login")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it at the door."""
        request = Request(scope, receive)
        try:
            answer = await self._stopped(request)
        except Forbidden as error:
            answer = self._forbidden(error)
        except StoreError:
            answer = self._pages.refused(503, "Not now", "The console cannot reach its records. Use your own protocol and numbers, and tell a maintainer.")
        await (answer or self._inside)(scope, receive, send)

    async def show(self, request: Request) -> Response:
        """The login page."""
        return self._unsafe(request) or self._page(request, 200)

    async def enter(self, request: Request) -> Response:
        """Somebody tries to come in. Every failure looks alike and takes its time."""
        try:
            if (unsafe := self._unsafe(request)) is not None:
                return unsafe
            forms.check_origin(request)
            form = await forms.read(request, self._settings.body_limit)
            forms.check_token(request, form, partial(self._is_of_page, request.cookies.get(_FORM_COOKIE, "")))
            login = await self._try(request, form)
        except Forbidden as error:
            await self._settings.pause(self._settings.failure_seconds)
            return self._forbidden(error)
        except StoreError:
            login = None
        return self._inside_now(request, login) if login else self._page(request, 401, _FAILED)

    async def _try(self, request: Request, form: Form) -> Login | None:
        address = request.client.host if request.client else "?"
        enter = asyncio.get_running_loop().run_in_executor(
            self._hashing, self._logins.enter, form.one("name"), "".join(form.fields.get("password", [])), address
        )
        tried = await asyncio.gather(enter, return_exceptions=True)
        login = tried[0] if isinstance(tried[0], Login) else None
        if login is None:
            logs.event("staff_login_failed", logging.WARNING)
            await self._settings.pause(self._settings.failure_seconds)
        return login

    async def _stopped(self, request: Request) -> Response | None:
        """What answers a request at the door; None lets it in, with its login and form in `request.state`."""
        if (unsafe := self._unsafe(request)) is not None:
            return unsafe
        if request.method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Method not allowed.", 405)
        login = await self._login(request)
        named = self._identified(request)
        if named and (login is None or login.account.name != named.name):
            return self._inside_now(request, await run_in_threadpool(self._logins.begin, named))
        if login is None:
            return self._outside(request)
        if request.method == "POST":
            forms.check_origin(request)
            request.state.form = await forms.read(request, self._settings.body_limit)
            forms.check_token(request, request.state.form, login.accepts)
        request.state.login = login
        return None

    async def _login(self, request: Request) -> Login | None:
        token = request.cookies.get(_cookie(request, _LOGIN_COOKIE))
        return await run_in_threadpool(self._logins.find, token) if token else None

    def _identified(self, request: Request) -> Account | None:
        """The account that an identity proxy names, where one is set up and the request comes straight from it."""
        name = request.headers.get(self._settings.identity_header) if self._settings.identity_header else None
        if not name or not self._settings.identity_proxies:
            return None
        try:
            address = ipaddress.ip_address(peer(request))
        except ValueError:
            return None
        return self._accounts.find(name) if any(address in network for network in self._settings.identity_proxies) else None

    def _unsafe(self, request: Request) -> Response | None:
        """Passwords and cookies travel encrypted, or do not leave this machine."""
        if request.url.scheme == "https" or _is_local(request.client.host if request.client else ""):
            return None
        what = "The console needs HTTPS. Behind a proxy that ends TLS, name the proxy in CARELINE_TRUSTED_PROXIES."
        return self._pages.refused(403, "Not over plain HTTP", what)

    def _outside(self, request: Request) -> Response:
        if wants_fragment(request):
            return PlainTextResponse("Log in again.", 401)
        return RedirectResponse(DOOR, 303)

    def _inside_now(self, request: Request, login: Login) -> Response:
        """Home, with a new cookie: what was there before the login is worth nothing after it."""
        response = RedirectResponse(HOME, 303)
        _set(response, request, _LOGIN_COOKIE, login.token, LONGEST_SECONDS)
        response.delete_cookie(_FORM_COOKIE, path="/staff")
        return response

    def _page(self, request: Request, status: int, failed: str = "") -> Response:
        seed = secrets.token_urlsafe(16)
        response = self._pages("login.html", None, status, form_token=self._form_token(seed), failed=failed)
        response.set_cookie(_FORM_COOKIE, seed, path="/staff", httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return response

    def _forbidden(self, error: Forbidden) -> Response:
        logs.event("staff_refused", logging.WARNING, reason=error.code)
        return self._pages.refused(403, "Not from here", "This did not come from a page of the console. Go back, load the page again and try once more.")

    def _form_token(self, seed: str) -> str:
        return hmac.new(self._settings.secret.encode(), f"careline.staff.door\0{seed}".encode(), hashlib.sha256).hexdigest()

    def _is_of_page(self, seed: str, token: str) -> bool:
        return bool(seed) and hmac.compare_digest(token.encode(), self._form_token(seed).encode())


def leave(response: Response, request: Request) -> Response:
    """The response that takes the cookie back."""
    response.delete_cookie(_cookie(request, _LOGIN_COOKIE), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")
    return response


def _set(response: Response, request: Request, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(_cookie(request, name), value, max_age=seconds, path="/", httponly=True, samesite="strict", secure=secure)


def _cookie(request: Request, name: str) -> str:
    # The prefix makes browsers insist on TLS and on this very host; over plain HTTP on this machine they would drop it.
    return f"__Host-{name}" if request.url.scheme == "https" else name


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
