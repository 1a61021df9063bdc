"""ASGI middleware: whatever is said in answer to a request, it shows no phone number that staff have withdrawn."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from careline.silenced import silencing
from careline.withdrawals import Withdrawals, numbers


class Silence:
    """Pages, errors, safe turns and the console ask the registry for numbers; here it learns which are withdrawn by now."""

    def __init__(self, app: ASGIApp, withdrawn: Callable[[], Withdrawals]) -> None:
        self._app = app
        self._withdrawn = withdrawn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        with silencing(numbers(self._withdrawn())):
            await self._app(scope, receive, send)
