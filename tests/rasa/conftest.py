"""One engine for all tests of this folder: the live model, loaded once."""

from __future__ import annotations

import pytest

from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import shared
from careline.maintain.quiet import hush


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The bot with the live model and the content as it stands here. No time limit to speak of: how fast a turn is, is measured elsewhere."""
    hush()
    try:
        loaded = Engine.load()
    except FileNotFoundError:
        pytest.fail("there is no trained model: run make train")
    hush()
    return Engine(shared(), loaded._runtime, time_limit=60)
