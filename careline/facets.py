"""What a topic is about, and how the next message changes it: "and the liver?" after the bones. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Facets that say what a topic is of, most telling first; the facet `about` says which side of it (symptoms, treatment …).
SUBJECT = ("site", "recurrence", "surgery", "treatment", "type")
PLACE = (
    "site",
    "recurrence",
    "type",
    "surgery",
)  # what a treatment or an outlook is of; one of them replaces the others


def subject(entities: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What a message names, by facet: of two words for one facet the last one counts."""
    return {kind: value for kind, value in entities if kind in SUBJECT}


def changed(facets: Mapping[str, str], named: Mapping[str, str]) -> dict[str, str]:
    """The facets of the last topic once a message has named something else; a place takes the place of every other."""
    replaced = set(named) | (set(PLACE) if set(named) & set(PLACE) else set())
    return {facet: value for facet, value in facets.items() if facet not in replaced} | dict(named)


def phrase(facets: Mapping[str, str]) -> str:
    """What the facets are of, in words: "bone bisphosphonate"; empty where they name nothing."""
    return " ".join(facets[facet].replace("_", " ") for facet in SUBJECT if facet in facets)
