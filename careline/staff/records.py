"""The pages of what is known and was done: contacts, what people ask, what is withdrawn, the log."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from careline.staff import contact_board, insights, withdrawn_board
from careline.staff.logins import Login
from careline.staff.office import Office, topic_of
from careline.store import counts
from careline.store.ledger import CHECKED
from careline.withdrawals import may_be_withdrawn

_MOST_REVIEWS = 300


class Records:
    """What staff look up between calls, and what they do that stays."""

    def __init__(self, office: Office) -> None:
        self._ = office

    def routes(self) -> list[Route]:
        """Its pages, and what is sent from them."""
        return [
            Route("/contacts", self.contacts, methods=["GET"]),
            Route("/contacts/{contact}/check", self.check_contact, methods=["POST"]),
            Route("/contacts/{contact}/withdraw", self.withdraw_number, methods=["POST"]),
            Route("/asked", self.asked, methods=["GET"]),
            Route("/withdrawals", self.withdrawals, methods=["GET"]),
            Route("/withdraw", self.withdraw, methods=["POST"]),
            Route("/restore", self.restore, methods=["POST"]),
            Route("/log", self.log, methods=["GET"]),
        ]

    async def contacts(self, request: Request) -> Response:
        """The registry, and who rang when."""
        checks = await run_in_threadpool(self._.ledger.acts, CHECKED)
        registry = (await self._.look(lambda shelf: shelf.knowledge.catalog)).contacts
        rows = contact_board.rows(registry, checks, self._.withdrawn(), date.today())
        return self._.pages("contacts.html", request.state.login, rows=rows, forbidden=registry.forbidden, results=contact_board.RESULTS, warn_days=contact_board.WARN_AHEAD.days)

    async def check_contact(self, request: Request) -> Response:
        """A maintainer rang a number."""
        contacts = (await self._.look(lambda shelf: shelf.knowledge.catalog)).contacts
        contact = contacts.by_id.get(request.path_params["contact"])
        result = request.state.form.one("result")
        if not request.state.login.account.is_maintainer:
            return self._.for_maintainers(request)
        if contact is None or result not in contact_board.RESULTS:
            return self._.pages.refused(422, "Not recorded", "Choose how the call went.", request.state.login)
        await run_in_threadpool(self._.acts.checked, request.state.login.account.name, contact, result)
        return RedirectResponse("/staff/contacts", 303)

    async def withdraw_number(self, request: Request) -> Response:
        """Somebody found a number wrong: nobody is shown it from now on. Anybody on the staff may do that."""
        contacts = (await self._.look(lambda shelf: shelf.knowledge.catalog)).contacts
        contact, reason = contacts.by_id.get(request.path_params["contact"]), request.state.form.one("reason")
        if contact is None or not may_be_withdrawn(contacts, contact) or len(reason) < self._.acts.shortest_reason:
            return self._.pages.refused(422, "Not withdrawn", "Name a number that is not the emergency or the crisis line, and say what is wrong with it, in a few words.", request.state.login)
        await run_in_threadpool(self._.acts.number_withdrawn, request.state.login.account.name, contact, reason)
        return RedirectResponse("/staff/withdrawals", 303)

    async def asked(self, request: Request) -> Response:
        """What people ask. The texts are for maintainers; staff see the counts."""
        login: Login = request.state.login
        since = (date.today() - timedelta(days=insights.DAYS - 1)).isoformat()
        counted = await run_in_threadpool(counts.since, self._.ledger, since)
        reviews = await self._.store.reviews(_MOST_REVIEWS) if login.account.is_maintainer else ()
        titles = await self._.look(lambda shelf: {topic.id: topic.meta.title for topic in shelf.knowledge.catalog.topics.values()})
        made = insights.insights(counted, reviews, titles, date.today())
        return self._.pages("asked.html", login, insights=made, reasons=insights.REASONS, days=insights.DAYS)

    async def withdrawals(self, request: Request) -> Response:
        """What is withdrawn now, and whether its words have been corrected since."""
        standing = await run_in_threadpool(self._.ledger.withdrawals)
        catalog = await self._.look(lambda shelf: shelf.knowledge.catalog)
        return self._.pages("withdrawals.html", request.state.login, withdrawals=withdrawn_board.rows(catalog, standing))

    async def withdraw(self, request: Request) -> Response:
        """Somebody found an answer wrong: it is refused everywhere from now on. Anybody on the staff may do that."""
        form = request.state.form
        topic = await self._.look(lambda shelf: topic_of(shelf, form.one("topic")))
        if topic is None or len(form.one("reason")) < self._.acts.shortest_reason:
            return self._.pages.refused(422, "Not withdrawn", "Name the answer and say what is wrong with it, in a few words.", request.state.login)
        await run_in_threadpool(self._.acts.withdrawn, request.state.login.account.name, topic, form.one("reason"))
        return RedirectResponse("/staff/withdrawals", 303)

    async def restore(self, request: Request) -> Response:
        """A maintainer read the answer again, or rang the number, and lets it out."""
        form = request.state.form
        if not request.state.login.account.is_maintainer:
            return self._.for_maintainers(request)
        if len(form.one("reason")) < self._.acts.shortest_reason or form.one("subject") not in await run_in_threadpool(self._.ledger.withdrawals):
            return self._.pages.refused(422, "Not restored", "Name what is withdrawn and say why it may be shown again.", request.state.login)
        await run_in_threadpool(self._.acts.restored, request.state.login.account.name, form.one("subject"), form.one("reason"))
        return RedirectResponse("/staff/withdrawals", 303)

    async def log(self, request: Request) -> Response:
        """What staff did."""
        if not request.state.login.account.is_maintainer:
            return self._.for_maintainers(request)
        acts = await run_in_threadpool(self._.ledger.acts)
        broken = await run_in_threadpool(self._.ledger.broken_at)
        return self._.pages("log.html", request.state.login, acts=acts, broken=broken)
