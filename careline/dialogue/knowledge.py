"""What every reply may draw on, read once: the catalog and the red flags."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from careline import catalog as catalogs
from careline import paths
from careline.catalog import Catalog
from careline.red_flags import RedFlags


@dataclass(frozen=True)
class Knowledge:
    """The catalog and the red flags."""

    catalog: Catalog
    red_flags: RedFlags


@paths.per_content
def shared(root: Path) -> Knowledge:
    """The knowledge in the content that is used here."""
    return Knowledge(catalogs.shared(), RedFlags.load(root / "content" / "red_flags"))
