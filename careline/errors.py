"""Errors that name the file, the line and the remedy."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a content file, as a maintainer reads it: `path:line: what, and the remedy`."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class ContentError(ValueError):
    """Content that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Untrusted(Exception):
    """A file of a model that is not what was signed. Nothing of the model is opened."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}. It is not opened. Delete {path if path.name == 'live' else path.parent} and run careline train, or restore it from a backup.")


def problem(path: Path | str, line: int, what: str, root: Path | None = None) -> Problem:
    """Make a Problem with the path shown relative to `root` where it lies inside it."""
    shown = Path(path)
    if root is not None and shown.is_absolute():
        with contextlib.suppress(ValueError):
            shown = shown.relative_to(root)
    return Problem(str(shown), max(line, 1), what)
