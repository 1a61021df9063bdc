"""When training is needed, what it leaves behind, and that it changes nothing for people until it is promoted. Rasa's part is faked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from careline import cli, live, models, paths
from careline.maintain import train

ANSWER = "data/answers/bone/bone_treatment.yml"


class FakeTraining:
    """Stands where Rasa trains; keeps what it was given to read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.failing = False

    def __call__(self, read: Path, folder: Path) -> None:
        self.read.append("\n".join(path.read_text(encoding="utf-8") for path in sorted(read.rglob("*.yml"))))
        if self.failing:
            raise RuntimeError("out of memory")
        (folder / models.ARCHIVE).write_bytes(b"weights %d" % len(self.read))


@pytest.fixture
def training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTraining:
    """A project of its own in which training is faked and the house rules, which have tests of their own, are taken as kept."""
    home = tmp_path / "home"
    for name in ("data", "content"):
        shutil.copytree(paths.home() / name, home / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copyfile(paths.home() / name, home / name)
    for name, place in (("HOME", home), ("MODELS", tmp_path / "models"), ("VAR", tmp_path / "var")):
        monkeypatch.setenv(f"CARELINE_{name}", str(place))
    monkeypatch.delenv("CARELINE_SIGNING_KEY", raising=False)
    fake = FakeTraining()
    monkeypatch.setattr(train, "_rasa_train", fake)
    monkeypatch.setattr(train, "_check", lambda root: None)
    return fake


def run(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """`careline train`; the id it prints."""
    assert cli.main(["train", *options]) == 0
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 1, "the id stands alone on standard output"
    return printed.strip()


def change(old: str, new: str) -> None:
    """Edit the answer."""
    path = paths.home() / ANSWER
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_first_model_goes_live_and_later_ones_do_not(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys)
    assert live.read().model == first  # type: ignore[union-attr]
    change("- intent: answer/bone_treatment\n  examples: |\n", "- intent: answer/bone_treatment\n  examples: |\n    - mending bones\n")
    second = run(capsys, "--if-needed")
    assert second != first and live.read().model == first and len(training.read) == 2  # type: ignore[union-attr]
    assert run(capsys, "--if-needed", "--live") == second and live.read().model == second  # type: ignore[union-attr]
    assert len(training.read) == 2 and live.read().before == (first,)  # type: ignore[union-attr]


def test_unchanged_content_trains_nothing_unless_forced(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys)
    assert run(capsys) == run(capsys, "--if-needed") == first and len(training.read) == 1
    assert run(capsys, "--force") == first and len(training.read) == 2


def test_changed_words_take_the_trained_pipeline_over(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    first = models.find(run(capsys))
    change("  - text: >-\n      ", "  - text: >-\n      Corrected. ")
    second = models.find(run(capsys))
    assert second.id != first.id and len(training.read) == 1
    assert second.opened().archive.read_bytes() == first.opened().archive.read_bytes()
    assert "Corrected." in (second.folder / "project" / ANSWER).read_text(encoding="utf-8")
    assert "Corrected." not in (first.folder / "project" / ANSWER).read_text(encoding="utf-8")
    assert second.manifest["taken_over_from"] == first.id


def test_training_does_not_see_the_words_of_answers(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    change("  - text: >-\n      ", "  - text: >-\n      Nobody learns this. ")
    run(capsys)
    (read,) = training.read
    assert "Nobody learns this" not in read and "utter_answer/bone_treatment" in read and "intent: answer/bone_treatment" in read


def test_a_tampered_pipeline_is_not_taken_over(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    first = models.find(run(capsys))
    (first.folder / models.ARCHIVE).write_bytes(b"poison")
    change("  - text: >-\n      ", "  - text: >-\n      Corrected. ")
    second = models.find(run(capsys))
    assert len(training.read) == 2 and second.opened().archive.read_bytes() == b"weights 2"


def test_a_tampered_model_of_this_content_is_told_about_and_made_anew(
    training: FakeTraining, capsys: pytest.CaptureFixture[str]
) -> None:
    first = models.find(run(capsys))
    (first.folder / models.ARCHIVE).write_bytes(b"poison")
    assert cli.main(["train"]) == 0
    assert "is not the file that was signed" in capsys.readouterr().err
    models.find("live").check()
    assert len(training.read) == 2


def test_a_training_that_fails_leaves_nothing_behind(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    training.failing = True
    with pytest.raises(RuntimeError):
        cli.main(["train"])
    assert list(paths.models().iterdir()) == [] and live.read() is None


def test_content_that_breaks_a_rule_is_not_trained(
    training: FakeTraining, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(train, "_rasa_train", training)
    monkeypatch.setenv("CARELINE_HOME", str(paths.home()))
    monkeypatch.setattr(train.content_rules, "problems", lambda contents: [train.contents.problem("data/a.yml", 7, "it says 'you have'; say it in other words")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "_trusted", lambda model_id: None)
        assert cli.main(["train"]) == 1
    assert "data/a.yml:7: it says 'you have'" in capsys.readouterr().err and training.read == []


def test_the_manifest_says_how_it_was_made(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = models.find(run(capsys)).manifest
    assert {"model", "learned", "made", "code", "python", "versions", "training", "metrics", "files", "signature"} <= set(manifest)
    assert manifest["versions"]["rasa"].startswith("3.6") and "project/content/contacts.yml" in manifest["files"]


def test_models_are_listed_with_the_live_one_and_the_way_back(
    training: FakeTraining, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(capsys)
    change("  - text: >-\n      ", "  - text: >-\n      Corrected. ")
    second = run(capsys, "--live")
    assert cli.main(["models"]) == 0
    listed = capsys.readouterr().out
    assert f"{second}  live" in listed and f"goes back to the first of: {first}" in listed
    assert cli.main(["models", "--live"]) == 0 and capsys.readouterr().out.strip().endswith(second)
    (models.find(first).folder / models.ARCHIVE).write_bytes(b"poison")
    assert cli.main(["models"]) == 1 and "NO:" in capsys.readouterr().out


def test_there_is_nothing_to_go_back_to_at_first(training: FakeTraining, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys)
    assert cli.main(["rollback"]) == 1 and "no model to go back to" in capsys.readouterr().err
