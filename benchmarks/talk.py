"""Talking to the servers over HTTP on loopback, one message after the other on one kept connection."""

from __future__ import annotations

import http.client
import itertools
import json
from typing import Any, Protocol

TURNS = 10  # messages of one conversation; below the session limit of our server
_ADDRESSES = 100  # messages from one loopback address; below the address limit of our server


class Talker(Protocol):
    """Says a message and returns what came back; raises where there was no reply at all."""

    broken: int

    def ready(self) -> bool: ...

    def say(self, text: str) -> Any: ...


class _Http:
    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = itertools.count()
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """One request; (status, JSON)."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        connection = self._connection or self.connect()
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection = None
            raise OSError(str(error)) from error

    def connect(self, address: int = 1) -> http.client.HTTPConnection:
        """A fresh connection, from another loopback address where asked: limits count by address."""
        if self._connection:
            self._connection.close()
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60, source_address=(f"127.0.0.{address}", 0))
        return self._connection

    def number(self) -> int:
        """How many messages went before."""
        return next(self._numbers)


class ToUs(_Http):
    """Careline's API: a session for each conversation."""

    _token = ""
    broken = 0  # turns given by the safe turn, or not stored in time

    def ready(self) -> bool:
        """Does it answer as it should, with the model?"""
        return self.ask("GET", "/readyz")[0] == 200

    def say(self, text: str) -> Any:
        """Say something. A busy machine may miss a time limit now and then; such turns are counted."""
        number = self.number()
        if number % _ADDRESSES == 0:
            self.connect(2 + number // _ADDRESSES)
        if number % TURNS == 0:
            self._token = self.ask("POST", "/api/v1/sessions", {})[1]["token"]
        status, turn = self.ask("POST", "/api/v1/messages", {"id": f"bench-{number}", "text": text}, self._token)
        if status != 200:
            raise RuntimeError(f"no turn: {status} {turn}")
        self.broken += turn["kind"] == "error" or not turn["stored"]
        return turn


class ToRasa(_Http):
    """Rasa's REST channel: a sender for each conversation. It may say nothing at all; that is counted."""

    broken = 0  # replies that say nothing

    def ready(self) -> bool:
        """Has it loaded its model?"""
        return self.ask("GET", "/")[0] == 200 and bool(self._post("ready", "what is metastatic breast cancer"))

    def say(self, text: str) -> Any:
        """Say something."""
        return self._post(f"bench-{self.number() // TURNS}", text)

    def _post(self, sender: str, text: str) -> Any:
        status, messages = self.ask("POST", "/webhooks/rest/webhook", {"sender": sender, "message": text})
        if status != 200:
            raise OSError(f"no answer: {status}")
        self.broken += not messages
        return messages

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """As above; Rasa's greeting at / is not JSON."""
        if path == "/":
            connection = self.connect()
            connection.request(method, path)
            response = connection.getresponse()
            response.read()
            return response.status, None
        return super().ask(method, path, body, token)
