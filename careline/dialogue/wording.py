"""The texts of the symptom questionnaire (content/questionnaire.yml), read once and filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from careline import documents
from careline.catalog import Catalog, Topic
from careline.referral import placeholders


@lru_cache(maxsize=2)
def texts(root: Path) -> Mapping[str, Any]:
    """content/questionnaire.yml of a project folder."""
    value: Mapping[str, Any] = documents.read(root / "content" / "questionnaire.yml").value
    return value


def say(catalog: Catalog, key: str, language: str = "en", **values: str) -> str:
    """A text in a language (English where there is none), with its placeholders filled."""
    text = _in(texts(catalog.root)[key], language)
    return text.format(**placeholders(catalog, language), **values) if "{" in text else text


def it(catalog: Catalog, topic: Topic | None, language: str = "en") -> str:
    """How a question names a symptom: "the cough"."""
    if topic is None:
        return "esto" if language == "es" else "this"
    entry = texts(catalog.root)["names"].get(topic.id)
    if entry:
        return _in(entry["it"], language)
    return _in(topic.meta.noun, language) or topic.meta.title.lower()


def named(catalog: Catalog, topic: Topic, language: str = "en", site: str | None = None) -> str:
    """How the note names a symptom, with the place the person named: "pain in the left hip"."""
    entry = texts(catalog.root)["names"].get(topic.id, {})
    if site and language == "en" and "at" in entry:
        return str(entry["at"]).format(site=site)
    return _in(topic.meta.noun, language) or topic.meta.title.lower()


def pressed(catalog: Catalog, choice: str) -> str:
    """What a press of a button stands for, as if the person had typed it."""
    return str(texts(catalog.root)["pressed"][choice])


def listed(items: Iterable[Mapping[str, Any]], language: str = "en") -> str:
    """The signs of several red flags, each as a short sentence of its own: one long one is hard to read in a fright."""
    phrases = [_in(item, language).strip().rstrip(".;") for item in items if item]
    return " ".join(f"{phrase[0].upper()}{phrase[1:]}." for phrase in dict.fromkeys(phrases) if phrase)


def _in(text: Mapping[str, Any], language: str) -> str:
    value = text.get(language) or text.get("en") or ""
    return value if isinstance(value, str) else " ".join(value)
