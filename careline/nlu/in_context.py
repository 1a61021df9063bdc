"""A short message read in the light of what was answered last: "how long does it go on?" after chemo means chemo.

The classifier reads it once as it stands and once with the subject of the last answer put before it, and what lies near the
last answer gets the benefit of the doubt. Second questions in one message are read the same way, after the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from careline import facets
from careline.catalog import Catalog, Topic
from careline.nlu.entities import vocabulary

ReadAlone = Callable[[Sequence[str]], Sequence[np.ndarray]]  # texts to their probabilities over all labels
LONGEST = 12  # words; a longer message says itself what it is about
# Chosen on tests/conversations/development/, where any value near these does as well.
_FLOOR = 1e-3  # a reading that is sure may be overruled, but not by a hair
_RELATED, _SAME_THEME = 2.0, 1.5  # log odds for what the last answer names as related, and for what lies in its theme
_LAST = 1.0  # log odds against the very answer that was just given


def read(text: str, alone: np.ndarray, last: Topic, catalog: Catalog, labels: Sequence[str], read_alone: ReadAlone) -> np.ndarray:
    """Probabilities of a message over all labels, (labels,), `alone` being those of the message by itself."""
    with_subject = f"{_subject(text, last)}: {text}"
    after = read_alone([with_subject])[0]
    odds = np.log(alone + _FLOOR) + np.log(after + _FLOOR) + _near(last, catalog, labels)
    odds[[not label.startswith(("answer/", "symptom/")) for label in labels]] = -np.inf
    likely = np.exp(odds - odds.max())
    return likely / likely.sum()


def _subject(text: str, last: Topic) -> str:
    """What the last answer was of, with what the message names in its place; its title where the message names nothing."""
    named = facets.subject(tuple((entity["entity"], entity["value"]) for entity in vocabulary().entities(text)))
    return facets.phrase(facets.changed(last.meta.facets, named)) if named else last.meta.title


def _near(last: Topic, catalog: Catalog, labels: Sequence[str]) -> np.ndarray:
    return np.array([_nearness(catalog.topics.get(label.partition("/")[2]), last) for label in labels])


def _nearness(topic: Topic | None, last: Topic) -> float:
    if topic is None:
        return 0.0
    if topic.id == last.id:
        return -_LAST
    return _RELATED * (topic.id in last.meta.related) + _SAME_THEME * (topic.theme == last.theme)
