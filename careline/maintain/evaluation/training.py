"""Pipelines trained side by side by the same command, each in a process whose CPU time and memory are its own."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from careline import paths

ARCHIVE, COST = "model.tar.gz", "training.json"


@dataclass(frozen=True)
class Recipe:
    """What `rasa train` is given, and what else its result depends on."""

    name: str
    home: Path  # the project folder
    config: Path
    domain: Path
    data: Sequence[Path]  # files and folders
    reads: Sequence[Path] = ()  # code and content that the pipeline reads by itself
    epochs: int | None = None  # where training has any


@dataclass(frozen=True)
class Cost:
    """What a training took."""

    wall_seconds: float
    cpu_seconds: float  # user and system
    peak_memory_mb: int


def model(recipe: Recipe) -> Path:
    """The folder with the model of a recipe, trained where there is none.

    Raises:
        RuntimeError: `rasa train` failed.
    """
    made = folder() / f"{recipe.name}-{_digest(recipe)}"
    if not (made / COST).exists():
        made.mkdir(parents=True, exist_ok=True)
        print(f"Training {recipe.name} in {made} …", flush=True)
        spent = _train(recipe, made)
        (made / COST).write_text(json.dumps(asdict(spent), indent=1), encoding="utf-8")
    return made


def cost(made: Path) -> Cost:
    """What the training of a model took."""
    return Cost(**json.loads((made / COST).read_text(encoding="utf-8")))


def folder() -> Path:
    """Where all of it lies."""
    return paths.models() / "side-by-side"


def _digest(recipe: Recipe) -> str:
    value = hashlib.sha256()
    for path in _files([recipe.config, recipe.domain, *recipe.data, *recipe.reads]):
        value.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return value.hexdigest()[:16]


def _files(places: Iterable[Path]) -> Iterable[Path]:
    for place in places:
        yield from sorted(path for path in place.rglob("*") if path.suffix in (".yml", ".py")) if place.is_dir() else [place]


def _train(recipe: Recipe, made: Path) -> Cost:
    command = [sys.executable, "-m", "rasa", "train", "--config", str(recipe.config), "--domain", str(recipe.domain), "--data", *map(str, recipe.data),
               "--out", str(made), "--fixed-model-name", ARCHIVE.removesuffix(".tar.gz"), "--force", "--skip-validation"]
    environment = {"RASA_TELEMETRY_ENABLED": "false", "CARELINE_HOME": str(recipe.home), "PYTHONPATH": str(recipe.home)}
    started = time.time()
    process = os.spawnve(os.P_NOWAIT, sys.executable, command, {**os.environ, **environment})
    _, status, used = os.wait4(process, 0)
    if status:
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {os.WEXITSTATUS(status)}"
        raise RuntimeError(f"rasa train did not make a model of {recipe.name} ({ended}); its messages above say why")
    return Cost(round(time.time() - started, 1), round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss // 1024)
