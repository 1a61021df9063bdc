"""A model that is missing, broken or another's: the server answers by rules alone and says that it is not ready."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage

from careline import cli, live, models
from careline.dialogue import engine as engines
from careline.dialogue.engine import Engine
from careline.models import Model
from tests.faults.helpers import CRISIS, FEVER, ORDINARY, Broken, application, assert_stays_safe, in_time
from tests.server.fakes import assert_turn

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]


async def _serves_without(folder: Path, model: Model | None, trouble: str = "model_not_loaded") -> None:
    """The application starts with such a model; people get turns in time, red flags theirs; it is not ready."""
    async with application(folder, lambda: Engine.load(model)) as client:
        metrics = client.parts.metrics
        assert trouble.encode() in metrics.render()
        ordinary = (await in_time(client.say(ORDINARY))).json()
        assert_turn(ordinary)
        assert ordinary["kind"] == "error" and ordinary["stored"] is True
        assert (await in_time(client.say(FEVER))).json()["tier"] == "urgent"
        assert (await in_time(client.say(CRISIS))).json()["tier"] == "crisis"
        ready = await client.http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"]["model"] == "loading" and ready.json()["checks"]["red_flag"] == "ok"


async def test_no_model_loaded() -> None:
    reply = await assert_stays_safe(engines.fallback_engine())
    assert reply.fault == "no_model"


async def test_model_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path / "models"))
    await _serves_without(tmp_path, None)


async def test_live_model_points_to_an_archive_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path))
    live.switch("careline-gone")
    await _serves_without(tmp_path, None)


def test_model_missing_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path))
    questions = tmp_path / "questions.txt"
    questions.write_text("hello\n")
    assert cli.main(["ask", str(questions)]) == 2
    assert "make train" in capsys.readouterr().err


async def test_live_pointer_forged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path))
    (tmp_path / "live").write_text('{"model": "careline-forged", "before": [], "since": ""}')
    await _serves_without(tmp_path, None, "model_not_trusted")


def _signed(folder: Path, monkeypatch: pytest.MonkeyPatch, fill: Callable[[Path], None]) -> Model:
    """A model that is signed as it should be, with an archive that is not."""
    content = models.live_model().folder / "project"
    monkeypatch.setenv("CARELINE_MODELS", str(folder))
    shutil.copytree(content, folder / "made" / "project")
    fill(folder / "made" / "model.tar.gz")
    return models.keep(folder / "made", "careline-broken", {"metrics": {}})


async def test_archive_of_random_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _signed(tmp_path, monkeypatch, lambda path: path.write_bytes(os.urandom(100_000)) and None)
    await _serves_without(tmp_path, model)


async def test_archive_truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (models.live_model().folder / models.ARCHIVE).read_bytes()
    model = _signed(tmp_path, monkeypatch, lambda path: path.write_bytes(whole[: len(whole) // 2]) and None)
    await _serves_without(tmp_path, model)


async def test_archive_of_another_rasa_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(models.live_model().folder / models.ARCHIVE) as archive:
        member = next(name for name in archive.getnames() if name.endswith("metadata.json"))
        metadata = json.load(archive.extractfile(member))  # type: ignore[arg-type]
    old = {"metadata.json": json.dumps({**metadata, "rasa_open_source_version": "2.8.0"})}
    await _serves_without(tmp_path, _signed(tmp_path, monkeypatch, lambda path: _pack(path, old)))


async def test_archive_changed_after_it_was_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good model with one byte more: it is not opened, though Rasa would load it."""
    good = (models.live_model().folder / models.ARCHIVE).read_bytes()
    model = _signed(tmp_path, monkeypatch, lambda path: path.write_bytes(good) and None)
    (model.folder / models.ARCHIVE).write_bytes(good + b"\0")
    opened = Broken()
    monkeypatch.setattr(LocalModelStorage, "_extract_archive_to_directory", opened)
    await _serves_without(tmp_path, model, "model_not_trusted")
    assert opened.calls == 0


def _pack(path: Path, files: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        components = tarfile.TarInfo("components")
        components.type, components.mode = tarfile.DIRTYPE, 0o700
        archive.addfile(components)
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
