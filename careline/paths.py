"""Where things lie: the project folder and what is derived from it."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The project folder: CARELINE_HOME, or the folder that holds this package."""
    return Path(os.environ.get("CARELINE_HOME") or Path(__file__).resolve().parent.parent)


def models() -> Path:
    """Trained models (derived, not in version control)."""
    return Path(os.environ.get("CARELINE_MODELS") or home() / "models")


def var() -> Path:
    """What the running program writes: the conversation store and the secret it made."""
    return Path(os.environ.get("CARELINE_VAR") or home() / "var")
