"""The browser, the mock server, and a chat on a page, for the widget's tests.

CARELINE_BROWSER names a Chromium (else `scripts/browser` finds one). CARELINE_BASE_URL points the tests that ask only for
`base_url` at a real server; those that break the server use the mock alone.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run".split()

expect.set_options(timeout=15_000)  # two shared cores


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
        command = [sys.executable, str(Path(__file__).parent / "mock_server.py"), "--port", str(self.port), "--state", str(self.state)]
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


@pytest.fixture(scope="module")
def mock_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    server = MockServer(tmp_path_factory.mktemp("mock") / "state.db")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mock(mock_process: MockServer) -> MockServer:
    """The mock, alive, healthy and empty."""
    if mock_process.process is None:
        mock_process.start()
    mock_process.control(expired=True)
    mock_process.control()
    return mock_process


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    return os.environ.get("CARELINE_BASE_URL") or str(request.getfixturevalue("mock").url)


# One browser a module: Playwright's loop must be gone before another module's asynchronous tests run in this process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CARELINE_BROWSER") or subprocess.check_output([ROOT / "scripts" / "browser"], text=True).strip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


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
    """A host page with the widget on it. Keyword data_title gives the tag data-title, and so on."""
    page.goto(f"{url}/page?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}")
    page.locator("careline-chat .launcher").first.wait_for()
    return Chat(page)


@pytest.fixture
def chat(page: Page, base_url: str) -> Chat:
    return visit(page, base_url).open()
