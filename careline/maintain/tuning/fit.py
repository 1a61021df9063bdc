"""Training of the network: sentences with their labels in, a tuning out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from careline.maintain.tuning.network import Network

EPOCHS, RATE, BATCH = 3, 6e-4, 32
_WARMING = 0.06  # share of the steps in which the rate rises
_SURE = 0.985  # what the network is asked to say of a plain alarm: never entirely sure, for some labels are wrong
_LONGEST_STEP = 1.0  # gradients are cut to this length
_SEED = 13
Tell = Callable[[int, int, float, float], None]  # step, of how many, mean loss, seconds left


@dataclass(frozen=True)
class Examples:
    """Texts as word pieces, whether each is an alarm, and how much it counts."""

    pieces: Sequence[Sequence[int]]
    alarm: np.ndarray
    weight: np.ndarray


def fit(network: Network, examples: Examples, epochs: int = EPOCHS, tell: Tell | None = None) -> float:
    """Teach the network; returns the mean loss of the last epoch."""
    tf.keras.utils.set_random_seed(_SEED)
    random, lengths = np.random.default_rng(_SEED), np.array([len(each) for each in examples.pieces])
    rate = tf.Variable(0.0)
    step = _step(network, tf.keras.optimizers.legacy.Adam(rate, epsilon=1e-8))
    total, losses, started = epochs * -(-len(lengths) // BATCH), [0.0], time.monotonic()
    for epoch in range(epochs):
        losses = []
        for chosen in _batches(lengths, random):
            done = epoch * (total // epochs) + len(losses) + 1
            rate.assign(RATE * min(1.0, done / (_WARMING * total)) * max(0.0, 1 - done / total))
            losses.append(float(step(_padded(examples.pieces, chosen), examples.alarm[chosen], examples.weight[chosen])))
            if tell:
                tell(done, total, float(np.mean(losses)), (time.monotonic() - started) / done * (total - done))
    return float(np.mean(losses))


def _step(network: Network, optimizer: tf.keras.optimizers.legacy.Optimizer) -> Callable[..., tf.Tensor]:
    @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int64), tf.TensorSpec((None,)), tf.TensorSpec((None,))])
    def step(pieces: tf.Tensor, alarm: tf.Tensor, weight: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            wanted = alarm * (2 * _SURE - 1) + (1 - _SURE)
            loss = tf.reduce_mean(weight * tf.nn.sigmoid_cross_entropy_with_logits(wanted, network.margins(pieces, learning=True)))
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, network.learned), _LONGEST_STEP)
        optimizer.apply_gradients(zip(gradients, network.learned))
        return loss

    return step


def _batches(lengths: np.ndarray, random: np.random.Generator) -> Iterator[np.ndarray]:
    """All examples once, those of about the same length together, so that little is padded."""
    order = np.argsort(lengths + random.uniform(0, 6, len(lengths)), kind="stable")
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    random.shuffle(batches)  # type: ignore[arg-type]
    return iter(batches)


def _padded(pieces: Sequence[Sequence[int]], chosen: np.ndarray) -> np.ndarray:
    rows = np.zeros((len(chosen), max(len(pieces[index]) for index in chosen)), np.int64)
    for row, index in enumerate(chosen):
        rows[row, : len(pieces[index])] = pieces[index]
    return rows
