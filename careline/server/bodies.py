"""What comes in: read with a cap and a time limit, parsed, and held against strict schemas."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConstrainedStr, Extra, StrictBool, ValidationError, root_validator
from starlette.requests import ClientDisconnect, Request

from careline.server.refusals import Refusal
from careline.server.settings import Settings

_READ_FOR_RED_FLAGS = 2  # so many times the cap is read of a body that is too large, only to look for red flags in it


class _Id(ConstrainedStr):
    strict = True
    regex = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")


class _Token(ConstrainedStr):
    strict = True
    min_length = 1
    max_length = 512


class _Text(ConstrainedStr):
    strict = True


class _Why(ConstrainedStr):
    strict = True
    max_length = 500


class _Item(ConstrainedStr):
    strict = True
    min_length = 1
    max_length = 300


class _Body(BaseModel):
    class Config:
        extra = Extra.forbid

    @root_validator(pre=True)
    def _no_nulls(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N805 (pydantic's convention)
        if any(value is None for value in values.values()):
            raise ValueError("null is not a value; leave the key out")
        return values


class MessageBody(_Body):
    """POST /api/v1/messages: an id made by the page, and either what was typed or the token of a pressed choice."""

    id: _Id
    text: _Text | None = None
    choice: _Token | None = None

    @root_validator(skip_on_failure=True)
    def _one_of_two(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if (values.get("text") is None) == (values.get("choice") is None):
            raise ValueError("either text or choice, not both")
        return values


class SessionBody(_Body):
    """POST and PUT of a session: may scrubbed rows be kept for review? Off unless the person says so."""

    keep_for_review: StrictBool = False


class FeedbackBody(_Body):
    """POST /api/v1/feedback."""

    turn: _Id
    helpful: StrictBool
    why: _Why | None = None


class ListBody(_Body):
    """PUT /api/v1/list."""

    items: list[_Item]

    @root_validator(skip_on_failure=True)
    def _not_too_many(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if len(values["items"]) > 30:
            raise ValueError("at most 30 items")
        return values


Model = TypeVar("Model", bound=_Body)


async def read(request: Request, model: type[Model], settings: Settings, *, optional: bool = False) -> Model:
    """The body of a request as a `model`; an empty one gives its defaults where it is `optional`.

    Raises:
        Refusal: wrong content type, too large, too slow, not JSON, or not what the schema says.
    """
    raw = await _bytes(request, settings)
    if optional and not raw:
        return model()
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    value = _parsed(raw)
    text = tidy(raw.decode("utf-8", "replace")) if value is _NOT_JSON else typed(value)
    if content_type != "application/json":
        raise Refusal(415, "content_type", "Send application/json.", text)
    if value is _NOT_JSON:
        raise Refusal(400, "not_json", "The body is not JSON.", text)
    return _validated(model, value, text)


def typed(value: Any) -> str:
    """What the person typed, as far as it can be found in a body, whatever else is wrong with it."""
    text = value.get("text") if isinstance(value, dict) else value
    return tidy(text) if isinstance(text, str) else ""


def tidy(text: str) -> str:
    """Text without what no database takes: NUL and halves of surrogate pairs. The words stay as they were typed."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


_NOT_JSON = object()


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _validated(model: type[Model], value: Any, text: str) -> Model:
    reply_to = value.get("id", "") if isinstance(value, dict) else ""
    reply_to = reply_to if isinstance(reply_to, str) and _Id.regex.match(reply_to) else ""  # type: ignore[attr-defined]
    if not isinstance(value, dict):
        raise Refusal(422, "schema", "The body must be a JSON object.", text)
    try:
        return model(**value)
    except (ValidationError, TypeError) as error:
        # Only where it is wrong: what is wrong with it may quote what was typed.
        keys = sorted({str(item["loc"][0]) for item in error.errors()}) if isinstance(error, ValidationError) else []
        known = [key for key in keys if key in model.__fields__]
        what = f"Not as the schema says: {', '.join(known)}." if known else "Not as the schema says."
        raise Refusal(422, "schema", what, text, reply_to) from None


async def _bytes(request: Request, settings: Settings) -> bytes:
    cap, chunks = settings.body_limit, bytearray()
    try:
        await asyncio.wait_for(_fill(request, chunks, cap * _READ_FOR_RED_FLAGS), settings.body_seconds)
    except asyncio.TimeoutError:
        raise Refusal(408, "body_slow", "The body took too long to arrive.") from None
    except ClientDisconnect:
        raise Refusal(400, "gone", "The connection was closed.") from None
    if len(chunks) <= cap:
        return bytes(chunks)
    value = _parsed(bytes(chunks))
    loose = chunks.decode("utf-8", "replace").replace("\\n", " ") if value is _NOT_JSON else value
    raise Refusal(413, "body_too_large", f"At most {cap} bytes.", typed(loose), headers={"Connection": "close"})


async def _fill(request: Request, chunks: bytearray, most: int) -> None:
    async for chunk in request.stream():
        chunks += chunk[: most - len(chunks)]
        if len(chunks) >= most:
            return
