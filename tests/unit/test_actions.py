"""What the actions hand to a channel: the turn whole to ours, its text alone to Rasa's own."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speak import perform
from careline.dialogue.compose import turn
from careline.dialogue.knowledge import shared
from careline.turn import CHANNEL


def _said(channel: str) -> dict:
    heard = {"event": "user", "text": "hello", "input_channel": channel}
    tracker = Tracker("someone", {}, {"text": "hello"}, [heard], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    perform(lambda knowledge, *_: (turn(knowledge, "answer", ["Words."]), {}), dispatcher, tracker)
    (message,) = dispatcher.messages
    return message


@pytest.mark.parametrize("channel", [CHANNEL, "cmdline", "rest", "socketio"])
def test_every_channel_gets_text_that_ends_with_the_referral(channel: str) -> None:
    assert _said(channel)["text"] == turn(shared(), "answer", ["Words."]).text()
    assert _said(channel)["text"].endswith(turn(shared(), "answer", ["Words."]).referral.text)


@pytest.mark.parametrize(("channel", "whole"), [(CHANNEL, True), ("cmdline", False), ("rest", False)])
def test_only_our_channel_gets_the_turn_whole(channel: str, whole: bool) -> None:
    """In `rasa shell` and in a plain REST reply a page of JSON would stand after the referral."""
    assert bool(_said(channel)["custom"]) is whole
