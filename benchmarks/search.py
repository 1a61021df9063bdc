"""`python -m benchmarks.search`: what a search of the console costs as somebody types, and whether it slows a patient's turn."""

from __future__ import annotations

import argparse
import http.client
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from benchmarks import servers
from benchmarks.talk import ToUs
from careline import paths
from careline.maintain.evaluation import cases, report
from careline.maintain.evaluation.report import Report, Table
from careline.staff.accounts import Accounts, made

TARGET_MS = 100.0  # 95 of 100 searches, in the server
NAME, PASSWORD = "bench", "four random words here"
_PAUSE = 0.15  # seconds between two keys of somebody who types fast


class Typist:
    """Somebody logged in who types questions letter by letter."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        page, cookies = self._ask("GET", "/staff/login")
        token = re.search(r'name="form_token" value="([^"]+)"', page)
        assert token, "no login page"
        form = urlencode({"form_token": token[1], "name": NAME, "password": PASSWORD})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}", "Cookie": cookies}
        _, self._cookies = self._ask("POST", "/staff/login", form, headers)

    def search(self, text: str) -> float:
        """Milliseconds of one search."""
        started = time.perf_counter()
        page, _ = self._ask("GET", f"/staff/search?{urlencode({'q': text})}", None, {"Cookie": self._cookies, "X-Fragment": "1"})
        assert "Log in" not in page
        return 1000 * (time.perf_counter() - started)

    def floor(self) -> float:
        """Milliseconds of a request that does nothing."""
        started = time.perf_counter()
        self._ask("GET", "/healthz")
        return 1000 * (time.perf_counter() - started)

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[str, str]:
        self._connection.request(method, path, body, headers or {})
        response = self._connection.getresponse()
        page = response.read().decode()
        assert response.status < 400, f"{path}: {response.status}"
        return page, (response.getheader("set-cookie") or "").partition(";")[0]


def main() -> int:
    """Measure, print, write reports/search_bench.md; 1 when the target is missed."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        server = servers.ours(Path(folder))
        Accounts(Path(folder) / "staff_accounts").put(made(NAME, "staff", PASSWORD))
        try:
            server.start()
            talker = ToUs(server.port)
            servers.wait(server, talker.ready)
            values = _measured(server.port, talker, options)
        finally:
            server.stop()
    made_report = _report(values)
    report.write(made_report, values, paths.home() / "reports", "search_bench")
    print(made_report.text())
    return 0 if values["kept"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--questions", type=int, default=25, help="held-out questions that are typed letter by letter")
    parser.add_argument("--turns", type=int, default=60, help="turns of the chat, without and with somebody searching")
    return parser.parse_args()


def _measured(port: int, talker: ToUs, options: argparse.Namespace) -> dict[str, Any]:
    asked = [question.text for question in cases.questions(paths.home() / "tests" / "questions") if question.group == "answer"]
    dice = random.Random(13)
    typed, said = dice.sample(asked, options.questions), dice.sample(asked, options.turns)
    typist = Typist(port)
    for text in _prefixes(typed[0]):
        typist.search(text)
    searches = [typist.search(text) for question in typed for text in _prefixes(question)]
    floors = [typist.floor() for _ in range(200)]
    quiet, busy = _turns(talker, said, None), _turns(talker, said, Typist(port))
    found = {name: _spread(times) for name, times in (("search", searches), ("empty request", floors), ("turn, nobody searching", quiet), ("turn, somebody typing", busy))}
    return {
        "times_ms": found,
        "search_to_turn": round(found["search"]["p50"] / found["turn, nobody searching"]["p50"], 2),
        "turn_busy_to_quiet": round(found["turn, somebody typing"]["p50"] / found["turn, nobody searching"]["p50"], 2),
        "kept": found["search"]["p95"] <= TARGET_MS,
    }


def _prefixes(question: str) -> Iterator[str]:
    """What the search box holds while a question of at most 60 letters is typed, a key after the other."""
    return (question[:end] for end in range(2, min(len(question), 60) + 1))


def _turns(talker: ToUs, said: list[str], typist: Typist | None) -> list[float]:
    over = threading.Event()
    typing = threading.Thread(target=_type, args=(typist.search, said, over)) if typist else None
    if typing:
        typing.start()
    times = [_timed(talker.say, text) for text in said]
    over.set()
    if typing:
        typing.join()
    return times


def _type(search: Callable[[str], float], questions: list[str], over: threading.Event) -> None:
    while not over.is_set():
        for text in (text for question in questions for text in _prefixes(question)):
            search(text)
            if over.wait(_PAUSE):
                return


def _timed(work: Callable[[str], Any], text: str) -> float:
    started = time.perf_counter()
    work(text)
    return 1000 * (time.perf_counter() - started)


def _spread(times: list[float]) -> dict[str, float]:
    return {"n": len(times), "p50": round(float(np.quantile(times, 0.5)), 1), "p95": round(float(np.quantile(times, 0.95)), 1)}


def _report(values: dict[str, Any]) -> Report:
    rows = [(name, each["n"], each["p50"], each["p95"]) for name, each in values["times_ms"].items()]
    ratios = [
        ("search to a turn of the chat", values["search_to_turn"]),
        ("a turn while somebody types, to one while nobody does", values["turn_busy_to_quiet"]),
    ]
    kept = "kept" if values["kept"] else "MISSED"
    about = f"HTTP on loopback, chat and console in one process, one search for every key. Target: p95 of a search at most {TARGET_MS:.0f} ms: {kept}."
    return Report("What a search costs", about, [Table("Milliseconds", ("what", "n", "p50", "p95"), rows), Table("Ratios of the medians", ("ratio", "measured"), ratios)])


if __name__ == "__main__":
    sys.exit(main())
