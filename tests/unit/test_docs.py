"""The documents name what exists: commands, verbs, files, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careline import cli, paths

ROOT = paths.home()
README = ROOT / "README.md"
TASKS = sorted((ROOT / "docs" / "tasks").glob("*.md"))
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DERIVED = ("models/", "reports/", "var/", ".venv/")  # there after make run, not in a checkout
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def read(path: Path) -> str:
    """A document's text."""
    return path.read_text(encoding="utf-8")


def named_paths(text: str) -> set[str]:
    """The words in code spans that name a file or a folder of this repository; <placeholders> become patterns."""
    tops = {path.name for path in ROOT.iterdir()}
    words = {
        word.partition("::")[0].strip(",;:") for span in _CODE.findall(_FENCE.sub("", text)) for word in span.split()
    }
    paths_named = {word for word in words if word.split("/")[0] in tops and ("/" in word or "." in word)}
    return {re.sub(r"<[^>]+>", "*", word) for word in paths_named if not word.startswith(DERIVED)}


def shown(path: Path) -> str:
    """A document's name in test reports."""
    return path.relative_to(ROOT).as_posix()


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE)
    assert len(targets) > 5
    assert [target for target in targets if f"make {target}" not in read(README)] == []


def test_every_make_command_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    for document in DOCUMENTS:
        used = set(re.findall(r"`make ([a-z]+)", read(document)))
        assert used <= targets, f"{shown(document)} names {used - targets}"


def test_every_verb_is_in_the_readme() -> None:
    assert [verb for verb in cli.VERBS if f"`careline {verb}" not in read(README)] == []


def test_every_verb_in_the_documents_exists() -> None:
    for document in DOCUMENTS:
        used = set(re.findall(r"`(?:\.venv/bin/)?careline ([a-z]+)", read(document)))
        assert used <= set(cli.VERBS), f"{shown(document)} names {used - set(cli.VERBS)}"


def test_every_task_is_linked_from_the_readme() -> None:
    assert [task.name for task in TASKS if f"docs/tasks/{task.name}" not in read(README)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_paths_exist(document: Path) -> None:
    missing = [path for path in sorted(named_paths(read(document))) if not list(ROOT.glob(path.rstrip("/")))]
    assert missing == [], f"{shown(document)} names what does not exist"


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_resolve(document: Path) -> None:
    links = {link.partition("#")[0] for link in _LINK.findall(read(document)) if "://" not in link}
    missing = [link for link in sorted(links) if link and not (document.parent / link).exists()]
    assert missing == [], f"{shown(document)} links to what does not exist"
