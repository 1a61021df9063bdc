"""The only reader of content/red_flags: YAML -> plain, checked values. Every error names path, line, what and remedy."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careline import documents
from careline.clauses import FRAMES
from careline.documents import Document
from careline.errors import ContentError, Problem, problem

TIERS = ("emergency", "crisis", "urgent", "today")
LANGUAGES = ("en", "es")
SAY = (*TIERS, "strong", "act")
KEYS = {"id", "title", "tier", "told", "watch_for", "ask", "sources", "review", "say", "phrasings", "not_this"}
OPTIONAL = {"told_at", "told_strong", "heard_through", "raise_with", "alarm_anyway"}


@dataclass(frozen=True)
class Files:
    """What the directory holds: word lists, grammar, ordinary words, and one checked mapping a flag, with its document."""

    words: Mapping[str, Any]
    grammar: Mapping[str, list[str]]
    ordinary: frozenset[str]
    flags: tuple[tuple[Document, Mapping[str, Any]], ...]


def read(directory: Path) -> Files:
    """Read and check content/red_flags.

    Raises:
        ContentError: with every problem found (a ValueError).
    """
    flags = [documents.read(path) for path in sorted(directory.glob("[!_]*.yml"))]
    if not flags:
        raise ContentError([problem(directory, 1, "no red flag files here; add <flag>.yml files or correct the path")])
    words = _mapping(documents.read(directory / "_words.yml"))
    grammar = _mapping(documents.read(directory / "_grammar.yml"))
    ordinary = _mapping(documents.read(directory / "_ordinary.yml"))
    problems = [each for document in flags for each in _problems(document)]
    problems += [problem(document.path, document.line(*key), what) for document in flags for key, what in _name_faults(document.value, words)]
    if problems:
        raise ContentError(problems)
    lists = {name: [str(line) for line in lines] for name, lines in grammar.items()}
    return Files(words, lists, frozenset(str(ordinary["words"]).split()), tuple((each, each.value) for each in flags))


def _mapping(document: Document) -> Mapping[str, Any]:
    if not isinstance(document.value, dict):
        raise ContentError([problem(document.path, 1, "expected names with lists of phrases; see the head of the file")])
    return document.value


def _problems(document: Document) -> list[Problem]:
    value = document.value
    if not isinstance(value, dict):
        return [problem(document.path, 1, f"expected keys and values; write {', '.join(sorted(KEYS))}")]
    return [problem(document.path, document.line(*key), what) for key, what in _faults(value)]


def _faults(value: Mapping[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    """(key path, what is wrong and the remedy) of one flag."""
    faults: list[tuple[tuple[Any, ...], str]] = [
        ((key,), f"unknown key {key!r}; remove it or use one of {', '.join(sorted(KEYS | OPTIONAL))}")
        for key in value if key not in KEYS | OPTIONAL]
    missing = [((), f"the key {key!r} is missing; add it") for key in sorted(KEYS - set(value))]
    if missing:
        return faults + missing
    if value["tier"] not in TIERS:
        faults.append((("tier",), f"unknown tier {value['tier']!r}; use one of {', '.join(TIERS)}"))
    faults += _language_faults(value) + _tier_faults(value)
    return faults


def _language_faults(value: Mapping[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    texts = [("told",), ("watch_for",), ("ask",), *([("told_strong",)] if "told_strong" in value else []),
             *(("told_at", tier) for tier in value.get("told_at", {}))]
    return [(key, f"{key[-1]!r} must have exactly the languages {', '.join(LANGUAGES)}; add or remove one")
            for key in texts if set(_at(value, key) or ()) != set(LANGUAGES)]


def _tier_faults(value: Mapping[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    allowed = {"say": SAY, "phrasings": SAY, "told_at": TIERS, "raise_with": TIERS}
    unknown: list[tuple[tuple[Any, ...], str]] = [
        ((key, name), f"{name!r} is not a tier; use one of {', '.join(names)}")
        for key, names in allowed.items() for name in value.get(key, {}) if name not in names]
    raised = {*value["say"], *value.get("raise_with", {})} & set(TIERS) - {value["tier"], *value.get("told_at", {})}
    return unknown + [(("say", tier), f"{tier!r} can be raised but told_at has no text for it; add told_at.{tier}")
                      for tier in sorted(raised)]


def _name_faults(value: Any, words: Mapping[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    """Names in `raise_with` and `heard_through` that nothing defines."""
    if not isinstance(value, dict):
        return []
    lists = {*words["places"], *words["signs"]}
    unknown = [(("raise_with", tier), f"{name} is not a word list; define it in _words.yml")
               for tier, names in value.get("raise_with", {}).items() for name in names if name not in lists]
    return unknown + [(("heard_through",), f"{name!r} is not a frame; use one of {', '.join(FRAMES)}")
                      for name in value.get("heard_through", ()) if name not in FRAMES]


def _at(value: Any, key: tuple[Any, ...]) -> Any:
    for part in key:
        value = value.get(part) if isinstance(value, dict) else None
    return value
