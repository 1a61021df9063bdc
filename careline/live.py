"""Which model answers, and which did before it: one signed file, replaced in one step."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from careline import paths, signature
from careline.errors import Untrusted

_PURPOSE = "live"
_REMEMBERED = 10  # models to go back to


@dataclass(frozen=True)
class Live:
    """The model that answers, those before it (the latest first), and since when."""

    model: str
    before: tuple[str, ...] = ()
    since: str = ""


def read() -> Live | None:
    """What is live; None where nothing is.

    Raises:
        Untrusted: the file was not written by who holds the key.
    """
    raw = mark()
    if not raw:
        return None
    try:
        value = json.loads(raw)
        ours = signature.is_valid(value, _PURPOSE)
    except (ValueError, AttributeError):
        raise Untrusted(pointer(), "cannot be read") from None
    if not ours:
        raise Untrusted(pointer(), f"was not signed with the key of this installation ({signature.key_file()} or CARELINE_SIGNING_KEY)")
    return Live(value["model"], tuple(value["before"]), value["since"])


def mark() -> bytes:
    """Something that changes whenever another model is made live, the same one again included. Cheap to ask for."""
    try:
        return pointer().read_bytes()
    except OSError:
        return b""


def switch(model: str) -> None:
    """Make a model live; the one before is remembered."""
    now = read()
    before = () if now is None else now.before if now.model == model else (now.model, *now.before)
    _write(Live(model, before[:_REMEMBERED]))


def back(to: str) -> None:
    """Make an earlier model live again; those after it are forgotten."""
    now = read()
    before = now.before if now else ()
    _write(Live(to, before[before.index(to) + 1 :] if to in before else before))


def pointer() -> Path:
    """The file that names the live model."""
    return paths.models() / "live"


def _write(now: Live) -> None:
    stamped = {**asdict(now), "before": list(now.before), "since": datetime.now(timezone.utc).isoformat(timespec="microseconds")}
    part = pointer().with_name("live.part")
    part.write_text(json.dumps(signature.signed(stamped, _PURPOSE)), encoding="utf-8")
    part.replace(pointer())  # a reader sees the old or the new, never half of one
