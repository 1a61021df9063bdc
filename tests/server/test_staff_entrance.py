"""Nobody gets in: without a login, with an old, forged or stolen one, from another site, by tricks with paths, or by guessing."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from careline.staff import logins
from careline.staff.accounts import AccountError, Accounts, made, verified
from careline.staff.console import inside
from careline.staff.logins import Logins
from careline.store.ledger import Ledger
from tests.server.staff_site import HOST, MAINTAINER, PASSWORD, TOPIC, Browser, Site, site, token_of

INSIDE = inside(None)  # type: ignore[arg-type]
READ = [route.path for route in INSIDE if "GET" in (route.methods or ())]
SENT = [route.path for route in INSIDE if "POST" in (route.methods or ())]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Site]:
    async with site(tmp_path) as made_site:
        yield made_site


def path_of(route: str) -> str:
    return "/staff" + route.replace("{topic}", TOPIC).replace("{contact}", "acs")


def is_outside(response: httpx.Response) -> bool:
    return response.status_code == 303 and response.headers["location"] == "/staff/login"


# --- without a login --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", READ)
async def test_no_page_without_a_login(here: Site, route: str) -> None:
    assert is_outside(await here.browser().get(path_of(route)))


@pytest.mark.parametrize("route", SENT)
async def test_nothing_can_be_sent_without_a_login(here: Site, route: str) -> None:
    response = await here.browser().post(path_of(route), token="", topic=TOPIC, reason="this is wrong", result="right")
    assert is_outside(response)
    assert here.ledger.acts() == ()


async def test_a_script_is_told_to_log_in(here: Site) -> None:
    response = await here.browser().get("/staff/search?q=bone", headers={"X-Fragment": "1"})
    assert response.status_code == 401 and TOPIC not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/staff//contacts", "/staff/./contacts", "/staff/static/../contacts", "/staff/static/%2e%2e/contacts", "/staff/login/../contacts",
        "/staff/static/..%2f..%2f..%2fvar/staff_accounts", "/staff/static/../templates/card.html", "/staff/static/%2e%2e/templates/card.html",
        "/staff/login/contacts", "/staff/contacts/", "/staff/contacts;login", "/staff/contacts?/login", "/staff/contacts%00", "/staff/Contacts",
        "/STAFF/contacts", "/staff/%63ontacts", "/staff/static//etc/passwd", "/staff\\contacts", "/widget/../staff/contacts",
    ],
)  # fmt: skip
async def test_no_trick_with_paths_opens_a_page(here: Site, path: str) -> None:
    browser = here.browser()
    request = httpx.Request("GET", HOST, headers={"Host": "careline.test"})
    request.url = httpx.URL(HOST).copy_with(raw_path=path.encode())
    response = await browser.http.send(request)
    assert response.status_code in (303, 307, 400, 404), response.text
    if response.status_code in (303, 307):
        assert "contacts" not in response.headers["location"] or is_outside(await browser.get(response.headers["location"]))
    assert "argon2" not in response.text and "Who may be given" not in response.text and "{%" not in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_open_nothing(here: Site, method: str) -> None:
    browser = await here.browser().entered()
    response = await browser.http.request(method, "/staff/contacts")
    assert response.status_code in (404, 405)


# --- logins that are none ---------------------------------------------------------------------------------------------


async def test_a_login_lets_in(here: Site) -> None:
    browser = await here.browser().entered()
    page = await browser.get("/staff/")
    assert page.status_code == 200 and "ada" in page.text
    assert [act.act for act in here.ledger.acts()] == ["login"]


@pytest.mark.parametrize("forge", [lambda token: "", lambda token: "x", lambda token: token[:-1], lambda token: f"{token}0", lambda token: token.partition(".")[0],
                                   lambda token: token[::-1], lambda token: "." * 1000, lambda token: "ada"])  # fmt: skip
async def test_a_forged_cookie_opens_nothing(here: Site, forge: object) -> None:
    browser = await here.browser().entered()
    cookie = forge(browser.cookie)  # type: ignore[operator]
    stranger = here.browser()
    stranger.http.cookies.set("__Host-careline_staff", cookie)
    assert is_outside(await stranger.get("/staff/"))


async def test_a_cookie_signed_with_another_secret_opens_nothing(here: Site) -> None:
    stolen = Logins(here.ledger, here.accounts, "another secret").begin(MAINTAINER)
    stranger = here.browser()
    stranger.http.cookies.set("__Host-careline_staff", stolen.token)
    assert is_outside(await stranger.get("/staff/"))


async def test_a_cookie_shown_again_after_logging_out_opens_nothing(here: Site) -> None:
    browser = await here.browser().entered()
    cookie = browser.cookie
    assert is_outside(await browser.post("/staff/logout"))
    assert browser.cookie == ""
    thief = here.browser()
    thief.http.cookies.set("__Host-careline_staff", cookie)
    assert is_outside(await thief.get("/staff/"))


async def test_logging_in_again_gives_another_cookie(here: Site) -> None:
    browser = here.browser()
    browser.http.cookies.set("__Host-careline_staff", "planted", domain="careline.test", path="/")
    await browser.entered()
    first = browser.cookie
    await browser.entered()
    assert len({"planted", first, browser.cookie}) == 3


@pytest.mark.parametrize("later", [logins.IDLE_SECONDS + 60, logins.LONGEST_SECONDS + 60, -2 * logins.IDLE_SECONDS])
async def test_a_login_ends(here: Site, monkeypatch: pytest.MonkeyPatch, later: float) -> None:
    browser = await here.browser().entered()
    monkeypatch.setattr(logins, "now", lambda: time.time() + later)
    assert is_outside(await browser.get("/staff/"))


async def test_even_a_busy_login_ends(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await here.browser().entered()
    start = time.time()
    for later in range(0, int(logins.LONGEST_SECONDS), 20 * 60):
        monkeypatch.setattr(logins, "now", lambda later=later: start + later)
        assert (await browser.get("/staff/withdrawals")).status_code == 200
    monkeypatch.setattr(logins, "now", lambda: start + logins.LONGEST_SECONDS + 1)
    assert is_outside(await browser.get("/staff/withdrawals"))


@pytest.mark.parametrize("change", ["removed", "other role", "other password"])
async def test_a_changed_account_is_out_at_once(here: Site, change: str) -> None:
    browser = await here.browser().entered()
    if change == "removed":
        here.accounts.remove("ada")
    else:
        here.accounts.put(made("ada", "staff" if change == "other role" else "maintainer", "another long password"))
    assert is_outside(await browser.get("/staff/"))


async def test_a_login_outlives_the_process_and_so_does_its_end(here: Site, tmp_path: Path) -> None:
    browser = await here.browser().entered()
    async with site(tmp_path) as again:
        other = again.browser()
        other.http.cookies.set("__Host-careline_staff", browser.cookie)
        assert (await other.get("/staff/")).status_code == 200
        await other.post("/staff/logout")
    assert is_outside(await browser.get("/staff/"))


async def test_cookies_are_locked_down(here: Site) -> None:
    given = (await here.browser().login()).headers.get_list("set-cookie")
    cookie = next(each for each in given if each.startswith("__Host-careline_staff="))
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


# --- from another site ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [None, "https://evil.test", "null", "https://careline.test.evil.test", "https://evil.test/careline.test", "https://careline.test:444", "//["])
@pytest.mark.parametrize("route", SENT)
async def test_another_site_sends_nothing(here: Site, route: str, origin: str | None) -> None:
    browser = await here.browser().entered()
    response = await browser.post(path_of(route), origin=origin, topic=TOPIC, reason="this is wrong", result="right")
    assert response.status_code == 403
    assert [act.act for act in here.ledger.acts()] == ["login"]


@pytest.mark.parametrize("token", ["", "x", "a.b", "é.é"])
@pytest.mark.parametrize("route", SENT)
async def test_nothing_is_sent_without_the_token_of_the_page(here: Site, route: str, token: str) -> None:
    browser = await here.browser().entered()
    response = await browser.post(path_of(route), token=token, topic=TOPIC, reason="this is wrong", result="right")
    assert response.status_code == 403
    assert [act.act for act in here.ledger.acts()] == ["login"]


async def test_the_token_of_somebody_else_is_worth_nothing(here: Site) -> None:
    ben, ada = await here.browser().entered("ben"), await here.browser().entered("ada")
    token = token_of((await ben.get("/staff/")).text)
    assert (await ada.post("/staff/withdraw", token=token, topic=TOPIC, reason="this is wrong")).status_code == 403


async def test_a_browser_that_says_cross_site_is_believed(here: Site) -> None:
    browser = await here.browser().entered()
    response = await browser.post("/staff/withdraw", headers={"Sec-Fetch-Site": "cross-site"}, topic=TOPIC, reason="this is wrong")
    assert response.status_code == 403


async def test_json_and_oversized_forms_are_refused(here: Site) -> None:
    browser = await here.browser().entered()
    token = token_of((await browser.get("/staff/")).text)
    headers = {"Origin": HOST, "X-Form-Token": token}
    assert (await browser.http.post("/staff/withdraw", json={"topic": TOPIC}, headers=headers)).status_code == 403
    assert (await browser.post("/staff/red-flags", token=token, said="x" * 40_000)).status_code == 403


async def test_another_site_cannot_log_somebody_in(here: Site) -> None:
    browser = here.browser()
    token = token_of((await browser.get("/staff/login")).text)
    for options in ({"token": token, "origin": "https://evil.test"}, {"token": ""}, {"token": "x" * 64}):
        response = await browser.post("/staff/login", name="ada", password=PASSWORD, **options)
        assert response.status_code == 403 and browser.cookie == ""
    stranger = here.browser()  # with a token, but without the cookie that belongs to it
    assert (await stranger.post("/staff/login", token=token, name="ada", password=PASSWORD)).status_code == 403


async def test_pages_cannot_be_framed_or_scripted(here: Site) -> None:
    browser = await here.browser().entered()
    for path in ("/staff/login", "/staff/", "/staff/contacts", "/staff/nothing"):
        response = await browser.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert response.headers["cache-control"] == "no-store"
        assert "<script>" not in response.text and " style=" not in response.text and " onclick" not in response.text


async def test_what_is_typed_comes_back_escaped(here: Site) -> None:
    browser = await here.browser().entered()
    bad = "<script>alert(1)</script>\"'><img src=x>"
    assert "<script>alert" not in (await browser.get("/staff/", params={"q": bad, "theme": bad, "facet": bad})).text
    assert "<img" not in (await browser.post("/staff/red-flags", said=f"fever on chemo {bad}", symptom=bad, flag=bad)).text
    await browser.post("/staff/withdraw", topic=TOPIC, reason=bad)
    for path in ("/staff/withdrawals", "/staff/log", f"/staff/topics/{TOPIC}"):
        assert "<img" not in (await browser.get(path)).text


# --- guessing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, password", [("ada", "wrong password 1"), ("nobody", PASSWORD), ("", ""), ("ada", ""), ("ada", "x" * 20_000), ("ada\0", PASSWORD), ("ada:", "maintainer")])
async def test_every_failure_looks_alike_and_takes_its_time(here: Site, name: str, password: str) -> None:
    reference = await here.browser().login("ada", "another wrong one")
    response = await here.browser().login(name, password)
    assert response.status_code == 401
    assert _without_token(response.text) == _without_token(reference.text)
    assert here.pauses == [1.5, 1.5]


async def test_guessing_is_locked_out_and_the_right_password_with_it(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        assert (await here.browser().login("ada", f"guess number {number}")).status_code == 401
    assert (await here.browser().login("ada", PASSWORD)).status_code == 401
    await here.browser().entered("ben")  # a colleague at the same address
    assert (await here.browser(address="::1").login("ada", PASSWORD)).status_code == 303  # and ada from her own
    monkeypatch.setattr(logins, "now", lambda: time.time() + 16 * 60)
    await here.browser().entered("ada")


async def test_one_address_cannot_try_many_names(here: Site) -> None:
    for number in range(20):
        await here.browser().login(f"name{number}", "guess guess guess")
    assert (await here.browser().login("ada", PASSWORD)).status_code == 401


def test_many_addresses_cannot_try_one_name_for_ever(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    accounts.put(MAINTAINER)
    door = Logins(Ledger(tmp_path / "staff.sqlite3"), accounts, "secret")
    for number in range(50):
        assert door.enter("ada", "", f"10.0.0.{number}") is None
    assert door.enter("ada", PASSWORD, "10.0.1.1") is None


async def test_a_lock_holds_in_every_process(here: Site, tmp_path: Path) -> None:
    for number in range(5):
        await here.browser().login("ada", f"guess number {number}")
    async with site(tmp_path) as other:
        assert (await other.browser().login("ada", PASSWORD)).status_code == 401


async def test_failures_are_written_down_without_secrets(here: Site) -> None:
    await here.browser().login("ada", "my secret guess")
    await here.browser().login("hunter2 in the wrong field", PASSWORD)
    failed = [act for act in here.ledger.acts() if act.act == "login_failed"]
    assert [act.who for act in failed] == ["?", "ada"]
    raw = here.ledger.path.read_bytes() + here.ledger.path.with_name("staff.sqlite3-wal").read_bytes() if here.ledger.path.with_name("staff.sqlite3-wal").exists() else here.ledger.path.read_bytes()
    for secret in (b"secret guess", b"hunter2", PASSWORD.encode(), b"127.0.0.1"):
        assert secret not in raw
    assert "secret guess" not in json.dumps([dict(act.detail) for act in failed])


async def test_guessing_does_not_fill_the_log(here: Site) -> None:
    for number in range(12):
        await here.browser().login("ada", f"guess number {number}")
    assert len(here.ledger.acts()) == 5


# --- accounts, plain HTTP, identity proxies -----------------------------------------------------------------------------


@pytest.mark.parametrize("name, role, password", [("Ada", "staff", PASSWORD), ("a:b", "staff", PASSWORD), ("", "staff", PASSWORD), ("ada", "root", PASSWORD), ("ada", "staff", "short"), ("ada", "staff", "ada's password 1"), ("ada", "staff", "x" * 300)])
def test_weak_accounts_are_not_made(name: str, role: str, password: str) -> None:
    with pytest.raises(AccountError):
        made(name, role, password)


def test_an_account_without_a_password_has_none_that_fits() -> None:
    account = made("eve", "staff", None)
    assert not any(verified(account, password) for password in ("", "*", PASSWORD, "nobody has this password"))
    assert not verified(None, "nobody has this password")


def test_the_file_holds_no_password_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    accounts.put(MAINTAINER)
    assert PASSWORD not in accounts.path.read_text() and "$argon2id$" in accounts.path.read_text()
    assert accounts.path.stat().st_mode & 0o777 == 0o600


async def test_passwords_do_not_travel_over_plain_http(here: Site) -> None:
    far = here.browser("http://careline.test", address="10.1.2.3")
    assert (await far.get("/staff/login")).status_code == 403
    assert (await far.login()).status_code == 403 and far.cookie == ""
    near = await here.browser("http://127.0.0.1:8080").entered()
    assert (await near.get("/staff/")).status_code == 200


PROXY = {"identity_header": "X-Remote-User", "identity_proxies": (ipaddress.ip_network("10.9.0.0/24"),)}


async def test_an_identity_proxy_lets_in_whom_it_names(tmp_path: Path) -> None:
    async with site(tmp_path, **PROXY) as behind:
        browser = behind.browser(address="10.9.0.7")
        browser.http.headers["X-Remote-User"] = "ben"
        response = await browser.get("/staff/")
        assert response.status_code == 303 and response.headers["location"] == "/staff/"
        assert "ben" in (await browser.get("/staff/")).text
        browser.http.headers["X-Remote-User"] = "ada"  # somebody else sits down
        assert (await browser.get("/staff/")).status_code == 303
        assert "ada" in (await browser.get("/staff/")).text


@pytest.mark.parametrize("address, name", [("10.8.0.7", "ada"), ("127.0.0.1", "ada"), ("10.9.0.7", "mallory"), ("10.9.0.7", ""), ("testclient", "ada")])
async def test_the_identity_header_counts_from_the_proxy_alone(tmp_path: Path, address: str, name: str) -> None:
    async with site(tmp_path, **PROXY) as behind:
        browser = behind.browser(address=address)
        browser.http.headers["X-Remote-User"] = name
        assert is_outside(await browser.get("/staff/"))


async def test_the_identity_header_means_nothing_where_it_is_not_set_up(here: Site) -> None:
    browser: Browser = here.browser()
    for header in ("X-Remote-User", "X-Forwarded-User", "Remote-User"):
        browser.http.headers[header] = "ada"
    assert is_outside(await browser.get("/staff/"))


def _without_token(html: str) -> str:
    return html.replace(token_of(html), "")
