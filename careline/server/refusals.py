"""Requests that are refused, and what the person sees even then: a safe turn with whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import JSONResponse, Response

from careline.server.guard import Guard
from careline.server.metrics import Metrics
from careline.turn import Part, Turn, new_id

# Codes whose safe turn says more than that something went wrong.
_WORDING = {"text_too_long": "too_long", "body_too_large": "too_long", "empty_text": "empty", "too_many": "refused_too_many", "busy": "refused_busy", "starting": "refused_starting", "session_expired": "refused_session_over",
            "session_erased": "refused_session_over", "choice_stale": "refused_stale_choice"}


@dataclass
class Refusal(Exception):
    """A request that cannot be served: status, a code for programs, a sentence for people who write them."""

    status: int
    code: str
    message: str
    text: str = ""  # what the person typed, where it is known: it is still read for red flags
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def about(self, text: str, reply_to: str) -> Refusal:
        """The same refusal, with what was typed."""
        self.text, self.reply_to = self.text or text, self.reply_to or reply_to
        return self


class Refuser:
    """Makes the response to a refusal. `wording` are the fixed texts of the catalog by key."""

    def __init__(self, guard: Guard, metrics: Metrics, wording: Mapping[str, str]) -> None:
        self._guard = guard
        self._metrics = metrics
        self._wording = wording

    def response(self, refusal: Refusal) -> Response:
        """JSON with the error and a safe turn; red flags in what was typed are answered all the same."""
        self._metrics.refused(refusal.code)
        body = {
            "error": {"code": refusal.code, "message": refusal.message},
            "turn": self.safe_turn(refusal.text, refusal.code, refusal.reply_to),
        }
        return JSONResponse(body, refusal.status, headers=dict(refusal.headers))

    def safe_turn(self, text: str, code: str, reply_to: str) -> dict[str, Any]:
        """The payload of a safe turn. It has no choices, since it is not stored and nothing could be made of them."""
        turn = self._worded(self._guard.safe(text).turn, code)
        payload = replace(turn, choices=(), turn=new_id(), reply_to=reply_to).to_json()
        return {**payload, "stored": False}

    def _worded(self, turn: Turn, code: str) -> Turn:
        wording = self._wording.get(_WORDING.get(code, ""))
        if turn.kind != "error" or not wording:
            return turn
        return replace(turn, parts=(Part(wording),))
