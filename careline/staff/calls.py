"""The pages for a call: search, card, checklist, red flags, handout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from careline.staff import cards, handout, red_flag_aid
from careline.staff.library import Shelf
from careline.staff.office import Office, topic_of
from careline.staff.pages import wants_fragment
from careline.staff.search import GROUPS, Filters


class Calls:
    """What somebody with a caller on the line needs."""

    def __init__(self, office: Office) -> None:
        self._ = office

    def routes(self) -> list[Route]:
        """Its pages, and what is sent from them."""
        return [
            Route("/", self.call, methods=["GET"]),
            Route("/search", self.search, methods=["GET"]),
            Route("/topics/{topic}", self.card, methods=["GET"]),
            Route("/checklist", self.checklist, methods=["GET"]),
            Route("/red-flags", self.red_flags, methods=["POST"]),
            Route("/handout", self.handout, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """The page for a call: search, card, red flags, note. Works without scripts, too: q searches, topic opens a card."""
        return await self._call(request, "")

    async def search(self, request: Request) -> Response:
        """The best topics for what was typed so far."""
        return self._.pages("hits.html", request.state.login, **await self._found(request))

    async def card(self, request: Request) -> Response:
        """An answer card; the whole page around it unless a script asks for the card alone."""
        topic = request.path_params["topic"]
        if not wants_fragment(request):
            return await self._call(request, topic)
        card = await self._.look(lambda shelf: self._card(shelf, topic))
        return self._.pages("card.html", request.state.login, card=card)

    async def checklist(self, request: Request) -> Response:
        """The red flags to ask about for a symptom or a topic."""
        topic = request.query_params.get("symptom", "")
        if not wants_fragment(request):
            return await self._call(request, topic)
        return self._.pages("checklist.html", request.state.login, **await self._.look(lambda shelf: _checklist(shelf, topic)))

    async def red_flags(self, request: Request) -> Response:
        """What the caller's words and the ticks amount to. Nothing of it is kept."""
        form = request.state.form

        def work(shelf: Shelf) -> red_flag_aid.Aid:
            asked = cards.checklist(shelf.knowledge, topic_of(shelf, form.one("symptom")))
            return red_flag_aid.aid(shelf.knowledge, form.one("said"), form.all("flag"), asked, shelf.heard)

        page = "aid.html" if wants_fragment(request) else "aid_page.html"
        return self._.pages(page, request.state.login, aid=await self._.look(work))

    async def handout(self, request: Request) -> Response:
        """A page to print for the caller."""
        chosen = request.query_params.getlist("topic")
        made = await self._.look(lambda shelf: handout.handout(shelf.knowledge, chosen, self._.withdrawn()))
        return self._.pages("handout.html", request.state.login, handout=made)

    async def _call(self, request: Request, topic: str) -> Response:
        found = await self._found(request)
        card = await self._.look(lambda shelf: self._card(shelf, topic)) if topic else None
        shown = await self._.look(lambda shelf: _call_page(shelf, topic))
        return self._.pages("call.html", request.state.login, card=card, **found, **shown)

    async def _found(self, request: Request) -> dict[str, Any]:
        given = request.query_params
        filters = Filters(given.get("theme", ""), given.get("facet", ""), given.get("source", ""))
        query = given.get("q", "")
        return await self._.look(lambda shelf: _hits(shelf, query, filters, self._.withdrawn()))

    def _card(self, shelf: Shelf, topic: str) -> cards.Card:
        known = topic_of(shelf, topic)
        if known is None:
            raise HTTPException(404)  # also for small talk: it is no answer to read out
        return cards.card(shelf.knowledge, known, self._.withdrawn())


def _hits(shelf: Shelf, query: str, filters: Filters, withdrawals: Mapping[str, Any]) -> dict[str, Any]:
    flags = shelf.knowledge.red_flags
    raised = [flags.flags[finding.flag] for finding in flags.find(query)] if query.strip() else []
    hits = [(hit, cards.card(shelf.knowledge, hit.topic, withdrawals)) for hit in shelf.search(query, filters)]
    return {"query": query, "filters": filters, "hits": hits, "raised": raised, "knows_meaning": shelf.knows_meaning}


def _checklist(shelf: Shelf, topic: str) -> dict[str, Any]:
    known = topic_of(shelf, topic)
    return {"checklist": cards.checklist(shelf.knowledge, known), "checklist_of": known}


def _call_page(shelf: Shelf, topic: str) -> dict[str, Any]:
    """What the page holds beside the search and the card: filters to choose from, symptoms, the two numbers."""
    catalog = shelf.knowledge.catalog
    topics = [each for group in GROUPS for each in catalog.group(group)]
    contacts = catalog.contacts
    return {
        "themes": sorted({each.theme for each in topics}),
        "facets": sorted({f"{kind}:{value}" for each in topics for kind, value in each.meta.facets.items()}),
        "sources": list(catalog.sources.values()),
        "symptoms": sorted(catalog.group("symptom"), key=lambda each: each.meta.title),
        "emergency": contacts.by_id[contacts.emergency],
        "crisis": contacts.by_id[contacts.crisis],
        **_checklist(shelf, topic),
    }
