"""Everything the bot can say, as turns, and what is wrong with a turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from careline import house_rules
from careline.contacts import digits_of
from careline.dialogue import wording
from careline.dialogue.alarm import alarm_turn
from careline.dialogue.compose import answer_turn, turn, watch_for
from careline.dialogue.knowledge import Knowledge
from careline.red_flags import TIERS, Finding, Flag
from careline.referral import placeholders
from careline.turn import Choice, Turn

_LANGUAGES = ("en", "es")


class _Filled(dict):  # type: ignore[type-arg]
    """Placeholder values; one that only a conversation knows reads "this"."""

    def __missing__(self, key: str) -> str:
        return "this"


def everything(knowledge: Knowledge) -> Iterator[tuple[str, Turn]]:
    """(where it comes from, turn) for every topic, wording, question and red-flag text."""
    yield from _topics(knowledge)
    for name, language, text in (*_fixed(knowledge), *_asked(knowledge)):
        yield f"{name} ({language})", turn(knowledge, "answer", [text], language=language)
    for flag in knowledge.red_flags.flags.values():
        yield from _alarms(knowledge, flag)


def no_referral(knowledge: Knowledge, made: Turn) -> bool:
    """Does a turn end without telling whom to call: no referral last, or none that names a contact or a person to call?"""
    contacts = knowledge.catalog.contacts
    numbers = {digits_of(contact.phone) for contact in made.referral.contacts} | {
        digits_of(contacts.number(contacts.crisis)), digits_of(contacts.number(contacts.emergency))}
    text = made.referral.text
    named = any(number and number in digits_of(text) for number in numbers) or any(contact.phone in text for contact in made.referral.contacts)
    return not (made.text().endswith(text) and made.referral.contacts and named)


def forbidden(knowledge: Knowledge, made: Turn) -> list[str]:
    """Forbidden phrases and numbers in a turn."""
    return [fault for fault in house_rules.faults(knowledge.catalog, made) if fault != "it has no referral"]


def _topics(knowledge: Knowledge) -> Iterator[tuple[str, Turn]]:
    for topic in knowledge.catalog.topics.values():
        choice = Choice(topic.meta.title, f"topic:{topic.id}")
        yield topic.intent, turn(knowledge, "clarify", [topic.text], refer=topic.meta.referral, choices=(choice,), contacts=topic.meta.contacts)
        if topic.group != "chat":
            yield f"{topic.intent} as answered", answer_turn(knowledge, [topic])
            yield f"{topic.intent} simply", answer_turn(knowledge, [topic], simple=True)


def _fixed(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Every wording; an English list of questions counts as one text each."""
    for key, value in knowledge.catalog.wording.items():
        for name, text in _texts(value, key):
            yield name, *_filled(knowledge, name, text)


def _asked(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Every text of the questionnaire, and what is asked and watched for with each red flag."""
    for key, value in wording.texts(knowledge.catalog.root).items():
        if key not in ("offered_symptoms", "pressed"):
            for name, text in _texts(value, f"questionnaire/{key}"):
                yield name, *_filled(knowledge, name, text)
    for flag in knowledge.red_flags.flags.values():
        for language in _LANGUAGES:
            yield f"{flag.id}/ask", language, flag.ask[language]
            yield f"{flag.id}/watch_for", language, watch_for(knowledge, [flag.id], language)


def _filled(knowledge: Knowledge, name: str, text: str) -> tuple[str, str]:
    language = "es" if name.endswith("/es") else "en"
    values = placeholders(knowledge.catalog, language)
    return language, text.format_map(_Filled(values, contacts=values["hotline"]))


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text of nested mappings and lists, with its path."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{name}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{name}/{index}")


def _alarms(knowledge: Knowledge, flag: Flag) -> Iterator[tuple[str, Turn]]:
    for tier in TIERS:
        for strong in (False, *([True] if flag.told_strong else [])):
            finding = Finding(flag.id, tier, "words", 0, 5, "self", strong)
            for language in _LANGUAGES:
                yield f"{flag.id} at {tier}{' strong' if strong else ''} ({language})", alarm_turn(knowledge, [finding], language)
