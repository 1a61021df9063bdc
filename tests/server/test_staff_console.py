"""What staff do in the console, over HTTP: search, card, red flags, handout, contacts, what people ask, withdrawing and restoring."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
import textstat

from careline.catalog import Catalog
from careline.dialogue.compose import answer_turn
from careline.dialogue.knowledge import shared
from careline.staff import cards, contact_board, handout, insights, red_flag_aid
from careline.staff.search import Filters, Search
from careline.store.base import Review
from careline.store.counts import Key
from careline.store.ledger import CHECKED, Act
from careline.withdrawals import Withdrawal, of_contact, wordings
from tests.server.fakes import FakeReply
from tests.server.staff_site import TOPIC, Browser, Site, site

CATALOG: Catalog = shared().catalog
TOPICS = [topic for group in ("answer", "symptom") for topic in CATALOG.group(group)]
HOTLINE = CATALOG.contacts.by_id[CATALOG.contacts.default_hotline]
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Site]:
    async with site(tmp_path) as made_site:
        yield made_site


@pytest.fixture
async def ada(here: Site) -> Browser:
    return await here.browser().entered("ada")


@pytest.fixture
async def ben(here: Site) -> Browser:
    return await here.browser().entered("ben")


def words(html: str) -> str:
    """What a reader sees of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# --- search and card --------------------------------------------------------------------------------------------------


async def test_search_finds_half_typed_and_misspelt_words(ben: Browser) -> None:
    for query in ("metastr", "Metastron", "metstron", "strontium"):
        page = await ben.get("/staff/search", params={"q": query}, headers=FRAGMENT)
        assert CATALOG.topics[TOPIC].meta.title in words(page.text), query


async def test_search_shows_five_at_the_most_with_theme_tier_and_draft(ben: Browser) -> None:
    page = await ben.get("/staff/search", params={"q": "radiation for bone pain"}, headers=FRAGMENT)
    assert 1 < page.text.count('class="hit"') <= 5
    assert "draft" in words(page.text) and "bone" in words(page.text)


async def test_a_red_flag_in_the_search_is_said_first(ben: Browser) -> None:
    page = await ben.get("/staff/search", params={"q": "fever of 102 on chemo"}, headers=FRAGMENT)
    assert page.text.index("Red flag in these words") < page.text.find('class="hit"') or 'class="hit"' not in page.text


def test_filters_let_only_their_own_pass() -> None:
    search = Search(CATALOG, None)
    for filters in (Filters(theme="bone"), Filters(facet="site:bone"), Filters(source="yme_undated")):
        hits = search("treatment for pain in the bones", filters)
        assert hits and all(filters.admits(hit.topic) for hit in hits)


@pytest.mark.parametrize("query", ["", " ", "\n", "zzzz qqqq", "?!", "x" * 5000])
def test_search_finds_nothing_in_nothing(query: str) -> None:
    assert Search(CATALOG, None)(query) == []


async def test_a_card_reads_as_a_patient_gets_it(ben: Browser) -> None:
    page = words((await ben.get(f"/staff/topics/{TOPIC}", headers=FRAGMENT)).text)
    turn = answer_turn(shared(), [CATALOG.topics[TOPIC]])
    for text in [*(part.text for part in turn.parts), turn.referral.text]:
        assert " ".join(text.split()) in page
    for said in ("draft, not signed", "precedence 3 of 5", "Do not say", "nuclear medicine doctor can say", "1-800-227-2345", "24 hours", "Spanish", "Last review"):
        assert said in page, said


def test_every_card_has_numbers_sources_and_red_flags_to_ask() -> None:
    made = [cards.card(shared(), topic, {}) for topic in TOPICS]
    assert [card.topic.id for card in made if not card.contacts or not card.flags] == []
    assert [card.topic.id for card in made if not card.sources and card.topic.meta.kind == "answer"] == []


@pytest.mark.parametrize("path", ["nothing", "greet", "..%2f..", "%00", "a" * 500])
async def test_there_is_no_card_of_what_is_no_answer(ben: Browser, path: str) -> None:
    assert (await ben.get(f"/staff/topics/{path}")).status_code == 404


async def test_without_scripts_the_call_page_searches_and_opens_a_card(ben: Browser) -> None:
    assert CATALOG.topics[TOPIC].meta.title in words((await ben.get("/staff/", params={"q": "metastron"})).text)
    page = words((await ben.get(f"/staff/topics/{TOPIC}?q=metastron")).text)
    assert "Read aloud" in page and "Always: 911" in page and "988" in page


@pytest.mark.parametrize("path", ["", "contacts", "asked", "withdrawals", f"topics/{TOPIC}"])
async def test_every_page_says_that_it_is_no_protocol(ben: Browser, path: str) -> None:
    page = words((await ben.get(f"/staff/{path}")).text)
    assert "Reference only: follow your own triage protocol." in page and "unsigned" in page


# --- red flags --------------------------------------------------------------------------------------------------------


async def test_the_aid_names_the_words_the_tier_and_what_to_tell(ben: Browser) -> None:
    page = words((await ben.post("/staff/red-flags", headers=FRAGMENT, said="she has a fever of 102 since her chemo")).text)
    flag = shared().red_flags.flags["E1"]
    assert flag.title in page and "urgent" in page and "fever" in page and "draft, not signed" in page and "Ask next" in page
    assert "Do not wait for the temperature to go up" in page


def test_a_ticked_flag_is_a_flag_and_is_not_asked_again() -> None:
    asked = cards.checklist(shared(), CATALOG.topics["bone_pain"])
    aid = red_flag_aid.aid(shared(), "", ["E2a", "nonsense"], asked, lambda _: ())
    assert [raised.flag.id for raised in aid.raised] == ["E2a"] and aid.tier == shared().red_flags.flags["E2a"].tier
    assert "E2a" not in [flag.id for flag in aid.ask] and aid.ask


def test_words_and_ticks_count_together_and_the_worst_leads() -> None:
    aid = red_flag_aid.aid(shared(), "she can't breathe", ["E5b"], (), lambda _: ())
    assert aid.tier == "emergency" and {raised.by for raised in aid.raised} == {"rules", "ticked"}
    assert aid.raised[0].tier == "emergency"


def test_nothing_found_is_no_all_clear() -> None:
    aid = red_flag_aid.aid(shared(), "what can I eat", [], (), lambda _: ())
    assert aid.turn is None and aid.tier is None


@pytest.mark.parametrize("flag", sorted(shared().red_flags.flags))
def test_every_flag_can_be_ticked(flag: str) -> None:
    aid = red_flag_aid.aid(shared(), "", [flag], (), lambda _: ())
    assert aid.turn is not None and aid.turn.referral.contacts


async def test_what_the_caller_said_is_kept_nowhere(here: Site, ben: Browser) -> None:
    await ben.post("/staff/red-flags", headers=FRAGMENT, said="zanzibar fever on chemo")
    await ben.get("/staff/search", params={"q": "zanzibar metastron"}, headers=FRAGMENT)
    kept = b"".join(path.read_bytes() for path in here.folder.rglob("*") if path.is_file())
    assert b"zanzibar" not in kept


# --- withdrawing ------------------------------------------------------------------------------------------------------


def says_topic(here: Site) -> None:
    """Let the fake engine answer with the topic."""
    turn = answer_turn(shared(), [CATALOG.topics[TOPIC]])

    async def respond(text: str, **_: object) -> FakeReply:
        return FakeReply(replace(turn, turn="t1"), {}, text)

    here.chat.engine.respond = respond  # type: ignore[method-assign, assignment]


async def test_a_withdrawn_answer_is_refused_at_once_in_new_turns_and_in_old_ones(here: Site, ben: Browser, ada: Browser) -> None:
    says_topic(here)
    await here.chat.begin()
    text = CATALOG.topics[TOPIC].text
    assert (await here.chat.say("what is metastron")).json()["parts"][0]["text"] == text
    assert (await ben.post("/staff/withdraw", topic=TOPIC, reason="the dose is wrong")).status_code == 303
    deadline = time.monotonic() + 5
    while text in str((await here.chat.say("and metastron?")).json()):
        assert time.monotonic() < deadline
    turns = await here.chat.turns()
    assert text not in str(turns)
    assert all(turn["referral"]["contacts"] for turn in turns)
    assert CATALOG.say("withdrawn") in str(turns[0]["parts"])
    await ada.post("/staff/restore", subject=TOPIC, reason="read again, it is right")
    deadline = time.monotonic() + 5
    while text not in str((await here.chat.say("metastron once more")).json()):
        assert time.monotonic() < deadline


def hotline_shown(here: Site) -> None:
    """Let the fake engine refer to the default hotline."""
    async def respond(text: str, **_: object) -> FakeReply:
        return FakeReply(replace(answer_turn(shared(), [CATALOG.topics[TOPIC]]), turn="t1"), {}, text)

    here.chat.engine.respond = respond  # type: ignore[method-assign, assignment]


async def test_a_withdrawn_number_is_gone_at_once_from_new_turns_old_ones_pages_and_cards(here: Site, ben: Browser, ada: Browser) -> None:
    hotline_shown(here)
    await here.chat.begin()
    assert HOTLINE.tel in str((await here.chat.say("what is metastron")).json())
    assert (await ben.post(f"/staff/contacts/{HOTLINE.id}/withdraw", reason="somebody else answers there")).status_code == 303
    deadline = time.monotonic() + 5
    while HOTLINE.tel in str((await here.chat.say("and metastron?")).json()):
        assert time.monotonic() < deadline
    turns = await here.chat.turns()
    assert HOTLINE.tel not in str(turns) and all(turn["referral"]["contacts"] for turn in turns)
    for path in ("/", "/demo/turns", "/widget/config.json", f"/staff/topics/{TOPIC}", f"/staff/handout?topic={TOPIC}"):
        page = (await ben.get(path)).text
        assert HOTLINE.tel not in page and HOTLINE.phone not in page, path
    assert "withdrawn: do not give" in words((await ben.get("/staff/contacts")).text)
    assert "somebody else answers there" in words((await ben.get("/staff/withdrawals")).text)
    assert (await ben.post("/staff/restore", subject=of_contact(HOTLINE.id), reason="I think it is right")).status_code == 403
    await ada.post("/staff/restore", subject=of_contact(HOTLINE.id), reason="rung again, it is right")
    deadline = time.monotonic() + 5
    while HOTLINE.tel not in str((await here.chat.say("metastron once more")).json()):
        assert time.monotonic() < deadline


@pytest.mark.parametrize("contact", [CATALOG.contacts.emergency, CATALOG.contacts.crisis, "nobody"])
async def test_the_emergency_and_the_crisis_number_cannot_be_withdrawn(here: Site, ada: Browser, contact: str) -> None:
    assert (await ada.post(f"/staff/contacts/{contact}/withdraw", reason="nobody answers there")).status_code == 422
    assert here.ledger.withdrawals() == {}
    assert f"/staff/contacts/{contact}/withdraw" not in (await ada.get("/staff/contacts")).text


async def test_a_withdrawal_survives_a_restart(here: Site, ben: Browser, tmp_path: Path) -> None:
    await ben.post("/staff/withdraw", topic=TOPIC, reason="the dose is wrong")
    async with site(tmp_path) as again:
        says_topic(again)
        await again.chat.begin()
        assert CATALOG.topics[TOPIC].text not in str((await again.chat.say("metastron")).json())


async def test_a_withdrawn_answer_is_neither_read_out_nor_printed(ben: Browser) -> None:
    await ben.post("/staff/withdraw", topic=TOPIC, reason="the dose is wrong")
    topic = CATALOG.topics[TOPIC]
    card = words((await ben.get(f"/staff/topics/{TOPIC}", headers=FRAGMENT)).text)
    printed = words((await ben.get(f"/staff/handout?topic={TOPIC}")).text)
    for page in (card, printed):
        assert topic.text not in page and topic.meta.simple not in page
    assert "do not read this out" in card and "the dose is wrong" in card
    assert "withdrawn" in words((await ben.get("/staff/search?q=metastron", headers=FRAGMENT)).text)


@pytest.mark.parametrize("fields", [{"topic": TOPIC, "reason": ""}, {"topic": TOPIC, "reason": "bad"}, {"topic": "nothing", "reason": "this is wrong"}, {"topic": "greet", "reason": "this is wrong"}, {}])
async def test_nothing_is_withdrawn_without_a_reason(here: Site, ben: Browser, fields: dict[str, str]) -> None:
    assert (await ben.post("/staff/withdraw", **fields)).status_code == 422
    assert here.ledger.withdrawals() == {}


async def test_staff_withdraw_and_maintainers_restore(here: Site, ben: Browser, ada: Browser) -> None:
    await ben.post("/staff/withdraw", topic=TOPIC, reason="the dose is wrong")
    assert (await ben.post("/staff/restore", subject=TOPIC, reason="I think it is fine")).status_code == 403
    assert set(here.ledger.withdrawals()) == {TOPIC}
    assert (await ada.post("/staff/restore", subject=TOPIC, reason="no")).status_code == 422
    assert (await ada.post("/staff/restore", subject=TOPIC, reason="read again, it is right")).status_code == 303
    assert here.ledger.withdrawals() == {}


async def test_a_second_withdrawal_keeps_the_first_words_refused(here: Site, ben: Browser) -> None:
    old = Act(1.0, "ada", "withdrawn", TOPIC, {"reason": "old words", "wordings": ["0123456789abcdef"]})
    here.ledger.add(old)
    await ben.post("/staff/withdraw", topic=TOPIC, reason="the new words are wrong, too")
    assert here.ledger.withdrawals()[TOPIC].wordings == wordings(CATALOG.topics[TOPIC]) | {"0123456789abcdef"}


async def test_every_act_is_in_the_log_and_reasons_are_scrubbed(here: Site, ben: Browser, ada: Browser) -> None:
    await ben.post("/staff/withdraw", topic=TOPIC, reason="wrong, says Jane Miller, call 919-555-0147")
    await ada.post("/staff/restore", subject=TOPIC, reason="read again, it is right")
    await ada.post("/staff/contacts/acs/check", result="right")
    page = words((await ada.get("/staff/log")).text)
    for said in ("ben withdrawn metastron", "ada restored metastron", "ada contact checked acs", "whole"):
        assert said in page
    assert "919-555-0147" not in page and "Miller" not in page
    assert (await ben.get("/staff/log")).status_code == 403


async def test_what_a_caller_says_is_kept_nowhere(here: Site, ben: Browser) -> None:
    """Staff type while somebody speaks: into the search, into a reason, by mistake into the login."""
    caller = "Jane Quibblethorpe, 919-555-0143, MRN 00482913"
    for path in ("/staff/search", f"/staff/topics/{TOPIC}", "/staff/red-flags"):
        await ben.get(path, params={"q": caller, "text": caller})
    await ben.post("/staff/withdraw", topic=TOPIC, reason=f"wrong, says {caller}")
    await ben.post("/staff/withdraw", topic=caller, reason=caller)
    await here.browser().login(caller, caller)
    kept = b"".join(path.read_bytes() for path in here.folder.rglob("*") if path.is_file())
    assert b"wrong, says [name], [phone], MRN [number]" in kept
    assert not [mark for mark in (b"Quibblethorpe", b"555-0143", b"00482913") if mark in kept]


async def test_an_altered_log_is_said_so(here: Site, ben: Browser, ada: Browser) -> None:
    await ben.post("/staff/withdraw", topic=TOPIC, reason="the dose is wrong")
    with sqlite3.connect(here.ledger.path) as db:
        db.execute("DROP TRIGGER acts_stay")
        db.execute("UPDATE acts SET who = 'eve' WHERE act = 'withdrawn'")
    assert "The log was altered." in words((await ada.get("/staff/log")).text)


async def test_a_ledger_that_is_away_opens_nothing(here: Site, ada: Browser) -> None:
    here.ledger.path.write_bytes(b"no database" * 1000)
    assert (await ada.get("/staff/")).status_code in (303, 503)
    assert (await here.browser().login()).status_code == 401


# --- handout, contacts, what people ask -------------------------------------------------------------------------------


async def test_the_handout_holds_own_words_numbers_and_questions(ben: Browser) -> None:
    page = words((await ben.get(f"/staff/handout?topic={TOPIC}&topic=bone_pain")).text)
    for said in (CATALOG.topics[TOPIC].meta.simple, "911", "988", "1-800-227-2345", "Questions to ask your doctor", "(draft)", "Draft: no doctor or nurse has signed", "right away"):
        assert said in page, said


def test_every_handout_reads_at_grade_six() -> None:
    grades = {topic.id: textstat.flesch_kincaid_grade(_read(handout.handout(shared(), [topic.id], {}))) for topic in TOPICS}
    assert {topic: grade for topic, grade in grades.items() if grade > 6} == {}


def _read(made: handout.Handout) -> str:
    return " ".join([made.lead, *(each.meta.simple for each in made.topics), *(f"{sign}." for sign in made.signs), *made.questions, made.note])


def test_a_handout_fits_its_page_and_leaves_out_what_is_withdrawn() -> None:
    chosen = [topic.id for topic in CATALOG.group("answer")]
    refused = {chosen[0]: Withdrawal(chosen[0], wordings(CATALOG.topics[chosen[0]]), "wrong", "ada", 1.0)}
    made = handout.handout(shared(), [*chosen, "nothing"], refused)
    assert len(made.topics) == handout.MOST_TOPICS and chosen[0] not in [topic.id for topic in made.topics]


def test_contacts_warn_ahead_and_a_check_counts_for_its_number_only() -> None:
    acs = CATALOG.contacts.by_id["acs"]
    rung = [Act(1.0, "ada", CHECKED, "acs", {"phone": acs.phone, "result": "right"}), Act(0.5, "ada", CHECKED, "nci", {"phone": "1-800-000-0000", "result": "right"})]
    rows = {row.contact.id: row for row in contact_board.rows(CATALOG.contacts, rung, {}, acs.expires - timedelta(days=10))}
    assert rows["acs"].state == "soon" and rows["acs"].days_left == 10 and rows["acs"].last
    assert rows["nci"].last is None and rows["nci"].state == "expired"
    assert rows["mbcn"].state == "hidden"


async def test_only_maintainers_record_checks(here: Site, ada: Browser, ben: Browser) -> None:
    assert (await ben.post("/staff/contacts/acs/check", result="right")).status_code == 403
    assert (await ada.post("/staff/contacts/acs/check", result="perhaps")).status_code == 422
    assert (await ada.post("/staff/contacts/nobody/check", result="right")).status_code == 422
    assert here.ledger.acts(CHECKED) == ()
    assert (await ada.post("/staff/contacts/acs/check", result="no_answer")).status_code == 303
    assert "by ada: no answer" in words((await ada.get("/staff/contacts")).text)


async def test_the_contacts_page_shows_what_never_to_give(ben: Browser) -> None:
    page = words((await ben.get("/staff/contacts")).text)
    assert "800-211-2141" in page and "mistyped" in page and "do not give" in page
    assert "1-888-500-0370" not in page  # a number that may not be shown is not shown here either


async def test_turns_are_counted_and_texts_are_for_maintainers(here: Site, ada: Browser, ben: Browser) -> None:
    says_topic(here)
    await here.chat.begin(keep_for_review=True)
    turn = (await here.chat.say("what is metastron anyway")).json()
    await here.chat.http.post("/api/v1/feedback", json={"turn": turn["turn"], "helpful": False}, headers=here.chat.auth())
    await here.chat.parts.tally.flush()
    for browser in (ada, ben):
        assert "1 answers given" in words((await browser.get("/staff/asked")).text)
    assert "what is metastron anyway" in words((await ada.get("/staff/asked")).text)
    assert "metastron anyway" not in words((await ben.get("/staff/asked")).text)


def test_insights_add_up() -> None:
    today = date(2026, 11, 29)
    counted = {Key("2026-11-29", TOPIC, "answer", "information"): 3, Key("2026-11-01", "", "clarify", "information"): 1, Key("2026-11-29", "cure", "answer", "information"): 6}
    reviews = [Review("unanswered", "hm", (), "clarify", "information"), Review("unanswered", "well", (), "out_of_scope", "information"), Review("not_helpful", "no", (), "answer", "information")]
    made = insights.insights(counted, reviews, {TOPIC: "Metastron", "cure": "Cure"}, today)
    assert (made.turns, made.unanswered) == (10, 1)
    assert [(bar.label, bar.count, bar.length) for bar in made.by_topic] == [("Cure", 6, 100), ("Metastron", 3, 50)]
    assert {reason: len(rows) for reason, rows in made.questions.items()} == {"unanswered": 1, "unsure": 1, "not_helpful": 1}
    assert made.by_day[-1].count == 9 and len(made.by_day) == insights.DAYS
