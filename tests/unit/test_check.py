"""`careline check` beside its rules: what falls due, examples too near to another topic, the hook."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from careline import contents, expiry, paths
from careline.cli import main
from careline.contents import Example
from careline.maintain import nearness
from tests.copies import Project, copy_of_project

ROOT = paths.home()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project, shared by tests that undo what they change."""
    return copy_of_project(tmp_path_factory.mktemp("copy"))


# --- what falls due -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "found"), [("30d", 0), ("3650", 1)])
def test_what_expires_is_listed_and_fails_the_job(
    days: str, found: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    soon = contents.read(ROOT, date(2026, 11, 24))
    monkeypatch.setattr("careline.maintain.check.contents.read", lambda root: soon)
    assert main(["check", "--expiring", days]) == found
    printed = capsys.readouterr().out
    assert ("nothing expires within 30 days" in printed) is not bool(found)
    assert ("content/contacts.yml:" in printed and "the review of" in printed) is bool(found)


@pytest.mark.parametrize(("left", "listed"), [(31, False), (30, True), (0, True), (-1, True)])
def test_a_review_falls_due_after_a_year(left: int, listed: bool) -> None:
    newest = max(topic.meta.review.on for topic in contents.read(ROOT).catalog.topics.values())
    then = contents.read(ROOT, newest + expiry.REVIEW_LASTS - timedelta(days=left))
    due = [item for item in expiry.reviews_due(then, timedelta(days=30)) if str(newest) in item.what]
    assert bool(due) is listed
    assert all(item.path.endswith(".yml") and item.line > 1 for item in due)


def test_days_that_are_no_number_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--expiring", "soon"])
    assert "write 30d" in capsys.readouterr().err


# --- examples by meaning ------------------------------------------------------------------------------------------


def made(*intents: str) -> list[Example]:
    """Examples of intents, each with a text of its own."""
    return [
        Example(intent, f"{intent} {number}", ROOT / "data" / "a.yml", number) for number, intent in enumerate(intents)
    ]


def directions(*angles: float) -> np.ndarray:
    """Vectors of length 1 at angles in degrees."""
    return np.array([[np.cos(np.radians(angle)), np.sin(np.radians(angle))] for angle in angles], dtype=np.float32)


def test_two_topics_that_say_the_same_are_shown_as_a_pair() -> None:
    found = list(nearness.pairs(made("a", "a", "b", "b"), directions(0, 40, 90, 1), {}))
    assert [(pair.example.text, pair.other.text, pair.kind) for pair in found if pair.kind == "same"] == [
        ("a 0", "b 3", "same")
    ]


def test_an_example_in_the_wrong_topic_is_shown_with_the_right_one() -> None:
    examples = made(*"aaaaabbbbbb")
    found = list(nearness.pairs(examples, directions(0, 10, 20, 30, 40, 100, 110, 120, 130, 140, 15), {}))
    strays = [pair for pair in found if pair.kind == "stray"]
    assert [(pair.example.text, pair.other.intent) for pair in strays] == [("b 10", "a")]
    assert not [
        pair
        for pair in nearness.pairs(examples, directions(*range(0, 50, 10), *range(100, 160, 10)), {})
        if pair.kind == "stray"
    ]


def test_what_a_person_accepted_is_not_shown_again() -> None:
    examples, vectors = made(*"aaaaabbbbbb"), directions(0, 10, 20, 30, 40, 100, 110, 120, 130, 140, 15)
    shown = {(pair.example.intent, pair.example.text) for pair in nearness.pairs(examples, vectors, {})}
    assert shown
    assert not list(nearness.pairs(examples, vectors, dict.fromkeys(shown, "looked at")))


def test_accepted_examples_have_a_reason() -> None:
    accepted = nearness.accepted(ROOT / "content" / "near.yml")
    assert accepted and all(accepted.values())


# --- the hook -----------------------------------------------------------------------------------------------------


def commit(project: Project) -> subprocess.CompletedProcess[str]:
    """Commit everything in the copy, through the hook."""
    for command in (
        ["add", "-A"],
        [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "core.hooksPath=scripts/hooks",
            "commit",
            "-qm",
            "change",
        ],
    ):
        done = subprocess.run(
            ["git", *command], cwd=project.root, env=project.variables(), text=True, capture_output=True, check=False
        )
    return done


def test_the_hook_refuses_a_commit_that_breaks_a_rule(project: Project, tmp_path: Path) -> None:
    careline = tmp_path / "careline"
    careline.write_text(f'#!/bin/sh\nexec {sys.executable} -m careline.cli "$@"\n')
    careline.chmod(0o755)
    project.environment["CARELINE"] = str(careline)
    subprocess.run(["git", "init", "-q"], cwd=project.root, check=True)
    assert commit(project).returncode == 0
    answer = "data/answers/bone/bone_treatment.yml"
    before = project.read(answer)
    project.change(answer, "text: >-\n      ", "text: >-\n      You have cancer. ")
    refused = commit(project)
    assert refused.returncode != 0
    assert f"{answer}:" in refused.stdout + refused.stderr and "you have" in refused.stdout + refused.stderr
    (project.root / answer).write_text(before, encoding="utf-8")
    project.change("README.md", "# Careline", "# Careline, changed")
    assert commit(project).returncode == 0


# --- files that tools read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("near.yml", "- why:", "- wy:", "unknown key"),
        ("near.yml", "accepted:", "acepted:", "unknown key"),
        ("repairs.yml", "- {drop: ", "- {drpo: ", "unknown key"),
        ("repairs.yml", "(?<=[a-z][.?!])", "(?<=[a-z][.?!]", "no regular expression"),
        ("repairs.yml", "  nc_directory_2006:", "  nc_directory_2066:", "'nc_directory_2066' is no document"),
    ],
)
def test_a_mistake_in_a_file_of_the_tools_is_named_with_its_line(project: Project, name: str, old: str, new: str, told: str) -> None:
    path = project.root / "content" / name
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        printed = project.run("check", code=1)
    finally:
        path.write_text(before, encoding="utf-8")
    line = before[: before.index(old)].count("\n") + 1
    (found,) = [each for each in printed.splitlines() if told in each]
    assert found.startswith(f"content/{name}:"), found
    assert abs(int(found.split(":")[1]) - line) <= 1, (found, line)
