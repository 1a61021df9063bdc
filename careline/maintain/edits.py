"""Edits of content files line by line: comments and formatting stay, and a file is whole before and after, never between."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path


class Refused(Exception):
    """An edit that was not made, with the remedy. Nothing was changed."""


def create(path: Path, text: str) -> None:
    """Write a new file.

    Raises:
        Refused: a file of this name exists; it is left as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _part(path, text)
    try:
        os.link(part, path)  # unlike a rename it fails where the name is taken, even by somebody faster
    except FileExistsError:
        raise Refused(f"{path} exists and is left as it is; choose another name or change that file") from None
    finally:
        part.unlink()


def insert(path: Path, after: int, lines: Sequence[str]) -> None:
    """Insert lines after line number `after`, counted from 1; 0 puts them first."""
    replace(path, after + 1, after, lines)


def replace(path: Path, first: int, last: int, lines: Sequence[str]) -> None:
    """Replace the lines first to last, counted from 1, both included, by others."""
    old = path.read_text(encoding="utf-8").splitlines()
    write(path, "\n".join([*old[: first - 1], *lines, *old[last:]]) + "\n")


def write(path: Path, text: str) -> None:
    """Replace a file's text at once."""
    part = _part(path, text)
    if path.exists():
        part.chmod(path.stat().st_mode)
    part.replace(path)


def _part(path: Path, text: str) -> Path:
    """The text in a file beside the one it is meant for, on the disk before anything is renamed."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o644)
    except BaseException:
        part.unlink()
        raise
    return part
