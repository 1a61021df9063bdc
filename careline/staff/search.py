"""Finding a topic while somebody types: by meaning (the model's own probabilities) and by words, half-typed and misspelt ones too.

The model ranks whole questions well and half a word badly; the words know nothing of meaning but complete a half-typed one. The
score of a topic is the sum of both, so that each helps where the other is blind.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careline.catalog import Catalog, Topic

GROUPS = ("answer", "symptom")
SHOWN = 5
LONGEST = 200  # characters of a query that are read
_WORD = re.compile(r"[^\W_]+")
_WORDS_WEIGHT = 0.3  # of a full match by words beside a certainty of the model; best of 0, 0.3, 0.6 and 1 on held-out questions, whole and half-typed
_LEAST = 0.01  # a topic that scores less is noise
_SHORTEST_SLIP = 4  # letters; a shorter word has too many neighbours
Labels = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True)
class Hit:
    """A topic found, and how well it fits: 0 to 1."""

    topic: Topic
    score: float


@dataclass(frozen=True)
class Filters:
    """What to look at only; an empty value lets everything pass. `facet` reads "site:bone"."""

    theme: str = ""
    facet: str = ""
    source: str = ""

    def admits(self, topic: Topic) -> bool:
        """May this topic be shown?"""
        kind, _, value = self.facet.partition(":")
        return (
            self.theme in ("", topic.theme)
            and (not self.facet or topic.meta.facets.get(kind) == value)
            and (not self.source or any(cited.document == self.source for cited in topic.meta.sources))
        )


class Words:
    """Which words speak for which topic: those of its title most, those of its example questions by how many hold them."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics: dict[str, dict[str, float]] = defaultdict(dict)  # word -> topic -> 0 to 1
        for topic in topics:
            for word, weight in _weights(topic).items():
                self._topics[word][topic.id] = weight
        self._vocabulary = sorted(self._topics)
        self._many = len({topic for row in self._topics.values() for topic in row})
        self._meant = lru_cache(maxsize=4096)(self._meaning)

    def scores(self, query: str) -> dict[str, float]:
        """How much of a query's words, the rare ones most, speaks for each topic: 0 to 1."""
        words = _words(query)
        half = "" if query[-1:].isspace() else (words or [""])[-1]
        found: dict[str, float] = defaultdict(float)
        weight = 0.0
        for word in words:
            rarity, topics = self._meant(word, word == half)
            weight += rarity
            for topic, share in topics.items():
                found[topic] += rarity * share
        return {topic: score / weight for topic, score in found.items()} if weight else {}

    def _meaning(self, word: str, half: bool) -> tuple[float, Mapping[str, float]]:
        """How rare a word is, and which topics it speaks for; a half-typed one for all that it may become."""
        known = [word] if word in self._topics else []
        if half and len(word) > 1:
            known += [longer for longer in self._starting_with(word) if longer != word]
        rows = [self._topics[each] for each in known or self._near(word)]
        topics: dict[str, float] = {}
        for row in rows:
            for topic, share in row.items():
                topics[topic] = max(topics.get(topic, 0.0), share)
        return math.log((1 + self._many) / (1 + len(topics))), topics

    def _starting_with(self, start: str) -> Iterable[str]:
        return (word for word in self._vocabulary if word.startswith(start))

    def _near(self, word: str) -> Sequence[str]:
        if len(word) < _SHORTEST_SLIP:
            return []
        slips = 1 if len(word) < 7 else 2
        found = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=3)
        return [str(match[0]) for match in found]


class Search:
    """All topics of a catalog. `labels` gives the model's probabilities; without a model only words count."""

    def __init__(self, catalog: Catalog, labels: Labels | None) -> None:
        self._topics = {topic.id: topic for group in GROUPS for topic in catalog.group(group)}
        self._words = Words(self._topics.values())
        self._labels = labels

    def __call__(self, query: str, filters: Filters = Filters(), shown: int = SHOWN) -> list[Hit]:  # noqa: B008 (frozen)
        """The best topics for what has been typed so far, best first."""
        text = query[:LONGEST].lower()
        if not text.strip():
            return []
        scores = self._scores(text)
        best = sorted(self._topics, key=lambda topic: -scores.get(topic, 0.0))
        found = (Hit(self._topics[topic], min(scores.get(topic, 0.0), 1.0)) for topic in best if filters.admits(self._topics[topic]))
        return [hit for hit in found if hit.score >= _LEAST][:shown]

    def _scores(self, text: str) -> dict[str, float]:
        labels = self._labels(text) if self._labels else {}
        words = self._words.scores(text)
        return {
            topic.id: labels.get(topic.intent, 0.0) + _WORDS_WEIGHT * words.get(topic.id, 0.0) for topic in self._topics.values()
        }


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text.lower())]


def _weights(topic: Topic) -> dict[str, float]:
    count: dict[str, int] = defaultdict(int)
    for example in topic.examples:
        for word in set(_words(example)):
            count[word] += 1
    shares = {word: math.sqrt(seen / len(topic.examples)) for word, seen in count.items() if seen > 1}
    named = {*_words(topic.meta.title), *_words(topic.id.replace("_", " "))}
    return shares | dict.fromkeys(named, 1.0)
