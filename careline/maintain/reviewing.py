"""What went unanswered, sorted by meaning, and what a person makes of it: ordinary edits of content files. For terminal and console.

Raw messages are never trained on: what goes into a file is a phrase that a person wrote, and one that repeats a message word for
word or names somebody is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from careline.contents import Contents, Example, examples_of
from careline.documents import Document
from careline.maintain import drafts, edits
from careline.maintain.edits import Refused
from careline.maintain.meaning import Near, Topics, encode
from careline.privacy import scrub
from careline.store.base import Review

TOGETHER = 0.4  # cosine distance below which messages go into one cluster (average linkage)
_REASONS = {
    ("unanswered", "clarify"): "unsure",
    ("unanswered", "out_of_scope"): "fell through",
    ("unanswered", "error"): "error",
}


@dataclass(frozen=True)
class Cluster:
    """Messages that mean about the same, and the topics nearest to them."""

    rows: tuple[Review, ...]
    nearest: tuple[Near, ...]

    @property
    def ids(self) -> list[int]:
        """The rows in the store."""
        return [row.id for row in self.rows]

    def reasons(self) -> str:
        """Why they are here, counted."""
        counted = Counter(reason(row) for row in self.rows)
        return ", ".join(f"{count} {name}" for name, count in counted.most_common())


def reason(row: Review) -> str:
    """Why a message is in the queue, in a word or two."""
    return _REASONS.get((row.reason, row.kind), "voted down" if row.reason == "not_helpful" else row.reason)


def clusters(rows: Sequence[Review], topics: Topics) -> list[Cluster]:
    """The messages grouped by meaning, the largest group first."""
    vectors = encode([row.text for row in rows])
    groups: dict[int, list[int]] = {}
    for index, label in enumerate(_labels(vectors)):
        groups.setdefault(int(label), []).append(index)
    found = [_cluster(rows, vectors, members, topics) for members in groups.values()]
    return sorted(found, key=lambda cluster: -len(cluster.rows))


def suggestions(known: Contents, rows: Iterable[Review], topics: Topics, topic: str) -> list[tuple[Review, Near]]:
    """Messages whose nearest topic is this one, nearest first; none that is an example or a held-out question already."""
    taken = _taken(known)
    fresh = list({_key(row.text): row for row in rows if _key(row.text) not in taken}.values())
    near = [(row, found[0]) for row, found in zip(fresh, topics.nearest([row.text for row in fresh], 1))]
    return sorted(((row, item) for row, item in near if item.topic == topic), key=lambda pair: -pair[1].similarity)


def add_example(known: Contents, topic: str, phrase: str, messages: Sequence[str]) -> Path:
    """Put a person's phrase among the examples of a topic (or of an intent such as out_of_scope); the file that changed.

    Raises:
        Refused: the phrase repeats a message, names somebody, or stands somewhere already; or there is no such topic.
    """
    return _append(known, known.training, topic, _allowed(known, phrase, messages))


def add_question(known: Contents, topic: str, phrase: str, messages: Sequence[str]) -> Path:
    """Put a person's phrase among the held-out questions of a topic; the file that changed.

    Raises:
        Refused: as for an example.
    """
    return _append(known, known.held_out, topic, _allowed(known, phrase, messages))


def add_topic(known: Contents, topics: Topics, name: str, phrase: str, messages: Sequence[str]) -> Path:
    """Start a topic with a person's phrase as its first example; its file. It says that the documents do not cover it.

    Raises:
        Refused: as for an example, or the id is taken or malformed.
    """
    phrase = _allowed(known, phrase, messages)
    draft = drafts.make(known, topics, name, [phrase, *messages])
    return drafts.put(known, drafts.with_examples(draft, [phrase]))[0]


def _allowed(known: Contents, phrase: str, messages: Sequence[str]) -> str:
    phrase = " ".join(phrase.split())
    if not phrase:
        raise Refused("nothing was written")
    if _key(phrase) in {_key(message) for message in messages}:
        raise Refused("this repeats a message word for word; say it in your own words")
    if scrub(phrase) != phrase:
        raise Refused("this seems to name somebody or something private; say it in a general form")
    if "[" in phrase or "]" in phrase:
        raise Refused("an example holds no square brackets; write the words without them")
    taken = _taken(known).get(_key(phrase))
    if taken:
        raise Refused(f"this stands already in {taken.path.relative_to(known.root)}:{taken.line} ({taken.intent})")
    return phrase


def _append(known: Contents, documents: Iterable[Document], topic: str, phrase: str) -> Path:
    """Add a line after the last example of a topic, as far in as that one."""
    intent = known.catalog.topics[topic].intent if topic in known.catalog.topics else topic
    examples = [example for document in documents for example in examples_of(document) if example.intent == intent]
    if not examples:
        raise Refused(
            f"there is no topic {topic!r}, or it has no examples there; see data/answers, data/symptoms and tests/questions"
        )
    last = max(examples, key=lambda example: example.line)
    line = last.path.read_text(encoding="utf-8").splitlines()[last.line - 1]
    edits.insert(last.path, last.line, [f"{line[: line.index('-')]}- {phrase}"])
    return last.path


def _taken(known: Contents) -> dict[str, Example]:
    return {example.key: example for example in (*known.examples, *known.questions)}


def _key(text: str) -> str:
    return Example("", text, Path(), 0).key


def _labels(vectors: np.ndarray) -> Sequence[int]:
    if len(vectors) < 2:
        return [0] * len(vectors)
    clustering = AgglomerativeClustering(
        n_clusters=None, affinity="cosine", linkage="average", distance_threshold=TOGETHER
    )
    return clustering.fit_predict(vectors)


def _cluster(rows: Sequence[Review], vectors: np.ndarray, members: Sequence[int], topics: Topics) -> Cluster:
    """Its messages from the middle outwards, and the topics nearest to the one in the middle."""
    centre = vectors[list(members)].mean(axis=0)
    ordered = sorted(members, key=lambda index: -float(vectors[index] @ centre))
    return Cluster(tuple(rows[index] for index in ordered), tuple(topics.nearest([rows[ordered[0]].text])[0]))
