"""The hazard log names every hazard, and nothing in it that does not exist."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from careline import paths

LOG = paths.home() / "docs" / "safety" / "hazard_log.md"
HAZARDS = [f"H{number}" for number in range(1, 25)]
_HEADING = re.compile(r"^## (H\d+) .+$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_PATH = re.compile(r"`((?:careline|content|data|docs|scripts|tests|web|actions)/[\w/.-]*)`")


def sections() -> dict[str, str]:
    """The text of each hazard by its id."""
    pieces = _HEADING.split(LOG.read_text(encoding="utf-8"))[1:]
    return dict(zip(pieces[::2], pieces[1::2]))


@lru_cache
def defined_in(path: Path) -> frozenset[str]:
    """The names of the tests that a file defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(node.name for node in functions)


def test_every_hazard_stands_in_the_log_once() -> None:
    assert _HEADING.findall(LOG.read_text(encoding="utf-8")) == HAZARDS


@pytest.mark.parametrize("hazard", HAZARDS)
def test_hazard_is_complete(hazard: str) -> None:
    lines = [line for line in sections()[hazard].splitlines() if line.startswith("- ")]
    given = {line[2:].partition(":")[0]: line.partition(": ")[2].strip() for line in lines}
    for key in ("Cause", "Severity", "Likelihood", "Control", "Test"):
        assert given.get(key), f"{hazard} has no line {key!r}"
    assert "`" in given["Control"], f"{hazard} names no module or file as its control"
    honest = re.match(r"no test yet: \w+", given["Test"])
    assert _TEST.search(given["Test"]) or honest, f"{hazard} names no test and does not say why"


@pytest.mark.parametrize("hazard", HAZARDS)
def test_what_a_hazard_names_exists(hazard: str) -> None:
    text = sections()[hazard]
    for path, name in _TEST.findall(text):
        assert (paths.home() / path).is_file(), f"{hazard} names {path}, which does not exist"
        assert name in defined_in(paths.home() / path), f"{hazard} names {path}::{name}, which does not exist"
    for path in _PATH.findall(text):
        assert (paths.home() / path).exists(), f"{hazard} names {path}, which does not exist"
