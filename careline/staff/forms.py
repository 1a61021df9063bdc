"""Forms that come in: small, url-encoded, from our own pages, with the token of the login."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

TOKEN = "form_token"  # the name of the field; scripts send it as a header
TOKEN_HEADER = "x-form-token"


class Forbidden(Exception):
    """A request that does not come from our own page; `code` is for the log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Form:
    """The fields of a form."""

    fields: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The first value of a field, or ""."""
        return self.fields.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return self.fields.get(name, [])


async def read(request: Request, limit: int) -> Form:
    """The fields of a request.

    Raises:
        Forbidden: it is no url-encoded form, or a larger one than we send.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Forbidden("not_a_form")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Forbidden("form_too_large")
    try:
        return Form(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        raise Forbidden("not_a_form") from None


def check_origin(request: Request) -> None:
    """Refuse what another site sends. Every browser of today names the origin of a form.

    Raises:
        Forbidden: the origin is missing or not this server.
    """
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    try:
        same = urlsplit(origin).netloc.lower() == host.lower() != ""
    except ValueError:
        same = False
    if not same or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Forbidden("cross_site")


def check_token(request: Request, form: Form, accepts: Callable[[str], bool]) -> None:
    """Refuse a form without the token of its page.

    Raises:
        Forbidden: the token is missing or another.
    """
    if not accepts(request.headers.get(TOKEN_HEADER) or form.one(TOKEN)):
        raise Forbidden("form_token")
