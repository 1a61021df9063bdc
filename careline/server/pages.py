"""The demo pages and the widget's files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from careline.catalog import Catalog
from careline.server.refusals import Refusal
from careline.server.samples import numbers, samples
from careline.turn import Part, Referral, Turn


class Pages:
    """What a browser gets that is not the API. Phone numbers come from the registry, never from a page's own text."""

    def __init__(self, web: Path, catalog: Catalog) -> None:
        self._web = web
        self._catalog = catalog

    def routes(self) -> list[BaseRoute]:
        """Pages, their files, and the widget."""
        return [
            Route("/", self.home, methods=["GET"]),
            Route("/demo/turns", self.turns, methods=["GET"]),
            Route("/demo/turns.json", self.turns_json, methods=["GET"]),
            Mount("/demo", StaticFiles(directory=self._web / "demo", check_dir=False)),
            Route("/widget.js", self.widget, methods=["GET"]),
            Route("/widget/config.json", self.config, methods=["GET"]),
            Mount("/widget", StaticFiles(directory=self._web / "widget", check_dir=False)),
        ]

    @property
    def _turns(self) -> tuple[Turn, ...]:
        """Made anew for every page, for the numbers that may be shown at this moment."""
        return tuple(samples(self._catalog))

    async def home(self, _request: Request) -> Response:
        """The demo page, with the numbers for those whose browser runs no scripts."""
        turns = self._turns
        card = referral_html(turns[0].referral) + referral_html(turns[-1].referral)
        return HTMLResponse(self._filled("index.html", card=card), headers={"cache-control": "no-cache"})

    async def turns(self, _request: Request) -> Response:
        """Every kind of turn."""
        shown = "\n".join(map(turn_html, self._turns))
        return HTMLResponse(self._filled("turns.html", turns=shown), headers={"cache-control": "no-cache"})

    async def turns_json(self, _request: Request) -> Response:
        """The same as payloads."""
        return JSONResponse([payload(turn) for turn in self._turns])

    async def config(self, _request: Request) -> Response:
        """What a widget asks once: whom to call, to keep against the day the server is gone."""
        return JSONResponse({"contacts": numbers(self._catalog)})

    async def widget(self, _request: Request) -> Response:
        """The one file that other sites name."""
        path = self._web / "widget" / "widget.js"
        if not path.is_file():
            raise Refusal(404, "not_found", "There is no widget here.")
        return FileResponse(path, media_type="text/javascript")

    def _filled(self, name: str, **values: str) -> str:
        return Template((self._web / "demo" / name).read_text("utf-8")).safe_substitute(values)


def payload(turn: Turn) -> dict[str, object]:
    """A sample as the API would send it."""
    choices = [{"label": choice.label, "token": f"sample-{index}"} for index, choice in enumerate(turn.choices)]
    return {**turn.to_json(), "choices": choices, "stored": False}


def turn_html(turn: Turn) -> str:
    """A turn as plain HTML, which the page's script puts into the widget's own look."""
    parts = "".join(map(_part, turn.parts))
    choices = "".join(f'<button type="button" disabled>{escape(choice.label)}</button> ' for choice in turn.choices)
    raw = escape(json.dumps(payload(turn), indent=1))
    return (
        f'<section class="turn tier-{escape(turn.tier)}" id="{escape(turn.kind)}"><h2>{escape(turn.kind)} '
        f'<small>tier: {escape(turn.tier)}</small></h2><div data-sample="{escape(turn.kind)}">'
        f"{parts}<p>{choices}</p>{referral_html(turn.referral)}</div>"
        f'<details><summary>Payload</summary><pre tabindex="0">{raw}</pre></details></section>'
    )


def referral_html(referral: Referral) -> str:
    """A referral as a card of links that a phone can dial."""
    lines = "".join(
        f'<li><a href="tel:{escape(contact.tel)}">{escape(contact.name)}: {escape(contact.phone)}</a>{_hours(contact.hours)}</li>'
        for contact in referral.contacts
    )
    return f'<div class="referral"><p>{escape(referral.text)}</p><ul>{lines}</ul></div>'


def _hours(hours: str | None) -> str:
    return f" <small>{escape(hours)}</small>" if hours else ""


def _part(part: Part) -> str:
    title = f"<h3>{escape(part.title)}</h3>" if part.title else ""
    return f"{title}<p>{escape(part.text)}</p>{_sources(part)}"


def _sources(part: Part) -> str:
    names: Iterable[str] = (f"{source.title or source.document} ({source.year}), {source.section}" for source in part.sources)
    listed = "".join(f"<li>{escape(name)}</li>" for name in names)
    return f"<details><summary>Sources</summary><ul>{listed}</ul></details>" if listed else ""
