"""Each guide in docs/tasks is tried as written: its changes are made and its commands run, in order, in a copy of the project.

A `console` block is a command after `$` and what it must print, … standing for anything. A `diff FILE` block is a change, found by its
lines. What a guide leaves to a person to write, `WRITTEN` does before the last block. Steps in plain words that need a trained model are
tried by the story of promotion.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from careline import contents, paths
from careline.red_flags import RedFlags
from tests import story
from tests.copies import Project, copy_of_project

# With a trained model the embeddings of all examples are known; without one `new` and `ingest` would take minutes to make them.
pytestmark = pytest.mark.model

GUIDES = sorted(path for path in (paths.home() / "docs" / "tasks").glob("*.md") if path.name != "README.md")
_BLOCK = re.compile(r"^( *)```(console|diff) ?(\S*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_CARELINE = ".venv/bin/careline"


@dataclass(frozen=True)
class Block:
    """A fenced block of a guide: its kind, the file a diff is for, its text without the indentation of the list it stands in."""

    kind: str
    file: str
    text: str


def blocks(guide: Path) -> list[Block]:
    """What a guide says to do."""
    found = _BLOCK.finditer(guide.read_text(encoding="utf-8"))
    return [Block(match[2], match[3], _dedented(match[4], len(match[1]))) for match in found]


def _dedented(text: str, width: int) -> str:
    return "\n".join(line[width:] for line in text.splitlines())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy to change, with the embeddings that are known."""
    made = copy_of_project(tmp_path)
    made.models.mkdir()
    if (paths.models() / ".embeddings.npz").exists():
        shutil.copy(paths.models() / ".embeddings.npz", made.models)
    return made


def do(project: Project, block: Block) -> None:
    """Make a change, or run commands and hold what they print against what stands below them."""
    if block.kind == "diff":
        for hunk in block.text.split("\n@@\n"):
            change(project, block.file, hunk.splitlines())
        return
    for command, expected in commands(block.text):
        printed = run(project, command)
        missing = [line for line in expected if not _printed(line, printed)]
        assert not missing, f"$ {command}\ndid not print {missing[0]!r} but:\n{printed}"


def change(project: Project, name: str, lines: list[str]) -> None:
    """Put the new lines of a diff in place of the old ones, which must stand in the file once."""
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "- ")
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "+ ")
    assert project.read(name).count(old) == 1, f"{name} does not hold once:\n{old}"
    project.change(name, old, new)


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *expected = part.splitlines()
        yield command, [line for line in expected if line.strip()]


def run(project: Project, command: str) -> str:
    """Run a command of a guide in the copy."""
    words = shlex.split(command)
    if words[0] == _CARELINE:
        return project.run(*words[1:], code=None)
    done = subprocess.run(words, cwd=project.root, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _printed(line: str, printed: str) -> bool:
    pieces = (re.escape(piece.strip()) for piece in line.split("…"))
    return bool(re.search(r"[^\n]*?".join(pieces), printed))


# --- what the guides leave to a person ------------------------------------------------------------------------------


def _answer_written(project: Project) -> None:
    """The answer of the guide, written: the story's words serve here, too."""
    name, questions = "data/answers/self_care/rest_and_pacing.yml", "tests/questions/self_care.yml"
    texts = {"    - TODO": [f"    - {example}" for example in story.EXAMPLES], "      TODO two": [f"      {story.TEXT}"]}
    texts |= {"      title: TODO": [f"      title: {story.TITLE}"], "        TODO the same": [f"        {story.SIMPLE}"]}
    for start, new in texts.items():
        line = next(line for line in project.read(name).splitlines() if line.startswith(start))
        project.change(name, line, "\n".join(new))
    line = next(line for line in project.read(questions).splitlines() if "TODO" in line)
    project.change(questions, line, "\n".join(f"    - {question}" for question in story.HELD_OUT))


WRITTEN: dict[str, Callable[[Project], None]] = {"add_an_answer": _answer_written}


# --- the guides -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_guide_works_as_written(guide: Path, project: Project) -> None:
    todo = blocks(guide)
    assert todo, "a guide without a block that can be tried"
    for number, block in enumerate(todo, 1):
        if number == len(todo):
            WRITTEN.get(guide.stem, lambda project: None)(project)
        do(project, block)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_no_block_is_of_another_kind(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(blocks(guide)), "a block that no test tries; make it `console` or `diff FILE`"


def test_the_phrase_of_the_guide_is_an_alarm_afterwards(project: Project) -> None:
    phrase = "the thermometer is in the red"
    folder = project.root / "content" / "red_flags"
    assert not RedFlags.load(folder).find(phrase)
    for block in blocks(paths.home() / "docs" / "tasks" / "add_a_red_flag_phrase.md"):
        if block.kind == "diff":
            do(project, block)
    assert [(item.flag, item.tier) for item in RedFlags.load(folder).find(phrase)] == [("E1", "urgent")]


def test_the_old_number_of_the_guide_can_never_be_shown_again(project: Project) -> None:
    for block in blocks(paths.home() / "docs" / "tasks" / "phone_number_changed.md"):
        if block.kind == "diff":
            do(project, block)
    known = contents.read(project.root)
    assert "8887939355" in known.catalog.contacts.forbidden
    project.change("content/contacts.yml", "  phone: 1-888-793-9366", "  phone: 1-888-793-9355")
    assert "1-888-793-9355 is forbidden" in project.run("check", code=1)


def test_every_guide_is_listed() -> None:
    listed = (paths.home() / "docs" / "tasks" / "README.md").read_text(encoding="utf-8")
    assert [guide.name for guide in GUIDES if f"({guide.name})" not in listed] == []
