"""What staff did, in one SQLite file: acts are added and never changed. What is withdrawn is read off the acts.

Each row carries the hash of the row before it, so that one taken out or altered behind our back is noticed. Every operation opens
the file anew: they are rare, and so any thread of any process may use a ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careline import paths
from careline.store.base import StoreError
from careline.withdrawals import Withdrawal

_BUSY_SECONDS = 1.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS acts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL,
    detail TEXT NOT NULL, chain TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS acts_of_a_kind ON acts (act, subject);
CREATE TRIGGER IF NOT EXISTS acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts are never changed'); END;
CREATE TRIGGER IF NOT EXISTS acts_remain BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts are never removed'); END;
CREATE TABLE IF NOT EXISTS logins (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, credential TEXT NOT NULL, begun REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (key TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS failures_of_a_key ON failures (key, at);
CREATE TABLE IF NOT EXISTS counts (
    day TEXT NOT NULL, topic TEXT NOT NULL, kind TEXT NOT NULL, tier TEXT NOT NULL, turns INTEGER NOT NULL,
    PRIMARY KEY (day, topic, kind, tier)) WITHOUT ROWID;
"""
WITHDRAWN, RESTORED, CHECKED = "withdrawn", "restored", "contact_checked"


@dataclass(frozen=True)
class Act:
    """One thing somebody did: `act` is a word such as withdrawn or login, `subject` what it was done to."""

    at: float
    who: str
    act: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """The file. Its methods raise StoreError when it cannot be read or written."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()

    def add(self, act: Act) -> None:
        """Write down an act, chained to the one before."""
        detail = json.dumps(dict(act.detail), sort_keys=True)
        with self.transaction() as db:
            last = db.execute("SELECT chain FROM acts ORDER BY seq DESC LIMIT 1").fetchone()
            row = (act.at, act.who, act.act, act.subject, detail)
            chain = _link(last[0] if last else "", row)
            db.execute("INSERT INTO acts (at, who, act, subject, detail, chain) VALUES (?, ?, ?, ?, ?, ?)", (*row, chain))

    def acts(self, *kinds: str, limit: int = 1000) -> tuple[Act, ...]:
        """Acts of some kinds (all where none is named), newest first."""
        where = f"WHERE act IN ({', '.join('?' * len(kinds))})" if kinds else ""
        query = f"SELECT at, who, act, subject, detail FROM acts {where} ORDER BY seq DESC LIMIT ?"
        with self.reading() as db:
            return tuple(_act(row) for row in db.execute(query, (*kinds, limit)))

    def withdrawals(self) -> dict[str, Withdrawal]:
        """What is withdrawn now, by subject: of each the last act counts."""
        query = (
            "SELECT at, who, act, subject, detail FROM acts WHERE seq IN "
            "(SELECT max(seq) FROM acts WHERE act IN (?, ?) GROUP BY subject)"
        )
        with self.reading() as db:
            last = [_act(row) for row in db.execute(query, (WITHDRAWN, RESTORED))]
        return {act.subject: _withdrawal(act) for act in last if act.act == WITHDRAWN}

    def broken_at(self) -> int | None:
        """The number of the first act that does not fit the one before it; None where the chain is whole."""
        before = ""
        with self.reading() as db:
            for seq, chain, *row in db.execute("SELECT seq, chain, at, who, act, subject, detail FROM acts ORDER BY seq"):
                if chain != _link(before, row):
                    return int(seq)
                before = chain
        return None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading; of a file that does not exist yet, one to an empty ledger."""
        with _coded():
            db = self._connect() if self.path.exists() else _empty()
            try:
                yield db
            finally:
                db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction that is written as a whole or not at all."""
        with _coded():
            db = self._connect()
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            finally:
                db.close()

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # nobody else on the machine may read it
        db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        if fresh or not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'counts'").fetchone():
            db.execute("PRAGMA journal_mode=WAL").fetchall()
            db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        return db


def default_path() -> Path:
    """Where the ledger of this machine is: CARELINE_STAFF_STORE, or beside the conversations."""
    return Path(os.environ.get("CARELINE_STAFF_STORE") or paths.var() / "staff.sqlite3")


def now() -> float:
    """The time of an act, in seconds since 1970."""
    return time.time()


@contextmanager
def _coded() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, ValueError):
        raise StoreError("failed") from None


def _empty() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(_SCHEMA)
    return db


def _link(before: str, row: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps([before, *row]).encode()).hexdigest()


def _act(row: Sequence[Any]) -> Act:
    at, who, act, subject, detail = row
    return Act(at, who, act, subject, json.loads(detail))


def _withdrawal(act: Act) -> Withdrawal:
    return Withdrawal(act.subject, frozenset(act.detail["wordings"]), act.detail["reason"], act.who, act.at)
