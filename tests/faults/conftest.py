from __future__ import annotations

from collections.abc import Iterator

import pytest

from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import shared
from careline.nlu import encoder


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with the live model and the content as it stands here, loaded once; `make test` trains one where there is none."""
    return Engine(shared(), Engine.load()._runtime)


@pytest.fixture
def fresh_encoder() -> Iterator[None]:
    """The encoder is read anew for this test, and again after it."""
    encoder.load.cache_clear()
    yield
    encoder.load.cache_clear()
