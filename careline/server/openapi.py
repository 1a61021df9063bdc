"""The API described, by hand, as OpenAPI 3.1. Tests hold it against the routes and fuzz the API from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from careline.turn import KINDS, TIERS

Schema = dict[str, Any]
API_VERSION = "1.0.0"

_ID = {"type": "string", "pattern": r"^[A-Za-z0-9_.:-]{1,64}$"}
# The words of a message: at least one character that is not white space.
_WORDS = {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": r"\S"}


@lru_cache
def document() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Careline", "version": API_VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "From POST /api/v1/sessions."}
            },
        },
    }


_ABOUT = (
    "Questions about breast cancer that has spread or come back, answered in one atomic turn that always says whom to call. "
    "Every error of the API carries such a turn too."
)


def _paths() -> Schema:
    return {
        "/api/v1/sessions": {
            "post": _open("Start a conversation", {"201": _json("Session")}, "SessionBody", required=False)
        },
        "/api/v1/session": {
            "put": _operation("Say what may be kept for review", {"200": _json("SessionBody")}, "SessionBody"),
            "delete": _operation("Erase the conversation", {"204": _nothing()}),
        },
        "/api/v1/messages": {
            "post": _operation(
                "Say something, or press a choice", {"200": _json("Turn"), "409": _json("Problem")}, "MessageBody"
            ),
            "get": {**_operation("What was said so far", {"200": _json("History")}), "parameters": [_AFTER]},
        },
        "/api/v1/feedback": {
            "post": _operation("Was a turn helpful?", {"204": _nothing(), "404": _json("Problem")}, "FeedbackBody")
        },
        "/api/v1/list": {
            "get": _operation("The person's questions for the doctor", {"200": _json("ListBody")}),
            "put": _operation("Replace them", {"200": _json("ListBody")}, "ListBody"),
        },
        "/healthz": {"get": _plain("The process is alive", {"200": _json("Health")})},
        "/readyz": {"get": _plain("It answers as it should", {"200": _json("Readiness"), "503": _json("Readiness")})},
        "/metrics": {"get": _plain("Counters for Prometheus", {"200": _text("text/plain")})},
        "/openapi.json": {"get": _plain("This document", {"200": _object()})},
        "/widget/config.json": {
            "get": _plain("The numbers a page keeps for when the server is gone", {"200": _object()})
        },
    }


_AFTER = {
    "name": "after",
    "in": "query",
    "description": "A turn; only later ones are sent. All of them where it is unknown.",
    "schema": {"type": "string"},
}


def _plain(summary: str, responses: Schema) -> Schema:
    return {"summary": summary, "responses": {**responses, "500": _json("Problem")}}


def _open(summary: str, responses: Schema, body: str | None = None, *, required: bool = True) -> Schema:
    """An operation without a session; anything refused is a Problem with a safe turn in it."""
    problems = {status: _json("Problem") for status in ("400", "403", "429", "500", "503")}
    if body is None:
        return {"summary": summary, "responses": {**problems, **responses}}
    problems |= {status: _json("Problem") for status in ("408", "413", "415", "422")}
    content = {"required": required, "content": {"application/json": {"schema": _ref(body)}}}
    return {"summary": summary, "requestBody": content, "responses": {**problems, **responses}}


def _operation(summary: str, responses: Schema, body: str | None = None) -> Schema:
    operation = _open(summary, {"401": _json("Problem"), **responses}, body)
    return {**operation, "security": [{"session": []}]}


def _schemas() -> Schema:
    return {
        "SessionBody": _object_of({"keep_for_review": {"type": "boolean", "default": False}}, required=[]),
        "Session": _object_of({"token": {"type": "string"}, "expires": {"type": "string", "format": "date-time"}}),
        "MessageBody": {"oneOf": [_object_of({"id": _ID, "text": _WORDS}), _object_of({"id": _ID, "choice": _TOKEN})]},
        "FeedbackBody": _object_of(
            {"turn": _ID, "helpful": {"type": "boolean"}, "why": {"type": "string", "maxLength": 500}},
            ["turn", "helpful"],
        ),
        "ListBody": _object_of({"items": {"type": "array", "maxItems": 30, "items": _string(1, 300)}}),
        "Turn": _turn(),
        "History": _object_of({"turns": _array(_ref("Turn")), "complete": _BOOLEAN, "more": _BOOLEAN}),
        "Problem": _object_of({"error": _object_of({"code": _STRING, "message": _STRING}), "turn": _ref("Turn")}),
        "Health": _object_of({"status": {"const": "ok"}}),
        "Readiness": _object_of({"ready": _BOOLEAN, "checks": {"type": "object"}, "model": _STRING}),
    }


_STRING = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_BOOLEAN = {"type": "boolean"}
_TOKEN = {"type": "string", "minLength": 1, "maxLength": 512}


def _turn() -> Schema:
    source = _object_of({"document": _STRING, "section": _STRING, "year": _STRING})
    part = {
        "text": _STRING,
        "topic": _MAYBE,
        "title": _MAYBE,
        "sources": _array(source),
        "reviewed": _MAYBE,
        "role": _STRING,
    }
    contact = {"id": _STRING, "name": _STRING, "phone": _STRING, "tel": _STRING, "hours": _MAYBE}
    contacts = {**_array(_object_of(contact)), "minItems": 1}
    fields = {
        "turn": _STRING,
        "reply_to": _STRING,
        "model": {"type": "string", "description": "the model that said it, or rules where none did"},
        "kind": {"enum": list(KINDS)},
        "tier": {"enum": list(TIERS)},
        "parts": _array(_object_of(part)),
        "choices": _array(_object_of({"label": _STRING, "token": _STRING})),
        "referral": _object_of({"text": _string(1), "contacts": contacts}),
        "language": _STRING,
        "data": {"type": "object"},
        "stored": {"type": "boolean", "description": "false while the conversation store is away"},
    }
    said = {"text": {"type": "string", "description": "what the person said, scrubbed (GET only)"}}
    return _object_of({**fields, **said}, required=list(fields))


def _object_of(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _string(least: int, most: int | None = None) -> Schema:
    return {"type": "string", "minLength": least, **({"maxLength": most} if most else {})}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name: str) -> Schema:
    return {"description": name, "content": {"application/json": {"schema": _ref(name)}}}


def _object() -> Schema:
    return {"description": "JSON", "content": {"application/json": {"schema": {"type": "object"}}}}


def _text(media: str) -> Schema:
    return {"description": "Text", "content": {media: {"schema": _STRING}}}


def _nothing() -> Schema:
    return {"description": "Done"}
