"""The story of a sixth document, its content half: ingested, an answer started, refused, written, checked; poison refused at each gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careline import paths
from careline.red_flags import RedFlags
from tests import story
from tests.copies import Project

# With a trained model the embeddings of all examples are known; without one the first command would take minutes to make them.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("story")]

BONE = "data/answers/bone/bone_treatment.yml"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with the new answer; tests undo what they change."""
    return story.with_new_answer(tmp_path_factory.mktemp("story"))


def test_the_report_says_what_is_new_and_publishes_nothing(project: Project) -> None:
    report = json.loads(project.read(f"reports/ingest/{story.SOURCE}.json"))
    assert {item["state"] for item in report["sections"]} == {"new"} and len(report["sections"]) == 6
    assert report["phones"] == []
    sleeves = [gap for gap in report["gaps"] if gap["section"] == "Compression sleeves"]
    assert sleeves and sleeves[0]["nearest"][0]["topic"] == "lymphedema_care"
    assert "Nothing was published" in project.read(f"reports/ingest/{story.SOURCE}.md")
    assert "## Compression sleeves" in project.read(f"reports/ingest/{story.SOURCE}.text.md")


def test_the_new_answer_rests_on_the_new_document(project: Project) -> None:
    assert f"- id: {story.SOURCE}\n" in project.read("content/sources.yml")
    assert f'sources: [{{document: {story.SOURCE}, section: "What is lymphedema?"}}]' in project.read(story.FILE)
    assert "TODO" not in project.read(story.FILE)


def test_nothing_the_story_asks_is_a_red_flag() -> None:
    flags = RedFlags.load(paths.home() / "content" / "red_flags")
    assert [text for text in (*story.EXAMPLES, *story.HELD_OUT, story.NEW_QUESTION) if flags.find(text)] == []


def test_the_same_document_changes_nothing_the_second_time(project: Project) -> None:
    assert "nothing to change" in story.ingest(project)
    assert "is left as it is" in project.run(
        "new", "answer", story.TOPIC, "--from", f"{story.SOURCE}#What is lymphedema?", code=1
    )


def test_a_later_copy_names_the_topics_to_look_at(project: Project, tmp_path: Path) -> None:
    later = tmp_path / "later.html"
    later.write_text(
        story.LEAFLET.read_text(encoding="utf-8").replace("many years after", "20 years after"), encoding="utf-8"
    )
    report = json.loads(
        project.run("ingest", str(later), "--id", story.SOURCE, "--format", "json", "--reports", str(tmp_path)).split(
            "\nText, entry"
        )[0]
    )
    assert {item["section"]: item["state"] for item in report["sections"]}["What is lymphedema?"] == "changed"
    assert [item["topic"] for item in report["topics"]] == [story.TOPIC]


def test_the_entry_of_another_document_is_not_wiped_out(project: Project) -> None:
    before = project.read("content/sources.yml")
    said = project.run("ingest", str(story.LEAFLET), "--id", "healthwise_2023", "--write", code=1)
    assert "nothing was written" in said and "--id of its own" in said
    assert project.read("content/sources.yml") == before


@pytest.mark.parametrize(
    ("name", "old", "new", "says", "remedy"),
    [
        (story.FILE, "This lasting swelling", "You have swelling that", "it says 'you have'", "say it in other words"),
        (story.FILE, "new swelling should", "call 1-800-227-2354 and new swelling should", "'1-800-227-2354' is typed here", "add its id to `contacts:`"),
        ("content/contacts.yml", "1-800-227-2345", "1-800-227-234", "no complete phone number", "correct it"),
        ("content/contacts.yml", "1-800-227-2345", "1-800-221-2141", "is forbidden", "correct the number"),
    ],
)  # fmt: skip
def test_poison_is_refused_with_the_line_and_the_remedy(
    project: Project, name: str, old: str, new: str, says: str, remedy: str
) -> None:
    before = project.read(name)
    project.change(name, old, new)
    try:
        line = next(
            number for number, text in enumerate(project.read(name).splitlines(), 1) if new.split(" ")[0] in text
        )
        found = [text for text in project.run("check", code=1).splitlines() if says in text and remedy in text]
        assert found and all(text.startswith(f"{name}:") for text in found)
        assert any(abs(int(text.split(":")[1]) - line) <= 1 for text in found)
    finally:
        (project.root / name).write_text(before, encoding="utf-8")


def test_an_example_moved_to_the_wrong_topic_is_shown_with_the_right_one(project: Project) -> None:
    moved = story.EXAMPLES[0]
    files = {name: project.read(name) for name in (story.FILE, BONE)}
    project.change(story.FILE, f"    - {moved}\n", "")
    project.change(BONE, "  examples: |\n", f"  examples: |\n    - {moved}\n")
    try:
        said = project.run("check", "--near", code=1)
    finally:
        for name, text in files.items():
            (project.root / name).write_text(text, encoding="utf-8")
    found = [line for line in said.splitlines() if f"{moved!r} of answer/bone_treatment" in line]
    assert found and found[0].startswith(f"{BONE}:5:")
    assert f"(answer/{story.TOPIC}, {story.FILE}:" in found[0] and "move it there" in found[0]
