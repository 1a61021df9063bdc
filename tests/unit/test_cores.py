"""Work shared by the cores gives what one core gives, in the same order, and never hangs on what went wrong."""

from __future__ import annotations

import os
import signal

import pytest

from careline import cores


@pytest.mark.parametrize("many", [0, 1, 2, 3, 500])
def test_the_results_are_those_of_one_core_in_order(many: int) -> None:
    factor = 3  # a closure cannot be sent to another process, and need not be
    assert cores.spread(lambda item: item * factor, range(many)) == [item * factor for item in range(many)]


def test_what_is_no_data_may_be_worked_on() -> None:
    assert cores.spread(lambda call: call(), [lambda: 1, lambda: 2]) == [1, 2]


def test_what_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        cores.spread(lambda item: 1 // item, [1, 0])


def test_a_copy_that_dies_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "count", lambda: 2)
    here = os.getpid()

    def work(_: int) -> None:
        assert os.getpid() != here
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(Exception, match="terminated abruptly"):
        cores.spread(work, [1, 2])
