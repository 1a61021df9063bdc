"""Logins: who came in, for how long, and what becomes of those who try to guess. Kept in the ledger, so that every process knows."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from careline.staff.accounts import Account, Accounts, verified
from careline.store.ledger import Act, Ledger, now

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600  # a shift; even a busy login ends some day
_NOTED_EVERY = 60.0  # seconds between two notes that a login is alive
_WINDOW_SECONDS = 15 * 60
# Failed tries within the window before a key is locked until they are past: of one name from one address, of an address, of a name.
_LOCKED_AFTER = {"name and address": 5, "address": 20, "name": 50}


@dataclass(frozen=True)
class Login:
    """Somebody who is in. `token` is their cookie."""

    account: Account
    token: str
    key: bytes

    @property
    def form(self) -> str:
        """What a form of theirs must carry; another one each time, so that compressed pages give nothing away."""
        nonce = secrets.token_urlsafe(9)
        return f"{nonce}.{self._mac(nonce)}"

    def accepts(self, form: str) -> bool:
        """Is this what a form of this login carries?"""
        nonce, _, mac = form.partition(".")
        return hmac.compare_digest(mac.encode(), self._mac(nonce).encode())

    def _mac(self, nonce: str) -> str:
        return hmac.new(self.key, nonce.encode(), hashlib.sha256).hexdigest()


class Logins:
    """Lets people in and out. Tokens are random, signed with the server's secret, and kept as hashes only."""

    def __init__(self, ledger: Ledger, accounts: Accounts, secret: str) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._secret = secret.encode()

    def enter(self, name: str, password: str, address: str) -> Login | None:
        """Let somebody in with name and password; None for every kind of failure alike, a locked name included."""
        account = self._accounts.find(name)
        right = verified(account, password)  # always, so that a locked or unknown name takes no less time
        locked = self._is_locked(name, address)
        if account and right and not locked:
            return self.begin(account)
        self._count_failure(name, address)
        if not locked:  # whoever goes on guessing must not fill the log
            # What was typed as a name may be a password in the wrong field: only names that exist are written down.
            self._ledger.add(Act(now(), account.name if account else "?", "login_failed"))
        return None

    def begin(self, account: Account) -> Login:
        """A new login of an account whose owner has proved who they are."""
        token, at = self._signed(secrets.token_urlsafe(32)), now()
        with self._ledger.transaction() as db:
            db.execute("DELETE FROM logins WHERE seen < ? OR begun < ?", (at - IDLE_SECONDS, at - LONGEST_SECONDS))
            db.execute("INSERT INTO logins VALUES (?, ?, ?, ?, ?)", (_hash(token), account.name, account.credential, at, at))
        self._ledger.add(Act(at, account.name, "login"))
        return self._login(account, token)

    def find(self, token: str) -> Login | None:
        """The login of a cookie; None where it is forged, over, or its account has changed or gone. Counts as a sign of life."""
        if not self._is_ours(token):
            return None
        at = now()
        with self._ledger.reading() as db:
            row = db.execute(
                "SELECT account, credential, seen FROM logins WHERE hash = ? AND seen BETWEEN ? AND ? AND begun >= ?",
                (_hash(token), at - IDLE_SECONDS, at + IDLE_SECONDS, at - LONGEST_SECONDS),
            ).fetchone()
        account = self._accounts.find(row[0]) if row else None
        if account is None or account.credential != row[1]:
            return None
        if at - row[2] > _NOTED_EVERY:  # not at every key of a search: writing waits for the disk
            with self._ledger.transaction() as db:
                db.execute("UPDATE logins SET seen = ? WHERE hash = ?", (at, _hash(token)))
        return self._login(account, token)

    def leave(self, login: Login) -> None:
        """End a login for good: its cookie opens nothing any more."""
        self.revoke(login.token)
        self._ledger.add(Act(now(), login.account.name, "logout"))

    def revoke(self, token: str) -> None:
        """Make a cookie worthless, whatever it is."""
        with self._ledger.transaction() as db:
            db.execute("DELETE FROM logins WHERE hash = ?", (_hash(token),))

    def _is_locked(self, name: str, address: str) -> bool:
        since = now() - _WINDOW_SECONDS
        with self._ledger.reading() as db:
            count = "SELECT count(*) FROM failures WHERE key = ? AND at > ?"
            return any(db.execute(count, (self._key(kind, name, address), since)).fetchone()[0] >= most for kind, most in _LOCKED_AFTER.items())

    def _count_failure(self, name: str, address: str) -> None:
        at = now()
        with self._ledger.transaction() as db:
            db.execute("DELETE FROM failures WHERE at < ?", (at - _WINDOW_SECONDS,))
            db.executemany("INSERT INTO failures VALUES (?, ?)", [(self._key(kind, name, address), at) for kind in _LOCKED_AFTER])

    def _key(self, kind: str, name: str, address: str) -> str:
        parts = {"name and address": f"{name}\0{address}", "address": address, "name": name}
        return self._mac(f"failure\0{kind}\0{parts[kind]}")  # no address is kept

    def _login(self, account: Account, token: str) -> Login:
        return Login(account, token, self._mac(f"form\0{token}").encode())

    def _signed(self, value: str) -> str:
        return f"{value}.{self._mac(value)}"

    def _is_ours(self, token: str) -> bool:
        value, _, mac = token.rpartition(".")
        return hmac.compare_digest(mac.encode(), self._mac(value).encode())

    def _mac(self, value: str) -> str:
        return hmac.new(self._secret, f"careline.staff\0{value}".encode(), hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
