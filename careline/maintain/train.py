"""`careline train`: a model of today's content, with a manifest beside it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

from careline import catalog, models, paths
from careline.maintain.quiet import hush

HELP = "train a model of today's content (nothing to do where it exists)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--if-needed", action="store_true", help="train only when there is no model of these data")
    parser.add_argument("--force", action="store_true", help="train even when there is one")


def run(options: argparse.Namespace) -> int:
    """Train; returns the exit code."""
    model = train(force=options.force, quiet=options.if_needed)
    if not options.if_needed:
        print(f"Live model: {model}")
    return 0


def train(force: bool = False, quiet: bool = False) -> Path:
    """Train and make live a model of the present data, unless it exists already.

    Raises:
        ContentError: the content has a problem; nothing is trained.
    """
    catalog.load()  # a clear message about content beats one out of the middle of a training
    model_id = f"careline-{models.data_digest()}"
    archive = models.archive(model_id)
    if archive.exists() and not force:
        _make_live(archive)
        if not quiet:
            print("These data have a model already; nothing to train.")
        return archive
    print("Training a model of today's content (about a minute) …", flush=True)
    started = (time.time(), time.process_time())
    _rasa_train(model_id)
    spent = {"wall_seconds": round(time.time() - started[0], 1), "cpu_seconds": round(time.process_time() - started[1], 1)}
    _write_manifest(archive, spent)
    _make_live(archive)
    print(f"Trained in {spent['wall_seconds']:.0f} s ({spent['cpu_seconds']:.0f} CPU seconds).", flush=True)
    return archive


def _rasa_train(model_id: str) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    hush()
    import rasa.api

    hush()
    root = paths.home()
    sys.path.insert(0, str(root))
    result = rasa.api.train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / "data")],
        output=str(paths.models()),
        fixed_model_name=model_id,
        force_training=True,
    )
    if result.code != 0 or not result.model:
        raise RuntimeError("rasa train did not make a model; its messages above say why")


def _write_manifest(archive: Path, spent: dict[str, float]) -> None:
    known = {name: metadata.version(name) for name in ("rasa", "spacy", "scikit-learn", "onnxruntime", "tokenizers", "numpy")}
    contents = {
        "model": archive.stem.removesuffix(".tar"),
        "data": models.data_digest(),
        "made": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "versions": known,
        "training": spent,
    }
    archive.with_suffix("").with_suffix(".json").write_text(json.dumps(contents, indent=1), encoding="utf-8")


def _make_live(archive: Path) -> None:
    # Written aside and moved into place, so that a reader never sees half a name.
    part = paths.models() / "live.part"
    part.write_text(archive.name, encoding="utf-8")
    part.replace(paths.models() / "live")
