"""Conversations as files: read them, play them through `careline ask`, and write some out as docs/conversations.md.

A file is tests/conversations/<theme>/<sentence>.yml, or a story in Rasa's format, tests/conversations/test_<sentence>.yml, with
what each turn must be in tests/conversations/expect/. How to write one: tests/conversations/README.md.

    python -m careline.maintain.transcripts
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from careline import paths
from careline.maintain.ask import answers
from careline.maintain.quiet import hush

# The ten of docs/conversations.md, in its order.
SHOWN = (
    "questionnaire/hip_pain_from_the_first_word_to_the_note",
    "caregivers/she_does_not_eat",
    "red_flags/in_the_questionnaire_instead_of_an_answer",
    "red_flags/first_message_fever_on_chemo",
    "crisis/i_want_to_die",
    "no_diagnosis/pressed_for_a_yes_or_no_over_several_turns",
    "followups/and_the_liver_keeps_what_was_asked",
    "digressions/a_question_in_the_middle_is_answered_then_it_goes_on",
    "outlook/asked_first_and_yes",
    "doctor_list/a_suggested_question_is_pressed",
)
_NO_CONVERSATIONS = ("expect", "development")  # folders that hold something else
_ENTITY = re.compile(r"\[([^\]]+)\]\{[^}]*\}")  # "[liver]{"entity": "site"}" in Rasa's stories
Turn = Mapping[str, Any]


@dataclass(frozen=True)
class Conversation:
    """A conversation: its name ("crisis/i_want_to_die"), its turns, and why it fails where it is known to.

    A turn has `user` (typed) or `press` (a choice's label, or its number), and what the bot's turn must be.
    """

    name: str
    turns: tuple[Turn, ...]
    known_fault: str | None = None

    @property
    def sentence(self) -> str:
        """Its name as a sentence."""
        words = self.name.rpartition("/")[2].removeprefix("test_").replace("_", " ")
        return f"{words[:1].upper()}{words[1:]}"

    def lines(self) -> list[str]:
        """What the person does, as lines for `careline ask`."""
        said = ({"choice": turn["press"]} if "press" in turn else {"text": turn["user"]} for turn in self.turns)
        return [json.dumps({"conversation": self.name, **line}) for line in said]


def folder() -> Path:
    """Where the conversations lie."""
    return paths.home() / "tests" / "conversations"


def conversations(root: Path | None = None) -> list[Conversation]:
    """All conversations, by name."""
    root = root or folder()
    ours = [path for path in sorted(root.glob("*/*.yml")) if path.parent.name not in _NO_CONVERSATIONS]
    return [*map(_ours, ours), *map(_story, sorted(root.glob("test_*.yml")))]


def _ours(path: Path) -> Conversation:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Conversation(f"{path.parent.name}/{path.stem}", tuple(data["turns"]), data.get("known_fault"))


def _story(path: Path) -> Conversation:
    """A story in Rasa's format with what is expected of each turn beside it."""
    steps = yaml.safe_load(path.read_text(encoding="utf-8"))["stories"][0]["steps"]
    said = [_ENTITY.sub(r"\1", step["user"]).strip() for step in steps if "user" in step]
    expected = yaml.safe_load((path.parent / "expect" / path.name).read_text(encoding="utf-8"))
    if len(said) != len(expected["turns"]):
        raise ValueError(f"{path.name}: {len(said)} messages, but {len(expected['turns'])} turns in expect/{path.name}")
    turns = tuple({"user": text, **turn} for text, turn in zip(said, expected["turns"]))
    return Conversation(path.stem, turns, expected.get("known_fault"))


def play(engine: Any, conversation: Conversation) -> Iterator[dict[str, Any]]:
    """The bot's turns, as `careline ask --json` prints them."""
    return answers(engine, conversation.lines())


def document(engine: Any) -> str:
    """docs/conversations.md."""
    known = {conversation.name: conversation for conversation in conversations()}
    head = (
        "# Ten conversations\n\n"
        "Made by the program: `.venv/bin/python -m careline.maintain.transcripts` plays these files of tests/conversations/ and writes\n"
        "down what Careline says. Nothing here is edited by hand. No clinician has signed the wording yet.\n"
    )
    return "\n".join([head, *(_transcript(engine, known[name]) for name in SHOWN)])


def _transcript(engine: Any, conversation: Conversation) -> str:
    lines = [f"## {conversation.sentence}\n", f"`tests/conversations/{conversation.name}.yml`\n"]
    for answer in play(engine, conversation):
        lines.append(f"**Person:** {_escaped(answer['text'])}\n")
        lines.append(f"**Careline** ({answer['kind']}, tier {answer['tier']}):\n")
        lines += [f"> {line}\n>" for line in _said(answer)]
        lines[-1] = lines[-1].removesuffix("\n>") + "\n"
    return "\n".join(lines)


def _said(answer: Mapping[str, Any]) -> Iterator[str]:
    for part in answer["parts"]:
        yield _escaped(part["text"])
        sources = "; ".join(
            f"{source['title']}: {source['section']} ({source['year']})" for source in part["sources"]
        )
        if sources:
            yield f"*Sources: {_escaped(sources)}. Reviewed {part['reviewed']}.*"
    if answer["choices"]:
        yield " ".join(f"[{_escaped(choice['label'])}]" for choice in answer["choices"])
    yield f"**{_escaped(answer['referral']['text'])}**"


def _escaped(text: str) -> str:
    return re.sub(r"([<>*_`])", r"\\\1", text)


def main() -> int:
    """Write docs/conversations.md; returns the exit code."""
    from careline.dialogue.engine import Engine

    hush()
    engine = Engine.load()
    hush()
    path = paths.home() / "docs" / "conversations.md"
    path.write_text(document(engine), encoding="utf-8")
    print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
