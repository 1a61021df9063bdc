"""The alarm net's ear: the encoder as `careline tune` changed it, and how much a text sounds like an alarm to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from careline.nlu import encoder
from careline.nlu.encoder import Encoder
from careline.nlu.tuning import Tuning

_ENCODER, _READING = "ear.onnx", "ear.npz"


class AlarmEar:
    """The tuned encoder. Safe to share between threads."""

    def __init__(self, tuned: Encoder, reading: Tuning) -> None:
        self._tuned = tuned
        self._reading = reading

    def margins(self, texts: Sequence[str]) -> np.ndarray:
        """How much texts sound like an alarm: log odds, (n,)."""
        return self._reading.margins(self._tuned.encode(texts))


def build(tuning: Path, folder: Path) -> AlarmEar:
    """Put the tuning of a content folder into the packaged encoder, and write both into the folder of a model."""
    from careline.nlu.encoder_file import EncoderFile

    learned = Tuning.load(tuning)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ENCODER).write_bytes(learned.encoder(EncoderFile.read(encoder.packaged())))
    np.savez(folder / _READING, weights=learned.weights, bias=np.float32(learned.bias))
    return load(folder, threads=2)


def load(folder: Path, threads: int = 1) -> AlarmEar:
    """Open what `build` wrote."""
    with np.load(folder / _READING, allow_pickle=False) as arrays:
        reading = Tuning({}, arrays["weights"], float(arrays["bias"]), {})
    return AlarmEar(Encoder(folder / _ENCODER, encoder.tokenizer(), threads), reading)
