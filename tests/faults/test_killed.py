"""A server killed outright between receive, save and send; started again on the same file; the page tries again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from careline import paths

BEFORE, FATAL, AFTER = ("m1", "what is it"), ("m2", "I have a fever"), ("m3", "what else")


@contextmanager
def server(store: Path, kill_at: str = "") -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """A server process on a SQLite file and a client of it."""
    environment = {**os.environ, "CARELINE_STORE": str(store), "KILL_AT": kill_at}
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.killable_server"]
    with subprocess.Popen(
        command, cwd=paths.home(), env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port, "the server did not start"
            # The socket listens already, so a request waits for the server instead of failing.
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield process, client
        finally:
            process.kill()


def say(client: httpx.Client, token: str, message: tuple[str, str]) -> dict[str, object]:
    """Send a message, again where the server is still starting, as a page does; returns its turn."""
    body, headers = {"id": message[0], "text": message[1]}, {"Authorization": f"Bearer {token}"}
    while (response := client.post("/api/v1/messages", json=body, headers=headers)).status_code == 503:
        time.sleep(float(response.headers["Retry-After"]))
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.mark.parametrize("moment, kept", [("received", 1), ("answered", 1), ("saved", 2)])
def test_process_killed_between_receive_save_and_send(tmp_path: Path, moment: str, kept: int) -> None:
    store = tmp_path / "conversations.sqlite3"
    with server(store, moment) as (process, client):
        token = client.post("/api/v1/sessions", json={}).json()["token"]
        acknowledged = say(client, token, BEFORE)
        assert acknowledged["stored"] is True
        with pytest.raises(httpx.TransportError):
            say(client, token, FATAL)
        assert process.wait(60) == -signal.SIGKILL
    assert len(_rows(store)) == kept
    with server(store) as (_, client):
        again = say(client, token, FATAL)
        assert again["tier"] == "urgent" and again["stored"] is True
        assert say(client, token, FATAL) == again, "a third try changes nothing either"
        last = say(client, token, AFTER)
        assert "Answer 3" in str(last["parts"]), "the dialogue went on from where it was"
        shown = client.get("/api/v1/messages", headers={"Authorization": f"Bearer {token}"}).json()["turns"]
        assert [turn["turn"] for turn in shown] == [acknowledged["turn"], again["turn"], last["turn"]]
    assert _rows(store) == ["m1", "m2", "m3"]


def _rows(store: Path) -> list[str]:
    with sqlite3.connect(store) as database:
        return [row[0] for row in database.execute("SELECT message FROM exchanges ORDER BY seq")]
