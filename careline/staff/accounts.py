"""Accounts of staff: a file of names, roles and password hashes that `careline staff` writes and the console reads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from careline import paths

ROLES = ("staff", "maintainer")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256  # more only costs time to hash
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}\Z")
_NO_PASSWORD = "*"  # comes in through an identity proxy alone
_hasher = PasswordHasher()
_DUMMY = _hasher.hash("nobody has this password")  # so that an unknown name costs as much time as a known one


class AccountError(ValueError):
    """An account that cannot be made or found; says what to do."""


@dataclass(frozen=True)
class Account:
    """Who may come in, and as what. `hash` is argon2id, or `*` where the account has no password."""

    name: str
    role: str
    hash: str

    @property
    def is_maintainer(self) -> bool:
        """May this account restore answers, record checks and read the log?"""
        return self.role == "maintainer"

    @property
    def has_password(self) -> bool:
        """Can it log in by itself, or through an identity proxy alone?"""
        return self.hash != _NO_PASSWORD

    @property
    def credential(self) -> str:
        """Changes with password and role: a login made with another one is over."""
        return f"{self.role}:{self.hash[-16:]}"


def made(name: str, role: str, password: str | None) -> Account:
    """A new account; without a password it comes in through an identity proxy alone.

    Raises:
        AccountError: the name, the role or the password will not do.
    """
    if not _NAME.match(name):
        raise AccountError(f"{name!r} is no account name; use small letters, digits, and . _ @ -")
    if role not in ROLES:
        raise AccountError(f"unknown role {role!r}; use one of {', '.join(ROLES)}")
    if password is None:
        return Account(name, role, _NO_PASSWORD)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or name in password.lower():
        raise AccountError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters and does not hold the name; four random words do well")
    return Account(name, role, _hasher.hash(password))


def verified(account: Account | None, password: str) -> bool:
    """Is this the account's password? Takes as long for an account that does not exist."""
    known = account.hash if account and account.has_password else _DUMMY
    try:
        right = _hasher.verify(known, password[: LONGEST_PASSWORD + 1])
    except (Argon2Error, InvalidHashError):
        return False
    return right and known is not _DUMMY


class Accounts:
    """The file. It is read anew whenever it has changed, so that an account taken away is out at once."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        self._stamp: tuple[int, int] | None = None
        self._known: Mapping[str, Account] = {}

    def find(self, name: str) -> Account | None:
        """The account of a name."""
        return self.all().get(name)

    def all(self) -> Mapping[str, Account]:
        """Every account by name; none where there is no file."""
        stamp = self._current_stamp()
        if stamp != self._stamp:
            self._known = {account.name: account for account in self._read()} if stamp else {}
            self._stamp = stamp
        return self._known

    def put(self, account: Account) -> None:
        """Add an account, or replace the one of the same name."""
        self._write({**self.all(), account.name: account}.values())

    def remove(self, name: str) -> None:
        """Take an account away; its logins end with it.

        Raises:
            AccountError: there is none of this name.
        """
        known = dict(self.all())
        if known.pop(name, None) is None:
            raise AccountError(f"there is no account {name!r}; `careline staff list` shows them")
        self._write(known.values())

    def _current_stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _read(self) -> Iterable[Account]:
        for line in self.path.read_text(encoding="utf-8").splitlines():
            fields = line.strip().split(":", 2)
            if len(fields) == 3 and _NAME.match(fields[0]) and fields[1] in ROLES:
                yield Account(*fields)

    def _write(self, accounts: Iterable[Account]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        lines = "".join(f"{account.name}:{account.role}:{account.hash}\n" for account in accounts)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(lines)
        part.replace(self.path)  # as a whole: nobody ever reads half a file


def default_path() -> Path:
    """Where the accounts are: CARELINE_STAFF_ACCOUNTS, or with the other things the program keeps."""
    return Path(os.environ.get("CARELINE_STAFF_ACCOUNTS") or paths.var() / "staff_accounts")
