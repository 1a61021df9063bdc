"""What the console can be told, by environment variables alone."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from careline import paths
from careline.staff import accounts
from careline.store import ledger

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class StaffSettings:
    """Places and limits. An identity header is believed only from `identity_proxies`; both must be set, or neither counts."""

    secret: str
    accounts_path: Path = field(default_factory=accounts.default_path)
    ledger_path: Path = field(default_factory=ledger.default_path)
    web: Path = field(default_factory=lambda: paths.home() / "web" / "console")
    identity_header: str = ""
    identity_proxies: tuple[Network, ...] = ()
    failure_seconds: float = 1.5  # every failed login takes this long, whatever was wrong with it
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    body_limit: int = 32_768


def from_environment(secret: str) -> StaffSettings:
    """Settings of this process. Reads CARELINE_STAFF_ACCOUNTS, _STAFF_STORE, _STAFF_IDENTITY_HEADER, _STAFF_IDENTITY_PROXIES.

    Raises:
        ValueError: an address of a proxy is none.
    """
    proxies = os.environ.get("CARELINE_STAFF_IDENTITY_PROXIES", "")
    return StaffSettings(
        secret,
        identity_header=os.environ.get("CARELINE_STAFF_IDENTITY_HEADER", ""),
        identity_proxies=tuple(ipaddress.ip_network(each.strip()) for each in proxies.split(",") if each.strip()),
    )
