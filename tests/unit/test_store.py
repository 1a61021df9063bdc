"""The SQLite store by itself: once, in order, gone when erased, and a clear error when it cannot."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from careline.store.base import Exchange, StoreError
from careline.store.sqlite import SqliteStore

MARK = "zanzibar-7781"  # planted where it must not stay


def exchange(
    conversation: str = "c", message: str = "m1", at: float = 1000.0, text: str = MARK, **more: Any
) -> Exchange:
    turn = {
        "turn": f"t-{conversation}-{message}",
        "kind": more.pop("kind", "answer"),
        "tier": "information",
        "parts": [{"text": MARK}],
    }
    return Exchange(
        conversation, message, text, turn, ({"id": "bone", "confidence": 0.5},), {"slots": {"said": MARK}}, at, **more
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "folder" / "x.sqlite3", timeout=20)
    await store.open()
    yield store
    await store.close()


async def test_what_was_saved_comes_back(store: SqliteStore) -> None:
    await store.save(exchange())
    recall = await store.recall("c", "m1")
    assert recall.exchange is not None and recall.exchange.text == MARK and recall.exchange.turn["turn"] == "t-c-m1"
    assert recall.last == recall.exchange and recall.touched == 1000.0
    assert await store.state("c") == {"slots": {"said": MARK}}
    assert (await store.recall("c", "other")).exchange is None
    assert (await store.recall("other", "m1")).exchange is None


async def test_saving_twice_stores_once(store: SqliteStore) -> None:
    await store.save(exchange())
    await store.save(exchange(text="something else"))
    assert [known.text for known in await store.history("c")] == [MARK]


async def test_order_is_that_of_saving_whatever_the_clock_says(store: SqliteStore) -> None:
    for number, at in enumerate((1000.0, 500.0, 2000.0, 1.0)):
        await store.save(exchange(message=f"m{number}", at=at))
    assert [known.message for known in await store.history("c")] == ["m0", "m1", "m2", "m3"]
    assert [known.message for known in await store.history("c", after="t-c-m1")] == ["m2", "m3"]
    assert [known.message for known in await store.history("c", limit=2)] == ["m0", "m1"]


async def test_many_at_once(store: SqliteStore) -> None:
    await asyncio.gather(*(store.save(exchange(f"c{number % 3}", f"m{number}")) for number in range(30)))
    for conversation in ("c0", "c1", "c2"):
        assert len(await store.history(conversation)) == 10


async def test_nothing_is_left_of_an_erased_conversation(store: SqliteStore) -> None:
    await store.set_keep("c", True, 1.0)
    for number in range(50):
        await store.save(exchange(message=f"m{number}", kind="clarify"))
    await store.feedback("c", "t-c-m3", False, MARK, 1.0)
    await store.save(exchange("other", text="stays"))
    assert len(await store.reviews()) == 51
    await store.erase("c", 2000.0)
    await store.save(exchange(message="late"))  # a write that was under way
    await store.set_state("c", {"late": MARK}, 1.0)
    await store.set_keep("c", True, 1.0)
    assert await store.history("c") == () and await store.reviews() == ()
    assert (await store.recall("c")).erased
    await store.erase("other", 2000.0)
    left = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert MARK.encode() not in left and b"t-c-m" not in left and b"stays" not in left


async def test_expired_conversations_leave_no_bytes_and_agreed_rows_no_owner(store: SqliteStore) -> None:
    await store.set_keep("agreed", True, 1.0)
    await store.save(exchange("agreed", at=1000.0, text="scrubbed", kind="clarify"))
    await store.save(exchange("old", at=1000.0))
    await store.save(exchange("new", at=9000.0, text="new"))
    assert await store.expire(idle_before=5000.0, reviews_before=0.0) == 2
    assert await store.history("old") == () and len(await store.history("new")) == 1
    assert [row.text for row in await store.reviews()] == ["scrubbed"]
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT conversation, turn_id FROM reviews").fetchall() == [(None, None)]
    await store.expire(idle_before=0.0, reviews_before=5000.0)
    assert await store.reviews() == ()


async def test_rows_leave_no_bytes_when_consent_is_taken_back(store: SqliteStore) -> None:
    await store.set_keep("c", True, 1.0)
    await store.save(exchange(kind="clarify"))
    assert await store.reviews()
    await store.set_keep("c", False, 2.0)
    assert await store.reviews() == ()
    wal = store.path.with_name(store.path.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0


async def test_what_could_not_be_forgotten_while_somebody_read_is_forgotten_the_next_time(store: SqliteStore) -> None:
    """Older copies of the rows lie in the log until it is emptied, and a reader keeps it from being emptied."""
    await store.save(exchange("old", at=1000.0))
    reader = sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM exchanges").fetchone()
    with pytest.raises(StoreError):
        await store.expire(idle_before=5000.0, reviews_before=0.0)
    reader.close()
    assert MARK.encode() in b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert await store.expire(idle_before=5000.0, reviews_before=0.0) == 0
    assert MARK.encode() not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


async def test_a_time_in_the_far_future_expires_too(store: SqliteStore) -> None:
    await store.save(exchange(at=time.time() + 400 * 86_400))
    assert await store.expire(time.time() - 3600, 0) == 1


async def test_feedback_is_only_for_own_turns(store: SqliteStore) -> None:
    await store.save(exchange())
    assert await store.feedback("c", "t-c-m1", True, "", 1.0)
    assert not await store.feedback("other", "t-c-m1", True, "", 1.0)
    assert await store.reviews() == ()


async def test_health(store: SqliteStore) -> None:
    await store.health(5.0)


async def test_only_its_owner_may_read_the_file(store: SqliteStore) -> None:
    assert store.path.stat().st_mode & 0o077 == 0
    with sqlite3.connect(store.path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_errors_are_codes_and_quick(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.sqlite3")
    await store.open()
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    with pytest.raises(StoreError) as caught:
        await store.save(exchange())
    assert time.monotonic() - started < 2.5
    assert caught.value.code in {"locked", "timeout"} and MARK not in str(caught.value)
    other.close()
    await store.close()


async def test_what_cannot_be_written_is_told_apart(store: SqliteStore) -> None:
    with pytest.raises(StoreError) as caught:
        await store.save(exchange(text="half a character \ud800"))
    assert caught.value.code == "data"
    with pytest.raises(StoreError) as caught:
        await store.set_state("c", {"odd": object()}, 1.0)
    assert caught.value.code == "data"
    await store.save(exchange())


async def test_full(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.sqlite3", pragmas={"max_page_count": 20})
    with pytest.raises(StoreError) as caught:
        for number in range(200):
            await store.save(exchange(message=f"m{number}", text="x" * 2000))
    assert caught.value.code == "full"
    assert await store.history("c")  # what was stored can still be read
    await store.close()


async def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.sqlite3")
    await store.open()
    await store.close()
    with sqlite3.connect(tmp_path / "x.sqlite3") as db:
        db.execute("UPDATE schema_version SET version = 99")
    store = SqliteStore(tmp_path / "x.sqlite3")
    with pytest.raises(StoreError) as caught:
        await store.open()
    assert caught.value.code == "newer_schema"


async def test_closed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.sqlite3")
    await store.open()
    await store.close()
    with pytest.raises(StoreError):
        await store.health(1.0)


async def test_rows_that_a_maintainer_is_done_with_leave_the_queue(store: SqliteStore) -> None:
    await store.set_keep("c", True, 1.0)
    for number in range(3):
        await store.save(exchange(message=f"m{number}", kind="clarify", text=f"{MARK}{number}"))
    done = [row.id for row in await store.reviews() if row.text != f"{MARK}1"]
    assert await store.settle(done) == 2
    assert await store.settle(done) == 0
    assert [row.text for row in await store.reviews()] == [f"{MARK}1"]
