"""Two contents in one process: while a model takes over from another, each answers from its own."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from careline import catalog, paths, triage
from careline.dialogue import knowledge
from careline.dialogue.engine import Engine
from careline.errors import ContentError

APOLOGY = "Something in the machine has stopped."


def _changed_copy(folder: Path) -> Path:
    """The project's content with another apology, another quantity of the questionnaire and one red flag less."""
    for name in ("data", "content"):
        shutil.copytree(paths.home() / name, folder / name)
    wording = folder / "content" / "wording.yml"
    text = wording.read_text(encoding="utf-8")
    said = catalog.shared().wording["error"]["en"]
    assert str(said).split(".")[0] in text
    wording.write_text(text.replace(str(said).split(".")[0] + ".", APOLOGY, 1), encoding="utf-8")
    (folder / "content" / "red_flags" / "E1_fever_on_treatment.yml").unlink()
    return folder


async def test_each_engine_answers_from_its_own_content(tmp_path: Path) -> None:
    with paths.using(_changed_copy(tmp_path)):
        other = Engine(knowledge.shared(), None)
    ours = Engine(knowledge.shared(), None)
    assert other.knowledge.catalog.root == tmp_path and ours.knowledge.catalog.root == paths.home()
    here, there = await asyncio.gather(ours.respond("hello"), other.respond("hello"))
    assert APOLOGY in there.turn.text() and APOLOGY not in here.turn.text()
    fever = "I am on chemo and I have a fever of 102"
    here, there = await asyncio.gather(ours.respond(fever), other.respond(fever))
    assert here.turn.tier == "urgent" and there.turn.tier == "information"


def test_content_in_use_is_read_once_and_left_again(tmp_path: Path) -> None:
    before = triage.shared()
    with paths.using(_changed_copy(tmp_path)):
        assert triage.shared() is triage.shared() is not before
    assert triage.shared() is before and paths.content() == paths.home()


async def test_content_in_use_does_not_leak_into_other_tasks(tmp_path: Path) -> None:
    entered, seen = asyncio.Event(), []

    async def inside() -> None:
        with paths.using(tmp_path):
            entered.set()
            await asyncio.sleep(0)
            seen.append(paths.content())

    async def outside() -> None:
        await entered.wait()
        seen.append(paths.content())

    await asyncio.gather(inside(), outside())
    assert sorted(seen) == sorted([tmp_path, paths.home()])


async def test_a_choice_of_another_model_is_taken_as_its_words() -> None:
    """Between the offer and the press another model may have gone live, or come back."""
    asked: list[tuple[Any, ...]] = []

    class Notes:
        model_id = "notes"

        async def handle(self, *given: Any) -> Any:
            asked.append(given)
            return SimpleNamespace(turns=[], snapshot={}, parsed={})

    await Engine(knowledge.shared(), Notes()).respond("Skin care for a swollen arm", action="topic:arm_skin_care")  # type: ignore[arg-type]
    assert asked[0][0] == "Skin care for a swollen arm" and asked[0][2] is None


def test_content_of_another_version_is_noticed_before_it_answers(tmp_path: Path) -> None:
    """A model made by older code may lack what this code asks for; that must not come up while somebody talks."""
    project = _changed_copy(tmp_path)
    (project / "content" / "triage.yml").write_text("table: []\n", encoding="utf-8")
    with paths.using(project), pytest.raises(ContentError, match="triage.yml"):
        knowledge.shared()
