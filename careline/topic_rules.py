"""House rules of topics. Each rule yields what it finds wrong, with the remedy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from careline.catalog import GROUPS, Topic
from careline.contents import Contents, examples_of
from careline.errors import Problem

_ANSWER_KEYS = {"version", "nlu", "responses"}
_SOURCED = {("answer", "answer"), ("symptom", "answer")}


def file_names(contents: Contents) -> Iterator[Problem]:
    """File name = topic id, in the folder of its group."""
    for topic in contents.catalog.topics.values():
        wanted = _places(topic)
        place = topic.path.relative_to(contents.root / "data").as_posix()
        if topic.group not in GROUPS:
            line = _intent_line(topic)
            yield contents.problem(
                topic.path, line, f"unknown group {topic.group!r}; use {', '.join(GROUPS)} before the slash"
            )
        elif not re.fullmatch(wanted.replace("*", "[^/]+"), place):
            what = f"the topic {topic.id!r} lies in data/{place}; it belongs in data/{wanted}: rename the file or the topic"
            yield contents.problem(topic.path, _intent_line(topic), what)


def one_answer_a_file(contents: Contents) -> Iterator[Problem]:
    """A file of an answer or a symptom holds one intent with one response, and nothing else."""
    for topic in _in_own_file(contents):
        document = topic.document
        for key in set(document.value) - _ANSWER_KEYS:
            yield contents.problem(
                topic.path, document.line(key), f"unknown key {key!r}; remove it or move it to its own file"
            )
        if len(document.value["nlu"]) > 1:
            yield contents.problem(
                topic.path, document.line("nlu", 1), "a second intent in this file; give it a file of its own"
            )


def one_text_a_response(contents: Contents) -> Iterator[Problem]:
    """A response is one text with its metadata, and belongs to an intent of its file."""
    for document in contents.training:
        intents = {example.intent for example in examples_of(document)}
        for name, variations in (document.value or {}).get("responses", {}).items():
            line = document.line("responses", name)
            if name.removeprefix("utter_") not in intents:
                yield contents.problem(
                    document.path, line, f"{name!r} answers no intent of this file; correct its name or remove it"
                )
            if len(variations) != 1 or set(variations[0]) != {"text", "metadata"}:
                yield contents.problem(
                    document.path, line, f"{name!r} must be one item with `text` and `metadata`; remove the rest"
                )


def version_key(contents: Contents) -> Iterator[Problem]:
    """Rasa skips or refuses a file without its version."""
    for document in contents.training:
        if (document.value or {}).get("version") != "3.1":
            yield contents.problem(
                document.path, document.line("version"), 'Rasa needs the version; write `version: "3.1"` on top'
            )


def sources(contents: Contents) -> Iterator[Problem]:
    """What states facts names the sections it rests on, and they exist."""
    for topic in contents.catalog.topics.values():
        if (topic.group, topic.meta.kind) in _SOURCED and not topic.meta.sources:
            yield contents.at(
                topic,
                what="the answer has no sources; add `sources: [{document: …, section: …}]` of content/sources.yml",
            )
        for index, cited in enumerate(topic.meta.sources):
            document = contents.catalog.sources.get(cited.document)
            if document is None:
                known = ", ".join(contents.catalog.sources)
                yield contents.at(
                    topic, "sources", index, what=f"unknown document {cited.document!r}; use one of {known}"
                )
            elif cited.section not in {section.name for section in document.sections}:
                what = f"{cited.document!r} has no section {cited.section!r}; copy the section's name from content/sources.yml"
                yield contents.at(topic, "sources", index, what=what)


def contacts_named(contents: Contents) -> Iterator[Problem]:
    """Contacts that a topic names may be shown."""
    for topic in contents.catalog.topics.values():
        for index, name in enumerate(topic.meta.contacts):
            contact = contents.catalog.contacts.by_id.get(name)
            if contact is None:
                yield contents.at(
                    topic, "contacts", index, what=f"unknown contact {name!r}; use an id of content/contacts.yml"
                )
            elif not contact.may_be_shown(contents.today):
                what = f"the contact {name!r} may not be shown ({contact.status}, expires {contact.expires}); ring it or name another"
                yield contents.at(topic, "contacts", index, what=what)


def related(contents: Contents) -> Iterator[Problem]:
    """Related topics exist, once each, and are others."""
    for topic in contents.catalog.topics.values():
        for index, other in enumerate(topic.meta.related):
            if other not in contents.catalog.topics:
                yield contents.at(topic, "related", index, what=f"unknown topic {other!r}; correct its id or remove it")
            elif other == topic.id or other in topic.meta.related[:index]:
                yield contents.at(
                    topic, "related", index, what=f"{other!r} is the topic itself or stands here twice; remove it"
                )


def titles(contents: Contents) -> Iterator[Problem]:
    """No two topics have the same title: people choose by it."""
    seen: dict[str, Topic] = {}
    for topic in contents.catalog.topics.values():
        other = seen.setdefault(topic.meta.title.casefold(), topic)
        if other is not topic or not topic.meta.title:
            yield contents.at(
                topic, "title", what=f"the title is empty or {other.id!r} has it too; give it one of its own"
            )


def flags_named(contents: Contents) -> Iterator[Problem]:
    """Red flags that a topic names exist."""
    for topic in contents.catalog.topics.values():
        for key in ("watch_for", "ask"):
            for index, row in enumerate(getattr(topic.meta, key)):
                if row not in contents.flags:
                    what = f"unknown red flag {row!r}; use the id of a file in content/red_flags/"
                    yield contents.at(topic, key, index, what=what)


def symptoms_complete(contents: Contents) -> Iterator[Problem]:
    """A symptom has a noun in English and Spanish and red flags to ask about."""
    for topic in contents.catalog.group("symptom"):
        if set(topic.meta.noun) != {"en", "es"}:
            yield contents.at(topic, "noun", what='a symptom needs its noun; write `noun: {en: "…", es: "…"}`')
        if not topic.meta.ask:
            yield contents.at(topic, "ask", what="a symptom needs the red flags to ask about; write `ask: [E1]`")


def facets(contents: Contents) -> Iterator[Problem]:
    """Facets and their values are those of content/facets.yml."""
    known: Mapping[str, list[str]] = contents.content["facets"].value
    for topic in contents.catalog.topics.values():
        for key, value in topic.meta.facets.items():
            if value not in known.get(key, []):
                use = (
                    f"use one of {', '.join(known[key])}"
                    if key in known
                    else f"use one of the facets {', '.join(known)}"
                )
                yield contents.at(
                    topic, "facets", key, what=f"unknown facet {key}: {value}; {use}, or add it to content/facets.yml"
                )
        if topic.group != "chat" and "about" not in topic.meta.facets:
            yield contents.at(topic, "facets", what="the facet `about` is missing; add it, see content/facets.yml")


def reviews(contents: Contents) -> Iterator[Problem]:
    """A signed text says who signed it, and no review lies in the future."""
    for topic in contents.catalog.topics.values():
        review = topic.meta.review
        if review.on > contents.today:
            yield contents.at(
                topic,
                "review",
                "on",
                what=f"the review date {review.on} lies in the future; write the day it was reviewed",
            )
        if review.status == "signed" and not review.by.strip():
            yield contents.at(topic, "review", "by", what="signed by nobody; write who signed it, or `status: draft`")


RULES = (
    file_names, one_answer_a_file, one_text_a_response, version_key, sources, contacts_named, related, titles, flags_named, symptoms_complete, facets,
    reviews,
)  # fmt: skip


def _places(topic: Topic) -> str:
    """Where a topic's file belongs, below data/."""
    places = {"answer": f"answers/*/{topic.id}.yml", "symptom": f"symptoms/{topic.id}.yml"}
    return places.get(topic.group, "dialogue/*.yml")


def _in_own_file(contents: Contents) -> Iterator[Topic]:
    return (topic for topic in contents.catalog.topics.values() if topic.group in ("answer", "symptom"))


def _intent_line(topic: Topic) -> int:
    entries = [entry.get("intent") for entry in topic.document.value["nlu"]]
    return topic.document.line("nlu", entries.index(topic.intent), "intent")
