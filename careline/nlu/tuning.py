"""What `careline tune` learned: how the encoder must change to hear alarms, and how an alarm is read off its vectors.

Kept as two thin matrices for each one that changes, so that the file is small enough to be kept with the content that it was
learned from: `content/red_flags/tuned.npz`, and `tuned.json`, which says what it was made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from careline.nlu.encoder_file import EncoderFile

SCALE = 8.0  # of the unit vectors before they are weighed; about the length they have before they are made units
_FEW = 0.01  # share of the sentences that may come or go before another tuning is worth its minutes
_NPZ, _JSON = "tuned.npz", "tuned.json"


@dataclass(frozen=True)
class Tuning:
    """Changes of low rank and a reading of the changed encoder's vectors."""

    changes: Mapping[str, tuple[np.ndarray, np.ndarray]]  # matrix -> (in, rank), (rank, out)
    weights: np.ndarray  # (384,)
    bias: float
    about: Mapping[str, Any]

    def encoder(self, base: EncoderFile) -> bytes:
        """The base encoder with the changes in it, as an ONNX file."""
        weights = base.weights()
        return base.changed({name: weights[name] + left @ right for name, (left, right) in self.changes.items()})

    def margins(self, vectors: np.ndarray) -> np.ndarray:
        """How much texts sound like an alarm (log odds), (n,), from the changed encoder's vectors (n, 384)."""
        return np.asarray(SCALE * vectors @ self.weights + self.bias)

    def save(self, folder: Path) -> None:
        """Write both files."""
        arrays = {f"{side}:{name}": array.astype(np.float16) for name, pair in self.changes.items() for side, array in zip(("left", "right"), pair)}
        np.savez_compressed(folder / _NPZ, weights=self.weights.astype(np.float32), bias=np.float32(self.bias), **arrays)
        (folder / _JSON).write_text(json.dumps(self.about, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Tuning:
        """Read what `save` wrote; runs no code from the folder."""
        with np.load(folder / _NPZ, allow_pickle=False) as arrays:
            names = [name.removeprefix("left:") for name in arrays.files if name.startswith("left:")]
            changes = {name: (arrays[f"left:{name}"].astype(np.float32), arrays[f"right:{name}"].astype(np.float32)) for name in names}
            return cls(changes, arrays["weights"], float(arrays["bias"]), about(folder))


def about(folder: Path) -> dict[str, Any]:
    """What the tuning in a folder was made of."""
    return dict(json.loads((folder / _JSON).read_text(encoding="utf-8")))


def outdated(folder: Path, texts: Iterable[str]) -> str | None:
    """What to do where the sentences are many more, or fewer, than the tuning in a folder was learned from."""
    if not (folder / _JSON).is_file():
        return f"{folder / _NPZ} is missing, so nothing can be trained; careline tune makes it"
    then, now = about(folder), learned_from(texts)
    if abs(now["sentences"] - then["sentences"]) <= _FEW * then["sentences"]:
        return None
    what = f"{folder / _NPZ} was learned from {then['sentences']} sentences, which are {now['sentences']} now"
    return f"{what}; the words are known at the next careline train, careline tune teaches them to the ear as well"


def learned_from(texts: Iterable[str]) -> dict[str, Any]:
    """How many sentences, and a fingerprint of them all: whether the tuning knows today's sentences."""
    known = sorted(set(texts))
    return {"sentences": len(known), "fingerprint": hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]}
