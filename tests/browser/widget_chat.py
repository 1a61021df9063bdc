"""A chat on a page, by what a person does with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "reports" / "screenshots"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}

expect.set_options(timeout=20_000)  # two shared cores


class Chat:
    """A widget on a page, by what a person does with it."""

    def __init__(self, page: Page, nth: int = 0) -> None:
        self.page = page
        self.root = page.locator("careline-chat").nth(nth)

    @property
    def launcher(self) -> Locator:
        return self.root.locator(".launcher")

    @property
    def panel(self) -> Locator:
        return self.root.locator(".frame")

    @property
    def input(self) -> Locator:
        return self.root.locator("#input")

    @property
    def turns(self) -> Locator:
        return self.root.locator(".entry .turn")

    @property
    def mine(self) -> Locator:
        return self.root.locator(".mine p")

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Locator:
        """Say something and wait for its answer."""
        before = self.turns.count()
        self.say(text)
        expect(self.turns).to_have_count(before + 1)
        return self.turns.nth(before)

    def choose(self, label: str) -> Locator:
        """Press one of the buttons of the last turn and wait for what comes."""
        before = self.turns.count()
        self.turns.last.get_by_role("button", name=label, exact=True).click()
        expect(self.turns).to_have_count(before + 1)
        return self.turns.nth(before)

    def menu(self, *names: str) -> None:
        """Open the menu and press entries of it."""
        self.panel.get_by_role("button", name="Menu", exact=True).click()
        for name in names:
            self.root.locator("#menu").get_by_role("button", name=name, exact=True).click()

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def token(self) -> str:
        """The session's token, which the widget keeps in the tab."""
        return str(self.page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).token"))

    def stored(self, token: str = "") -> Any:
        """The turns the server has of this conversation, oldest first, with what was said; the error where it has none."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answer = self.page.request.get(urljoin(self.page.url, "/api/v1/messages"), headers=headers).json()
        return answer.get("turns") or answer["error"]["code"]


def no_violations(page: Page, state: str) -> None:
    """Axe finds nothing on the page, against WCAG 2.2 AA and its own best practice."""
    violations = Axe().run(page, options=RULES).response["violations"]
    told = [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in violations for node in item["nodes"]]
    assert not told, "\n".join([state, *told])


def shoot(page: Page, *name: str) -> None:
    """Keep a picture of what is to be seen, as an artefact of the run."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{'-'.join(name)}.png")


def visit(page: Page, url: str, **query: str) -> Chat:
    """A page of the mock with the widget on it. Keyword data_title gives the tag data-title, and so on."""
    page.goto(f"{url}/page?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}")
    return _there(page)


def visit_demo(page: Page, url: str, **attributes: str) -> Chat:
    """The demo page of the real server; attributes (language="es") are set on the element."""
    page.goto(f"{url}/")
    chat = _there(page)
    for name, value in attributes.items():
        page.locator("careline-chat").evaluate("(chat, [name, value]) => { chat.dataset[name] = value }", [name, value])
    return chat


def _there(page: Page) -> Chat:
    page.locator("careline-chat .launcher").first.wait_for()
    return Chat(page)
