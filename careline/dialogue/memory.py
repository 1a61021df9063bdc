"""What the dialogue remembers and what it understood: plain views of Rasa's slots and of one parsed message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careline.red_flags import Finding

LAST_TOPIC = "topic"  # under this name a message carries what was answered last, for the pipeline to read it in its light


@dataclass(frozen=True)
class Memory:
    """The slots of the conversation, as they stood when the message came. Names are those of domain.yml."""

    topic: str | None = None  # the topic answered last
    offered: tuple[str, ...] = ()  # topics offered as choices in the last turn
    misses: int = 0  # turns in a row in which nothing was understood
    flags: tuple[str, ...] = ()  # red flags raised in this conversation, as "row:tier"
    reminders: int = 0  # further turns that open with a reminder of them
    doctor_list: tuple[str, ...] = ()  # questions for the doctor
    about: str | None = None  # whom the person asks about: "mother", "husband" … None is themselves
    advised: str | None = None  # tier of the advice on the last topic, where that is a symptom that was asked about
    pending: str | None = None  # an outlook topic that waits for "yes, tell me"
    outlook_ok: bool = False  # the person said yes to outlook information
    spoken: str | None = None  # the language of the last message, where it was not English
    symptom: str | None = None
    symptom_words: str | None = None  # how they put it
    symptom_flags: str | None = None  # yes | no | unknown
    symptom_duration: str | None = None  # today | days | weeks | months | unknown
    symptom_trend: str | None = None  # worse | same | better | unknown
    symptom_treatment: str | None = None  # yes | no | unknown
    requested_slot: str | None = None  # the question of the questionnaire that is open

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> Memory:
        """Read slot values; whatever is missing, or of a wrong kind, keeps its default."""
        known: dict[str, Any] = {name: slots.get(name) for name in cls.__dataclass_fields__ if slots.get(name) is not None}
        for name in ("offered", "flags", "doctor_list"):
            known[name] = tuple(known.get(name) or ()) if isinstance(known.get(name), (list, tuple)) else ()
        for name in ("misses", "reminders"):
            known[name] = int(known.get(name) or 0) if isinstance(known.get(name), (int, float)) else 0
        return cls(**known)


@dataclass(frozen=True)
class Reading:
    """One message as the NLU pipeline understood it."""

    text: str
    intent: str  # the plain intent: answer, symptom, chat, affirm, out_of_scope, nlu_fallback, red_flag …
    topics: tuple[tuple[str, float], ...] = ()  # (topic id, confidence), best first
    near: tuple[str, ...] = ()  # topics worth offering where none is sure
    parts: tuple[str, ...] = ()  # topics of a message that asks several things, most serious first
    chat: str | None = None  # which small talk
    findings: tuple[Finding, ...] = ()
    about: str | None = None
    language: str = "en"
    entities: tuple[tuple[str, str], ...] = ()  # (kind, value): site, treatment, surgery …
    unnamed: tuple[str, ...] = ()  # the words outside of the entities, in lower case

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Reading:
        """Read Rasa's parse data (`latest_message`)."""
        return cls(
            text=str(message.get("text") or ""),
            intent=str((message.get("intent") or {}).get("name") or "nlu_fallback"),
            topics=tuple((item["id"], float(item["confidence"])) for item in message.get("topics") or ()),
            near=tuple(message.get("near") or ()),
            parts=tuple(message.get("parts") or ()),
            chat=_chat(message),
            findings=tuple(Finding(**item) for item in message.get("red_flags") or ()),
            about=message.get("about"),
            language=str(message.get("language") or "en"),
            entities=tuple((item["entity"], item["value"]) for item in message.get("entities") or ()),
            unnamed=_unnamed(message),
        )


def _unnamed(message: Mapping[str, Any]) -> tuple[str, ...]:
    text = list(str(message.get("text") or ""))
    for item in message.get("entities") or ():
        if "start" in item:
            text[item["start"] : item["end"]] = " " * (item["end"] - item["start"])
    return tuple(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", "".join(text).lower().replace("’", "'")))


def _chat(message: Mapping[str, Any]) -> str | None:
    selected = (message.get("response_selector") or {}).get("chat") or {}
    return str((selected.get("response") or {}).get("intent_response_key", "")).partition("/")[2] or None
