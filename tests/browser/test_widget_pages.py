"""The widget on other people's pages: another origin, a strict policy, loud styles, twice, frameworks, and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from servers import MockServer
from widget_chat import Chat, shoot, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """A site of another origin that only serves pages."""
    server = MockServer(tmp_path_factory.mktemp("site"))
    server.start()
    yield server
    server.kill()


def test_on_another_origin_under_a_strict_policy(page: Page, site: MockServer, mock: MockServer) -> None:
    troubles: list[str] = []
    asked: list[str] = []
    page.on(
        "console",
        lambda message: (
            troubles.append(message.text)
            if message.type == "error" and "favicon" not in message.location["url"]
            else None
        ),
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error(`policy ${event.violatedDirective} ${event.blockedURI}`))"
    )
    chat = visit(page, site.url, strict="1", host=mock.url, data_color="#7a1f5c").open()
    chat.ask("bone")
    chat.ask("fever")
    chat.menu("My questions for the doctor")
    chat.root.get_by_label("New question").fill("Can I travel?")
    chat.button("Add").click()
    page.evaluate("window.print = () => {}")
    chat.root.locator(".list").get_by_role("button", name="Print").click()
    expect(page.locator("[data-careline-print]")).to_be_attached()
    assert not troubles
    assert chat.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(122, 31, 92)"
    assert all(
        url.startswith((mock.url, f"{site.url}/page", f"{site.url}/mock/page.css", f"{site.url}/favicon"))
        for url in asked
    ), asked
    assert page.evaluate("document.cookie") == ""


def test_twice_on_a_page_in_two_languages(page: Page, mock: MockServer) -> None:
    left = visit(page, mock.url, two="1", data_position="bottom-left", again_language="es")
    right = Chat(page, 1)
    expect(page.locator("careline-chat")).to_have_count(2)
    left.open()
    right.open()
    expect(right.panel).to_have_attribute("lang", "es")
    left.ask("bone")
    expect(right.turns).to_have_count(1)  # the same host, the same conversation
    right.ask("swollen")
    expect(left.turns).to_have_count(2)
    assert len(mock.seen()["messages"]) == 2
    right.button("Cerrar").first.click()
    expect(right.panel).to_be_hidden()
    expect(left.panel).to_be_visible()


def test_written_into_the_page_with_numbers_for_when_nothing_loads(page: Page, mock: MockServer) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{mock.url}/page?written=1")
    expect(page.get_by_text("Call 911")).to_be_visible()
    page.unroute("**/widget.js")
    chat = visit(page, mock.url, written="1")
    expect(page.locator("careline-chat")).to_have_count(1)
    expect(page.get_by_text("Call 911", exact=True)).to_be_hidden()
    chat.open().ask("bone")


def test_the_site_s_own_care_team_title_and_greeting(page: Page, mock: MockServer) -> None:
    chat = visit(
        page,
        mock.url,
        data_title="Ask Riverside",
        data_greeting="Welcome to Riverside.",
        data_care_team_name="Riverside nurse line",
        data_care_team_phone="(555) 010-0199",
    ).open()
    expect(chat.panel.get_by_role("heading", name="Ask Riverside")).to_be_visible()
    expect(chat.root.locator(".hello")).to_have_text("Welcome to Riverside.")
    turn = chat.ask("fever")
    assert [link.get_attribute("href") for link in turn.locator("a").all()] == ["tel:911", "tel:5550100199"]
    expect(chat.root.locator(".pinned")).to_contain_text("(555) 010-0199")
    chat.button("Hide").click()
    assert chat.ask("bone").locator("a").first.get_attribute("href") == "tel:5550100199"
    mock.kill()
    chat.say("more")
    expect(chat.root.locator("[data-card]")).to_contain_text("Riverside nurse line")


def test_the_site_s_styles_do_not_leak_in(page: Page, mock: MockServer) -> None:
    plain = visit(page, mock.url).open()
    look = "node => { const s = getComputedStyle(node); return [s.fontFamily, s.fontSize, s.fontStyle, s.color, s.textAlign, s.letterSpacing, s.backgroundColor].join() }"
    before = [
        plain.root.locator(part).first.evaluate(look) for part in (".frame", ".intro p", ".choice", "#input", ".bar a")
    ]
    hostile = visit(page, mock.url, hostile="1").open()
    page.wait_for_timeout(300)
    assert page.locator("body").evaluate("node => getComputedStyle(node).fontStyle") == "italic"
    assert [
        hostile.root.locator(part).first.evaluate(look)
        for part in (".frame", ".intro p", ".choice", "#input", ".bar a")
    ] == before


def test_custom_properties_and_events(page: Page, mock: MockServer) -> None:
    page.add_init_script(
        "window.heard = []; for (const name of ['ready', 'open', 'turn', 'close', 'erased'])"
        "addEventListener(`careline:${name}`, ({ detail }) => heard.push([name, JSON.stringify(detail)]))"
    )
    chat = visit(page, mock.url)
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('careline-chat { --careline-accent: rgb(1, 2, 3) }'); document.adoptedStyleSheets = [sheet] }"
    )
    assert chat.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(1, 2, 3)"
    page.evaluate("document.querySelector('careline-chat').open()")
    chat.ask("bone")
    page.evaluate("document.querySelector('careline-chat').close()")
    heard = page.evaluate("heard")
    assert [name for name, _ in heard] == ["ready", "open", "turn", "close"]
    assert heard[2][1] == '{"kind":"answer","tier":"information"}'  # never a word that was said


def test_a_framework_may_move_remove_and_change_it(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    chat.ask("bone")
    page.evaluate(
        "() => { const chat = document.querySelector('careline-chat'); document.querySelector('main').append(chat) }"
    )
    expect(Chat(page).turns).to_have_count(1)
    page.evaluate(
        "() => { const chat = document.querySelector('careline-chat'); chat.dataset.title = 'One'; chat.dataset.title = 'Two'; chat.dataset.language = 'es' }"
    )
    expect(page.locator("careline-chat h2")).to_have_text("Two")
    expect(page.locator("careline-chat .launcher")).to_have_count(1)
    page.evaluate("() => { window.kept = document.querySelector('careline-chat'); kept.remove() }")
    page.evaluate("document.body.append(kept)")
    expect(Chat(page).launcher).to_be_visible()
    Chat(page).open().ask("fever")


def test_kept_beyond_the_session_only_where_the_site_says_so(page: Page, mock: MockServer) -> None:
    visit(page, mock.url).open().ask("bone")
    assert page.evaluate("localStorage.length") == 0
    visit(page, mock.url, data_persist="true").open().ask("fever")
    assert page.evaluate("localStorage.length") == 1
    page.evaluate("sessionStorage.clear()")
    later = visit(page.context.new_page(), mock.url, data_persist="true").open()
    expect(later.turns).to_have_count(1)


def test_nothing_is_kept_for_review_unless_the_person_agrees(page: Page, mock: MockServer) -> None:
    chat = visit(page, mock.url).open()
    expect(chat.root.get_by_role("checkbox")).not_to_be_checked()
    chat.ask("bone")
    assert mock.seen()["keep"] == [False]
    chat.root.get_by_role("checkbox").check()
    page.wait_for_timeout(300)
    assert mock.seen()["keep"] == [True]


def test_the_conversation_on_paper(page: Page, mock: MockServer) -> None:
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1 }")
    chat = visit(page, mock.url).open()
    chat.ask("both")
    chat.ask("fever")
    chat.menu("Print this chat")
    assert page.evaluate("window.printed") == 1
    expect(page.locator("[data-careline-print]")).to_be_hidden()
    page.emulate_media(media="print")
    paper = page.locator("[data-careline-print]")
    expect(paper).to_be_visible()
    for words in (
        "You: both",
        "Signs in the bones",
        "Where this comes from",
        "Last reviewed",
        "1-800-227-2345",
        "Urgent: call your cancer team now",
        "not a diagnosis",
    ):
        expect(paper).to_contain_text(words)
    expect(paper.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("heading", name="Riverside Hospital")).to_be_hidden()
    expect(chat.panel).to_be_hidden()
    shoot(page, "print", "conversation")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(paper).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Riverside Hospital")).to_be_visible()
    expect(chat.launcher).to_be_hidden()


def test_the_list_and_the_note_on_paper(page: Page, mock: MockServer) -> None:
    page.add_init_script("window.print = () => {}")
    chat = visit(page, mock.url).open()
    turn = chat.ask("advice")
    turn.locator(".note").get_by_role("button", name="Print").click()
    page.emulate_media(media="print")
    expect(page.locator("[data-careline-print]")).to_contain_text("hip pain for three weeks")
    page.emulate_media(media="screen")
    chat.menu("My questions for the doctor")
    for text in ("Can I travel?", "What does this scan show?"):
        chat.root.get_by_label("New question").fill(text)
        chat.button("Add").click()
    expect(chat.root.locator(".questions li")).to_have_count(2)
    chat.root.locator(".list").get_by_role("button", name="Print").click()
    page.emulate_media(media="print")
    paper = page.locator("[data-careline-print]")
    expect(paper.locator("li")).to_have_text(["Can I travel?", "What does this scan show?"])
    shoot(page, "print", "list")
