"""The learned net beside the red-flag rules: what it adds, what it may set aside, and that it is the same after saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from careline import catalog, paths
from careline.nlu import alarm_ear, alarm_net, heard
from careline.nlu.alarm_ear import AlarmEar
from careline.nlu.alarm_net import AlarmNet
from careline.nlu.heard import Heard
from careline.red_flags import Evidence, Finding, RedFlags

CONTENT = paths.home() / "content" / "red_flags"
FLAGS = RedFlags.load(CONTENT)
EVERY = 12  # every so many sentences of the training data: enough to learn from in seconds


@pytest.fixture(scope="module")
def ear(tmp_path_factory: pytest.TempPathFactory) -> AlarmEar:
    """The ear that the content is tuned to."""
    return alarm_ear.build(CONTENT, tmp_path_factory.mktemp("ear"))


def learned(ear: AlarmEar) -> AlarmNet:
    """A net of a part of the training data."""
    told, kept = heard.read(CONTENT), heard.kept(CONTENT)
    asked = [example for topic in catalog.shared().topics.values() for example in topic.examples[:3]]
    part = Heard(told.alarms[::EVERY], told.harmless[::EVERY])
    return AlarmNet.train(part, asked, Heard(kept.alarms[::3], kept.harmless[::3]), ear, FLAGS.read)


@pytest.fixture(scope="module")
def net(ear: AlarmEar) -> AlarmNet:
    """One net for all tests of this file."""
    return learned(ear)


def judge(net: AlarmNet, text: str, read: alarm_net.Read = FLAGS.read) -> tuple[Finding, ...]:
    """What rules and net make of a text."""
    return net.judge(text, read)


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


def test_the_net_is_the_same_after_saving(net: AlarmNet, ear: AlarmEar, tmp_path: Path) -> None:
    net.save(tmp_path)
    texts = ["fever 101", "no fever", "my legs went numb", "what is a biopsy"]
    again = AlarmNet.load(tmp_path, ear)
    assert [judge(again, text) for text in texts] == [judge(net, text) for text in texts]


def test_two_trainings_make_the_same_net(net: AlarmNet, ear: AlarmEar) -> None:
    texts = ["fever 101", "my face is swollen", "can I eat soy"]
    evidence = [FLAGS.read(text) for text in texts]
    twin = learned(ear)
    assert twin.threshold == net.threshold and twin.firm == net.firm
    assert np.array_equal(twin.probabilities(texts, evidence), net.probabilities(texts, evidence))


def test_sparing_the_ear_changes_no_judgement(net: AlarmNet) -> None:
    """`probabilities` always asks the ear, `judge` only where its word can matter."""
    texts = ["fever of 102 and I had chemo on monday", "what is metastatic breast cancer", "my legs feel odd", "can I eat soy", "she is not herself"]
    chances = net.probabilities(texts, [Evidence() for _ in texts])
    assert [bool(judge(net, text, lambda _: Evidence())) for text in texts] == [chance >= net.threshold for chance in chances]
