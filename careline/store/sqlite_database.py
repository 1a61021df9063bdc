"""The blocking half of the SQLite store: every statement."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from careline.store.base import UNANSWERED, Exchange, Recall, Review, StoreError
from careline.store.sqlite_connection import Connection

TOMBSTONES_KEPT = 2 * 86_400  # longer than any session token lives
_EXCHANGE = "conversation, message, text, turn, topics, at"


class Database(Connection):
    """Every statement of the store. Its methods are those of `Store`, and raise StoreError."""

    def recall(self, conversation: str, message: str) -> Recall:
        with self.reading() as db:
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
        with self.transaction() as db:
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
        with self.reading() as db:
            start = db.execute(
                "SELECT seq FROM exchanges WHERE conversation = ? AND turn_id = ?", (conversation, after or "")
            ).fetchone()
            rows = db.execute(
                f"SELECT {_EXCHANGE} FROM exchanges WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?",
                (conversation, start[0] if start else 0, limit),
            )
            return tuple(map(_exchange, rows))

    def set_state(self, conversation: str, state: Mapping[str, Any], at: float) -> None:
        with self.transaction() as db:
            if _is_erased(db, conversation):
                return
            _touch(db, conversation, at)
            db.execute("UPDATE conversations SET state = ? WHERE id = ?", (json.dumps(state), conversation))

    def set_keep(self, conversation: str, keep: bool, at: float) -> None:
        with self.transaction() as db:
            if _is_erased(db, conversation):
                return
            _touch(db, conversation, at)
            db.execute("UPDATE conversations SET keep = ? WHERE id = ?", (keep, conversation))
            gone = 0 if keep else db.execute("DELETE FROM reviews WHERE conversation = ?", (conversation,)).rowcount
        if gone:
            self.forget_pages()

    def feedback(self, conversation: str, turn: str, helpful: bool, why: str, at: float) -> bool:
        with self.transaction() as db:
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
        with self.reading() as db:
            rows = db.execute(
                "SELECT reason, text, topics, kind, tier, why, at, id FROM reviews ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()
            return tuple(Review(row[0], row[1], json.loads(row[2]), *row[3:]) for row in rows)

    def settle(self, ids: Sequence[int]) -> int:
        with self.transaction() as db:
            gone = sum(db.execute("DELETE FROM reviews WHERE id = ?", (number,)).rowcount for number in ids)
        if gone:
            self.forget_pages()
        return gone

    def erase(self, conversation: str, at: float) -> None:
        with self.transaction() as db:
            for table, column in (("exchanges", "conversation"), ("reviews", "conversation"), ("conversations", "id")):
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (conversation,))
            # Only a hash stays, for as long as its token could be shown again, so that nothing brings it back to life.
            db.execute("INSERT OR REPLACE INTO erased VALUES (?, ?)", (_hash(conversation), at))
        self.forget_pages()

    def expire(self, idle_before: float, reviews_before: float) -> int:
        with self.transaction() as db:
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
        self.forget_pages()
        return gone

    def health(self, at: float) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO health VALUES (1, ?)", (at,))
            if db.execute("SELECT at FROM health").fetchone() != (at,):
                raise StoreError("failed")

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
