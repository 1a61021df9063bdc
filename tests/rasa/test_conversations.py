"""Every conversation of tests/conversations/, played through `careline ask`; Rasa's own test of the stories; the held-out rates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from careline import house_rules, paths
from careline.dialogue.engine import Engine
from careline.maintain import transcripts
from careline.maintain.transcripts import Conversation, conversations, folder, play
from careline.turn import Turn, at_least

ALL = conversations()
CHECKS = {
    "kind", "tier", "at_least", "topic", "topics", "asks", "says", "not_says", "choices", "reminder", "language", "listed", "note", "contacts",
}  # fmt: skip
FOLLOW_UPS, TWO_PARTS = 0.85, 0.80  # shares that must be right


def _marked(conversation: Conversation) -> Any:
    marks = [pytest.mark.xfail(strict=False, reason=conversation.known_fault)] if conversation.known_fault else []
    return pytest.param(conversation, id=conversation.name, marks=marks)


@pytest.mark.model
@pytest.mark.parametrize("conversation", map(_marked, ALL))
def test_conversation(engine: Engine, conversation: Conversation) -> None:
    """Each turn is what its file says, and none breaks what holds for every turn."""
    wrong = []
    for number, (said, expected) in enumerate(zip(play(engine, conversation), conversation.turns), 1):
        faults = [*_always(engine, said), *_differences(said, expected)]
        wrong += [f"turn {number} ({said['text'][:70]!r}): {fault}" for fault in faults]
    assert not wrong, "\n" + "\n".join(wrong)


def test_there_are_conversations_enough() -> None:
    """At least 120, 30 of them in Rasa's format, each with turns that say what is expected."""
    assert len(ALL) >= 120
    assert sum(conversation.name.startswith("test_") for conversation in ALL) >= 30
    assert all(conversation.turns for conversation in ALL)
    unknown = {key for one in ALL for turn in one.turns for key in turn} - CHECKS - {"user", "press"}
    assert not unknown, f"a turn cannot expect {', '.join(sorted(unknown))}"


@pytest.mark.model
def test_rasa_passes_the_stories(engine: Engine, tmp_path: Path) -> None:
    """`rasa test core --e2e --stories tests/conversations` finds nothing wrong."""
    from rasa.core import test as rasa_test

    assert engine._runtime is not None
    stories, agent = str(folder()), engine._runtime._agent
    asyncio.run(rasa_test.test(stories, agent, e2e=True, out_directory=str(tmp_path), disable_plotting=True))
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    report = (tmp_path / "story_report.json").read_text(encoding="utf-8")
    assert "stories:" not in failed, failed
    assert '"conversation_accuracy"' in report


@pytest.mark.model
def test_follow_ups_are_understood_from_context(engine: Engine) -> None:
    """The last message of each is answered with its topic, or that topic is the best guess of a turn that answers none."""
    cases = _cases("followups.yml")
    missed = [case for case in cases if not _right(_last(engine, case["turns"]), case["topic"])]
    assert 1 - len(missed) / len(cases) >= FOLLOW_UPS, _shown(missed)


@pytest.mark.model
def test_two_questions_in_one_message_are_both_answered(engine: Engine) -> None:
    """Both topics are among the parts of the turn; outlook, which some would rather not read, may be offered instead."""
    cases = _cases("two_part.yml")
    missed = [case for case in cases if not set(case["topics"]) <= _told_or_offered(_last(engine, [case["text"]]))]
    assert 1 - len(missed) / len(cases) >= TWO_PARTS, _shown(missed)


def test_the_shown_conversations_are_in_the_documentation() -> None:
    """docs/conversations.md holds the ten, with what the person says; its wording follows the content when it is made again."""
    text = (paths.home() / "docs" / "conversations.md").read_text(encoding="utf-8")
    known = {conversation.name: conversation for conversation in ALL}
    assert len(transcripts.SHOWN) == 10
    for name in transcripts.SHOWN:
        assert f"## {known[name].sentence}\n" in text, (
            f"run: python -m careline.maintain.transcripts ({name} is missing)"
        )
        typed = [transcripts._escaped(turn["user"]) for turn in known[name].turns if "user" in turn]
        assert all(f"**Person:** {words}" in text for words in typed), (
            f"{name} has changed since docs/conversations.md was made"
        )


# --- what a turn must be --------------------------------------------------------------------------------------------


def _always(engine: Engine, said: Mapping[str, Any]) -> Iterator[str]:
    """What holds for every turn of every conversation."""
    if not said["referral"]["text"] or not said["referral"]["contacts"]:
        yield "it has no referral"
    yield from house_rules.faults(engine.knowledge.catalog, Turn.from_json({key: said[key] for key in _turn_keys()}))
    if said["kind"] == "error":
        yield "it is the safe turn: something broke, or the gate refused the answer"


def _differences(said: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """Where a turn is not what its file says."""
    for name in ("kind", "tier"):
        if name in expected and said[name] not in _several(expected[name]):
            yield f"{name} is {said[name]}, not {expected[name]}"
    if "at_least" in expected and not at_least(said["tier"], expected["at_least"]):
        yield f"tier is {said['tier']}, below {expected['at_least']}"
    topics = _topics(said)
    if "topic" in expected and not topics & set(_several(expected["topic"])):
        yield f"topics are {sorted(topics)}, not {expected['topic']}"
    if missing := set(expected.get("topics", ())) - topics:
        yield f"topics are {sorted(topics)}, without {sorted(missing)}"
    if "asks" in expected and (asks := _asks(said)) != expected["asks"]:
        yield f"it asks {asks}, not {expected['asks']}"
    shown = {contact["id"] for contact in said["referral"]["contacts"]}
    if missing := set(_several(expected.get("contacts", []))) - shown:
        yield f"it shows {sorted(shown)}, without {sorted(missing)}"
    yield from _words(said, expected)
    for name, found in _facts(said).items():
        if name in expected and found != expected[name]:
            yield f"{name} is {found}, not {expected[name]}"


def _words(said: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """Fragments that depend on placeholders: numbers, names, the person's own words."""
    reply = said["reply"].lower()
    yield from (
        f"it does not say {words!r}" for words in _several(expected.get("says", [])) if words.lower() not in reply
    )
    yield from (f"it says {words!r}" for words in _several(expected.get("not_says", [])) if words.lower() in reply)


def _facts(said: Mapping[str, Any]) -> dict[str, Any]:
    parts = said["parts"]
    return {
        "choices": bool(said["choices"]),
        "reminder": parts[0]["role"] == "reminder",
        "language": said["language"],
        "listed": len(said["data"].get("doctor_list", ())),
        "note": bool(said["data"].get("note")),
    }


def _asks(said: Mapping[str, Any]) -> str:
    """Which question of the questionnaire a turn leaves open, by its choices."""
    if not any(part["role"] == "question" for part in said["parts"]):
        return "nothing"
    pressed = {choice["action"] for choice in said["choices"]}
    tell = _pressed()
    for question, choice in (("flags", "none"), ("duration", "today"), ("trend", "worse"), ("treatment", "no")):
        if tell[choice] in pressed:
            return question
    return "symptom"


@lru_cache(maxsize=1)
def _pressed() -> Mapping[str, str]:
    data = yaml.safe_load((paths.home() / "content" / "questionnaire.yml").read_text(encoding="utf-8"))
    return {str(name): str(words) for name, words in data["pressed"].items()}


def _topics(said: Mapping[str, Any]) -> set[str]:
    return {part["topic"] for part in said["parts"] if part["topic"]}


def _told_or_offered(said: Mapping[str, Any]) -> set[str]:
    return _topics(said) | {said["data"].get("asked_first", "")}


def _right(said: Mapping[str, Any], topic: str | list[str]) -> bool:
    """Is a right topic answered, or the best guess of a turn that answers none?"""
    answered = _topics(said) or {row["id"] for row in said["topics"][:1]}
    return bool(answered & set(_several(topic)))


def _last(engine: Engine, messages: list[str]) -> dict[str, Any]:
    turns = tuple({"user": text} for text in messages)
    return list(play(engine, Conversation("held out", turns)))[-1]


def _cases(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((folder() / name).read_text(encoding="utf-8")))


def _shown(missed: list[dict[str, Any]]) -> str:
    return f"{len(missed)} missed:\n" + "\n".join(map(str, missed))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@lru_cache(maxsize=1)
def _turn_keys() -> tuple[str, ...]:
    return tuple(Turn.__dataclass_fields__)
