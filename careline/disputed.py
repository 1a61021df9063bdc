"""What the documents get wrong: the register of contradictions and stale claims, for staff beside the answers they touch."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra

from careline import documents
from careline.schema import parse


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Place(_Strict):
    """A section of a document."""

    document: str
    section: str


class Dispute(_Strict):
    """One claim of the documents that must not be passed on as it stands. `checked`: a public source was seen."""

    id: str
    title: str
    kind: Literal["contradiction", "stale", "incomplete", "unconfirmed"]
    claim: str
    finding: str
    checked: bool
    do_not_say: str
    say: str
    topics: list[str]
    sections: list[Place] = []
    sources: list[str] = []


class _Register(_Strict):
    disputed: list[Dispute]


def load(path: Path) -> tuple[Dispute, ...]:
    """Read content/disputed.yml. Whether its topics and sections exist is a house rule (`careline.registry_rules`).

    Raises:
        ContentError: an unknown or missing key or a value of the wrong kind, with its line.
    """
    return tuple(parse(_Register, documents.read(path)).disputed)
