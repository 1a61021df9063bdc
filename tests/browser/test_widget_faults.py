"""Never silence: what the widget does when the server is slow, gone, killed, or says no."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from servers import MockServer, Server, careline_without_model
from widget_chat import Chat, visit, visit_demo

pytestmark = pytest.mark.browser


def test_after_eight_seconds_the_numbers_are_shown_and_the_late_answer_still_comes(
    chat: Chat, mock: MockServer
) -> None:
    mock.control(delay=10)
    started = time.monotonic()
    chat.say("What are signs of cancer in the bones?")
    expect(chat.root.locator(".delivery")).to_contain_text("Sending")
    card = chat.root.locator("[data-card]")
    expect(card).to_be_visible(timeout=9500)
    assert 7.5 < time.monotonic() - started < 9.5
    assert [link.get_attribute("href") for link in card.locator("a").all()] == [
        "tel:911",
        "tel:988",
        "tel:+18002272345",
    ]
    expect(chat.turns).to_have_count(1)
    expect(card).to_have_count(0)


def test_with_the_server_gone_the_numbers_are_shown_at_once_and_nothing_is_lost(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.kill()
    for text in ("second", "third", "fourth"):
        chat.say(text)
    expect(chat.root.locator("[data-card]")).to_be_visible(timeout=5000)
    expect(chat.root.locator(".delivery.failed")).to_have_count(1)
    expect(chat.root.locator(".delivery.queued")).to_have_count(2)
    expect(chat.root.get_by_role("status")).to_contain_text("No connection")
    mock.start()
    chat.button("Try again").click()
    expect(chat.turns).to_have_count(4)
    expect(chat.root.locator(".turn p").filter(has_text="Answer to")).to_have_text(
        [f"Answer to: {text}" for text in ("first", "second", "third", "fourth")]
    )
    assert [text for _, text in mock.seen()["messages"]] == ["first", "second", "third", "fourth"]
    expect(chat.root.locator("[data-card]")).to_have_count(0)


def test_what_was_typed_offline_is_sent_in_order_when_the_line_is_back(
    chat: Chat, context: BrowserContext, mock: MockServer
) -> None:
    chat.ask("first")
    context.set_offline(True)
    chat.say("second")
    chat.say("third")
    expect(chat.root.locator("[data-card]")).to_be_visible()
    context.set_offline(False)
    expect(chat.turns).to_have_count(3)
    assert [text for _, text in mock.seen()["messages"]] == ["first", "second", "third"]


def test_a_reload_while_an_answer_is_on_its_way_loses_and_doubles_nothing(chat: Chat, mock: MockServer) -> None:
    mock.control(after=3)
    chat.say("first")
    chat.say("second")
    chat.page.wait_for_timeout(700)
    chat.page.reload()
    again = Chat(chat.page).open()
    expect(again.turns).to_have_count(2)
    expect(again.mine).to_have_text(["first", "second"])
    assert [text for _, text in mock.seen()["messages"]] == ["first", "second"]


def test_an_error_of_the_server_is_retried_with_the_same_id(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.control(fail=503, fail_turn=True, times=2)
    ids: list[str] = []
    chat.page.on(
        "request",
        lambda request: (
            ids.append((request.post_data_json or {}).get("id", "")) if request.url.endswith("/messages") else None
        ),
    )
    chat.ask("second")
    assert len(ids) == 3
    assert len(set(ids)) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_not_gone(chat: Chat, mock: MockServer, status: int) -> None:
    """While it starts, or after many messages at once: the words are kept, sent again by themselves, and answered once."""
    chat.ask("first")
    mock.control(fail=status, fail_turn=True, times=3, retry_after=1)
    chat.say("second")
    expect(chat.root.locator(".delivery.later")).to_contain_text("A moment, please")
    expect(chat.root.get_by_role("status")).to_contain_text("Looking for an answer")
    expect(chat.root.locator("[data-card]")).to_have_count(0)
    expect(chat.turns).to_have_count(2)
    expect(chat.turns.last).to_contain_text("Answer to: second")
    assert [text for _, text in mock.seen()["messages"]] == ["first", "second"]


def test_when_the_server_keeps_failing_its_safe_turn_is_shown_with_retry(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.control(fail=500, fail_turn=True, times=99)
    chat.say("second")
    expect(chat.turns).to_have_count(2)
    expect(chat.turns.last).to_contain_text("Please do not wait for me")
    expect(chat.root.locator(".delivery.refused")).to_contain_text("could not be answered")
    mock.control()
    chat.button("Try again").click()
    expect(chat.turns.last).to_contain_text("Answer to: second")


def test_an_alarm_in_an_error_is_shown_at_once_as_an_alarm(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.control(fail=503, fail_turn=True, times=2, safe="fever")
    chat.say("I have a fever")
    expect(chat.root.locator(".turn.urgent")).to_be_visible()
    expect(chat.root.locator(".pinned")).to_be_visible()


def test_a_lost_session_starts_anew_says_so_and_still_answers(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.control(expired=True)
    chat.say("second")
    expect(chat.root.locator(".notice")).to_contain_text("new chat")
    expect(chat.turns).to_have_text([re.compile("Answer to: second")])


def test_erasing_without_a_server_is_done_later(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.kill()
    chat.menu("Erase this chat")
    chat.button("Yes, erase").click()
    expect(chat.root.locator(".notice")).to_contain_text("erased here")
    mock.start()
    chat.ask("second")
    chat.page.wait_for_timeout(500)
    assert [text for _, text in mock.seen()["messages"]] == ["second"]


def test_a_list_made_offline_is_saved_later(chat: Chat, mock: MockServer) -> None:
    chat.ask("first")
    mock.kill()
    chat.menu("My questions for the doctor")
    chat.root.get_by_label("New question").fill("Can I travel?")
    chat.button("Add").click()
    expect(chat.root.get_by_role("status")).to_contain_text("Kept here")
    mock.start()
    chat.button("Back to the chat").click()
    chat.ask("second")
    chat.page.wait_for_timeout(500)
    assert mock.seen()["lists"] == [["Can I travel?"]]


def test_a_message_of_a_closed_tab_is_sent_by_the_other(chat: Chat, context: BrowserContext, mock: MockServer) -> None:
    other = visit(context.new_page(), mock.url).open()
    mock.kill()
    other.say("from the other tab")
    expect(chat.mine).to_have_text("from the other tab")
    other.page.close()
    mock.start()
    expect(chat.turns).to_have_count(1, timeout=30_000)


def test_a_slow_line_shows_the_message_at_once(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1500, "downloadThroughput": 6_000, "uploadThroughput": 3_000},
    )
    chat.say("What are signs of cancer in the bones?")
    expect(chat.mine).to_have_text("What are signs of cancer in the bones?", timeout=500)
    expect(chat.root.get_by_role("status")).to_contain_text("Looking for an answer")
    expect(chat.turns).to_have_count(1)


def test_when_the_widget_itself_cannot_be_loaded_the_page_still_shows_the_numbers(page: Page, mock: MockServer) -> None:
    page.route("**/widget/conversation.js", lambda route: route.abort())
    page.goto(f"{mock.url}/page")
    expect(page.locator("[data-careline-numbers] a[href='tel:911']")).to_be_visible()
    expect(page.locator("[data-careline-numbers] a[href='tel:988']")).to_be_visible()


def test_a_turn_that_cannot_be_drawn_becomes_the_card_with_the_numbers(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    broken = {
        "turn": "1",
        "kind": "answer",
        "parts": [{"text": None}],
        "referral": {"text": "Call.", "contacts": [{"id": "x"}]},
    }
    page.route("**/api/v1/messages", lambda route: route.fulfill(json=broken))
    chat.say("first")
    expect(chat.root.locator("[data-card] a[href='tel:911']")).to_be_visible()


def test_links_are_made_from_numbers_only(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    contacts = [
        {"id": "a", "name": "Bad", "phone": "1", "tel": "javascript:alert(1)"},
        {"id": "b", "name": "Good", "phone": "911", "tel": "911"},
    ]
    bad = {
        "turn": "1",
        "kind": "answer",
        "parts": [{"text": "javascript:alert(1) https://example.org"}],
        "referral": {"text": "Call.", "contacts": contacts},
    }
    page.route("**/api/v1/messages", lambda route: route.fulfill(json=bad))
    chat.ask("first")
    assert [link.get_attribute("href") for link in chat.turns.first.locator("a").all()] == ["tel:911"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The real server and store. The engine answers at once: with the model, ten starts would take minutes."""
    server = careline_without_model(tmp_path)
    server.start()
    yield server
    server.kill()


def test_ten_kills_during_200_messages_lose_double_and_reorder_nothing(page: Page, server: Server) -> None:
    chance = random.Random(1)
    kills = chance.sample(range(5, 195), 10)
    said = [f"message {number}" for number in range(200)]
    chat = visit_demo(page, server.url).open()
    for number, text in enumerate(said):
        chat.say(text)
        if number in kills:
            page.wait_for_timeout(chance.random() * 120)
            server.kill()
            server.start()
            page.evaluate("dispatchEvent(new Event('online'))")
        elif chance.random() < 0.3:
            expect(chat.turns).to_have_count(number + 1, timeout=30_000)
    expect(chat.turns).to_have_count(200, timeout=60_000)
    assert chat.mine.all_text_contents() == said
    # The engine counts the messages of a conversation in its state: none was lost to it, none reached it twice.
    assert chat.root.locator(".said").all_text_contents() == [f"Answer {count}" for count in range(1, 201)]
    assert [turn["text"] for turn in chat.stored()] == said


def test_the_focus_is_not_taken_from_somebody_who_is_typing(chat: Chat, mock: MockServer) -> None:
    mock.control(delay=1)
    chat.say("I have a fever of 101 on chemo")
    chat.input.fill("and also my")
    expect(chat.turns).to_have_count(1)
    expect(chat.root.get_by_role("alert")).to_contain_text(re.compile("Urgent|Emergency"))
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("and also my")


def test_an_alarm_that_arrives_after_closing_opens_the_panel_again(chat: Chat, mock: MockServer) -> None:
    mock.control(delay=1)
    chat.say("I have a fever of 101 on chemo")
    chat.button("Close").first.click()
    expect(chat.panel).to_be_hidden()
    expect(chat.turns.first).to_be_focused()
    expect(chat.panel).to_be_visible()


def test_an_answer_that_arrives_after_closing_is_announced_on_the_button(chat: Chat, mock: MockServer) -> None:
    mock.control(delay=1)
    chat.say("What can I do about tiredness?")
    chat.button("Close").first.click()
    expect(chat.launcher).to_have_text("New answer")
    chat.launcher.click()
    expect(chat.turns.first).to_be_focused()


def test_of_several_alarms_the_worst_is_pinned(chat: Chat, mock: MockServer) -> None:
    for words in ("I can not breathe", "fever"):
        chat.ask(words)
        expect(chat.root.locator(".pinned")).to_contain_text("Emergency")
    chat.button("Hide").click()
    expect(chat.root.locator(".pinned")).to_contain_text("Urgent")
