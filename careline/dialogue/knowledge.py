"""What every reply may draw on, read once: the catalog and the red flags."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from careline import catalog as catalogs
from careline import digests, paths, triage
from careline.catalog import Catalog
from careline.dialogue import wording
from careline.red_flags import RedFlags


@dataclass(frozen=True)
class Knowledge:
    """The catalog and the red flags."""

    catalog: Catalog
    red_flags: RedFlags


@paths.per_content
def shared(root: Path) -> Knowledge:
    """The knowledge in the content that is used here.

    Raises:
        ContentError: the content cannot be read, or was written for another version of the code.
    """
    # Read now, though others use them: what cannot be read must be noticed before the content answers anybody.
    triage.shared()
    wording.texts(root)
    return Knowledge(catalogs.shared(), _red_flags(root / "content" / "red_flags"))


_compiled: dict[str, RedFlags] = {}


def _red_flags(folder: Path) -> RedFlags:
    """Compiling them takes seconds, so contents with the same red flags share them: a corrected answer is live sooner."""
    digest = digests.of_folder(folder)
    if digest not in _compiled:
        _compiled[digest] = RedFlags.load(folder)
        for old in list(_compiled)[:-2]:
            del _compiled[old]
    return _compiled[digest]
