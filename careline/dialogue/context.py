"""Short follow-ups understood from the facets of the last topic: "and the liver?", "how is that treated?"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from careline.catalog import Catalog, Topic
from careline.dialogue.memory import Memory, Reading

_OPENING = re.compile(r"^(?:and|or|but|so|ok|no,? i meant|i meant|even if|what about|how about|what if|same (?:for|with)|also|in|for|with|after)\b", re.I)
_SURE = 0.6  # the classifier's own topic stands when it is this sure
_LIKELY, _LEAST = 5, 0.05  # topics looked at, and how likely they must be, for a follow-up without a subject
_LONGEST = 8  # words; a longer message says itself what it is about
_SUBJECT = ("site", "recurrence", "surgery", "treatment", "type")  # facets a follow-up may swap, most telling first
_PLACE = ("site", "recurrence", "type", "surgery")  # facets that say what a treatment or an outlook is of


def meant(catalog: Catalog, memory: Memory, reading: Reading) -> str | None:
    """The topic a short follow-up means, or None where the message speaks for itself.

    "And the liver?" after bone symptoms keeps what the last answer was about (symptoms) and swaps the site.
    """
    last = catalog.topics.get(memory.topic or "")
    named = {kind: value for kind, value in reading.entities if kind in _SUBJECT}
    if last is None or not named or not _is_follow_up(reading.text) or _speaks_for_itself(catalog, reading, named):
        return None
    wanted = {**_without_swapped(last.meta.facets, named), **named}
    return _best(catalog, wanted, named, exclude=last.id)


def about(catalog: Catalog, memory: Memory, aspect: str) -> Topic | None:
    """The topic on another aspect (treatment, outlook, symptoms) of what the last answer was about."""
    last = catalog.topics.get(memory.topic or "")
    if last is None:
        return None
    place = {facet: value for facet, value in last.meta.facets.items() if facet in _PLACE}
    found = _best(catalog, {**place, "about": aspect}, {"about": aspect, **dict(list(place.items())[:1])}, exclude=last.id)
    return catalog.topics.get(found or "")


def near(catalog: Catalog, memory: Memory, reading: Reading) -> str | None:
    """Of a few words without a subject ("how long does it last?"), the likely topic that lies near the last one."""
    last = catalog.topics.get(memory.topic or "")
    if last is None or len(reading.text.split()) > _LONGEST:
        return None
    likely = [topic for topic, score in reading.topics[:_LIKELY] if score >= _LEAST]
    return next((topic for topic in likely if topic in last.meta.related or catalog.topics[topic].theme == last.theme), None)


def _speaks_for_itself(catalog: Catalog, reading: Reading, named: Mapping[str, str]) -> bool:
    """Is the classifier sure of a topic that is about what was named? Then no context is needed."""
    topic, score = reading.topics[0] if reading.topics else ("", 0.0)
    if topic not in catalog.topics or score < _SURE:
        return False
    whole = not _OPENING.match(reading.text.strip()) and len(reading.text.split()) > 3
    return whole or any(catalog.topics[topic].meta.facets.get(kind) == value for kind, value in named.items())


def _is_follow_up(text: str) -> bool:
    count = len(text.split())
    return count <= 3 or (count <= _LONGEST and bool(_OPENING.match(text.strip())))


def _without_swapped(facets: Mapping[str, str], named: Mapping[str, str]) -> dict[str, str]:
    """The last topic's facets, less those that the new word replaces: a site replaces a kind of recurrence, too."""
    swapped = set(named) | (set(_PLACE) if set(named) & set(_PLACE) else set())
    return {facet: value for facet, value in facets.items() if facet == "about" or facet not in swapped}


def _best(catalog: Catalog, wanted: Mapping[str, str], needed: Mapping[str, str], exclude: str) -> str | None:
    """The answer whose facets hold all that is needed and most of what is wanted, with the fewest others."""
    scored = []
    for topic in catalog.group("answer"):
        facets = topic.meta.facets
        if topic.id == exclude or any(facets.get(key) != value for key, value in needed.items()):
            continue
        agreed = sum(facets.get(key) == value for key, value in wanted.items())
        about_same = facets.get("about") == wanted.get("about")
        scored.append((about_same, agreed, -len(facets), topic.id))
    return max(scored)[3] if scored and (max(scored)[0] or "treatment" in needed) else None
