"""The endpoints: read the request, let `Conversations` do the work, write JSON."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from careline.server import bodies, logs
from careline.server.canary import Canary
from careline.server.limits import Limiter
from careline.server.messages import Conversations, Parts
from careline.server.openapi import document
from careline.server.refusals import Refusal
from careline.server.sessions import Session

_MOST_AFTER = 64


class Api:
    """The JSON endpoints of one application."""

    def __init__(self, parts: Parts, canary: Canary) -> None:
        self._ = parts
        self._canary = canary
        self._conversations = Conversations(parts)
        self._addresses = Limiter(parts.settings.address_rate)
        self._new = Limiter(parts.settings.new_session_rate)
        self._speaking = Limiter(parts.settings.session_rate)
        self._reading = Limiter(parts.settings.session_rate)

    def routes(self) -> list[Route]:
        """Every endpoint, as described by openapi.py."""
        return [
            Route("/api/v1/sessions", self.post_session, methods=["POST"]),
            Route("/api/v1/session", self.put_session, methods=["PUT"]),
            Route("/api/v1/session", self.delete_session, methods=["DELETE"]),
            Route("/api/v1/messages", self.post_message, methods=["POST"]),
            Route("/api/v1/messages", self.get_messages, methods=["GET"]),
            Route("/api/v1/feedback", self.post_feedback, methods=["POST"]),
            Route("/api/v1/list", self.get_list, methods=["GET"]),
            Route("/api/v1/list", self.put_list, methods=["PUT"]),
            Route("/healthz", self.get_health, methods=["GET"]),
            Route("/readyz", self.get_ready, methods=["GET"]),
            Route("/metrics", self.get_metrics, methods=["GET"]),
            Route("/openapi.json", self.get_openapi, methods=["GET"]),
        ]

    async def post_session(self, request: Request) -> Response:
        """A new conversation."""
        self._new.take(_address(request))
        body = await bodies.read(request, bodies.SessionBody, self._.settings, optional=True)
        token, expires = self._.sessions.issue(body.keep_for_review)
        self._.metrics.session()
        return JSONResponse({"token": token, "expires": expires}, 201)

    async def put_session(self, request: Request) -> Response:
        """What may be kept of it."""
        body = await bodies.read(request, bodies.SessionBody, self._.settings)
        await self._conversations.set_keep(self._session(request, self._reading), body.keep_for_review)
        return JSONResponse({"keep_for_review": body.keep_for_review})

    async def delete_session(self, request: Request) -> Response:
        """Erase it. No limit on this: erasing is a right. Asking again is harmless."""
        session = self._.sessions.find(request.headers.get("authorization"), erased=True)
        await self._conversations.erase(session, time.monotonic())
        return Response(status_code=204)

    async def post_message(self, request: Request) -> Response:
        """Something the person said, or a choice pressed."""
        body = await bodies.read(request, bodies.MessageBody, self._.settings)
        try:
            return await self._answered(request, body, time.monotonic())
        except Refusal as refusal:
            raise refusal.about(bodies.tidy(body.text or ""), body.id) from None
        except Exception as error:
            self._.metrics.trouble("crashed")
            logs.event("crashed", exception=type(error).__name__)
            crash = Refusal(500, "internal", "Something went wrong.")
            raise crash.about(bodies.tidy(body.text or ""), body.id) from None

    async def _answered(self, request: Request, body: bodies.MessageBody, arrived: float) -> Response:
        session = self._session(request, self._speaking)
        return JSONResponse(await self._conversations.answer(session, body, arrived))

    async def get_messages(self, request: Request) -> Response:
        """What was said so far."""
        session = self._session(request, self._reading)
        after = request.query_params.get("after")
        return JSONResponse(await self._conversations.history(session, after[:_MOST_AFTER] if after else None))

    async def post_feedback(self, request: Request) -> Response:
        """Was a turn helpful?"""
        body = await bodies.read(request, bodies.FeedbackBody, self._.settings)
        session = self._session(request, self._reading)
        await self._conversations.feedback(session, body.turn, body.helpful, body.why or "")
        return Response(status_code=204)

    async def get_list(self, request: Request) -> Response:
        """The person's questions for the doctor."""
        return JSONResponse({"items": await self._conversations.doctor_list(self._session(request, self._reading))})

    async def put_list(self, request: Request) -> Response:
        """Replace them."""
        body = await bodies.read(request, bodies.ListBody, self._.settings)
        session = self._session(request, self._reading)
        return JSONResponse({"items": await self._conversations.set_doctor_list(session, body.items, time.monotonic())})

    async def get_health(self, _request: Request) -> Response:
        """The process is alive."""
        return JSONResponse({"status": "ok"})

    async def get_ready(self, _request: Request) -> Response:
        """It answers as it should."""
        checks = await self._canary.check()
        ready = set(checks.values()) == {"ok"}
        return JSONResponse({"ready": ready, "checks": checks, "model": self._.guard.model_id}, 200 if ready else 503)

    async def get_metrics(self, _request: Request) -> Response:
        """For Prometheus."""
        return Response(self._.metrics.render(), media_type="text/plain; version=0.0.4")

    async def get_openapi(self, _request: Request) -> Response:
        """The description of all this."""
        return JSONResponse(document())

    def _session(self, request: Request, limiter: Limiter) -> Session:
        self._addresses.take(_address(request))
        session = self._.sessions.find(request.headers.get("authorization"))
        limiter.take(session.conversation)
        return session


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


async def forever(every: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do something every so many seconds, until cancelled."""
    while True:
        await work()
        await asyncio.sleep(every)
