"""The learned net beside the red-flag rules: what it adds, what it may set aside, and that it is the same after saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from careline import catalog, paths
from careline.nlu import alarm_net, encoder
from careline.nlu.alarm_net import AlarmNet, Heard
from careline.red_flags import Evidence, Finding, RedFlags

CONTENT = paths.home() / "content" / "red_flags"
FLAGS = RedFlags.load(CONTENT)
EVERY = 12  # every so many sentences of the training data: enough to learn from in seconds


def embed(texts: list[str] | tuple[str, ...]) -> np.ndarray:
    """Embeddings of texts."""
    return encoder.load().encode(list(texts))


def learned() -> AlarmNet:
    """A net of a part of the training data."""
    heard = alarm_net.read(CONTENT)
    asked = [example for topic in catalog.shared().topics.values() for example in topic.examples[:3]]
    return AlarmNet.train(Heard(heard.alarms[::EVERY], heard.harmless[::EVERY]), asked, embed, FLAGS.read)


@pytest.fixture(scope="module")
def net() -> AlarmNet:
    """One net for all tests of this file."""
    return learned()


def judge(net: AlarmNet, text: str, read: alarm_net.Read = FLAGS.read) -> tuple[Finding, ...]:
    """What rules and net make of a text."""
    return net.judge(text, embed([text])[0], embed, read)


def raising(rule: str, words: str) -> alarm_net.Read:
    """Rules that raise one thing, whatever is read."""
    return lambda _: Evidence(((rule, Finding("E7", "urgent", words, 0, len(words), "self")),), ())


@pytest.mark.parametrize("text", ["fever of 102 and I had chemo on monday", "tengo fiebre de 39", "I have swallowed all my morphine"])
def test_a_plain_alarm_is_one(net: AlarmNet, text: str) -> None:
    assert judge(net, text)


@pytest.mark.parametrize("text", ["what is metastatic breast cancer", "thank you so much", "which foods are good for me"])
def test_a_plain_question_is_none(net: AlarmNet, text: str) -> None:
    assert not judge(net, text)


def test_a_firm_rule_alarms_whatever_the_net_thinks(net: AlarmNet) -> None:
    rule = next(iter(sorted(net.firm)))
    assert [finding.flag for finding in judge(net, "thank you so much", raising(rule, "thank"))] == ["E7"]


def test_a_hint_is_set_aside_where_the_net_is_nearly_sure(net: AlarmNet) -> None:
    assert not judge(net, "thank you so much", raising("E7:urgent:no such rule", "thank"))


def test_a_hint_stands_where_the_net_hears_an_alarm(net: AlarmNet) -> None:
    found = judge(net, "fever of 102 and I had chemo on monday", raising("E7:urgent:no such rule", "fever"))
    assert "E7" in {finding.flag for finding in found}


def test_an_alarm_in_the_middle_of_a_long_message_is_heard(net: AlarmNet) -> None:
    story = "we went to the market with the children and bought apples and plums for a cake. " * 4
    assert judge(net, f"{story}I have a fever of 103 and shaking chills since this morning, chemo was thursday. {story}")


def test_the_net_is_the_same_after_saving(net: AlarmNet, tmp_path: Path) -> None:
    net.save(tmp_path)
    texts = ["fever 101", "no fever", "my legs went numb", "what is a biopsy"]
    again = AlarmNet.load(tmp_path)
    assert [judge(again, text) for text in texts] == [judge(net, text) for text in texts]


def test_two_trainings_make_the_same_net(net: AlarmNet) -> None:
    texts = ["fever 101", "my face is swollen", "can I eat soy"]
    evidence = [FLAGS.read(text) for text in texts]
    twin = learned()
    assert twin.threshold == net.threshold and twin.firm == net.firm
    assert np.array_equal(twin.probabilities(texts, embed(texts), evidence), net.probabilities(texts, embed(texts), evidence))
