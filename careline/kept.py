"""Random keys kept in a file: made once, for their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def key(path: Path) -> str:
    """The key in a file; where there is no file, 64 hex digits that are kept there from now on (mode 0600).

    Raises:
        OSError: it can be neither read nor kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_once(path)
    found = path.read_text(encoding="utf-8").strip()
    if not found:
        raise OSError(f"{path} is empty; delete it, and a new key is made")
    return found


def _make_once(path: Path) -> None:
    # Written aside and linked into place: two processes that start at once must not end with two keys, nor read half of one.
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
