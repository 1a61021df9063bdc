"""Servers in processes of their own, so that a test can kill one as a machine does, and start it again where it was."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from careline import paths

START_SECONDS = 180  # the real one loads a model, perhaps on a busy machine
LOOK_SECONDS = 0.1


class Server:
    """A command that serves one port from a folder.

    Args:
        folder: where its data outlive a kill.
        command: what to run; `{port}` stands for the port, `{folder}` for the folder.
        ready: the path that answers 200 once it serves as it should.
    """

    def __init__(self, folder: Path, *command: str, ready: str, **environment: str) -> None:
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        places = {"port": self.port, "folder": folder}
        self._command = [word.format(**places) for word in command]
        self._environment = {name: value.format(**places) for name, value in environment.items()}
        self._ready = ready

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it serves as it should.

        Raises:
            RuntimeError: it ended, or took longer than anybody would wait.
        """
        self.begin()
        self.wait()

    def begin(self) -> None:
        """Start it without waiting."""
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", **self._environment}
        self.process = subprocess.Popen(
            self._command, cwd=paths.home(), env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def wait(self) -> None:
        """Wait until it serves as it should."""
        deadline = time.monotonic() + START_SECONDS
        while not self._serves():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"it did not start: {' '.join(self._command)}")
            time.sleep(LOOK_SECONDS)

    def kill(self) -> None:
        """End it as kill -9 does: nothing is said, nothing is saved."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self._ready, timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class MockServer(Server):
    """Canned turns of every kind, and switches to break it with (mock_server.py)."""

    def __init__(self, folder: Path) -> None:
        script = str(Path(__file__).parent / "mock_server.py")
        super().__init__(
            folder, sys.executable, script, "--port", "{port}", "--state", "{folder}/state.db", ready="/page"
        )

    def control(self, **settings: Any) -> None:
        request = urllib.request.Request(f"{self.url}/mock/control", json.dumps(settings).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def seen(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/mock/seen", timeout=10) as answer:
            return dict(json.load(answer))


def careline(folder: Path) -> Server:
    """What `careline serve` is to a patient: the whole program with its trained model."""
    program = str(Path(sys.executable).with_name("careline"))
    # Not CARELINE_VAR: there lies the key that the model is signed with.
    places = {"CARELINE_STORE": "{folder}/conversations.sqlite3", "CARELINE_STAFF_STORE": "{folder}/staff.sqlite3"}
    return Server(folder, program, "serve", "--port", "{port}", ready="/readyz", **places)


def careline_without_model(folder: Path) -> Server:
    """The real server, store and pages with an engine that answers at once: it starts in seconds."""
    command = (sys.executable, "-W", "ignore", "-m", "tests.faults.killable_server")
    store = "{folder}/conversations.sqlite3"
    return Server(
        folder, *command, ready="/healthz", CARELINE_PORT="{port}", CARELINE_STORE=store, CARELINE_VAR="{folder}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
