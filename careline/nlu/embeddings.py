"""Embeddings remembered: of many texts in a file between runs, of one message while it is read.

Knows nothing of Rasa, so that maintainers' tools start quickly.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from careline import cores, paths
from careline.nlu import encoder

Encode = Callable[[Sequence[str]], np.ndarray]  # texts to their embeddings, (n, 384)
_CHUNK = 256  # texts embedded between two words of progress
_log = logging.getLogger(__name__)


class Remembered:
    """Embeds texts, each once. `known` are vectors that were embedded before; what is new is added to them."""

    def __init__(self, encode: Encode, known: dict[str, np.ndarray]) -> None:
        self._encode = encode
        self._known = known

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Embeddings of texts, (n, 384), n at least 1."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encode(new)))
        return np.stack([self._known[text] for text in texts])


def cached(texts: Sequence[str], path: Path | None = None) -> np.ndarray:
    """Embeddings of many texts, with those already known read from a file: a retraining embeds only what is new.

    Returns:
        float32 array of shape (len(texts), 384).
    """
    path = path or paths.models() / ".embeddings.npz"
    known = _read(path)
    keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
    fresh = {key: text for key, text in zip(keys, texts) if key not in known}
    if fresh:
        known.update(zip(fresh, _embedded(list(fresh.values()))))
        _write(path, known)
    return np.stack([known[key] for key in keys])


def _embedded(texts: Sequence[str]) -> np.ndarray:
    """Embeddings of texts, (n, 384), by all cores; how far it has come is logged, as (done, n)."""
    encode, vectors = encoder.load().encode, []
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    # Threads are enough: while it embeds, onnxruntime lets go of the interpreter's lock.
    with ThreadPoolExecutor(cores.count()) as pool:
        for done, chunk in enumerate(pool.map(encode, chunks)):
            _log.info("embedded %d of %d texts", min((done + 1) * _CHUNK, len(texts)), len(texts))
            vectors.append(chunk)
    return np.vstack(vectors)


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(zip(arrays["keys"].tolist(), arrays["vectors"]))
    except (OSError, ValueError, KeyError):
        return {}  # no file yet, or one cut short: embed again


def _write(path: Path, known: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part.npz")
    np.savez(part, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    part.replace(path)
