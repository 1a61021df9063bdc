"""Short follow-ups understood from the facets of the last topic: "and the liver?", "how is that treated?"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from careline.catalog import Catalog, Topic
from careline.dialogue.memory import Memory, Reading

_OPENING = re.compile(r"^(?:and|or|but|so|ok|what about|how about|what if|same (?:for|with)|also|in|for|with|after)\b", re.I)
_LONGEST = 8  # words; a longer message says itself what it is about
_SUBJECT = ("site", "recurrence", "surgery", "treatment", "type")  # facets a follow-up may swap, most telling first
_PLACE = ("site", "recurrence", "type", "surgery")  # facets that say what a treatment or an outlook is of


def meant(catalog: Catalog, memory: Memory, reading: Reading) -> str | None:
    """The topic a short follow-up means, or None where the message speaks for itself.

    "And the liver?" after bone symptoms keeps what the last answer was about (symptoms) and swaps the site.
    """
    last = catalog.topics.get(memory.topic or "")
    named = {kind: value for kind, value in reading.entities if kind in _SUBJECT}
    if last is None or not named or not _is_follow_up(reading.text):
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
