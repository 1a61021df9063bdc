"""A model that is missing, broken or another's: the server answers by rules alone and says that it is not ready."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from careline import cli, models
from careline.dialogue import engine as engines
from careline.dialogue.engine import Engine
from tests.faults.helpers import CRISIS, FEVER, ORDINARY, application, assert_stays_safe, in_time
from tests.server.fakes import assert_turn, until

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]
IMPORT_SECONDS = 300.0  # the first load of a process imports Rasa, which a busy machine may take its time over


async def _serves_without(folder: Path, model: Path | None) -> None:
    """The application starts with such a model; people get turns in time, red flags theirs; it is not ready."""
    async with application(folder, lambda: Engine.load(model)) as client:
        metrics = client.parts.metrics
        await until(lambda: b"model_not_loaded" in metrics.render(), IMPORT_SECONDS)
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
    (tmp_path / "live").write_text("careline-gone.tar.gz")
    await _serves_without(tmp_path, None)


def test_model_missing_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path))
    questions = tmp_path / "questions.txt"
    questions.write_text("hello\n")
    assert cli.main(["ask", str(questions)]) == 2
    assert "make train" in capsys.readouterr().err


async def test_archive_of_random_bytes(tmp_path: Path) -> None:
    path = tmp_path / "careline-random.tar.gz"
    path.write_bytes(os.urandom(100_000))
    await _serves_without(tmp_path, path)


async def test_archive_truncated(tmp_path: Path) -> None:
    whole = models.live_model().read_bytes()
    path = tmp_path / "careline-truncated.tar.gz"
    path.write_bytes(whole[: len(whole) // 2])
    await _serves_without(tmp_path, path)


async def test_archive_of_another_rasa_version(tmp_path: Path) -> None:
    with tarfile.open(models.live_model()) as archive:
        member = next(name for name in archive.getnames() if name.endswith("metadata.json"))
        metadata = json.load(archive.extractfile(member))  # type: ignore[arg-type]
    path = tmp_path / "careline-old.tar.gz"
    _pack(path, {"metadata.json": json.dumps({**metadata, "rasa_open_source_version": "2.8.0"})})
    await _serves_without(tmp_path, path)


def _pack(path: Path, files: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        components = tarfile.TarInfo("components")
        components.type, components.mode = tarfile.DIRTYPE, 0o700
        archive.addfile(components)
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))


def test_a_model_of_other_data_is_told_by_its_digest(tmp_path: Path) -> None:
    """`make run` trains anew where the name of the model is not the digest of today's data."""
    made_of = ("config.yml", "domain.yml", "data/topic.yml", "careline/nlu/part.py", "content/red_flags/E1.yml")
    for name in made_of:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one\n")
    seen = {models.data_digest(tmp_path)}
    assert seen == {models.data_digest(tmp_path)}
    for name in made_of:
        (tmp_path / name).write_text("two\n")
        seen.add(models.data_digest(tmp_path))
    assert len(seen) == 1 + len(made_of)
