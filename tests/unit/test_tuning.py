"""The encoder's tuning to alarms: the network is the packaged encoder, it learns, and what it learned is what the ear hears."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from careline import paths
from careline.nlu import alarm_ear, encoder, heard, tuning
from careline.nlu.encoder_file import EncoderFile
from careline.nlu.tuning import Tuning

FLAGS = paths.home() / "content" / "red_flags"
ALARMS = ["fever of 102 after chemo", "my legs went numb", "I cannot breathe", "coughing up blood", "she had a seizure", "I want to end it all"]
HARMLESS = ["what is a biopsy", "thank you so much", "can I eat soy", "my dog has a cough", "fever trees need sun", "I could eat a horse"]
TEXTS = [*ALARMS, *HARMLESS]
pytestmark = pytest.mark.xdist_group("tensorflow")


@pytest.fixture(scope="module")
def base() -> EncoderFile:
    """The packaged encoder."""
    return EncoderFile.read(encoder.packaged())


def network(base: EncoderFile):  # noqa: ANN201 (TensorFlow is imported only here: it takes seconds)
    """A network that has learned nothing yet."""
    from careline.maintain.tuning.network import Network

    return Network(base.weights(), seed=1)


def padded(texts: list[str]) -> np.ndarray:
    """Word pieces as the network takes them."""
    pieces = encoder.load().pieces(texts)
    rows = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    for row, ids in zip(rows, pieces):
        row[: len(ids)] = ids
    return rows


def test_the_network_begins_as_the_packaged_encoder(base: EncoderFile) -> None:
    ours, theirs = network(base).vectors(padded(TEXTS)).numpy(), encoder.load().encode(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.999


def test_a_file_without_changes_is_the_packaged_one(base: EncoderFile, tmp_path: Path) -> None:
    (tmp_path / "same.onnx").write_bytes(base.changed({}))
    same = encoder.Encoder(tmp_path / "same.onnx", encoder.tokenizer())
    assert np.array_equal(same.encode(TEXTS), encoder.load().encode(TEXTS))


def test_what_the_network_learned_is_what_the_ear_hears(base: EncoderFile, tmp_path: Path) -> None:
    from careline.maintain.tuning import fit

    learner = network(base)
    alarm = np.repeat([1.0, 0.0], [len(ALARMS), len(HARMLESS)]).astype(np.float32)
    fit.fit(learner, fit.Examples(encoder.load().pieces(TEXTS), alarm, np.ones_like(alarm)), epochs=60)
    changes = {name: (left.numpy(), right.numpy()) for name, (left, right) in learner.changes.items()}
    Tuning(changes, learner.reading.numpy()[:, 0], float(learner.bias.numpy()[0]), {}).save(tmp_path)
    margins = alarm_ear.build(tmp_path, tmp_path / "ear").margins(TEXTS)
    assert margins[: len(ALARMS)].min() > margins[len(ALARMS) :].max()
    assert np.allclose(margins, learner.margins(padded(TEXTS)).numpy(), atol=0.5)
    assert np.array_equal(alarm_ear.load(tmp_path / "ear").margins(TEXTS), alarm_ear.load(tmp_path / "ear").margins(TEXTS))


def test_the_tuning_of_the_content_hears_alarms_that_it_has_not_learned_from(tmp_path: Path) -> None:
    kept = heard.kept(FLAGS)
    ear = alarm_ear.build(FLAGS, tmp_path)
    alarms, harmless = ear.margins([text for text, _, _ in kept.urgent][::5]), ear.margins(kept.harmless[::5])
    assert (alarms > 0).mean() > 0.9 and (harmless > 0).mean() < 0.2


def test_no_sentence_is_both_learned_from_and_kept() -> None:
    assert not set(heard.read(FLAGS).texts) & set(heard.kept(FLAGS).texts)


def test_a_tuning_that_knows_far_fewer_sentences_is_told_of() -> None:
    texts = heard.read(FLAGS).texts
    assert not tuning.outdated(FLAGS, texts)
    assert tuning.outdated(FLAGS, [*texts, *(f"a new sentence {number}" for number in range(len(texts) // 50))])
