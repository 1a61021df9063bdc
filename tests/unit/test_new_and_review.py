"""A new answer is a draft that check refuses until it is written; the review queue becomes ordinary edits in a person's own words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from careline import content_rules, contents
from careline.cli import main
from careline.contents import Contents
from careline.maintain import drafts, meaning, reviewing, waiting
from careline.maintain.edits import Refused
from careline.maintain.meaning import Topics
from careline.store.base import Exchange, Review
from careline.store.sqlite import SqliteStore
from tests.copies import Project, copy_of_project

pytestmark = pytest.mark.xdist_group("review")  # one worker makes the embeddings once

FEW = ("bone_treatment", "bone_symptoms", "lymphedema_care", "arm_swelling", "exercise", "travel", "bisphosphonates")
MESSAGES = (
    ("can i fly with a puffy arm from lymphedema", "clarify"),
    ("is flying ok with lymphedema in my arm", "clarify"),
    ("lymphedema and airplanes", "out_of_scope"),
    ("do the bone strengthening infusions ache", "clarify"),
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the embeddings of the few topics are remembered from test to test."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def project(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy to change, in use by this process."""
    made = copy_of_project(tmp_path, models)
    for name, value in made.variables().items():
        if name.startswith("CARELINE"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("CARELINE_STORE", str(tmp_path / "store.sqlite3"))
    return made


def read(project: Project) -> Contents:
    """Its content, with a few topics, so that not every example has to be embedded."""
    known = contents.read(project.root)
    return replace(known, catalog=replace(known.catalog, topics={name: known.catalog.topics[name] for name in FEW}))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands know the few topics only."""
    whole = Topics.__init__

    def init(self: Topics, catalog: contents.Catalog) -> None:
        whole(self, replace(catalog, topics={name: catalog.topics[name] for name in FEW}))

    monkeypatch.setattr(meaning.Topics, "__init__", init)
    yield


def rows(*texts: str) -> list[Review]:
    """Messages in the queue."""
    return [Review("unanswered", text, (), "clarify", "information", id=number) for number, text in enumerate(texts, 1)]


async def fill(path: Path) -> None:
    """A store with messages that went unanswered and one that was voted down."""
    store = SqliteStore(path)
    await store.set_keep("c", True, 1.0)
    for number, (text, kind) in enumerate(MESSAGES):
        await store.save(
            Exchange("c", f"m{number}", text, {"turn": f"t{number}", "kind": kind, "tier": "information"}, at=1000.0)
        )
    await store.save(
        Exchange(
            "c", "last", "how are bones mended", {"turn": "last", "kind": "answer", "tier": "information"}, at=1000.0
        )
    )
    await store.feedback("c", "last", False, "not what I asked", 1000.0)
    await store.close()


# --- new answer ---------------------------------------------------------------------------------------------------


def test_a_draft_is_valid_and_check_refuses_it_until_it_is_written(project: Project, few: None) -> None:
    assert (
        main(["new", "answer", "bone_news", "--from", "healthwise_2023#Treatment for symptoms", "--theme", "bone"]) == 0
    )
    known = contents.read(project.root)
    topic = known.catalog.topics["bone_news"]
    assert [(item.document, item.section) for item in topic.meta.sources] == [
        ("healthwise_2023", "Treatment for symptoms")
    ]
    assert topic.meta.facets["about"] == "treatment" and topic.meta.facets["site"] == "bone"
    assert topic.meta.review.status == "draft" and topic.meta.review.on == known.today
    found = content_rules.problems(known)
    assert {item.path for item in found} == {"data/answers/bone/bone_news.yml", "tests/questions/bone.yml"}
    assert sum("TODO stands" in item.what for item in found) == 5


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("bone_treatment", "healthwise_2023#Medicines", "is left as it is"),
        ("Bone News", "healthwise_2023#Medicines", "small letters"),
        ("bone_news", "healthwise_2023#Nothing", "has no section 'Nothing'; use one of"),
        ("bone_news", "nowhere#Medicines", "careline ingest --write"),
    ],
)
def test_a_draft_that_cannot_be_made_changes_nothing(
    project: Project, few: None, name: str, source: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in project.root.rglob("*.yml")}
    assert main(["new", "answer", name, "--from", source]) == 1
    assert says in capsys.readouterr().err
    assert {path: path.read_bytes() for path in project.root.rglob("*.yml")} == before


def test_facets_are_named_by_most_of_the_words_or_not_at_all(project: Project) -> None:
    known = read(project)
    assert drafts.facets_in(known, ["Cancer in the bones", "Bones may hurt, the liver not."]) == {"site": "bone"}
    assert drafts.facets_in(known, ["Cancer in the bones or in the liver"]) == {}


# --- the queue ----------------------------------------------------------------------------------------------------


def test_messages_that_mean_the_same_come_together(project: Project) -> None:
    known = read(project)
    found = reviewing.clusters(rows(*(text for text, _ in MESSAGES)), Topics(known.catalog))
    assert [len(cluster.rows) for cluster in found] == [3, 1]
    assert found[0].nearest[0].topic == "lymphedema_care"
    assert reviewing.clusters([], Topics(known.catalog)) == []
    assert len(reviewing.clusters(rows("one"), Topics(known.catalog))) == 1


def test_nothing_of_a_message_is_kept_beside_the_store(project: Project) -> None:
    known = read(project)
    topics = Topics(known.catalog)
    before = (project.models / ".embeddings.npz").read_bytes()
    reviewing.clusters(rows(*(text for text, _ in MESSAGES)), topics)
    assert (project.models / ".embeddings.npz").read_bytes() == before


def test_suggestions_leave_out_examples_and_held_out_questions(project: Project) -> None:
    known = read(project)
    held_out = next(item.text for item in known.questions if item.intent == "answer/lymphedema_care")
    example = known.catalog.topics["lymphedema_care"].examples[0]
    queue = rows(held_out.upper(), f"{example}!", "lymphedema on a long flight", "cracks in the hip bone")
    found = reviewing.suggestions(known, queue, Topics(known.catalog), "lymphedema_care")
    assert [row.text for row, _ in found] == ["lymphedema on a long flight"]


def test_a_phrase_becomes_an_ordinary_edit(project: Project) -> None:
    known = read(project)
    place = known.catalog.topics["lymphedema_care"].path
    before = place.read_text(encoding="utf-8").splitlines()
    reviewing.add_example(known, "lymphedema_care", "may one  board a plane with lymphedema", ["lymphedema plane?"])
    after = place.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ["    - may one board a plane with lymphedema"]
    assert len(after) == len(before) + 1
    reviewing.add_question(known, "lymphedema_care", "Is a plane trip bad for lymphedema?", [])
    assert "Is a plane trip bad for lymphedema?" in {
        item.text for item in contents.read(project.root).questions if item.intent == "answer/lymphedema_care"
    }
    reviewing.add_example(known, "out_of_scope", "who invented the airplane sleeve", [])
    assert content_rules.problems(contents.read(project.root)) == []


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("Lymphedema, plane!", "in your own words"),
        ("my number is 919-555-0134, can I fly", "private"),
        ("can I fly [soon]", "square brackets"),
        ("  ", "nothing was written"),
        ("Compression SLEEVE", "stands already in data/answers/not_covered/lymphedema_care.yml:"),
    ],
)
def test_a_phrase_that_may_not_be_kept_is_refused(project: Project, phrase: str, says: str) -> None:
    before = (project.root / "data/answers/not_covered/lymphedema_care.yml").read_bytes()
    with pytest.raises(Refused, match=says):
        reviewing.add_example(read(project), "lymphedema_care", phrase, ["lymphedema plane"])
    assert (project.root / "data/answers/not_covered/lymphedema_care.yml").read_bytes() == before


def test_an_unknown_topic_is_refused(project: Project) -> None:
    with pytest.raises(Refused, match="no topic 'nothing'"):
        reviewing.add_example(read(project), "nothing", "may one fly with it", [])


async def test_the_queue_is_gone_through_with_the_keyboard(
    project: Project, few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill(project.root.parent / "store.sqlite3")
    typed = [
        "e", "", "lymphedema and airplanes",  # word for word: refused
        "e", "1", "may one board a plane with lymphedema",
        "t", "lymphedema_care", "Is a plane trip bad for lymphedema?",
        "x", "",  # no choice; next
        "d",
        "n", "bone_plans", "what mends a bone",
        "q",
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    await _in_thread(["review"])
    said = capsys.readouterr().out
    assert (
        "3 messages: 2 unsure, 1 fell through" in said and "not done: this repeats" in said and "1 voted down" in said
    )
    known = contents.read(project.root)
    assert "may one board a plane with lymphedema" in known.catalog.topics["lymphedema_care"].examples
    assert "Is a plane trip bad for lymphedema?" in {item.text for item in known.questions}
    assert known.catalog.topics["bone_plans"].examples[0] == "what mends a bone"
    await _in_thread(["review"])
    assert "nothing waits for review" in capsys.readouterr().out


async def test_what_was_not_decided_waits(
    project: Project, few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill(project.root.parent / "store.sqlite3")
    monkeypatch.setattr("sys.stdin", io.StringIO("\nd\n"))  # next, dismiss, and the input ends
    await _in_thread(["review"])
    capsys.readouterr()
    await _in_thread(["review", "--list"])
    said = capsys.readouterr().out
    assert "[1/2] 3 messages" in said


async def _in_thread(arguments: list[str]) -> None:
    """Run a command that has an event loop of its own."""
    import asyncio

    assert await asyncio.to_thread(main, arguments) == 0


def test_without_a_store_the_command_says_what_to_do(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FileNotFoundError, match="start careline serve once"):
        waiting.rows()


def test_a_store_that_cannot_be_read_is_told_in_a_sentence(project: Project, few: None, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root.parent / "store.sqlite3").write_bytes(b"this is no database at all, only bytes" * 40)
    assert main(["review"]) == 2
    assert "the conversation store cannot be used (corrupt)" in capsys.readouterr().err
