"""A turn: everything the bot says back to one message, one atomic payload that carries its own referral."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

CHANNEL = "careline"  # the channel that takes turns whole; Rasa's own get the text alone

# Most serious first: of two tiers the one further left wins.
TIERS = ("emergency", "crisis", "urgent", "today", "call_doctor", "information")

# When fragments of one turn are put together, the kind further left names the whole.
KINDS = (
    "emergency",
    "crisis",
    "urgent",
    "today",
    "no_diagnosis",
    "symptom_advice",
    "symptom_question",
    "answer",
    "clarify",
    "out_of_scope",
    "small_talk",
    "error",
)


@dataclass(frozen=True)
class Source:
    """Where an answer comes from: a document (its id), its section, its year ("undated" where unknown), and what people know it by."""

    document: str
    section: str
    year: str
    title: str = ""


@dataclass(frozen=True)
class Part:
    """One text of a turn, with the topic it answers where it is an answer."""

    text: str
    topic: str | None = None
    title: str | None = None
    sources: tuple[Source, ...] = ()
    reviewed: str | None = None
    role: str = "text"  # text | reminder | question | note: how a page may set it


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and what it means to the dialogue. A page only ever sees the token made of it."""

    label: str
    action: str


@dataclass(frozen=True)
class ShownContact:
    """A contact as a page shows it: `phone` for reading, `tel` for dialling (E.164 or a short code)."""

    id: str
    name: str
    phone: str
    tel: str
    hours: str | None = None


@dataclass(frozen=True)
class Referral:
    """Whom to call: the sentence a turn ends with and the contacts it names."""

    text: str
    contacts: tuple[ShownContact, ...]


@dataclass(frozen=True)
class Turn:
    """What the bot says back to one message. It cannot be made without a referral."""

    kind: str
    tier: str
    parts: tuple[Part, ...]
    referral: Referral
    choices: tuple[Choice, ...] = ()
    language: str = "en"
    data: Mapping[str, Any] = field(default_factory=dict)  # extra facts for a page: flags raised, the doctor list, a note
    turn: str = ""
    reply_to: str = ""
    model: str = ""  # the model that said it, or "rules"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of turn {self.kind!r}; one of {', '.join(KINDS)}")
        if self.tier not in TIERS:
            raise ValueError(f"unknown tier {self.tier!r}; one of {', '.join(TIERS)}")
        if not self.referral.text or not self.referral.contacts:
            raise ValueError("a turn needs a referral with at least one contact")

    def text(self) -> str:
        """The turn as plain text: its parts, its choices, and the referral last."""
        lines = [part.text for part in self.parts]
        lines += [f"- {choice.label}" for choice in self.choices]
        return "\n".join([*lines, self.referral.text])

    def to_json(self) -> dict[str, Any]:
        """The payload of the API. Choices carry their meaning here; the server replaces it by an opaque token."""
        payload = asdict(self)
        payload["data"] = dict(self.data)
        return payload

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> Turn:
        """The turn that `to_json` wrote."""
        referral = payload["referral"]
        return cls(
            kind=payload["kind"],
            tier=payload["tier"],
            parts=tuple(
                Part(**{**part, "sources": tuple(Source(**source) for source in part["sources"])}) for part in payload["parts"]
            ),
            referral=Referral(referral["text"], tuple(ShownContact(**contact) for contact in referral["contacts"])),
            choices=tuple(Choice(**choice) for choice in payload["choices"]),
            language=payload.get("language", "en"),
            data=payload.get("data", {}),
            turn=payload.get("turn", ""),
            reply_to=payload.get("reply_to", ""),
            model=payload.get("model", ""),
        )


def worst(tiers: Iterable[str]) -> str:
    """The most serious of some tiers; `information` where there is none."""
    return min(tiers, key=TIERS.index, default="information")


def at_least(tier: str, than: str) -> bool:
    """Is `tier` as serious as `than`, or more?"""
    return TIERS.index(tier) <= TIERS.index(than)


def merge(fragments: Sequence[Turn]) -> Turn:
    """Put what several actions said to one message into one turn.

    The most serious fragment gives kind and referral text; contacts are united, parts follow in order, the last choices stay.
    """
    if not fragments:
        raise ValueError("nothing to merge: a turn needs at least one fragment")
    lead = min(fragments, key=lambda turn: (TIERS.index(turn.tier), KINDS.index(turn.kind)))
    kind = min((turn.kind for turn in fragments), key=KINDS.index)
    contacts = {contact.id: contact for turn in [lead, *fragments] for contact in turn.referral.contacts}
    data: dict[str, Any] = {}
    for turn in fragments:
        data.update(turn.data)
    return replace(
        lead,
        kind=kind,
        parts=tuple(dict.fromkeys(itertools.chain.from_iterable(turn.parts for turn in fragments))),  # a reminder once
        referral=Referral(lead.referral.text, tuple(contacts.values())),
        choices=next((turn.choices for turn in reversed(fragments) if turn.choices), ()),
        data=data,
    )


_lock = threading.Lock()
_last = 0


def new_id(now_ns: int | None = None) -> str:
    """A unique id that sorts by the time it was made, also when the clock jumps back within this process."""
    global _last
    with _lock:
        _last = max(_last + 1, time.time_ns() if now_ns is None else now_ns)
        return f"{_last:016x}{secrets.token_hex(4)}"
