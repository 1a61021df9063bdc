"""A model that is not what was signed is not opened; which one is live cannot be forged; what training need not see, it does not."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from careline import digests, kept, live, models, paths, signature
from careline.errors import Untrusted
from careline.models import Model


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("CARELINE_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("CARELINE_SIGNING_KEY", raising=False)
    (tmp_path / "models").mkdir()
    return tmp_path


def made(name: str = "careline-one") -> Model:
    """A model whose archive is no archive: nothing here opens one."""
    folder = paths.models() / f".{name}"
    (folder / "project" / "data").mkdir(parents=True)
    (folder / "model.tar.gz").write_bytes(b"weights of " + name.encode())
    (folder / "project" / "data" / "topic.yml").write_text("nlu: []\n")
    return models.keep(folder, name, {"metrics": {}, "made": "2026-01-01"})


def test_what_was_signed_is_opened_as_a_copy_of_our_own() -> None:
    model = made()
    model.check()
    opened = model.opened()
    assert opened.archive.read_bytes() == b"weights of careline-one" and opened.archive.parent != model.folder
    assert (opened.project / "data" / "topic.yml").read_text() == "nlu: []\n"
    assert stat.S_IMODE(opened.archive.parent.stat().st_mode) == 0o700


def test_what_becomes_of_the_original_after_the_check_does_not_matter() -> None:
    model = made()
    opened = model.opened()
    (model.folder / "model.tar.gz").write_bytes(b"poison")
    assert opened.archive.read_bytes() == b"weights of careline-one"


def _append(name: str) -> Callable[[Model], None]:
    def change(model: Model) -> None:
        with (model.folder / name).open("ab") as file:
            file.write(b"\n# poison")

    return change


def _edit_manifest(**changes: object) -> Callable[[Model], None]:
    def change(model: Model) -> None:
        path = model.folder / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def _poison_with_its_digest(model: Model) -> None:
    """Who can write to models/ writes the right digest, too; the signature is what they cannot make."""
    (model.folder / "model.tar.gz").write_bytes(b"poison")
    manifest = json.loads((model.folder / "manifest.json").read_text())
    manifest["files"]["model.tar.gz"] = digests.of_bytes(b"poison")
    (model.folder / "manifest.json").write_text(json.dumps(manifest))


def _sign_with_another_key(model: Model) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARELINE_SIGNING_KEY", "the attacker's own")
        value = {key: item for key, item in model.manifest.items() if key != "signature"}
        (model.folder / "manifest.json").write_text(json.dumps(signature.signed(value, "model")))


TAMPERED = {
    "the archive": (_append("model.tar.gz"), "model.tar.gz"),
    "an answer": (_append("project/data/topic.yml"), "topic.yml"),
    "an answer gone": (lambda model: (model.folder / "project/data/topic.yml").unlink(), "topic.yml"),
    "the manifest": (_edit_manifest(made="2030-01-01"), "manifest.json"),
    "the manifest without a signature": (_edit_manifest(signature=""), "manifest.json"),
    "the manifest not JSON": (_append("manifest.json"), "manifest.json"),
    "archive and digest": (_poison_with_its_digest, "manifest.json"),
    "signed with another key": (_sign_with_another_key, "manifest.json"),
    "the key gone": (lambda _: signature.key_file().unlink(), "manifest.json"),
}


@pytest.mark.parametrize(("change", "named"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_tampered_model_is_refused_with_where_and_what_to_do(change: Callable[[Model], None], named: str) -> None:
    place = made().folder
    change(Model(place))
    for ask in (Model(place).check, Model(place).opened):
        with pytest.raises(Untrusted) as refused:
            ask()
        assert named in str(refused.value) and "careline train" in str(refused.value)


def test_a_model_under_the_name_of_another_is_refused() -> None:
    model = made()
    shutil.move(model.folder, paths.models() / "careline-two")
    with pytest.raises(Untrusted, match="that of careline-one"):
        Model(paths.models() / "careline-two").opened()


def test_what_is_put_beside_the_signed_files_is_left_behind() -> None:
    model = made()
    (model.folder / "project" / "data" / "extra.yml").write_text("nlu: poison\n")
    assert not (model.opened().project / "data" / "extra.yml").exists()


def test_the_key_is_made_once_for_its_owner_alone(places: Path) -> None:
    made()
    key = signature.key_file()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert kept.key(key) == key.read_text().strip() and len(key.read_text().strip()) == 64
    assert [path.name for path in key.parent.iterdir()] == ["signing_key"]


def test_the_key_may_come_from_the_environment(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_SIGNING_KEY", "shared by two machines")
    made().check()
    assert not signature.key_file().exists()


def test_models_are_found_by_the_beginning_of_their_id() -> None:
    made("careline-abc1")
    made("careline-abd2")
    assert models.find("careline-abc").id == models.find("abc").id == "careline-abc1"
    for name in ("ab", "xyz", "live"):
        with pytest.raises(FileNotFoundError):
            models.find(name)


def test_live_is_switched_and_goes_back() -> None:
    assert live.read() is None and live.mark() == b""
    for name in ("careline-a", "careline-b", "careline-c"):
        made(name)
        live.switch(name)
    assert live.read().model == models.live_model().id == models.find("live").id == "careline-c"  # type: ignore[union-attr]
    assert live.read().before == ("careline-b", "careline-a")  # type: ignore[union-attr]
    live.back("careline-b")
    assert (live.read().model, live.read().before) == ("careline-b", ("careline-a",))  # type: ignore[union-attr]


def test_making_the_same_live_again_shows_and_forgets_nothing() -> None:
    live.switch("careline-a")
    live.switch("careline-b")
    mark = live.mark()
    live.switch("careline-b")
    assert live.mark() != mark and live.read().before == ("careline-a",)  # type: ignore[union-attr]


@pytest.mark.parametrize("forged", ['{"model": "careline-a", "before": [], "since": ""}', "careline-a.tar.gz", "[]", "\\xff"])
def test_a_forged_pointer_is_refused(forged: str) -> None:
    made("careline-a")
    live.pointer().write_text(forged)
    with pytest.raises(Untrusted, match="live"):
        models.live_model()


def test_the_signature_of_a_model_is_none_of_a_pointer() -> None:
    value = signature.signed({"model": "careline-a", "before": [], "since": ""}, "model")
    live.pointer().write_text(json.dumps(value))
    with pytest.raises(Untrusted):
        live.read()


def test_a_live_model_that_is_gone_is_told_with_the_remedy() -> None:
    live.switch("careline-gone")
    with pytest.raises(FileNotFoundError, match="make train"):
        models.live_model()


ANSWER = 'nlu:\n- intent: answer/a\n  examples: |\n    - what is a\nresponses:\n  utter_answer/a:\n  - text: "{}"\n'


def _project(folder: Path, **files: str) -> Path:
    made_of = {"config.yml": "one", "domain.yml": "one", "data/a.yml": ANSWER.format("A."), "content/red_flags/E1.yml": "one", "content/wording.yml": "one"}
    for name, text in {**made_of, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


LEARNED = {
    "examples": {"data/a.yml": ANSWER.format("A.").replace("what is a", "what is an a")},
    "the name of an answer": {"data/a.yml": ANSWER.format("A.").replace("answer/a", "answer/b")},
    "a red flag": {"content/red_flags/E1.yml": "two"},
    "the pipeline": {"config.yml": "two"},
    "the domain": {"domain.yml": "two"},
    "a new file": {"data/b.yml": "nlu: []\n"},
}
ONLY_SAID = {"the words of an answer": {"data/a.yml": ANSWER.format("B.")}, "fixed wording": {"content/wording.yml": "two"}}


@pytest.mark.parametrize("files", LEARNED.values(), ids=LEARNED.keys())
def test_what_training_learns_from_makes_it_needed(files: dict[str, str], tmp_path: Path) -> None:
    before, after = _project(tmp_path / "before"), _project(tmp_path / "after", **files)
    assert digests.of_training(before) != digests.of_training(after) and digests.of_model(before) != digests.of_model(after)


@pytest.mark.parametrize("files", ONLY_SAID.values(), ids=ONLY_SAID.keys())
def test_words_that_are_only_said_make_another_model_without_training(files: dict[str, str], tmp_path: Path) -> None:
    before, after = _project(tmp_path / "before"), _project(tmp_path / "after", **files)
    assert digests.of_training(before) == digests.of_training(after) and digests.of_model(before) != digests.of_model(after)


def test_the_same_content_elsewhere_is_the_same(tmp_path: Path) -> None:
    here, there = _project(tmp_path / "here"), _project(tmp_path / "there")
    assert digests.of_model(here) == digests.of_model(there) and digests.of_training(here) == digests.of_training(there)


def test_other_code_of_the_pipeline_makes_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = _project(tmp_path)
    before = digests.of_model(project), digests.of_training(project)
    monkeypatch.setattr(digests, "of_code", lambda: "other")
    assert not set(before) & {digests.of_model(project), digests.of_training(project)}
