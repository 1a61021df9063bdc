"""What a long verb is doing, told on standard error: what it returns stands alone on standard output."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_HOOKS = "rasa.engine.training.hooks"  # where Rasa says which component it trains
_EVERY = 3.0  # seconds
_STEPS = {
    "SentenceEncoder": "reading the examples",
    "TopicClassifier": "learning the topics",
    "AlarmListener": "learning to hear alarms",
    "RulePolicy": "learning the rules of the talk",
}


def say(text: str) -> None:
    """One line."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """A step, with the seconds it took."""
    started = time.monotonic()
    print(f"{what} … ", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - started:.0f} s")


@contextmanager
def of_training() -> Iterator[None]:
    """While Rasa trains: each part as it begins."""
    with _listening(_HOOKS, _Components()), of_embedding():
        yield


@contextmanager
def of_embedding() -> Iterator[None]:
    """While texts are embedded: every few seconds how many. Says nothing of a few."""
    with _listening("careline.nlu.embeddings", _Embedding()):
        yield


@contextmanager
def _listening(name: str, teller: logging.Handler) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level, logger.propagate
    logger.addHandler(teller)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(teller)
        logger.level, logger.propagate = before


class _Components(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        found = re.match(r"Starting to train component '(\w+)'", record.getMessage())
        if found and found[1] in _STEPS:
            say(f"Training: {_STEPS[found[1]]} ({time.monotonic() - self._started:.0f} s) …")


class _Embedding(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self._told = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() - self._told >= _EVERY:
            say(f"Reading by meaning, once for each text: {record.getMessage()} …")
            self._told = time.monotonic()
