"""The person's questions for their doctor: add, show, remove, empty. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careline.dialogue import ordinals
from careline.dialogue.compose import fixed, turn
from careline.dialogue.knowledge import Knowledge
from careline.dialogue.memory import Memory, Reading
from careline.nlu import segments
from careline.turn import Part, Turn

Changes = Mapping[str, Any]
MOST = 30
LONGEST = 300  # characters of one item


def doctor_list(knowledge: Knowledge, memory: Memory, reading: Reading) -> tuple[Turn, Changes]:
    """Do what was asked with the list."""
    if reading.intent == "add_to_list":
        return _add(knowledge, memory, reading.text)
    if reading.intent == "clear_list":
        return _clear(knowledge, memory, reading.text)
    return _show(knowledge, memory), {}


def _add(knowledge: Knowledge, memory: Memory, text: str) -> tuple[Turn, Changes]:
    item = _item(knowledge, memory, text)
    if item is None:
        return turn(knowledge, "small_talk", [fixed(knowledge, "list_nothing_to_add")]), {}
    items = [*(other for other in memory.doctor_list if other != item), item[:LONGEST]][-MOST:]
    made = turn(knowledge, "answer", [fixed(knowledge, "list_added", item=item)], data={"doctor_list": items})
    return made, {"doctor_list": items}


def _item(knowledge: Knowledge, memory: Memory, text: str) -> str | None:
    """What to put on the list: what the order is about, or the title of the last answer."""
    order = segments.order(text)
    if order:
        return order[1]
    last = knowledge.catalog.topics.get(memory.topic or "")
    return last.meta.title if last else None


def _show(knowledge: Knowledge, memory: Memory) -> Turn:
    if not memory.doctor_list:
        return turn(knowledge, "small_talk", [fixed(knowledge, "list_empty")])
    lines = "\n".join(f"{number}. {item}" for number, item in enumerate(memory.doctor_list, 1))
    return turn(knowledge, "answer", [fixed(knowledge, "list_shown"), Part(lines, role="note")], data={"doctor_list": list(memory.doctor_list)})


def _clear(knowledge: Knowledge, memory: Memory, text: str) -> tuple[Turn, Changes]:
    if not ordinals.points(text):
        return turn(knowledge, "small_talk", [fixed(knowledge, "list_cleared")], data={"doctor_list": []}), {"doctor_list": []}
    items = list(memory.doctor_list)
    place = ordinals.index(text, len(items))
    if place is None:
        return _show(knowledge, memory), {}
    item = items.pop(place)
    return turn(knowledge, "small_talk", [fixed(knowledge, "list_removed", item=item)], data={"doctor_list": items}), {"doctor_list": items}
