"""The encoder as a network that can learn: all-MiniLM-L6-v2 in TensorFlow, its matrices changed by thin ones (LoRA, Hu et al. 2021).

TensorFlow is there because Rasa needs it. Nothing of this runs when a person asks: the result is an ordinary encoder file.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from careline.nlu.encoder_file import HEADS, LAYERS, matrices
from careline.nlu.tuning import SCALE

RANK = 16
_DROPPED = 0.1  # share of the numbers left out in each step of learning
_EPSILON = 1e-12  # of the norms, as the model was trained


class Network:
    """Word pieces in, how much it sounds like an alarm out."""

    def __init__(self, weights: Mapping[str, np.ndarray], seed: int) -> None:
        random = np.random.default_rng(seed)
        self._weights = {name: tf.constant(value) for name, value in weights.items()}
        self.changes = {name: _thin(weights[name], random) for name in matrices()}
        self.reading = tf.Variable(random.normal(0, 0.02, (weights["embeddings.LayerNorm.bias"].size, 1)).astype(np.float32))
        self.bias = tf.Variable(np.zeros(1, np.float32))

    @property
    def learned(self) -> list[tf.Variable]:
        """Everything that learning changes."""
        return [*(side for pair in self.changes.values() for side in pair), self.reading, self.bias]

    def margins(self, pieces: tf.Tensor, learning: bool = False) -> tf.Tensor:
        """Log odds (n,) of texts as word pieces (n, longest), zeros behind the shorter ones."""
        return tf.squeeze(SCALE * tf.matmul(self.vectors(pieces, learning), self.reading) + self.bias, axis=1)

    def vectors(self, pieces: tf.Tensor, learning: bool = False) -> tf.Tensor:
        """Unit vectors (n, 384)."""
        there = tf.cast(pieces > 0, tf.float32)
        states = self._embedded(pieces, learning)
        unseen = (1 - there)[:, None, None, :] * -1e4
        for layer in range(LAYERS):
            states = self._layer(f"encoder.layer.{layer}", states, unseen, learning)
        mean = tf.reduce_sum(states * there[:, :, None], axis=1) / tf.reduce_sum(there, axis=1, keepdims=True)
        return tf.math.l2_normalize(mean, axis=1)

    def _embedded(self, pieces: tf.Tensor, learning: bool) -> tf.Tensor:
        words = tf.gather(self._weights["embeddings.word_embeddings"], pieces)
        places = self._weights["embeddings.position_embeddings"][: tf.shape(pieces)[1]]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return _dropped(self._normed("embeddings", words + places + kind), learning)

    def _layer(self, name: str, states: tf.Tensor, unseen: tf.Tensor, learning: bool) -> tf.Tensor:
        seen = _dropped(self._dense(f"{name}.attention.output.dense", self._attended(name, states, unseen, learning)), learning)
        states = self._normed(f"{name}.attention.output", states + seen)
        thought = tf.nn.gelu(self._dense(f"{name}.intermediate.dense", states))
        return self._normed(f"{name}.output", states + _dropped(self._dense(f"{name}.output.dense", thought), learning))

    def _attended(self, name: str, states: tf.Tensor, unseen: tf.Tensor, learning: bool) -> tf.Tensor:
        query, key, value = (_in_heads(self._dense(f"{name}.attention.self.{part}", states)) for part in ("query", "key", "value"))
        scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(key)[-1], tf.float32))
        mixed = tf.matmul(_dropped(tf.nn.softmax(scores + unseen), learning), value)
        return tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), tf.shape(states))

    def _dense(self, name: str, states: tf.Tensor) -> tf.Tensor:
        left, right = self.changes[name]
        matrix = self._weights[name] + tf.matmul(left, right)
        flat = tf.matmul(tf.reshape(states, (-1, matrix.shape[0])), matrix) + self._weights[f"{name}.bias"]
        return tf.reshape(flat, tf.concat([tf.shape(states)[:-1], [matrix.shape[1]]], axis=0))

    def _normed(self, name: str, states: tf.Tensor) -> tf.Tensor:
        mean, variance = tf.nn.moments(states, axes=[-1], keepdims=True)
        scale, offset = self._weights[f"{name}.LayerNorm.weight"], self._weights[f"{name}.LayerNorm.bias"]
        return tf.nn.batch_normalization(states, mean, variance, offset, scale, _EPSILON)


def _thin(matrix: np.ndarray, random: np.random.Generator) -> tuple[tf.Variable, tf.Variable]:
    """Two thin matrices for one, whose product is zero at first."""
    rows, columns = matrix.shape
    left = random.normal(0, 1 / np.sqrt(rows), (rows, RANK)).astype(np.float32)
    return tf.Variable(left), tf.Variable(np.zeros((RANK, columns), np.float32))


def _in_heads(states: tf.Tensor) -> tf.Tensor:
    shape = tf.shape(states)
    return tf.transpose(tf.reshape(states, (shape[0], shape[1], HEADS, -1)), (0, 2, 1, 3))


def _dropped(states: tf.Tensor, learning: bool) -> tf.Tensor:
    return tf.nn.dropout(states, _DROPPED) if learning else states
