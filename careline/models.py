"""Where trained models are, which one is live, and of which data each was made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import careline
from careline import paths

# What a model is made of: training data, pipeline, domain, and the code of the pipeline.
_INGREDIENTS = ("config.yml", "domain.yml", "data", "careline/nlu", "content/red_flags")


def data_digest(root: Path | None = None) -> str:
    """The fingerprint of everything a model is trained from; 16 hex digits."""
    root = root or paths.home()
    digest = hashlib.sha256(careline.__version__.encode())
    for name in _INGREDIENTS:
        place = root / name
        files = sorted(place.rglob("*.yml")) + sorted(place.rglob("*.py")) if place.is_dir() else [place]
        for path in files:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def manifest(model: Path) -> dict[str, Any]:
    """What is written beside a model of how it was made."""
    return dict(json.loads(model.with_suffix("").with_suffix(".json").read_text(encoding="utf-8")))


def live_model() -> Path:
    """The model that answers.

    Raises:
        FileNotFoundError: none has been trained.
    """
    pointer = paths.models() / "live"
    if pointer.exists():
        model = paths.models() / pointer.read_text(encoding="utf-8").strip()
        if model.exists():
            return model
    raise FileNotFoundError(f"there is no trained model in {paths.models()}; run make train")


def archive(model_id: str) -> Path:
    """The archive of a model by its id."""
    return paths.models() / f"{model_id}.tar.gz"
