"""Accessible in every state: axe finds nothing, a keyboard is enough, nothing is lost at 320 px or with doubled text.

Every state is kept as a picture in reports/screenshots/.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from servers import MockServer
from widget_chat import Chat, no_violations, shoot, visit

pytestmark = pytest.mark.browser
# The mock's words -> the state they bring about.
SAID = {
    "answer": "bone",
    "two_parts": "both",
    "emergency": "I can not breathe",
    "crisis": "I want to die",
    "urgent": "fever",
    "today": "swollen",
    "questionnaire": "a new symptom",
    "advice": "advice",
    "clarify": "unsure",
    "reminder": "remind",
    "error": "go wrong",
    "whom_to_call": "who can i call",
}


def no_sideways_scrolling(page: Page) -> None:
    wide = page.evaluate(
        """() => { const root = document.querySelector('careline-chat').shadowRoot;
        return [...root.querySelectorAll('.frame, .scroller, .list, .head, .bar')].filter((node) => node.offsetParent !== undefined
            && node.scrollWidth > node.clientWidth + 1).map((node) => `${node.className} ${node.scrollWidth} > ${node.clientWidth}`) }"""
    )
    assert not wide
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def walk(page: Page, mock: MockServer, name: str, see: Any, **query: str) -> None:
    """Bring the widget into every state, one after the other."""
    chat = visit(page, mock.url, **query)
    see("closed")
    chat.open()
    see("open")
    for state, words in SAID.items():
        chat.ask(words)
        see(state)
        if chat.root.locator(".pinned").count():
            chat.root.locator(".pinned button").first.click()
    chat.root.locator(".head button").first.click()
    see("menu")
    items = chat.root.locator("#menu button")
    items.first.click()
    chat.root.locator("#fresh").fill("Can I travel?")
    chat.root.locator(".list form button").click()
    expect(chat.root.locator(".questions li")).to_have_count(1)
    see("list")
    chat.root.locator(".list button").first.click()
    chat.root.locator(".head button").first.click()
    items.last.click()
    see("erase")
    chat.root.locator(".confirm button").first.click()
    page.context.set_offline(True)
    chat.say("bone")
    expect(chat.root.locator("[data-card] a").first).to_be_in_viewport()
    see("offline")
    page.context.set_offline(False)


VIEWS: dict[str, dict[str, Any]] = {
    "320-light": {"viewport": {"width": 320, "height": 640}},
    "320-dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "768-light": {"viewport": {"width": 768, "height": 1024}},
    "768-dark": {"viewport": {"width": 768, "height": 1024}, "color_scheme": "dark"},
    "1280-light": {"viewport": {"width": 1280, "height": 800}},
    "1280-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "forced-colors": {"viewport": {"width": 768, "height": 1024}, "forced_colors": "active"},
    "spanish": {"viewport": {"width": 375, "height": 740}},
    "low": {"viewport": {"width": 568, "height": 320}},
}


# Axe looks at every state on a phone by day and on a desk by night. The others differ from these in width or colour alone: they
# are looked at in a few states, and checked for lost content in all.
EVERY_STATE = ("320-light", "1280-dark")
SOME_STATES = ("open", "urgent", "list", "offline")


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_in_any_state(browser: Browser, mock: MockServer, name: str) -> None:
    context = browser.new_context(**VIEWS[name], reduced_motion="reduce")
    page = context.new_page()

    def see(state: str) -> None:
        shoot(page, state, name)
        if name in EVERY_STATE or state in SOME_STATES:
            no_violations(page, f"{state} {name}")
        no_sideways_scrolling(page)

    walk(page, mock, name, see, **({"data_language": "es", "lang": "es"} if name == "spanish" else {}))
    context.close()


@pytest.mark.parametrize("color", ["#f8c0d0", "#7a1f5c", "#ffffff", "#777777", "#d9480f"])
def test_any_colour_of_a_site_can_be_read(page: Page, mock: MockServer, color: str) -> None:
    chat = visit(page, mock.url, data_color=color).open()
    chat.ask("bone")
    shoot(page, "answer", f"color-{color[1:]}")
    no_violations(page, color)


@pytest.mark.parametrize("width", [320, 375])
def test_doubled_text_loses_nothing(browser: Browser, mock: MockServer, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, reduced_motion="reduce")
    page = context.new_page()
    chat = visit(
        page, mock.url, data_care_team_name="Riverside oncology nurse line", data_care_team_phone="1-800-227-2345"
    ).open()
    chat.menu(*["Larger text"] * 3)
    chat.button("Menu").click()
    for state, words in (("answer", "both"), ("urgent", "fever"), ("questionnaire", "a new symptom")):
        turn = chat.ask(words)
        shoot(page, state, f"{width}-double")
        no_sideways_scrolling(page)
        turn.locator(".referral a").last.scroll_into_view_if_needed()
        expect(turn.locator(".referral a").last).to_be_in_viewport()
    chat.button("Send").scroll_into_view_if_needed()
    expect(chat.button("Send")).to_be_in_viewport(ratio=0.9)
    no_violations(page, "double")
    context.close()


def test_targets_are_44_pixels(browser: Browser, mock: MockServer) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    chat = visit(page, mock.url)
    assert min(chat.launcher.bounding_box()["height"], chat.launcher.bounding_box()["width"]) >= 44  # type: ignore[index]
    chat.open()
    chat.ask("bone")
    chat.ask("a new symptom")
    chat.menu("My questions for the doctor")
    chat.button("Back to the chat").click()
    small = page.evaluate(
        """() => [...document.querySelector('careline-chat').shadowRoot.querySelectorAll('button, a, summary, textarea, label.allow')]
        .filter((node) => node.offsetParent).map((node) => [node.textContent, node.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
    )
    assert not small
    context.close()


def focus(page: Page) -> str:
    return str(
        page.evaluate(
            "() => { const node = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;"
            "return node.getAttribute('aria-label') || node.id || node.textContent.trim() }"
        )
    )


def test_a_keyboard_alone_does_everything(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focus(page) == "Ask a question"
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    assert focus(page) == "title"
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(focus(page))
    assert order == ["Menu", "Close", "Emergency: 911", "Crisis: 988", "Conversation", "I noticed a new symptom"]
    page.keyboard.press("Enter")
    expect(chat.turns).to_have_count(1)
    for label in ("Yes", "No"):  # the focus was on the person's own words; the choices come next
        page.keyboard.press("Tab")
        assert focus(page) == label
    page.keyboard.press("Enter")
    expect(chat.turns).to_have_count(2)
    expect(chat.mine.last).to_have_text("No")
    for _ in range(30):
        page.keyboard.press("Tab")
        if focus(page) == "input":
            break
    page.keyboard.type("I have a fever")
    page.keyboard.press("Enter")
    expect(chat.turns.last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert focus(page) == "Ask a question"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(chat.root.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.root.locator("#menu")).to_be_hidden()
    assert focus(page) == "Menu"


def test_the_focus_stays_inside_only_where_the_panel_covers_the_page(browser: Browser, mock: MockServer) -> None:
    for width, inside in ((375, True), (1280, False)):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        visit(page, mock.url).open()
        seen = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.tagName"))
        assert ("A" not in seen) == inside, (width, seen)
        context.close()


def test_turning_the_phone_keeps_the_conversation_open(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    chat.input.fill("half a sent")
    for width, height in ((375, 700), (700, 375), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        expect(chat.input).to_be_visible()
        expect(chat.input).to_have_value("half a sent")
        expect(chat.input).to_be_focused()


SPOKEN = """() => { window.spoken = [];
  const root = document.querySelector('careline-chat').shadowRoot;
  const say = (how, text) => text.trim() && window.spoken.push([how, text.trim()]);
  const log = root.querySelector('[role=log]');
  new MutationObserver((changes) => { if (log.getAttribute('aria-live') !== 'polite') return;
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) say('polite', node.textContent); }).observe(log, { childList: true, subtree: true });
  const alarm = root.querySelector('[role=alert]');
  new MutationObserver(() => say('assertive', alarm.textContent)).observe(alarm, { childList: true }); }"""


def test_every_answer_is_announced_once_and_alarms_assertively(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    page.wait_for_timeout(1000)
    page.evaluate(SPOKEN)
    chat.ask("bone")
    page.wait_for_timeout(800)
    chat.ask("fever")
    page.wait_for_timeout(800)
    spoken = page.evaluate("window.spoken")
    assert len([text for how, text in spoken if how == "polite" and "people may notice pain" in text]) == 1
    assert (
        len(
            [
                text
                for how, text in spoken
                if how == "assertive" and "Urgent" in text and "Call your cancer team" in text
            ]
        )
        == 1
    )
    assert not [text for how, text in spoken if how == "polite" and "A fever during" in text]


def test_what_is_restored_is_not_announced(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    chat.ask("bone")
    page.reload()
    page.locator("careline-chat .launcher").wait_for()
    assert (
        page.evaluate(
            "document.querySelector('careline-chat').shadowRoot.querySelector('[role=log]').getAttribute('aria-live')"
        )
        == "off"
    )
    expect(Chat(page).open().root.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_nothing_moves_by_itself(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    chat.ask("bone")
    assert page.evaluate("document.getAnimations().length") == 0


def test_right_to_left(browser: Browser, mock: MockServer) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    chat = visit(page, mock.url, dir="rtl")
    page.evaluate(
        "document.querySelector('careline-chat').setAttribute('dir', 'rtl'); document.querySelector('careline-chat').dataset.title = 'RTL'"
    )
    expect(page.locator("careline-chat h2")).to_have_text("RTL")
    chat.open()
    chat.ask("bone")
    shoot(page, "answer", "rtl")
    expect(chat.panel).to_have_attribute("dir", "rtl")
    no_sideways_scrolling(page)
    box, panel = chat.mine.bounding_box(), chat.panel.bounding_box()
    assert box and panel and box["x"] - panel["x"] < 60
    context.close()


def test_every_speaker_has_a_name(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    chat.ask("bone")
    expect(chat.root.locator(".entry h3")).to_have_text(["You", "Careline"])
    expect(chat.root.get_by_role("dialog")).to_have_accessible_name("Careline")
    expect(chat.input).to_have_accessible_name("Your question")
