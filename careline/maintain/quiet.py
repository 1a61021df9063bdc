"""Logging of the command line: warnings and worse, never what a person typed."""

from __future__ import annotations

import logging


def hush() -> None:
    """Silence the chatter of the libraries; must be called before Rasa is imported and again after."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger().setLevel(logging.ERROR)
    for name in ("rasa", "tensorflow", "absl", "matplotlib", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
