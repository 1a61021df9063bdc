"""One connection to the conversation store's SQLite file: its tables, what keeps it durable, and codes for what goes wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from careline.store.base import StoreError

VERSION = 1
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


class Connection:
    """Used by one thread; made anew when it cannot be trusted any more. Its methods raise StoreError."""

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
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for as long as something is read."""
        connection = self.connection()
        try:
            with _coded():
                yield connection
        except StoreError as error:
            if error.code in _REOPEN:
                self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection within a transaction that is written as a whole or not at all."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def forget_pages(self) -> None:
        """Empty the log of what has been deleted."""
        # secure_delete overwrites the rows in the database; older copies of them lie in the log until it is emptied.
        with self.reading() as db:
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
