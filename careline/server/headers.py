"""The outermost layer: security headers on everything, the Origin allow-list, and an answer even to a crash."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.server.refusals import Refusal
from careline.server.settings import Settings

_PERMISSIONS = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
_METHODS = "GET, POST, PUT, DELETE"


class Shield:
    """ASGI middleware. It catches what nothing inside caught, since a page must never be left without a turn."""

    def __init__(self, app: ASGIApp, settings: Settings, refused: Callable[[Refusal], Response]) -> None:
        self._app = app
        self._settings = settings
        self._refused = refused
        self._common = {
            "content-security-policy": content_security_policy(settings.frame_ancestors),
            "permissions-policy": _PERMISSIONS,
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no websockets here
        headers, started = Headers(scope=scope), False

        async def shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._protect(MutableHeaders(scope=message), scope["path"], headers)
            await send(message)

        try:
            inner = self._gate(scope, headers) or self._app
            await inner(scope, receive, shielded)
        except Exception:
            if started:
                return
            response = self._refused(Refusal(500, "internal", "Something went wrong."))
            await response(scope, receive, shielded)

    def _gate(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        origin = headers.get("origin")
        if origin is None or not scope["path"].startswith("/api/"):
            return None
        if not self._may(origin, headers):
            return self._refused(Refusal(403, "origin", "This site may not use this server."))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            return Response(status_code=204)
        return None

    def _may(self, origin: str, headers: Headers) -> bool:
        return _is_same(origin, headers) or origin in self._settings.origins

    def _protect(self, response: MutableHeaders, path: str, request: Headers) -> None:
        for name, value in self._common.items():
            response.setdefault(name, value)
        if _is_widget(path):  # scripts that other sites load: open to all, and worth keeping for a while
            response["access-control-allow-origin"] = "*"
            response["cross-origin-resource-policy"] = "cross-origin"
            response.setdefault("cache-control", "public, max-age=600")
            return
        response["cross-origin-resource-policy"] = "same-origin"
        response.setdefault("cache-control", "no-store")
        if path.startswith("/api/"):
            self._allow_origin(response, request)

    def _allow_origin(self, response: MutableHeaders, request: Headers) -> None:
        response.add_vary_header("Origin")
        origin = request.get("origin")
        if origin in self._settings.origins and origin is not None:
            response["access-control-allow-origin"] = origin
            response["access-control-allow-methods"] = _METHODS
            response["access-control-allow-headers"] = "Authorization, Content-Type"
            response["access-control-expose-headers"] = "Retry-After"
            response["access-control-max-age"] = "600"


def content_security_policy(frame_ancestors: str) -> str:
    """The policy of every response: only what this server itself sends, nothing inline."""
    own = "script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'; frame-ancestors {frame_ancestors}"


def _is_widget(path: str) -> bool:
    return path == "/widget.js" or path.startswith("/widget/")


def _is_same(origin: str, headers: Headers) -> bool:
    # The scheme is unknown behind a proxy that ends TLS. With tokens in a header and no cookies, the host is enough.
    try:
        return bool(origin) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    except ValueError:
        return False
