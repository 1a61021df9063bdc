"""What every reply may draw on, read once a process: the catalog and the red flags."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from careline import catalog as catalogs
from careline import paths
from careline.catalog import Catalog
from careline.red_flags import RedFlags


@dataclass(frozen=True)
class Knowledge:
    """The catalog and the red flags."""

    catalog: Catalog
    red_flags: RedFlags


@lru_cache(maxsize=1)
def shared() -> Knowledge:
    """The knowledge of this process."""
    return Knowledge(catalogs.shared(), RedFlags.load(paths.home() / "content" / "red_flags"))
