"""What a patient does with the widget, end to end, on the real server with its trained model."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from servers import Server
from widget_chat import SCREENSHOTS, Chat, no_violations, shoot, visit_demo

from careline.turn import KINDS

# One server for all of them: they run in one process, one after the other.
pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.xdist_group("careline")]
BONES = "What are signs of cancer in the bones?"
FEVER = "I have a fever of 101 on chemo"
TIRED = "What can I do about tiredness?"


@pytest.fixture
def chat(page: Page, careline: Server) -> Chat:
    """A chat on the demo page, open."""
    return visit_demo(page, careline.url).open()


def test_before_anything_is_typed_it_says_what_it_is_and_whom_to_call(chat: Chat) -> None:
    for words in (
        "Automated helper",
        "Nobody is reading",
        "not a doctor",
        "cannot diagnose",
        "call 911",
        "call or text 988",
        "do not type names",
    ):
        expect(chat.panel).to_contain_text(words)
    expect(chat.panel.get_by_role("link", name="Emergency: 911")).to_have_attribute("href", "tel:911")
    expect(chat.panel.get_by_role("link", name="Crisis: 988")).to_have_attribute("href", "tel:988")
    expect(chat.root.locator(".choice").first).to_be_in_viewport()
    shoot(chat.page, "journey", "open")


def test_nothing_is_sent_before_the_person_sends_something(page: Page, careline: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit_demo(page, careline.url).open()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/api/" in url]
    assert all(url.startswith(careline.url) for url in asked)


def test_a_starting_question_is_answered_with_title_sources_date_and_whom_to_call(chat: Chat) -> None:
    chat.button(BONES).click()
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
    turn = chat.ask(FEVER)
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


def test_a_crisis_shows_988_first_and_locks_nobody_out(chat: Chat) -> None:
    turn = chat.ask("I want to die")
    expect(turn).to_have_class(re.compile("crisis"))
    expect(turn).to_be_focused()
    expect(turn.locator("a").first).to_have_attribute("href", "tel:988")
    expect(chat.root.locator(".pinned a").first).to_have_attribute("href", "tel:988")
    expect(chat.root.get_by_role("alert")).to_contain_text("988")
    shoot(chat.page, "journey", "crisis")
    expect(chat.ask(BONES)).to_contain_text("bones")
    expect(chat.root.locator(".pinned a").first).to_have_attribute("href", "tel:988")


def test_a_symptom_leads_through_the_questions_to_advice_and_a_note_for_the_phone(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = chat.ask("I have a new pain in my hip")
    shoot(chat.page, "journey", "questionnaire")
    for answer in ("No, none of these", "A few weeks", "Getting worse", "No"):
        expect(turn).to_have_attribute("data-kind", "symptom_question")
        expect(turn.locator(".referral a").first).to_be_visible()
        turn = chat.choose(answer)
    expect(turn).to_have_attribute("data-kind", "symptom_advice")
    expect(turn.locator(".level")).to_contain_text("Call today")
    note = turn.locator(".note")
    for words in ("hip", "few weeks", "getting worse", "not on cancer treatment"):
        expect(note).to_contain_text(words)
    note.get_by_role("button", name="Copy").click()
    expect(chat.root.get_by_role("status")).to_have_text("Copied.")
    assert "getting worse" in chat.page.evaluate("navigator.clipboard.readText()")
    shoot(chat.page, "journey", "advice")


def test_a_red_flag_in_mid_questionnaire_is_answered_before_the_next_question(chat: Chat) -> None:
    chat.ask("I have a new pain in my hip")
    turn = chat.ask("I can't feel my legs since this morning")
    expect(turn).to_have_class(re.compile("urgent|emergency"))
    expect(turn).to_be_focused()
    expect(chat.root.locator(".pinned")).to_be_visible()


def test_what_was_asked_goes_on_the_list_shows_and_prints(chat: Chat) -> None:
    chat.page.evaluate("window.print = () => {}")
    chat.ask(BONES)
    expect(chat.ask("add that to my list")).to_contain_text("Signs in the bones")
    expect(chat.ask("show my list").locator(".note")).to_contain_text("1. Signs in the bones")
    chat.menu("My questions for the doctor")
    expect(chat.root.get_by_label("Question 1", exact=True)).to_have_value("Signs in the bones")
    chat.root.locator(".list").get_by_role("button", name="Print").click()
    chat.page.emulate_media(media="print")
    expect(chat.page.locator("[data-careline-print] li, [data-careline-print] p").last).to_have_text(
        "Signs in the bones"
    )


def test_spanish_words_get_spanish_help(page: Page, careline: Server) -> None:
    chat = visit_demo(page, careline.url, language="es")
    expect(chat.launcher).to_have_text("Hacer una pregunta")
    chat.open()
    answer = chat.ask("¿Cuáles son las señales del cáncer en los huesos?")
    expect(answer).to_contain_text("español")
    expect(answer.locator(".said")).to_have_attribute("lang", "es")
    fever = chat.ask("tengo fiebre y estoy en quimioterapia")
    expect(fever.locator(".level")).to_contain_text("Urgente")
    expect(fever.locator(".referral")).to_contain_text("Llame")
    expect(chat.root.locator(".pinned")).to_contain_text("Llamar al 911")
    shoot(page, "journey", "spanish")


def test_feedback_simpler_words_and_whom_to_call(chat: Chat) -> None:
    chat.ask(BONES)
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
    chat.ask(BONES)
    chat.menu("Copy this chat")
    expect(chat.root.get_by_role("status")).to_have_text("Copied.")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert f"You: {BONES}" in copied
    assert "1-800-227-2345" in copied
    assert "not a diagnosis" in copied


def test_erase_asks_first_and_leaves_nothing(chat: Chat) -> None:
    chat.ask(BONES)
    token = chat.token
    chat.menu("Erase this chat")
    expect(chat.button("No, keep it")).to_be_focused()
    chat.button("No, keep it").click()
    expect(chat.turns).to_have_count(1)
    chat.menu("Erase this chat")
    chat.button("Yes, erase").click()
    expect(chat.root.locator(".notice")).to_have_text("This chat is erased.")
    expect(chat.turns).to_have_count(0)
    assert "bones" not in chat.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert chat.stored(token) == "session_erased", "the server has it no longer either"
    chat.page.reload()
    expect(Chat(chat.page).open().turns).to_have_count(0)


def test_a_reload_goes_on_without_announcing_old_answers_again(chat: Chat) -> None:
    chat.ask(BONES)
    chat.page.reload()
    again = Chat(chat.page).open()
    expect(again.turns).to_have_count(1)
    expect(again.mine).to_have_text(BONES)
    again.ask(TIRED)
    expect(again.turns).to_have_count(2)
    assert again.page.evaluate("localStorage.length") == 0


def test_a_second_tab_goes_on_with_the_same_conversation_and_hears_new_answers(
    chat: Chat, context: BrowserContext, careline: Server
) -> None:
    chat.ask(BONES)
    other = visit_demo(context.new_page(), careline.url).open()
    expect(other.turns).to_have_count(1)
    other.ask(TIRED)
    expect(chat.turns).to_have_count(2)
    chat.ask("Who can I call?")
    expect(other.turns).to_have_count(3)
    expect(other.mine).to_have_text([mine.text_content() or "" for mine in chat.mine.all()])


def test_erasing_in_one_tab_erases_in_the_other(chat: Chat, context: BrowserContext, careline: Server) -> None:
    chat.ask(BONES)
    other = visit_demo(context.new_page(), careline.url).open()
    expect(other.turns).to_have_count(1)
    chat.menu("Erase this chat")
    chat.button("Yes, erase").click()
    expect(other.turns).to_have_count(0)


def test_after_an_hour_it_starts_anew_and_says_so(page: Page, careline: Server) -> None:
    page.clock.install()
    chat = visit_demo(page, careline.url).open()
    chat.ask(BONES)
    page.clock.fast_forward("01:01:00")
    expect(chat.turns).to_have_count(1)  # nothing is taken from under somebody who reads
    chat.say(TIRED)
    expect(chat.root.locator(".notice")).to_contain_text("new chat")
    expect(chat.mine).to_have_text([TIRED])
    expect(chat.turns).to_have_count(1)
    page.clock.fast_forward("01:01:00")
    page.reload()
    again = Chat(page).open()
    expect(again.turns).to_have_count(0)


def test_larger_text_up_to_double(chat: Chat) -> None:
    size = "Number.parseFloat(getComputedStyle(document.querySelector('careline-chat').shadowRoot.querySelector('.frame')).fontSize)"
    assert chat.page.evaluate(size) >= 18
    chat.menu(*["Larger text"] * 3)
    assert chat.page.evaluate(size) >= 36
    chat.button("Smaller text").click()
    assert chat.page.evaluate(size) < 36


def test_spanish_interface(page: Page, careline: Server) -> None:
    chat = visit_demo(page, careline.url, language="es").open()
    expect(chat.panel).to_have_attribute("lang", "es")
    expect(chat.root.locator(".intro")).to_contain_text("llame ahora al 911")
    expect(chat.root.get_by_role("button", name="Enviar")).to_be_visible()


def test_messages_and_markup_come_out_as_they_were_typed(chat: Chat) -> None:
    text = "<img src=x onerror=alert(1)> fever > 38.0 C [or] <36 *HER2_neu* javascript:alert(1)"
    chat.say(text)
    expect(chat.mine).to_have_text(text)
    expect(chat.turns).to_have_count(1)
    assert chat.root.locator("img").count() == 0


def test_escape_closes_on_a_phone_too(page: Page, careline: Server) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    chat = visit_demo(page, careline.url).open()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    chat.open()
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demo_pages(page: Page, careline: Server, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    visit_demo(page, careline.url)
    no_violations(page, "home")
    shoot(page, "demo", "home", scheme)
    page.goto(f"{careline.url}/demo/turns")
    expect(page.locator("[data-sample] .turn")).to_have_count(len(KINDS))
    no_violations(page, "every kind of turn")
    page.screenshot(path=SCREENSHOTS / f"demo-turns-{scheme}.png", full_page=True)


def test_killed_in_mid_conversation_it_goes_on_where_it_was(chat: Chat, careline: Server) -> None:
    chat.ask("I have a new pain in my hip")
    careline.kill()
    chat.say("and now I have a fever, and I am on chemo")
    expect(chat.root.locator("[data-card] a[href='tel:911']")).to_be_visible()
    shoot(chat.page, "journey", "server-gone")
    careline.begin()  # while the model loads, the red flags answer already
    expect(chat.turns.last).to_have_class(re.compile("urgent|emergency"), timeout=120_000)
    expect(chat.root.locator("[data-card]")).to_have_count(0)
    careline.wait()
    expect(chat.ask(BONES)).to_have_attribute("data-kind", "answer")
    assert chat.mine.all_text_contents() == [
        "I have a new pain in my hip",
        "and now I have a fever, and I am on chemo",
        BONES,
    ]
    chat.page.reload()
    again = Chat(chat.page).open()
    expect(again.turns).to_have_count(3)
    assert [turn["text"] for turn in again.stored()] == chat.mine.all_text_contents()
