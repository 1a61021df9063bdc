"""The browser, the servers, and a chat on a page, for the widget's tests.

CARELINE_BROWSER names a Chromium (else `scripts/browser` finds one). Patients' journeys go to the real server with its model
(`careline`, started once); what must be broken, slowed down or said on demand is the mock's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from servers import MockServer, Server
from servers import careline as careline_server
from widget_chat import ROOT, Chat, visit

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def mock_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    server = MockServer(tmp_path_factory.mktemp("mock"))
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


@pytest.fixture(scope="session")
def careline_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = careline_server(tmp_path_factory.mktemp("careline"))
    yield server
    server.kill()


@pytest.fixture
def careline(careline_process: Server) -> Server:
    """The real server with its model, alive."""
    if careline_process.process is None:
        careline_process.start()
    return careline_process


# One browser a module: Playwright's loop must be gone before another module's asynchronous tests run in this process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = (
        os.environ.get("CARELINE_BROWSER") or subprocess.check_output([ROOT / "scripts" / "browser"], text=True).strip()
    )
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


@pytest.fixture
def chat(page: Page, mock: MockServer) -> Chat:
    """A chat on the mock, open."""
    return visit(page, mock.url).open()
