"""The staff console as a process of its own, and a person at its keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from widget_chat import ROOT, free_port

from careline.staff.accounts import Accounts, made

NAME, PASSWORD = "ada", "four random words here"


class ConsoleServer:
    """`careline serve --only staff` on a folder of its own, with one maintainer."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        Accounts(folder / "staff_accounts").put(made(NAME, "maintainer", PASSWORD))
        environment = {**os.environ, "CARELINE_VAR": str(folder), "CARELINE_SECRET": "a secret of the tests"}
        command = [sys.executable, "-m", "careline.cli", "serve", "--only", "staff", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds: float = 180) -> None:
        """Until it answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2)
                return
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None and time.monotonic() < deadline, "the console did not start"
                time.sleep(0.2)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


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
