"""Which of several things a person means."""

from __future__ import annotations

import pytest

from careline.dialogue import ordinals


@pytest.mark.parametrize(
    ("text", "place"),
    [("the first one", 0), ("remove number one", 0), ("the second one", 1), ("2", 1), ("the third", 2), ("the last one", 2), ("question 3", 2)],
)
def test_what_is_pointed_at(text, place):
    assert ordinals.index(text, 3) == place


@pytest.mark.parametrize("text", ["clear my list", "that one", "remove the fourth one", "", "yes"])
def test_nothing_or_more_than_there_are(text):
    assert ordinals.index(text, 3) is None


def test_pointing_past_the_end_is_still_pointing():
    assert ordinals.points("remove the fourth one")
    assert not ordinals.points("clear the list")
    assert ordinals.index("the last one", 0) is None
