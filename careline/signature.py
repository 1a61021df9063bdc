"""Signatures: who can write to `models/` but does not hold the key cannot pass off a model as ours (docs/decisions)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from itsdangerous import Signer

from careline import kept, paths

_KEY = "signature"


def signed(value: Mapping[str, Any], purpose: str) -> dict[str, Any]:
    """The value with its signature. `purpose` is part of what is signed: the signature of one kind of file is none of another.

    Raises:
        OSError: there is no key and none can be kept.
    """
    key = os.environ.get("CARELINE_SIGNING_KEY") or kept.key(key_file())
    return {**value, _KEY: _signer(key, purpose).get_signature(_bytes(value)).decode()}


def is_valid(value: Mapping[str, Any], purpose: str) -> bool:
    """Was exactly this signed with our key?"""
    key = os.environ.get("CARELINE_SIGNING_KEY") or _known_key()
    bare = {name: item for name, item in value.items() if name != _KEY}
    return bool(key) and _signer(key, purpose).verify_signature(_bytes(bare), str(value.get(_KEY, "")))


def key_file() -> Path:
    """Where the key is kept unless CARELINE_SIGNING_KEY gives it."""
    return paths.var() / "signing_key"


def _known_key() -> str:
    try:
        return key_file().read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _signer(key: str, purpose: str) -> Signer:
    return Signer(key, salt=f"careline.{purpose}", digest_method=hashlib.sha256)


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
