"""Pages of the console: templates of web/console/templates, everything escaped, nothing inline."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from careline.staff.logins import Login

FRAGMENT = "x-fragment"  # a header of our scripts: only the changed piece of the page is wanted
LABEL = "Reference only: follow your own triage protocol."
_OWN = "script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'"
HEADERS = {
    "content-security-policy": f"default-src 'none'; {_OWN}; base-uri 'none'; frame-ancestors 'none'",
    # Not no-referrer, as elsewhere: with it browsers hide the origin of our own forms, which we check.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


class Pages:
    """Fills templates."""

    def __init__(self, web: Path) -> None:
        self._templates = _environment(web / "templates")

    def __call__(self, name: str, login: Login | None = None, status: int = 200, **values: Any) -> HTMLResponse:
        """A page (or a piece of one) as a response. `login` is who sees it."""
        html = self._templates.get_template(name).render(login=login, label=LABEL, **values)
        return HTMLResponse(html, status, headers=HEADERS)

    def refused(self, status: int, title: str, what: str, login: Login | None = None) -> HTMLResponse:
        """A page that says what went wrong and what to do."""
        return self("refused.html", login, status, title=title, what=what)


def wants_fragment(request: Request) -> bool:
    """Does a script of ours ask for a piece of a page?"""
    return FRAGMENT in request.headers


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["day"] = _day
    templates.filters["minute"] = lambda at: datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    templates.filters["spaced"] = lambda word: str(word).replace("_", " ")
    return templates


def _day(value: Any) -> str:
    return datetime.fromtimestamp(value, timezone.utc).date().isoformat() if isinstance(value, float) else str(value)
