"""What the server can be told, by environment variables alone."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from careline import kept, paths
from careline.server import logs
from careline.store import ledger


@dataclass(frozen=True)
class Rate:
    """A token bucket: so many at once, so many a minute after that."""

    burst: int
    per_minute: int


@dataclass(frozen=True)
class Settings:
    """Limits and places. The defaults are what the design promises."""

    secret: str
    store_path: Path = field(default_factory=lambda: paths.var() / "conversations.sqlite3")
    ledger_path: Path = field(default_factory=ledger.default_path)  # what staff did; shared with the console
    web: Path = field(default_factory=lambda: paths.home() / "web")
    origins: frozenset[str] = frozenset()
    frame_ancestors: str = "'none'"
    proxies: str = ""  # addresses of trusted proxies, for uvicorn's proxy headers; empty: none are believed
    idle_seconds: float = 3600
    token_seconds: float = 24 * 3600  # even a busy conversation ends some day
    review_seconds: float = 30 * 86_400
    text_limit: int = 2000
    body_limit: int = 8192
    turn_seconds: float = 2.8  # of the three in which a person has a turn
    recall_seconds: float = 0.4
    save_seconds: float = 1.0
    session_rate: Rate = Rate(20, 40)
    address_rate: Rate = Rate(120, 240)  # a whole hospital may sit behind one address
    new_session_rate: Rate = Rate(30, 60)
    body_seconds: float = 5.0
    expiry_every: float = 60.0
    tally_every: float = 10.0
    look_every: float = 1.0  # for another model that was made live


def from_environment() -> Settings:
    """Settings of this process. Reads CARELINE_SECRET, _STORE, _ORIGINS, _FRAME_ANCESTORS, _TRUSTED_PROXIES."""
    environment = os.environ
    origins = [origin.strip().rstrip("/") for origin in environment.get("CARELINE_ORIGINS", "").split(",")]
    return Settings(
        secret=environment.get("CARELINE_SECRET") or kept_secret(paths.var() / "secret"),
        store_path=Path(environment.get("CARELINE_STORE") or paths.var() / "conversations.sqlite3"),
        origins=frozenset(filter(None, origins)),
        frame_ancestors=environment.get("CARELINE_FRAME_ANCESTORS", "'none'"),
        proxies=environment.get("CARELINE_TRUSTED_PROXIES", ""),
    )


def kept_secret(path: Path) -> str:
    """The secret in a file, made once. Where it cannot be kept, one for this run: sessions then end with the process."""
    try:
        return kept.key(path)
    except OSError:
        logs.event("secret_not_kept")
        return secrets.token_hex(32)
