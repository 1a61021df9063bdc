"""A call, from log-in to hand-out, with the keyboard alone, and the other pages by mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from console_site import Desk, console_server
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader
from servers import Server
from widget_chat import SCREENSHOTS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = console_server(tmp_path_factory.mktemp("console"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def desk(context: BrowserContext, console: Server) -> Desk:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=console.url)
    return Desk(context.new_page(), console.url).login()


def test_a_call_by_keyboard_alone(desk: Desk, context: BrowserContext) -> None:
    page = desk.page
    desk.look_up("metastr", "Metastron, or strontium-89")
    desk.look_up("pain in the bones", "Pain in the bones")
    desk.look_up("can it be cured", "Can it be cured")
    desk.look_up("bone pain", "Pain in the bones")

    desk.press("c")  # the checklist of this answer
    expect(page.locator(".checklist legend")).to_contain_text("Pain in the bones")
    expect(page.locator(".checklist input").first).to_be_focused()
    first = page.locator(".checklist input").first.get_attribute("value")
    desk.press("1")
    expect(page.locator(".raised")).to_be_visible()
    expect(page.locator(f"[data-flag={first}]")).to_contain_text("ticked")

    page.locator("#symptom").select_option("cough")  # another checklist, and the tick still counts
    expect(page.locator(".checklist legend")).to_contain_text("A cough")
    expect(page.locator(f"[data-flag={first}]")).to_contain_text("ticked")

    desk.press("r")
    page.keyboard.type("since monday she cannot feel her legs")
    expect(page.locator("[data-flag=E2a]")).to_contain_text("legs")
    expect(page.locator("#tell")).to_contain_text("911")

    note = desk.note
    for said in ("Metastron, or strontium-89 (draft, not signed)", "Can it be cured", "Red flags:", "(ticked)", "How soon:", "Reference only"):
        assert said in note, said
    assert note.count("Pain in the bones") == 1
    assert "monday" not in note and "cannot feel" not in note
    desk.tab_to("Copy the note")
    desk.press("Enter")
    expect(page.locator("#status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == note.strip()

    desk.tab_to("Handout of all")
    with context.expect_page() as opened:
        desk.press("Enter")
    _look_at(opened.value)
    assert desk.errors == []


def _look_at(handout: Page) -> None:
    """The handout as a PDF: one page, with what belongs on it and nothing of the console."""
    handout.wait_for_load_state()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / "console-handout.pdf"
    handout.pdf(path=path, prefer_css_page_size=True)
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 1
    for said in ("Metastron", "Pain in the bones", "Can it be cured", "Questions to ask your doctor", "911", "988", "1-800-227-2345", "Draft"):
        assert said in text, said
    assert "Print, or save" not in text and "Back to the call page" not in text


def test_arrows_escape_and_enter(desk: Desk) -> None:
    page = desk.page
    page.keyboard.type("radiation")
    expect(desk.hits).to_have_count(5)
    desk.press("ArrowDown", "ArrowDown")
    expect(desk.hits.nth(1)).to_be_focused()
    desk.press("ArrowUp", "ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    desk.press("ArrowDown", "Escape")
    expect(page.locator("#q")).to_be_focused()
    desk.press("Enter")  # opens the best
    expect(page.locator("#card-title")).to_be_focused()
    desk.press("/", "Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(desk.hits).to_have_count(0)


def test_filters_narrow_the_search(desk: Desk) -> None:
    desk.page.keyboard.type("pain")
    expect(desk.hits.first).to_be_visible()
    desk.page.get_by_text("Filters").click()
    desk.page.get_by_label("From document").select_option("yme_undated")
    expect(desk.hits.first).to_contain_text("bone")
    for hit in desk.hits.all():
        assert hit.get_attribute("data-topic")


def test_the_numbers_stay_in_sight(desk: Desk) -> None:
    for link, number in (("911", "tel:911"), ("988", "tel:988")):
        expect(desk.page.locator(".always").get_by_role("link", name=link)).to_have_attribute("href", number)
    desk.look_up("metastron", "Metastron, or strontium-89")
    expect(desk.page.locator(".always").get_by_role("link", name="911")).to_be_visible()


def test_single_keys_can_be_switched_off_for_good(desk: Desk) -> None:
    page = desk.page
    page.get_by_label("Single-key shortcuts").uncheck()
    page.locator("#card-title, .empty h2").first.click()
    desk.press("r")
    assert desk.focused != "said"
    expect(page.locator(".keys-help")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Single-key shortcuts")).not_to_be_checked()
    page.get_by_label("Single-key shortcuts").check()
    page.locator(".empty h2").click()
    desk.press("r")
    expect(page.locator("#said")).to_be_focused()


def test_a_new_call_begins_empty(desk: Desk) -> None:
    page = desk.page
    desk.look_up("metastron", "Metastron, or strontium-89")
    desk.press("r")
    page.keyboard.type("fever on chemo")
    expect(page.locator(".raised")).to_be_visible()
    page.get_by_role("button", name="New call").click()
    expect(page.locator(".raised")).to_have_count(0)
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator("#said")).to_have_value("")
    assert "Metastron" not in desk.note
    expect(page.locator("#q")).to_be_focused()


def test_the_note_prints_alone_and_is_not_left_by_accident(desk: Desk) -> None:
    page = desk.page
    desk.look_up("metastron", "Metastron, or strontium-89")
    page.emulate_media(media="print")
    expect(page.locator("#paper")).to_be_visible()
    expect(page.locator("#paper")).to_contain_text("Metastron, or strontium-89 (draft, not signed)")
    expect(page.locator(".columns")).to_be_hidden()
    page.emulate_media(media="screen")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    assert asked == ["beforeunload"]
    assert page.evaluate("sessionStorage.length") == 0
    assert "Metastron" not in str(page.evaluate("JSON.stringify(localStorage)"))


def test_a_login_that_ended_leaves_the_note(desk: Desk, context: BrowserContext) -> None:
    desk.look_up("metastron", "Metastron, or strontium-89")
    context.clear_cookies()
    desk.press("/")
    desk.page.keyboard.type(" x")
    expect(desk.page.get_by_role("alert")).to_contain_text("Your login has ended")
    assert "Metastron" in desk.note


def test_the_server_gone_says_what_to_do(desk: Desk) -> None:
    desk.page.route("**/staff/red-flags", lambda route: route.abort())
    desk.press("Tab")
    desk.page.locator("#said").fill("fever on chemo")
    expect(desk.page.locator("#aid")).to_contain_text("your own protocol")


def test_withdrawing_and_restoring(desk: Desk) -> None:
    page = desk.page
    page.on("dialog", lambda dialog: dialog.accept())
    desk.look_up("quadramet", "Quadramet, or samarium-153")
    page.get_by_text("This answer is wrong").click()
    page.get_by_label("What is wrong with it?").fill("The supply is wrong")
    page.get_by_role("button", name="Withdraw it now").click()
    expect(page.get_by_text("refused everywhere")).to_be_visible()
    page.get_by_role("link", name="Quadramet").click()
    expect(page.locator(".card")).to_contain_text("do not read this out")
    page.goto(f"{desk.url}/staff/withdrawals")
    page.get_by_label("Why may it be shown again?").fill("Read again, it is right")
    page.get_by_role("button", name=re.compile("Restore")).click()
    expect(page.get_by_text("Nothing is withdrawn.")).to_be_visible()


def test_logging_out(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Log out").click()
    expect(desk.page.get_by_role("heading", name="Log in")).to_be_visible()
    desk.page.goto(f"{desk.url}/staff/contacts")
    expect(desk.page.get_by_role("heading", name="Log in")).to_be_visible()
    assert desk.errors == []
