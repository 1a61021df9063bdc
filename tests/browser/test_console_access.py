"""The console in every state, at a desk, on a tablet and on a phone, light and dark: axe finds nothing, nothing is cut off.

Every state is kept as a picture in reports/screenshots/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_site import NAME, PASSWORD, Desk, console_server
from playwright.sync_api import Browser, Page, expect
from servers import Server
from widget_chat import SCREENSHOTS

from careline import catalog
from careline.store import counts
from careline.store.counts import Key
from careline.store.ledger import Act, Ledger
from careline.withdrawals import of_contact

pytestmark = pytest.mark.browser
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]}}
SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "desk-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "tablet": {"viewport": {"width": 820, "height": 1180}},
    "tablet-dark": {"viewport": {"width": 1180, "height": 820}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
}
PAGES = ("contacts", "asked", "withdrawals", "log", "nothing", "handout?topic=metastron&topic=bone_pain")
See = Callable[[str], None]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("console")
    ledger = Ledger(folder / "staff.sqlite3")
    ledger.add(Act(1_795_000_000.0, NAME, "withdrawn", "quadramet", {"reason": "The supply is wrong", "wordings": ["0"]}))
    number = catalog.shared().contacts.by_id["csc"].tel
    ledger.add(Act(1_795_000_001.0, NAME, "withdrawn", of_contact("csc"), {"reason": "A fax answers", "wordings": [number]}))
    counts.add(ledger, {Key("2026-11-29", topic, "answer", "information"): turns for topic, turns in (("metastron", 12), ("cure", 30), ("eating", 5))})
    server = console_server(folder)
    server.start()
    yield server
    server.kill()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_state_is_accessible(browser: Browser, console: Server, screen: str) -> None:
    context = browser.new_context(reduced_motion="reduce", **SCREENS[screen])  # type: ignore[arg-type]
    page = context.new_page()
    walk(page, console.url, lambda state: look(page, f"console-{screen}-{state}"))
    context.close()


def walk(page: Page, url: str, see: See) -> None:
    """Bring the console into every state, one after the other."""
    page.goto(f"{url}/staff/login")
    see("login")
    page.fill("#name", "nobody")  # not ada: five failures would lock her
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    see("login-failed")
    desk = Desk(page, url).login()
    see("empty")
    desk.look_up("metastron", "Metastron, or strontium-89")
    see("card")
    desk.press("c")
    desk.press("1")
    expect(page.locator(".raised")).to_be_visible()
    desk.press("r")
    page.keyboard.type("she has a fever of 102 after chemo and cannot breathe")
    expect(page.locator(".raised.emergency")).to_be_visible()
    see("red-flags")
    page.locator("#q").fill("fever of 102 on chemo")
    expect(page.locator("#found").get_by_role("alert")).to_be_visible()
    page.get_by_text("Filters").click()
    see("search-alarm")
    page.get_by_role("button", name="New call").click()
    for path in PAGES:
        page.goto(f"{url}/staff/{path}")
        see(path.partition("?")[0])


def look(page: Page, name: str) -> None:
    """Picture, axe, and nothing beyond the right edge."""
    page.wait_for_load_state("networkidle")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    violations = Axe().run(page, options=TAGS).response["violations"]
    told = [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in violations for node in item["nodes"]]
    assert not told, name + "\n" + "\n".join(told)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, select, input:not([type=hidden]), summary')]
        .filter((node) => node.offsetParent && !node.closest('p, dd, li .soft, th, td') && !node.classList.contains('skip'))
        .map((node) => [node, (node.closest('label') ?? node).getBoundingClientRect()]).filter(([, box]) => box.width < 24 || box.height < 24)
        .map(([node, box]) => `${node.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert not small, f"{name}: too small to hit: {small}"
