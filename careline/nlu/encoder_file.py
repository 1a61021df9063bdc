"""The encoder's packaged file as matrices that can be read, and be written back changed.

The file keeps each matrix as whole numbers of eight bits with one scale a column, `<name>_q` and `<name>_scale`, in the order in
which a text passes through them. Needs `onnx`, so it is imported only where a model is trained or the encoder tuned.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

LAYERS, HEADS = 6, 12
EMBEDDINGS = ("embeddings.word_embeddings", "embeddings.position_embeddings")
MATRICES = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense")
_PREFIX = "inner."  # what the exporter put before every name it kept


class EncoderFile:
    """all-MiniLM-L6-v2 as the package has it."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._model = model
        self._tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        stored = [name.removesuffix("_q") for name in self._tensors if name.endswith("_q")]
        self._stored = dict(zip((*EMBEDDINGS, *matrices()), stored, strict=True))

    @classmethod
    def read(cls, path: Path) -> EncoderFile:
        """Read a file whose digest was checked (`encoder.packaged`)."""
        return cls(onnx.load(str(path)))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by name: matrices as (in, out), float32; the name of a bias or a norm ends in `.bias` or `.weight`."""
        matrices = {name: self._tensor(f"{stored}_q").astype(np.float32) * self._tensor(f"{stored}_scale") for name, stored in self._stored.items()}
        others = {name.removeprefix(_PREFIX): self._tensor(name) for name in self._tensors if name.startswith(_PREFIX) and name.endswith((".bias", ".weight"))}
        return {**others, **matrices}

    def changed(self, matrices: Mapping[str, np.ndarray]) -> bytes:
        """The file with other matrices (in, out) in the place of those named; everything else as it was."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        for name, matrix in matrices.items():
            scale = np.abs(matrix).max(axis=0, keepdims=True) / 127
            for part, value in (("_q", np.round(matrix / scale).astype(np.int8)), ("_scale", scale.astype(np.float32))):
                place = self._stored[name] + part
                tensors[place].CopyFrom(numpy_helper.from_array(value, place))
        return bytes(model.SerializeToString())

    def _tensor(self, name: str) -> np.ndarray:
        return np.asarray(numpy_helper.to_array(self._tensors[name]))


def matrices() -> list[str]:
    """The names of all matrices, in the order in which a text passes through them."""
    return [f"encoder.layer.{layer}.{matrix}" for layer in range(LAYERS) for matrix in MATRICES]
