"""The servers that are measured, each in a process tree of its own on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from careline import paths

START_LIMIT = 600  # seconds; a busy machine is slow, a broken server must not hang the benchmark
_ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "SANIC_WORKERS": "1"}


class Server:
    """A server process; its CPU time and memory are those of its whole tree."""

    def __init__(self, name: str, command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.port = port
        self._command = list(command)
        self._environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": str(paths.home()), **(environment or {})}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server, gone with it
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; answers nothing yet."""
        self._process = subprocess.Popen(self._command, env=self._environment, stdout=self._log, stderr=self._log, cwd=paths.home())

    def stop(self) -> None:
        """End it and what it started."""
        if self._process:
            tree = self._tree()
            self._process.terminate()
            _, alive = psutil.wait_procs(tree, timeout=15)
            for process in alive:
                process.kill()

    def cpu(self) -> float:
        """User and system CPU seconds of the tree so far."""
        return sum(times.user + times.system for times in (process.cpu_times() for process in self._tree()))

    def memory(self) -> float:
        """Resident megabytes of the tree."""
        return sum(process.memory_info().rss for process in self._tree()) / 2**20

    def check(self) -> None:
        """Raise when it has ended by itself."""
        if self._process and self._process.poll() is not None:
            self._log.seek(0)
            tail = self._log.read()[-2000:].decode("utf-8", "replace")
            raise RuntimeError(f"{self.name} ended while it was needed:\n{tail}")

    def _tree(self) -> list[psutil.Process]:
        assert self._process is not None
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]


def ours(folder: Path) -> Server:
    """`careline serve` with its own store, the live model, everything as it is delivered."""
    port = free_port()
    command = [sys.executable, "-m", "careline.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    # Its own places one by one: CARELINE_VAR also holds the key that models are signed with.
    places = {"CARELINE_STORE": "conversations.sqlite3", "CARELINE_STAFF_STORE": "staff.sqlite3", "CARELINE_STAFF_ACCOUNTS": "staff_accounts"}
    return Server("Careline", command, port, {name: str(folder / file) for name, file in places.items()})


def rasa(name: str, model: Path, endpoints: Path, credentials: Path) -> Server:
    """`rasa run` with the REST channel."""
    port = free_port()
    command = [sys.executable, "-m", "rasa", "run", "--model", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials),
               "--interface", "127.0.0.1", "--port", str(port)]
    return Server(name, command, port)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(server: Server, ready: object) -> tuple[float, float]:
    """Wait until `ready()` says so: (CPU seconds, wall seconds) from start to the first good answer."""
    assert callable(ready)
    started = time.monotonic()
    while time.monotonic() - started < START_LIMIT:
        server.check()
        try:
            if ready():
                return server.cpu(), time.monotonic() - started
        except OSError:
            pass
        time.sleep(0.25)
    raise RuntimeError(f"{server.name} was not ready within {START_LIMIT} s")
