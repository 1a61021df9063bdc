"""The console put together: its routes, open and behind the door, and one short handler for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from careline.catalog import Topic
from careline.server import logs
from careline.staff import cards, contact_board, handout, insights, red_flag_aid
from careline.staff.accounts import Accounts
from careline.staff.acts import Acts
from careline.staff.entrance import DOOR, Entrance, leave
from careline.staff.library import Busy, Library, Shelf
from careline.staff.logins import Login, Logins
from careline.staff.pages import Pages, wants_fragment
from careline.staff.search import GROUPS, Filters
from careline.staff.settings import StaffSettings
from careline.store import counts
from careline.store.base import Store, StoreError
from careline.store.ledger import CHECKED, Ledger
from careline.store.withdrawn import Withdrawn

Result = TypeVar("Result")
_MOST_REVIEWS = 300


@dataclass(frozen=True)
class Office:
    """What the handlers work with."""

    library: Library
    ledger: Ledger
    logins: Logins
    withdrawn: Withdrawn
    acts: Acts
    store: Store
    pages: Pages


def console(settings: StaffSettings, store: Store, library: Library | None = None) -> ASGIApp:
    """The application that is mounted at /staff. `store` holds the conversations, for the questions people agreed to keep."""
    ledger, accounts, pages = Ledger(settings.ledger_path), Accounts(settings.accounts_path), Pages(settings.web)
    logins = Logins(ledger, accounts, settings.secret)
    office = Office(library or Library(), ledger, logins, Withdrawn(ledger, fresh_seconds=0), Acts(ledger), store, pages)
    entrance = Entrance(Router(Console(office).routes()), logins, accounts, settings, pages)
    return Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=settings.web / "static", check_dir=False)),
            Route("/login", entrance.show, methods=["GET"]),
            Route("/login", entrance.enter, methods=["POST"]),
            Mount("/", entrance),  # everything else: a page that is forgotten here is closed, not open
        ],
        exception_handlers=_handlers(pages),
    )


class Console:
    """The pages behind the door. Every handler may rely on `request.state.login`, and on `.form` where something is sent."""

    def __init__(self, office: Office) -> None:
        self._ = office

    def routes(self) -> list[Route]:
        """Every page and what is sent from them."""
        return [
            Route("/", self.call, methods=["GET"]),
            Route("/search", self.search, methods=["GET"]),
            Route("/topics/{topic}", self.card, methods=["GET"]),
            Route("/checklist", self.checklist, methods=["GET"]),
            Route("/red-flags", self.red_flags, methods=["POST"]),
            Route("/handout", self.handout, methods=["GET"]),
            Route("/contacts", self.contacts, methods=["GET"]),
            Route("/contacts/{contact}/check", self.check_contact, methods=["POST"]),
            Route("/asked", self.asked, methods=["GET"]),
            Route("/withdrawals", self.withdrawals, methods=["GET"]),
            Route("/withdraw", self.withdraw, methods=["POST"]),
            Route("/restore", self.restore, methods=["POST"]),
            Route("/log", self.log, methods=["GET"]),
            Route("/logout", self.logout, methods=["POST"]),
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
        card = await self._look(lambda shelf: self._card(shelf, topic))
        return self._.pages("card.html", request.state.login, card=card)

    async def checklist(self, request: Request) -> Response:
        """The red flags to ask about for a symptom or a topic."""
        topic = request.query_params.get("symptom", "")
        if not wants_fragment(request):
            return await self._call(request, topic)
        return self._.pages("checklist.html", request.state.login, **await self._look(lambda shelf: _checklist(shelf, topic)))

    async def red_flags(self, request: Request) -> Response:
        """What the caller's words and the ticks amount to. Nothing of it is kept."""
        form = request.state.form

        def work(shelf: Shelf) -> red_flag_aid.Aid:
            asked = cards.checklist(shelf.knowledge, _topic(shelf, form.one("symptom")))
            return red_flag_aid.aid(shelf.knowledge, form.one("said"), form.all("flag"), asked, shelf.heard)

        page = "aid.html" if wants_fragment(request) else "aid_page.html"
        return self._.pages(page, request.state.login, aid=await self._look(work))

    async def handout(self, request: Request) -> Response:
        """A page to print for the caller."""
        chosen = request.query_params.getlist("topic")
        made = await self._look(lambda shelf: handout.handout(shelf.knowledge, chosen, self._.withdrawn()))
        return self._.pages("handout.html", request.state.login, handout=made)

    async def contacts(self, request: Request) -> Response:
        """The registry, and who rang when."""
        checks = await run_in_threadpool(self._.ledger.acts, CHECKED)
        registry = (await self._look(lambda shelf: shelf.knowledge.catalog)).contacts
        rows = contact_board.rows(registry, checks, date.today())
        return self._.pages("contacts.html", request.state.login, rows=rows, forbidden=registry.forbidden, results=contact_board.RESULTS, warn_days=contact_board.WARN_AHEAD.days)

    async def check_contact(self, request: Request) -> Response:
        """A maintainer rang a number."""
        contacts = (await self._look(lambda shelf: shelf.knowledge.catalog)).contacts
        contact = contacts.by_id.get(request.path_params["contact"])
        result = request.state.form.one("result")
        if not request.state.login.account.is_maintainer:
            return self._only_maintainers(request)
        if contact is None or result not in contact_board.RESULTS:
            return self._.pages.refused(422, "Not recorded", "Choose how the call went.", request.state.login)
        await run_in_threadpool(self._.acts.checked, request.state.login.account, contact, result)
        return RedirectResponse("/staff/contacts", 303)

    async def asked(self, request: Request) -> Response:
        """What people ask. The texts are for maintainers; staff see the counts."""
        login: Login = request.state.login
        since = (date.today() - timedelta(days=insights.DAYS - 1)).isoformat()
        counted = await run_in_threadpool(counts.since, self._.ledger, since)
        reviews = await self._.store.reviews(_MOST_REVIEWS) if login.account.is_maintainer else ()
        titles = await self._look(lambda shelf: {topic.id: topic.meta.title for topic in shelf.knowledge.catalog.topics.values()})
        made = insights.insights(counted, reviews, titles, date.today())
        return self._.pages("asked.html", login, insights=made, reasons=insights.REASONS, days=insights.DAYS)

    async def withdrawals(self, request: Request) -> Response:
        """What is withdrawn now, and whether its words have been corrected since."""
        standing = await run_in_threadpool(self._.ledger.withdrawals)
        topics = (await self._look(lambda shelf: shelf.knowledge.catalog)).topics
        return self._.pages("withdrawals.html", request.state.login, withdrawals=standing.values(), topics=topics, refused=_refused(topics, standing))

    async def withdraw(self, request: Request) -> Response:
        """Somebody found an answer wrong: it is refused everywhere from now on. Anybody on the staff may do that."""
        form = request.state.form
        topic = await self._look(lambda shelf: _topic(shelf, form.one("topic")))
        if topic is None or len(form.one("reason")) < self._.acts.shortest_reason:
            return self._.pages.refused(422, "Not withdrawn", "Name the answer and say what is wrong with it, in a few words.", request.state.login)
        await run_in_threadpool(self._.acts.withdrawn, request.state.login.account, topic, form.one("reason"))
        return RedirectResponse("/staff/withdrawals", 303)

    async def restore(self, request: Request) -> Response:
        """A maintainer read the answer again and lets it out."""
        form = request.state.form
        if not request.state.login.account.is_maintainer:
            return self._only_maintainers(request)
        if len(form.one("reason")) < self._.acts.shortest_reason or form.one("topic") not in await run_in_threadpool(self._.ledger.withdrawals):
            return self._.pages.refused(422, "Not restored", "Name a withdrawn answer and say why it may be said again.", request.state.login)
        await run_in_threadpool(self._.acts.restored, request.state.login.account, form.one("topic"), form.one("reason"))
        return RedirectResponse("/staff/withdrawals", 303)

    async def log(self, request: Request) -> Response:
        """What staff did."""
        if not request.state.login.account.is_maintainer:
            return self._only_maintainers(request)
        acts = await run_in_threadpool(self._.ledger.acts)
        broken = await run_in_threadpool(self._.ledger.broken_at)
        return self._.pages("log.html", request.state.login, acts=acts, broken=broken)

    async def logout(self, request: Request) -> Response:
        """End the login; its cookie is worthless from now on."""
        await run_in_threadpool(self._.logins.leave, request.state.login)
        return leave(RedirectResponse(DOOR, 303), request)

    async def _call(self, request: Request, topic: str) -> Response:
        found = await self._found(request)
        card = await self._look(lambda shelf: self._card(shelf, topic)) if topic else None
        shown = await self._look(lambda shelf: _call_page(shelf, topic))
        return self._.pages("call.html", request.state.login, card=card, **found, **shown)

    async def _found(self, request: Request) -> dict[str, Any]:
        given = request.query_params
        filters = Filters(given.get("theme", ""), given.get("facet", ""), given.get("source", ""))
        query = given.get("q", "")
        return await self._look(lambda shelf: _hits(shelf, query, filters, self._.withdrawn()))

    async def _look(self, work: Any) -> Any:
        return await self._.library.ask(work)

    def _card(self, shelf: Shelf, topic: str) -> cards.Card:
        known = _topic(shelf, topic)
        if known is None:
            raise HTTPException(404)  # also for small talk: it is no answer to read out
        return cards.card(shelf.knowledge, known, self._.withdrawn())

    def _only_maintainers(self, request: Request) -> Response:
        return self._.pages.refused(403, "For maintainers", "Ask a maintainer of Careline to do this.", request.state.login)


def _topic(shelf: Shelf, topic: str) -> Topic | None:
    known = shelf.knowledge.catalog.topics.get(topic)
    return known if known and known.group in GROUPS else None


def _hits(shelf: Shelf, query: str, filters: Filters, withdrawals: Mapping[str, Any]) -> dict[str, Any]:
    flags = shelf.knowledge.red_flags
    raised = [flags.flags[finding.flag] for finding in flags.find(query)] if query.strip() else []
    hits = [(hit, cards.card(shelf.knowledge, hit.topic, withdrawals)) for hit in shelf.search(query, filters)]
    return {"query": query, "filters": filters, "hits": hits, "raised": raised, "knows_meaning": shelf.knows_meaning}


def _checklist(shelf: Shelf, topic: str) -> dict[str, Any]:
    known = _topic(shelf, topic)
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


def _refused(topics: Mapping[str, Topic], standing: Mapping[str, Any]) -> set[str]:
    return {topic for topic in standing if topic in topics and cards.is_withdrawn(topics[topic], standing)}


def _handlers(pages: Pages) -> Mapping[Any, Any]:
    async def missing(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return pages.refused(status, "Nothing here", "There is no such page. Go back to the call page.")

    async def busy(_request: Request, _error: Exception) -> Response:
        return pages.refused(503, "Busy", "Too many searches at once. Try again in a moment.")

    async def crashed(_request: Request, error: Exception) -> Response:
        logs.event("console_crashed", exception=type(error).__name__)
        return pages.refused(500, "Something went wrong", "Use your own protocol and numbers, and tell a maintainer.")

    return {HTTPException: missing, Busy: busy, StoreError: crashed, Exception: crashed}
