"""The mock server as a process, and a chat on a page by what a person does with it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "reports" / "screenshots"

expect.set_options(timeout=20_000)  # two shared cores


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MockServer:
    """The mock in a process of its own, so that it can be killed like a real one."""

    def __init__(self, state: Path) -> None:
        self.port, self.state, self.process = free_port(), state, None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            str(Path(__file__).parent / "mock_server.py"),
            "--port",
            str(self.port),
            "--state",
            str(self.state),
        ]
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the mock server did not start")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def control(self, **settings: Any) -> None:
        request = urllib.request.Request(f"{self.url}/mock/control", json.dumps(settings).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def seen(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/mock/seen", timeout=10) as answer:
            return json.load(answer)


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

    def menu(self, name: str) -> None:
        self.panel.get_by_role("button", name="Menu", exact=True).click()
        self.root.locator("#menu").get_by_role("button", name=name, exact=True).click()

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)


def visit(page: Page, url: str, **query: str) -> Chat:
    """A host page with the widget on it. Keyword data_title gives the tag data-title, and so on.

    A real server has no such pages: there it is the demo page, and the attributes are set on the element.
    """
    if url == os.environ.get("CARELINE_BASE_URL"):
        page.goto(f"{url}/")
        page.locator("careline-chat .launcher").first.wait_for()
        for name, value in query.items():
            if name.startswith("data_"):
                change = "(chat, [name, value]) => chat.setAttribute(name, value)"
                page.locator("careline-chat").evaluate(change, [name.replace("_", "-"), value])
    else:
        page.goto(f"{url}/page?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}")
    page.locator("careline-chat .launcher").first.wait_for()
    return Chat(page)
