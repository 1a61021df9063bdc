"""Fingerprints of content: what a model was made of, and whether it would have to be trained anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import careline
from careline import documents, paths

CONTENT = ("config.yml", "domain.yml", "data", "content")  # what a model is made of and carries a copy of
_CODE = Path(__file__).resolve().parent / "nlu"  # the pipeline that is trained
_KINDS = (".yml", ".py", ".npz", ".json")  # what a person or a command of ours wrote there
_READ_AS_BYTES = ("config.yml", "domain.yml", "content/red_flags")


def of_model(root: Path | None = None) -> str:
    """The fingerprint of everything a model answers from, texts included; 16 hex digits."""
    root = root or paths.home()
    digest = _begun()
    for name in CONTENT:
        _add(digest, root, name)
    return str(digest.hexdigest()[:16])


def of_training(root: Path | None = None) -> str:
    """The fingerprint of what training learns from: all but the words of the answers. 16 hex digits.

    Two contents that share it share a trained pipeline, so a corrected answer is live without training.
    """
    root = root or paths.home()
    digest = _begun()
    for name in _READ_AS_BYTES:
        _add(digest, root, name)
    for path in _files(root / "data"):
        digest.update(f"{path.relative_to(root)}\0{learned(path)!r}\0".encode())
    return str(digest.hexdigest()[:16])


def of_bytes(data: bytes) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def content_files(root: Path) -> Iterator[Path]:
    """The files of CONTENT in a folder."""
    for name in CONTENT:
        yield from _files(root / name)


def learned(path: Path) -> dict[str, Any]:
    """What training reads of a file of training data: all but the words of its answers, whose names stay."""
    value = documents.read(path).value or {}
    if "responses" not in value:
        return dict(value)
    return {**value, "responses": {name: [{"text": name}] for name in value["responses"]}}


def of_code() -> str:
    """The fingerprint of the pipeline's code; 16 hex digits."""
    digest = hashlib.sha256(careline.__version__.encode())
    _add(digest, _CODE, ".")
    return str(digest.hexdigest()[:16])


def of_folder(folder: Path) -> str:
    """The fingerprint of the files of a folder, wherever it lies; 16 hex digits."""
    digest = hashlib.sha256()
    _add(digest, folder, ".")
    return str(digest.hexdigest()[:16])


def _begun() -> Any:
    return hashlib.sha256(of_code().encode())


def _add(digest: Any, root: Path, name: str) -> None:
    for path in _files(root / name):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix in _KINDS)


