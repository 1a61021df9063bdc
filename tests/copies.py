"""A copy of the project to change, with the command line in it: what the stories and the task guides are tried on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from careline import paths

_DERIVED = (
    ".git",
    ".venv",
    "models",
    "reports",
    "var",
    "results",
    "*_cache",
    "__pycache__",
    ".hypothesis",
    "*.egg-info",
    "node_modules",
)


@dataclass(frozen=True)
class Project:
    """A project folder of its own. Models, where a step needs them, are read from `models`."""

    root: Path
    models: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, code: int | None = 0, typed: str = "") -> str:
        """Run `careline VERB …` in the copy; what it printed on both streams. `code` None: whatever it is."""
        done = subprocess.run(
            [sys.executable, "-m", "careline.cli", *command], cwd=self.root, env=self.variables(), input=typed, text=True,
            capture_output=True, timeout=600, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert code is None or done.returncode == code, (
            f"careline {' '.join(command)} ended with {done.returncode}:\n{said}"
        )
        return said

    def variables(self) -> dict[str, str]:
        """The environment of commands in the copy: its code, its content, its models."""
        own = {
            "CARELINE_HOME": str(self.root),
            "CARELINE_MODELS": str(self.models),
            "CARELINE_VAR": str(self.root / "var"),
            "PYTHONPATH": str(self.root),
        }
        return {**os.environ, **own, **self.environment}

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.root / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Edit a file as a person would; the old words must be there."""
        text = self.read(name)
        assert old in text, f"{name} does not hold {old!r}"
        (self.root / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_of_project(folder: Path, models: Path | None = None) -> Project:
    """A copy of this project in `folder`, without what is derived. `models` (default: a folder of its own) may be shared."""
    root = folder / "project"
    shutil.copytree(paths.home(), root, ignore=shutil.ignore_patterns(*_DERIVED))
    return Project(root, models or root / "models")
