"""Short follow-ups understood from the facets of the last topic: "and the liver?" keeps what was asked and swaps the place.

A message that says more than that ("how long does it go on?") is read in the light of the last topic by `careline.nlu.in_context`.
"""

from __future__ import annotations

from collections.abc import Mapping

from careline import facets
from careline.catalog import Catalog, Topic
from careline.dialogue.memory import Memory, Reading

# Words that ask nothing by themselves: with these and a name alone, the last question is asked again of what is named.
_SMALL = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "also",
        "an",
        "and",
        "but",
        "cancer",
        "even",
        "for",
        "from",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "i'm",
        "if",
        "in",
        "it",
        "it's",
        "its",
        "just",
        "mean",
        "means",
        "meant",
        "mets",
        "my",
        "no",
        "of",
        "ok",
        "okay",
        "on",
        "one",
        "or",
        "our",
        "please",
        "same",
        "so",
        "sorry",
        "spread",
        "the",
        "their",
        "them",
        "then",
        "there",
        "this",
        "to",
        "too",
        "was",
        "what",
        "when",
        "wait",
        "with",
        "within",
        "yeah",
        "yes",
        "what's",
        "hers",
        "mine",
        "spreads",
        "else",
        "happens",
        "ones",
    ]
)


def meant(catalog: Catalog, memory: Memory, reading: Reading) -> str | None:
    """The topic meant by a message that only names something, or None where the message asks for itself.

    "And the liver?" after bone symptoms keeps what the last answer was about (symptoms) and swaps the site.
    """
    last, named = catalog.topics.get(memory.topic or ""), facets.subject(reading.entities)
    if last is None or not named or not set(reading.unnamed) <= _SMALL:
        return None
    wanted = facets.changed(last.meta.facets, named)
    return _best(catalog, wanted, named, last.id, dict(reading.topics))


def about(catalog: Catalog, memory: Memory, aspect: str) -> Topic | None:
    """The topic on another aspect (treatment, outlook, symptoms) of what the last answer was about."""
    last = catalog.topics.get(memory.topic or "")
    place = {facet: value for facet, value in last.meta.facets.items() if facet in facets.PLACE} if last else {}
    if last is None or not place:
        return None  # wine has no treatment of its own
    needed = {"about": aspect, **dict(list(place.items())[:1])}
    found = _best(catalog, {**place, "about": aspect}, needed, last.id, {})
    return catalog.topics.get(found or "")


def _best(
    catalog: Catalog, wanted: Mapping[str, str], needed: Mapping[str, str], last: str, likely: Mapping[str, float]
) -> str | None:
    """The answer that holds all that is needed and most of what is wanted; of equals the likeliest, then the plainest."""
    scored = []
    for topic in catalog.group("answer"):
        held = topic.meta.facets
        if topic.id == last or any(held.get(facet) != value for facet, value in needed.items()):
            continue
        agreed = sum(held.get(facet) == value for facet, value in wanted.items())
        scored.append(
            (held.get("about") == wanted.get("about"), agreed, likely.get(topic.id, 0.0), -len(held), topic.id)
        )
    return max(scored)[-1] if scored and (max(scored)[0] or "treatment" in needed) else None
