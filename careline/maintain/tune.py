"""`careline tune`: teach the encoder to hear alarms, from the sentences in `content/red_flags/heard/`. Rarely, and for some time."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from careline import catalog, paths
from careline.maintain import progress
from careline.nlu import encoder, heard, tuning
from careline.nlu.encoder_file import EncoderFile
from careline.nlu.heard import Heard
from careline.nlu.tuning import Tuning

if TYPE_CHECKING:
    from careline.maintain.tuning.network import Network

_LONGEST = 96  # word pieces
_HARD = 1.5  # what a look-alike counts, beside an alarm: they are the hardest to tell apart
_EASY = 0.7  # the same, of an ordinary question
_SOME = 2  # one in so many ordinary questions is learned from: the encoder needs few to know that they are none


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--epochs", type=int, default=3, help="how often every sentence is gone through (default 3)")


def run(options: argparse.Namespace) -> int:
    """Tune, and write the result beside the red flags. Returns the exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from careline.maintain.tuning import fit
    from careline.maintain.tuning.network import Network

    flags = paths.home() / "content" / "red_flags"
    told = heard.read(flags)
    texts, alarm, weight = _sentences(told)
    base = EncoderFile.read(encoder.packaged())
    network = Network(base.weights(), seed=13)
    progress.say(f"Tuning the encoder on {len(texts)} sentences, {int(alarm.sum())} of them alarms; about ten minutes on two free cores.")
    loss = fit.fit(network, fit.Examples(encoder.load().pieces(texts, _LONGEST), alarm, weight), options.epochs, _tell)
    progress.say("")
    _tuning(network, {**tuning.learned_from(told.texts), "epochs": options.epochs, "loss": round(loss, 4)}).save(flags)
    progress.say(f"Wrote {flags / 'tuned.npz'}. Next: careline train, then careline evaluate --safety, and commit both tuned files.")
    return 0


def _sentences(told: Heard) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, whether each is an alarm, and how much it counts."""
    some = heard.ordinary(catalog.shared())[::_SOME]
    urgent, calm = [text for text, _, _ in told.urgent], [text for text, _, _ in told.today]
    texts = [*urgent, *told.harmless, *some, *calm]
    alarm = np.repeat([1.0, 0.0], [len(urgent), len(texts) - len(urgent)]).astype(np.float32)
    weight = np.repeat([1.0, _HARD, _EASY, 1.0], [len(urgent), len(told.harmless), len(some), len(calm)]).astype(np.float32)
    return texts, alarm, weight


def _tuning(network: Network, how: Mapping[str, Any]) -> Tuning:
    changes = {name: (left.numpy(), right.numpy()) for name, (left, right) in network.changes.items()}
    about = {"what": "how the encoder changes to hear alarms; made by careline tune", **how}
    return Tuning(changes, network.reading.numpy()[:, 0], float(network.bias.numpy()[0]), about)


def _tell(step: int, steps: int, loss: float, seconds: float) -> None:
    if step % 20 == 0 or step == steps:
        print(f"\rstep {step} of {steps}, loss {loss:.3f}, about {seconds / 60:.0f} min left ", end="", file=sys.stderr, flush=True)
