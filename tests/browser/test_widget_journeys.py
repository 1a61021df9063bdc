"""What a patient does with the widget, end to end. These run on the mock and, with CARELINE_BASE_URL, on a real server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from widget_chat import Chat, visit

pytestmark = pytest.mark.browser


def test_before_anything_is_typed_it_says_what_it_is_and_whom_to_call(chat: Chat) -> None:
    intro = chat.root.locator(".intro")
    for words in (
        "automated helper",
        "Nobody is reading",
        "not a doctor",
        "cannot diagnose",
        "call 911",
        "call or text 988",
        "do not type names",
    ):
        expect(intro).to_contain_text(words)
    expect(chat.panel.get_by_role("link", name="Emergency: 911")).to_have_attribute("href", "tel:911")
    expect(chat.panel.get_by_role("link", name="Crisis: 988")).to_have_attribute("href", "tel:988")
    assert chat.root.locator(".choice").count() >= 3


def test_nothing_is_sent_before_the_person_sends_something(page: Page, base_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, base_url).open()
    page.wait_for_timeout(500)
    assert not [url for url in asked if "/api/" in url]
    assert all(url.startswith(base_url) for url in asked)


def test_a_starting_question_is_answered_with_title_sources_date_and_whom_to_call(chat: Chat) -> None:
    chat.button("What are signs of cancer in the bones?").click()
    turn = chat.turns.first
    expect(turn.locator("h4").first).to_be_visible()
    turn.locator("summary").click()
    expect(turn.locator(".sources")).to_contain_text("Last reviewed")
    expect(turn.locator(".sources li").first).to_contain_text(re.compile(r"\(\d{4}\)"))
    referral = turn.locator(".referral")
    assert referral.locator("a").count() >= 1
    for link in referral.locator("a").all():
        assert re.fullmatch(r"tel:\+?\d{2,15}", link.get_attribute("href") or "")
    expect(chat.root.locator(".intro .choice")).to_have_count(0)


def test_an_urgent_turn_is_marked_announced_focused_and_pinned_until_dismissed(chat: Chat) -> None:
    turn = chat.ask("I have a fever of 101 on chemo")
    expect(turn).to_have_class(re.compile("urgent|emergency"))
    expect(turn.locator(".level")).to_contain_text(re.compile("Urgent|Emergency"))
    expect(turn.locator(".level svg")).to_be_visible()
    expect(turn).to_be_focused()
    expect(chat.root.get_by_role("alert")).to_contain_text(re.compile("Urgent|Emergency"))
    pinned = chat.root.locator(".pinned")
    expect(pinned.get_by_role("link").first).to_have_attribute("href", re.compile("^tel:"))
    chat.ask("ok thanks, what can I eat?")
    expect(pinned).to_be_visible()
    chat.page.reload()
    again = Chat(chat.page).open()
    expect(again.root.locator(".pinned")).to_be_visible()
    again.button("Hide").click()
    expect(again.root.locator(".pinned")).to_have_count(0)
    expect(again.panel.get_by_role("link", name="Emergency: 911")).to_be_visible()


def test_a_crisis_turn_shows_988(chat: Chat) -> None:
    turn = chat.ask("I want to die")
    expect(turn).to_have_class(re.compile("crisis|emergency"))
    expect(turn.locator("a[href='tel:988']")).to_be_visible()
    expect(chat.root.locator(".pinned a[href='tel:988']")).to_be_visible()


def test_feedback_simpler_words_and_whom_to_call(chat: Chat) -> None:
    chat.ask("What are signs of cancer in the bones?")
    chat.button("No").click()
    chat.button("Hard to read").click()
    expect(chat.root.locator(".tools")).to_contain_text("Thank you.")
    chat.button("Say it simpler").click()
    expect(chat.mine.last).to_have_text("Say it simpler")
    expect(chat.turns).to_have_count(2)
    chat.button("Who can I call?").click()
    expect(chat.mine.last).to_have_text("Who can I call?")
    expect(chat.turns).to_have_count(3)


def test_the_list_of_questions_can_be_made_changed_copied_and_outlives_a_reload(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.menu("My questions for the doctor")
    expect(chat.root.get_by_role("heading", name="My questions for the doctor")).to_be_focused()
    field = chat.root.get_by_label("New question")
    for text in ("What does this scan show?", "Can I travel?"):
        field.fill(text)
        chat.button("Add").click()
    expect(chat.root.locator(".questions li")).to_have_count(2)
    first = chat.root.get_by_label("Question 1", exact=True)
    first.fill("What does the bone scan show?")
    first.blur()
    expect(chat.root.get_by_role("status")).to_have_text("Saved.")
    chat.button("Remove: Question 2").click()
    expect(chat.root.locator(".questions li")).to_have_count(1)
    chat.root.locator(".list").get_by_role("button", name="Copy").click()
    expect(chat.root.get_by_role("status")).to_have_text("Copied.")
    assert "1. What does the bone scan show?" in chat.page.evaluate("navigator.clipboard.readText()")
    chat.page.reload()
    again = Chat(chat.page).open()
    again.menu("My questions for the doctor")
    expect(again.root.get_by_label("Question 1", exact=True)).to_have_value("What does the bone scan show?")


def test_the_chat_can_be_copied_with_its_numbers(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.ask("What are signs of cancer in the bones?")
    chat.menu("Copy this chat")
    expect(chat.root.get_by_role("status")).to_have_text("Copied.")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "You: What are signs of cancer in the bones?" in copied
    assert "1-800-227-2345" in copied
    assert "not a diagnosis" in copied


def test_erase_asks_first_and_leaves_nothing(chat: Chat) -> None:
    chat.ask("What are signs of cancer in the bones?")
    chat.menu("Erase this chat")
    expect(chat.button("No, keep it")).to_be_focused()
    chat.button("No, keep it").click()
    expect(chat.turns).to_have_count(1)
    chat.menu("Erase this chat")
    chat.button("Yes, erase").click()
    expect(chat.root.locator(".notice")).to_have_text("This chat is erased.")
    expect(chat.turns).to_have_count(0)
    assert "bones" not in chat.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    chat.page.reload()
    expect(Chat(chat.page).open().turns).to_have_count(0)


def test_a_reload_goes_on_without_announcing_old_answers_again(chat: Chat) -> None:
    chat.ask("What are signs of cancer in the bones?")
    chat.page.reload()
    again = Chat(chat.page).open()
    expect(again.turns).to_have_count(1)
    expect(again.mine).to_have_text("What are signs of cancer in the bones?")
    again.ask("What can I do about tiredness?")
    expect(again.turns).to_have_count(2)
    assert again.page.evaluate("localStorage.length") == 0


def test_a_second_tab_goes_on_with_the_same_conversation_and_hears_new_answers(
    chat: Chat, context: BrowserContext, base_url: str
) -> None:
    chat.ask("What are signs of cancer in the bones?")
    other = visit(context.new_page(), base_url).open()
    expect(other.turns).to_have_count(1)
    other.ask("What can I do about tiredness?")
    expect(chat.turns).to_have_count(2)
    chat.ask("Who can I call?")
    expect(other.turns).to_have_count(3)
    expect(other.mine).to_have_text([mine.text_content() or "" for mine in chat.mine.all()])


def test_erasing_in_one_tab_erases_in_the_other(chat: Chat, context: BrowserContext, base_url: str) -> None:
    chat.ask("What are signs of cancer in the bones?")
    other = visit(context.new_page(), base_url).open()
    expect(other.turns).to_have_count(1)
    chat.menu("Erase this chat")
    chat.button("Yes, erase").click()
    expect(other.turns).to_have_count(0)


def test_after_an_hour_it_starts_anew_and_says_so(page: Page, base_url: str) -> None:
    page.clock.install()
    chat = visit(page, base_url).open()
    chat.ask("What are signs of cancer in the bones?")
    page.clock.fast_forward("01:01:00")
    expect(chat.turns).to_have_count(1)  # nothing is taken from under somebody who reads
    chat.say("What can I do about tiredness?")
    expect(chat.root.locator(".notice")).to_contain_text("new conversation")
    expect(chat.mine).to_have_text(["What can I do about tiredness?"])
    expect(chat.turns).to_have_count(1)
    page.clock.fast_forward("01:01:00")
    page.reload()
    again = Chat(page).open()
    expect(again.turns).to_have_count(0)


def test_larger_text_up_to_double(chat: Chat) -> None:
    size = "Number.parseFloat(getComputedStyle(document.querySelector('careline-chat').shadowRoot.querySelector('.frame')).fontSize)"
    assert chat.page.evaluate(size) >= 18
    for _ in range(3):
        chat.menu("Larger text")
    assert chat.page.evaluate(size) >= 36
    chat.menu("Smaller text")
    assert chat.page.evaluate(size) < 36


def test_spanish_interface(page: Page, base_url: str) -> None:
    chat = visit(page, base_url, data_language="es").open()
    expect(chat.panel).to_have_attribute("lang", "es")
    expect(chat.root.locator(".intro")).to_contain_text("llame ahora al 911")
    expect(chat.root.get_by_role("button", name="Enviar")).to_be_visible()


def test_messages_and_markup_come_out_as_they_were_typed(chat: Chat) -> None:
    text = "<img src=x onerror=alert(1)> fever > 38.0 C [or] <36 *HER2_neu* javascript:alert(1)"
    chat.say(text)
    expect(chat.mine).to_have_text(text)
    expect(chat.turns).to_have_count(1)
    assert chat.root.locator("img").count() == 0


def test_escape_closes_on_a_phone_too(page: Page, base_url: str) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    chat = visit(page, base_url).open()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    chat.open()
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
