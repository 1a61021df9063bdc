"""How much one session or one address may ask: token buckets, in memory, keyed so that no address is kept."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass

from careline.server.refusals import Refusal
from careline.server.settings import Rate


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limiter:
    """One kind of limit. Keys are hashed with a salt that only this process has, and forgotten when room is needed."""

    def __init__(self, rate: Rate, *, room: int = 50_000) -> None:
        self._rate = rate
        self._room = room
        self._salt = secrets.token_bytes(16)
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()

    def take(self, key: str, now: float | None = None) -> None:
        """Take one.

        Raises:
            Refusal: 429 with Retry-After, when there is none left.
        """
        now = time.monotonic() if now is None else now
        bucket = self._bucket(key, now)
        per_second = self._rate.per_minute / 60
        bucket.tokens = min(self._rate.burst, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) / per_second)
            raise Refusal(
                429, "too_many", "Too many messages at once. Wait a little.", headers={"Retry-After": str(wait)}
            )
        bucket.tokens -= 1

    def _bucket(self, key: str, now: float) -> _Bucket:
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), key=self._salt, digest_size=16).digest()
        bucket = self._buckets.setdefault(digest, _Bucket(self._rate.burst, now))
        self._buckets.move_to_end(digest)
        if len(self._buckets) > self._room:
            self._buckets.popitem(last=False)
        return bucket
