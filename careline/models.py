"""Trained models: where they are, what they say of themselves, and a copy of one that can be trusted.

`models/<id>/` holds `model.tar.gz` (the trained pipeline), `project/` (a copy of the content it was trained on) and
`manifest.json` (how it was made, the digest of each file, the signature over all of it). A model answers from its own copy of
the content: answers, red flags and the pipeline that knows them change together, and go back together.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from careline import digests, live, paths, signature
from careline.errors import Untrusted

ARCHIVE, PROJECT, MANIFEST = "model.tar.gz", "project", "manifest.json"
_PURPOSE = "model"


@dataclass(frozen=True)
class Model:
    """A model as it lies in its folder. What it says of itself is not to be believed before `opened`."""

    folder: Path

    @property
    def id(self) -> str:
        """Its name."""
        return self.folder.name

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """How it was made.

        Raises:
            Untrusted: it cannot be read.
        """
        try:
            return dict(json.loads((self.folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Untrusted(self.folder / MANIFEST, "cannot be read") from error

    def check(self) -> None:
        """Is it the model that was signed, to the last byte?

        Raises:
            Untrusted: with the file that is not, and the remedy.
        """
        self._check_signature()
        for name, digest in self.manifest["files"].items():
            self._bytes(name, digest)

    def opened(self) -> Opened:
        """A checked copy of it in a folder of our own: what was checked is what is read, whatever becomes of the original.

        Raises:
            Untrusted: it is not what was signed.
        """
        self._check_signature()
        folder = tempfile.TemporaryDirectory(prefix="careline-model-")
        for name, digest in self.manifest["files"].items():
            target = Path(folder.name) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._bytes(name, digest))
        return Opened(self.id, Path(folder.name) / ARCHIVE, Path(folder.name) / PROJECT, folder)

    def _check_signature(self) -> None:
        if not signature.is_valid(self.manifest, _PURPOSE):
            raise Untrusted(self.folder / MANIFEST, f"was not signed with the key of this installation ({signature.key_file()} or CARELINE_SIGNING_KEY)")
        if self.manifest["model"] != self.id:
            raise Untrusted(self.folder / MANIFEST, f"is that of {self.manifest['model']}")

    def _bytes(self, name: str, digest: str) -> bytes:
        path = self.folder / name
        try:
            data = path.read_bytes()
        except OSError:
            raise Untrusted(path, "is missing") from None
        if digests.of_bytes(data) != digest:
            raise Untrusted(path, "is not the file that was signed: somebody or something changed it")
        return data


@dataclass(frozen=True)
class Opened:
    """A model that may be loaded: one just made, or a checked copy, which is removed with the last who holds on to it."""

    id: str
    archive: Path  # the trained pipeline
    project: Path  # the content it answers from; see `paths.using`
    held: tempfile.TemporaryDirectory[str] | None = None


def find(name: str) -> Model:
    """A model by its id, by the beginning of its id, or "live".

    Raises:
        FileNotFoundError: there is none, or more than one.
    """
    if name == "live":
        return live_model()
    found = [model for model in every() if model.id.startswith(name) or model.id.startswith(f"careline-{name}")]
    if len(found) != 1:
        what = "no model" if not found else f"{len(found)} models"
        raise FileNotFoundError(f"{what} of the name {name!r} in {paths.models()}; careline models lists them")
    return found[0]


def live_model() -> Model:
    """The model that answers.

    Raises:
        FileNotFoundError: none is live.
        Untrusted: who says which it is, did not hold the key.
    """
    said = live.read()
    if said and (paths.models() / said.model / MANIFEST).is_file():
        return Model(paths.models() / said.model)
    raise FileNotFoundError(f"there is no trained model in {paths.models()}; run make train")


def every() -> list[Model]:
    """All models, the newest first."""
    return [Model(path.parent) for path in sorted(paths.models().glob(f"*/{MANIFEST}"), key=_made, reverse=True)]


def keep(folder: Path, model_id: str, about: Mapping[str, Any]) -> Model:
    """Sign what lies in a folder (an archive, a project) as a model and put it in its place in one step."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    files = {name: digests.of_bytes((folder / name).read_bytes()) for name in names}
    manifest = signature.signed({"model": model_id, **about, "files": files}, _PURPOSE)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    place = paths.models() / model_id
    shutil.rmtree(place, ignore_errors=True)
    folder.rename(place)
    return Model(place)


def _made(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.parent.name
