"""The console within an application, and what a browser does with it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher

from careline.dialogue.knowledge import shared
from careline.server.app import create_app
from careline.server.canary import Probe
from careline.staff import accounts as accounts_module
from careline.staff.accounts import Accounts, made
from careline.staff.console import console
from careline.staff.library import Library
from careline.staff.settings import StaffSettings
from careline.store.ledger import Ledger
from careline.store.sqlite import SqliteStore
from tests.server.fakes import Client, FakeEngine, settings_for, until

# These tests try hundreds of passwords: hashes as cheap as they come.
accounts_module._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
accounts_module._DUMMY = accounts_module._hasher.hash("nobody has this password")
HOST = "https://careline.test"
PASSWORD = "four random words here"
MAINTAINER, STAFF = made("ada", "maintainer", PASSWORD), made("ben", "staff", PASSWORD)
TOPIC = "metastron"


LIBRARY = Library(open_live=lambda: None)  # without a model, so that these tests need none


@dataclass
class Site:
    """One running application with its console."""

    app: Any
    chat: Client
    folder: Path
    pauses: list[float] = field(default_factory=list)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.folder / "accounts")

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "staff.sqlite3")

    def browser(self, host: str = HOST, address: str = "127.0.0.1") -> Browser:
        transport = httpx.ASGITransport(app=self.app, client=(address, 4711))
        return Browser(httpx.AsyncClient(transport=transport, base_url=host, headers={"Accept": "text/html"}))


class Browser:
    """A browser on the console: cookies, forms with their token and origin."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    @property
    def cookie(self) -> str:
        return next((value for name, value in self.http.cookies.items() if name.endswith("careline_staff")), "")

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(path, **options)

    async def login(self, name: str = "ada", password: str = PASSWORD) -> httpx.Response:
        page = await self.get("/staff/login")
        return await self.post("/staff/login", token=token_of(page.text), name=name, password=password)

    async def entered(self, name: str = "ada") -> Browser:
        response = await self.login(name)
        assert response.status_code == 303 and response.headers["location"] == "/staff/", response.text
        return self

    async def post(self, path: str, *, token: str | None = None, origin: str | None = "", headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Send a form as the page would; `token` None takes it from the call page, `origin` "" is our own, None is none."""
        if token is None:
            token = token_of((await self.get("/staff/")).text)
        sent = {"Origin": str(self.http.base_url).rstrip("/") if origin == "" else origin} if origin is not None else {}
        return await self.http.post(path, data={"form_token": token, **fields}, headers={**sent, **(headers or {})})


def token_of(html: str) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', html)
    return found[1] if found else ""


@asynccontextmanager
async def site(folder: Path, **changes: Any) -> AsyncIterator[Site]:
    """An application with a console on a folder of its own, with the accounts ada (maintainer) and ben (staff)."""
    made_site = Site(None, None, folder)  # type: ignore[arg-type]
    for account in (MAINTAINER, STAFF):
        made_site.accounts.put(account)

    async def pause(seconds: float) -> None:
        made_site.pauses.append(seconds)

    settings = settings_for(folder)
    store = SqliteStore(settings.store_path, timeout=20, pragmas={"synchronous": "OFF"})
    values = {"accounts_path": folder / "accounts", "ledger_path": settings.ledger_path, "pause": pause, **changes}
    staff = console(StaffSettings(settings.secret, **values), store, LIBRARY)
    engine = FakeEngine()
    made_site.app = create_app(
        settings, lambda: engine, fallback=FakeEngine(model_id="fallback"), catalog=shared().catalog, store=store, probe=Probe({"what_it_is"}), staff=staff
    )
    inner = made_site.app._app
    async with inner.router.lifespan_context(inner):
        await until(lambda: inner.state.parts.guard.loaded)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=made_site.app), base_url=HOST) as http:
            made_site.chat = Client(http, made_site.app, engine)
            yield made_site
