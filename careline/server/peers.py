"""Who is at the other end of the connection: the proxy itself, before the address it forwards takes its place."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PEER = "careline.peer"


def behind_proxies(app: ASGIApp, proxies: str) -> ASGIApp:
    """The application as it sees forwarded addresses of trusted proxies (none where `proxies` is empty), the peer remembered."""
    inner = ProxyHeadersMiddleware(app, trusted_hosts=proxies) if proxies else app  # type: ignore[arg-type]

    async def remembering(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_PEER] = (scope.get("client") or ("",))[0]
        await inner(scope, receive, send)  # type: ignore[arg-type]

    return remembering


def peer(request: Request) -> str:
    """The address that the connection of a request comes from; "" where it is unknown."""
    return str(request.scope.get(_PEER) or (request.client.host if request.client else ""))
