"""Imports point inward: the core knows neither Rasa nor what is built around it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The two modules that put the dialogue into Rasa's runtime; everything else of the core works without Rasa.
ADAPTERS = {"careline/dialogue/rasa_runtime.py", "careline/dialogue/engine.py"}
OUTSIDE = ("actions", "careline.server", "careline.staff", "careline.maintain", "careline.cli")
CORE = sorted(
    path
    for folder in ("careline", "careline/dialogue")
    for path in (ROOT / folder).glob("*.py")
    if path.name != "cli.py"
)


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }


@pytest.mark.parametrize("path", [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in CORE])
def test_core_imports_nothing_from_outside(path: Path) -> None:
    forbidden = OUTSIDE if path.relative_to(ROOT).as_posix() in ADAPTERS else (*OUTSIDE, "rasa", "rasa_sdk")
    assert not [name for name in _imported(path) if any(f"{name}.".startswith(f"{module}.") for module in forbidden)]
