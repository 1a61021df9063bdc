"""Buttons: a page gets an opaque token, good for one turn of one conversation; what it means stays here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from careline.server.refusals import Refusal
from careline.store.base import Exchange


class Choices:
    """Makes the tokens of choices and reads them."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def public(self, conversation: str, turn: Mapping[str, Any], *, live: bool = True) -> dict[str, Any]:
        """A stored turn as a page sees it. Only a live turn, the latest, has buttons that can still be pressed."""
        shown = enumerate(turn["choices"]) if live else ()
        choices = [
            {"label": choice["label"], "token": self._signer(conversation).dumps([turn["turn"], index])}
            for index, choice in shown
        ]
        return {**turn, "choices": choices}

    def pressed(self, conversation: str, token: str, last: Exchange | None) -> tuple[str, str]:
        """The (label, action) of a pressed button.

        Raises:
            Refusal: 400 for a token of another conversation or one that was made up, 409 for one of an earlier turn.
        """
        try:
            turn, index = self._signer(conversation).loads(token)
        except (BadData, ValueError, TypeError, RecursionError):
            raise Refusal(400, "choice_invalid", "This choice does not belong to this conversation.") from None
        if last is None or last.turn_id != turn:
            raise Refusal(409, "choice_stale", "This choice belongs to an earlier turn.")
        choice = last.turn["choices"][index]
        return choice["label"], choice["action"]

    def _signer(self, conversation: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"careline.choice.{conversation}")
