"""The blocking half of the SQLite store: its tables and every statement."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from careline.store.base import UNANSWERED, Exchange, Recall, Review, StoreError

VERSION = 1
TOMBSTONES_KEPT = 2 * 86_400  # longer than any session token lives
_SCHEMA = """
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, touched REAL NOT NULL, seq INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'null', keep INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_touched ON conversations (touched);
CREATE TABLE IF NOT EXISTS exchanges (
    conversation TEXT NOT NULL, seq INTEGER NOT NULL, message TEXT NOT NULL, turn_id TEXT NOT NULL, at REAL NOT NULL,
    text TEXT NOT NULL, turn TEXT NOT NULL, topics TEXT NOT NULL, helpful INTEGER, why TEXT,
    PRIMARY KEY (conversation, seq), UNIQUE (conversation, message), UNIQUE (conversation, turn_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reviews (
    id INTEGER PRIMARY KEY, conversation TEXT, turn_id TEXT, at REAL NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL,
    topics TEXT NOT NULL, kind TEXT NOT NULL, tier TEXT NOT NULL, why TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS reviews_conversation ON reviews (conversation);
CREATE TABLE IF NOT EXISTS erased (hash TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS health (id INTEGER PRIMARY KEY CHECK (id = 1), at REAL NOT NULL);
"""
_EXCHANGE = "conversation, message, text, turn, topics, at"
# What SQLite says, by a word in it, and the code that is safe to log.
_CODES = {
    "locked": "locked",
    "busy": "locked",
    "readonly": "read_only",
    "query_only": "read_only",
    "full": "full",
    "unable to open": "missing",
    "not a database": "corrupt",
    "malformed": "corrupt",
    "no such table": "missing",
}

_REOPEN = frozenset({"missing", "corrupt", "failed"})  # after these the connection is not trusted any more


class Database:
    """One connection, used by one thread. Its methods are those of `Store`, and raise StoreError."""

    def __init__(self, path: Path, busy_ms: int, pragmas: Mapping[str, int | str]) -> None:
        self._path = path
        self._busy_ms = busy_ms
        self._pragmas = pragmas
        self._open: sqlite3.Connection | None = None
        self._inode = 0

    def connection(self) -> sqlite3.Connection:
        """The open connection; opened anew where the file was taken away, since writing on would be writing to nowhere."""
        if self._open is not None and self._current_inode() != self._inode:
            self.close()
        if self._open is None:
            with _coded():
                self._open = self._connect()
                self._inode = self._current_inode()
        return self._open

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        connection, self._open = self._open, None
        if connection is not None:
            with _coded():
                connection.close()

    def _current_inode(self) -> int:
        try:
            return self._path.stat().st_ino
        except OSError:
            return -1

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # nobody else on the machine may read it
        connection = sqlite3.connect(
            self._path, timeout=self._busy_ms / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        standard = {"journal_mode": "WAL", "synchronous": "FULL", "secure_delete": "ON", "temp_store": "MEMORY"}
        for name, value in {**standard, "busy_timeout": self._busy_ms, **self._pragmas}.items():
            connection.execute(f"PRAGMA {name}={value}").fetchall()
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        found = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
        if found is None:
            connection.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))
        elif found > VERSION:
            raise StoreError("newer_schema")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = self.connection()
        try:
            with _coded():
                yield connection
        except StoreError as error:
            if error.code in _REOPEN:
                self.close()
            raise

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def recall(self, conversation: str, message: str) -> Recall:
        with self._reading() as db:
            row = db.execute("SELECT state, touched, keep FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if row is None:
                return Recall(erased=_is_erased(db, conversation))
            return Recall(
                exchange=_one(db, "conversation = ? AND message = ?", conversation, message) if message else None,
                last=_one(db, "conversation = ? ORDER BY seq DESC LIMIT 1", conversation),
                state=json.loads(row[0]),
                touched=row[1],
                keep=bool(row[2]),
            )

    def save(self, exchange: Exchange) -> None:
        with self._transaction() as db:
            known = db.execute(
                "SELECT 1 FROM exchanges WHERE conversation = ? AND message = ?",
                (exchange.conversation, exchange.message),
            ).fetchone()
            if known or _is_erased(db, exchange.conversation):
                return
            _touch(db, exchange.conversation, exchange.at)
            # Our own numbers, not the clock, say what came first: clocks jump.
            seq, keep = db.execute(
                "UPDATE conversations SET seq = seq + 1, state = ? WHERE id = ? RETURNING seq, keep",
                (json.dumps(exchange.state), exchange.conversation),
            ).fetchall()[0]
            _insert(db, exchange, seq)
            if keep and exchange.turn["kind"] in UNANSWERED:
                _review(db, exchange, "unanswered", "", exchange.at)

    def history(self, conversation: str, after: str | None, limit: int) -> tuple[Exchange, ...]:
        with self._reading() as db:
            start = db.execute(
                "SELECT seq FROM exchanges WHERE conversation = ? AND turn_id = ?", (conversation, after or "")
            ).fetchone()
            rows = db.execute(
                f"SELECT {_EXCHANGE} FROM exchanges WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?",
                (conversation, start[0] if start else 0, limit),
            )
            return tuple(map(_exchange, rows))

    def set_state(self, conversation: str, state: Mapping[str, Any], at: float) -> None:
        with self._transaction() as db:
            if _is_erased(db, conversation):
                return
            _touch(db, conversation, at)
            db.execute("UPDATE conversations SET state = ? WHERE id = ?", (json.dumps(state), conversation))

    def set_keep(self, conversation: str, keep: bool, at: float) -> None:
        with self._transaction() as db:
            if _is_erased(db, conversation):
                return
            _touch(db, conversation, at)
            db.execute("UPDATE conversations SET keep = ? WHERE id = ?", (keep, conversation))
            gone = 0 if keep else db.execute("DELETE FROM reviews WHERE conversation = ?", (conversation,)).rowcount
        if gone:
            self._forget_pages()

    def feedback(self, conversation: str, turn: str, helpful: bool, why: str, at: float) -> bool:
        with self._transaction() as db:
            exchange = _one(db, "conversation = ? AND turn_id = ?", conversation, turn)
            if exchange is None:
                return False
            key = (conversation, turn)
            db.execute(
                "UPDATE exchanges SET helpful = ?, why = ? WHERE conversation = ? AND turn_id = ?", (helpful, why, *key)
            )
            db.execute("DELETE FROM reviews WHERE conversation = ? AND turn_id = ? AND reason = 'not_helpful'", key)
            keep = db.execute("SELECT keep FROM conversations WHERE id = ?", (conversation,)).fetchone()
            if keep and keep[0] and not helpful:
                _review(db, exchange, "not_helpful", why, at)
            return True

    def reviews(self, limit: int) -> tuple[Review, ...]:
        with self._reading() as db:
            rows = db.execute(
                "SELECT reason, text, topics, kind, tier, why, at, id FROM reviews ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()
            return tuple(Review(row[0], row[1], json.loads(row[2]), *row[3:]) for row in rows)

    def settle(self, ids: Sequence[int]) -> int:
        with self._transaction() as db:
            gone = sum(db.execute("DELETE FROM reviews WHERE id = ?", (number,)).rowcount for number in ids)
        if gone:
            self._forget_pages()
        return gone

    def erase(self, conversation: str, at: float) -> None:
        with self._transaction() as db:
            for table, column in (("exchanges", "conversation"), ("reviews", "conversation"), ("conversations", "id")):
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (conversation,))
            # Only a hash stays, for as long as its token could be shown again, so that nothing brings it back to life.
            db.execute("INSERT OR REPLACE INTO erased VALUES (?, ?)", (_hash(conversation), at))
        self._forget_pages()

    def expire(self, idle_before: float, reviews_before: float) -> int:
        with self._transaction() as db:
            # A time far ahead was written by a clock that was wrong; waiting for it could take years.
            idle, times = "touched < ? OR touched > ?", (idle_before, idle_before + TOMBSTONES_KEPT)
            ids = f"SELECT id FROM conversations WHERE {idle}"
            db.execute(f"DELETE FROM exchanges WHERE conversation IN ({ids})", times)
            # Rows the person agreed to outlive the conversation, but nothing says any more whose they were.
            db.execute(f"UPDATE reviews SET conversation = NULL, turn_id = NULL WHERE conversation IN ({ids})", times)
            gone = db.execute(f"DELETE FROM conversations WHERE {idle}", times).rowcount
            db.execute("DELETE FROM reviews WHERE at < ?", (reviews_before,))
            db.execute("DELETE FROM erased WHERE at < ?", (idle_before - TOMBSTONES_KEPT,))
        # Every time: an earlier round may have found somebody reading, or ended before it came to this.
        self._forget_pages()
        return gone

    def health(self, at: float) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO health VALUES (1, ?)", (at,))
            if db.execute("SELECT at FROM health").fetchone() != (at,):
                raise StoreError("failed")

    def _forget_pages(self) -> None:
        # secure_delete overwrites the rows in the database; older copies of them lie in the log until it is emptied.
        with self._reading() as db:
            busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreError("locked")


@contextmanager
def _coded() -> Iterator[None]:
    """Turn what the database says into a code: its words may quote parameters, and those are what people typed."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.DataError)):
            raise StoreError("data") from None
        words = str(error)
        raise StoreError(next((code for word, code in _CODES.items() if word in words), "failed")) from None
    except OSError:
        raise StoreError("missing") from None
    except (TypeError, ValueError, OverflowError):  # not JSON, not UTF-8: no second try would help
        raise StoreError("data") from None


def _hash(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()


def _is_erased(db: sqlite3.Connection, conversation: str) -> bool:
    return db.execute("SELECT 1 FROM erased WHERE hash = ?", (_hash(conversation),)).fetchone() is not None


def _touch(db: sqlite3.Connection, conversation: str, at: float) -> None:
    db.execute(
        "INSERT INTO conversations (id, touched) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET touched = excluded.touched",
        (conversation, at),
    )


def _insert(db: sqlite3.Connection, exchange: Exchange, seq: int) -> None:
    turn, topics = json.dumps(exchange.turn), json.dumps(list(exchange.topics))
    key = (exchange.conversation, seq, exchange.message, exchange.turn_id, exchange.at)
    db.execute(
        "INSERT INTO exchanges (conversation, seq, message, turn_id, at, text, turn, topics) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, exchange.text, turn, topics),
    )


def _review(db: sqlite3.Connection, exchange: Exchange, reason: str, why: str, at: float) -> None:
    key = (exchange.conversation, exchange.turn_id, at, reason, exchange.text)
    rest = (json.dumps(list(exchange.topics)), exchange.turn["kind"], exchange.turn["tier"], why)
    db.execute(
        "INSERT INTO reviews (conversation, turn_id, at, reason, text, topics, kind, tier, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, *rest),
    )


def _one(db: sqlite3.Connection, where: str, *values: str) -> Exchange | None:
    row = db.execute(f"SELECT {_EXCHANGE} FROM exchanges WHERE {where}", values).fetchone()
    return _exchange(row) if row else None


def _exchange(row: tuple[Any, ...]) -> Exchange:
    conversation, message, text, turn, topics, at = row
    return Exchange(conversation, message, text, json.loads(turn), tuple(json.loads(topics)), None, at)
