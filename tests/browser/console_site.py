"""The staff console as a process of its own, and a person at its keyboard."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from servers import Server

from careline.staff.accounts import Accounts, made

NAME, PASSWORD = "ada", "four random words here"


def console_server(folder: Path) -> Server:
    """`careline serve --only staff` on a folder of its own, with one maintainer."""
    Accounts(folder / "staff_accounts").put(made(NAME, "maintainer", PASSWORD))
    program = str(Path(sys.executable).with_name("careline"))
    # Its own places one by one: CARELINE_VAR also holds the key that models are signed with.
    places = {"CARELINE_STAFF_ACCOUNTS": "staff_accounts", "CARELINE_STAFF_STORE": "staff.sqlite3", "CARELINE_STORE": "conversations.sqlite3"}
    environment = {name: f"{{folder}}/{file}" for name, file in places.items()}
    return Server(folder, program, "serve", "--only", "staff", "--port", "{port}", ready="/readyz", CARELINE_SECRET="a secret of the tests", **environment)


class Desk:
    """Somebody at the call page. Everything is done with keys."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None)

    def login(self) -> Desk:
        self.page.goto(f"{self.url}/staff/")
        expect(self.page.locator("#name")).to_be_focused()
        self.page.keyboard.type(NAME)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#q")).to_be_focused()
        return self

    @property
    def hits(self) -> Locator:
        return self.page.locator(".hit")

    @property
    def note(self) -> str:
        return self.page.locator("#note").input_value()

    @property
    def focused(self) -> str:
        """What has the focus: the words of a link or a button, the id of a field; "" for nothing."""
        return str(self.page.evaluate("((at) => at === document.body ? '' : (at.matches('a, button') ? at.textContent : at.id))(document.activeElement).trim()"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def look_up(self, words: str, title: str) -> None:
        """From wherever the focus is: search, go down the list to a title, open it."""
        if self.focused != "q":
            self.press("/")
        expect(self.page.locator("#q")).to_be_focused()
        self.press("Control+a")
        self.page.keyboard.type(words)
        expect(self.hits.filter(has_text=title).first).to_be_visible()
        names = self.hits.locator(".name").all_text_contents()
        self.press(*["ArrowDown"] * (names.index(title) + 1), "Enter")
        expect(self.page.locator("#card-title")).to_have_text(title)
        expect(self.page.locator("#card-title")).to_be_focused()

    def tab_to(self, name: str, most: int = 60) -> None:
        """Go on with Tab until a control of this name has the focus."""
        for _ in range(most):
            if name in self.focused:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reached {name!r}")
