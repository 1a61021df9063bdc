"""A new answer that a person has yet to write: a valid file with what can be known beforehand, and TODO for the rest."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from careline.catalog import Citation, Topic
from careline.contents import Contents
from careline.maintain import edits
from careline.maintain.edits import Refused
from careline.maintain.meaning import Near, Topics
from careline.text_rules import TO_WRITE
from careline.vocabulary import pattern

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NEIGHBOURS = 5


@dataclass(frozen=True)
class Draft:
    """What is known of an answer before it is written."""

    id: str
    theme: str
    sources: tuple[Citation, ...] = ()
    facets: Mapping[str, str] = field(default_factory=dict)
    referral: str = "call_doctor"
    related: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def text(self, today: date) -> str:
        """The file."""
        examples = [
            *self.examples,
            f"{TO_WRITE} at least 20 ways people ask this, as different as people are: a word, a story, misspelt, a relative, a nurse",
        ]
        kind = [] if self.sources else ["      kind: not_covered"]
        sources = [f"      sources: [{', '.join(map(_cited, self.sources))}]"] if self.sources else []
        return "\n".join(
            [
                'version: "3.1"',
                "nlu:",
                f"- intent: answer/{self.id}",
                "  examples: |",
                *(f"    - {example}" for example in examples),
                "responses:",
                f"  utter_answer/{self.id}:",
                "  - text: >-",
                f"      {TO_WRITE} two to six short sentences in our own words; no percentage, no dose, no phone number.",
                "    metadata:",
                f"      title: {TO_WRITE} title of {self.id}",
                "      simple: >-",
                f"        {TO_WRITE} the same in simpler words.",
                *kind,
                f"      facets: {{{', '.join(f'{key}: {value}' for key, value in self.facets.items())}}}",
                *sources,
                f"      referral: {self.referral}",
                f"      related: [{', '.join(self.related)}]",
                f'      review: {{status: draft, on: "{today}", by: ""}}',
                "",
            ]
        )

    def questions(self) -> list[str]:
        """Its held-out questions, to be written by somebody else."""
        return [
            f"- intent: answer/{self.id}",
            "  examples: |",
            f"    - {TO_WRITE} at least 4 questions, written by somebody who has not seen the examples",
        ]


def cited(known: Contents, place: str) -> Citation:
    """The section that SOURCE#SECTION names.

    Raises:
        Refused: there is no such document or section; the message lists those there are.
    """
    source, _, section = place.partition("#")
    document = known.catalog.sources.get(source)
    if document is None:
        raise Refused(
            f"unknown document {source!r}; use one of {', '.join(known.catalog.sources)}, or put a new one in with careline ingest --write"
        )
    if section not in {item.name for item in document.sections}:
        raise Refused(
            f"{source!r} has no section {section!r}; use one of {'; '.join(item.name for item in document.sections)}"
        )
    return Citation(document=source, section=section)


def make(
    known: Contents,
    topics: Topics,
    name: str,
    about: Sequence[str],
    sources: Sequence[Citation] = (),
    theme: str | None = None,
) -> Draft:
    """A draft of a topic on what the texts `about` say: facets from the words in them, the rest from the nearest answers.

    Raises:
        Refused: the id is taken or malformed.
    """
    if not ID.fullmatch(name):
        raise Refused(f"{name!r} is no topic id; use small letters, digits and underscores")
    if name in known.catalog.topics:
        other = known.catalog.topics[name].path.relative_to(known.root)
        raise Refused(f"the topic {name!r} exists in {other} and is left as it is; change it, or choose another id")
    near = _near_answers(known, topics, about)
    return Draft(
        id=name,
        theme=theme or _most(topic.theme for topic in near) or "not_covered",
        sources=tuple(sources),
        facets={
            "about": _most(topic.meta.facets.get("about", "") for topic in near) or "definition",
            **facets_in(known, about),
        },
        referral=_most(topic.meta.referral for topic in near) or "call_doctor",
        related=tuple(topic.id for topic in near[:3]),
    )


def with_examples(draft: Draft, examples: Sequence[str]) -> Draft:
    """The draft with examples that a person wrote."""
    return replace(draft, examples=(*draft.examples, *examples))


def put(known: Contents, draft: Draft) -> tuple[Path, Path]:
    """Write a draft and its place in the held-out questions; both files.

    Raises:
        Refused: the file exists.
    """
    answer = known.root / "data" / "answers" / draft.theme / f"{draft.id}.yml"
    edits.create(answer, draft.text(known.today))
    questions = known.root / "tests" / "questions" / f"{draft.theme}.yml"
    if questions.exists():
        edits.insert(questions, len(questions.read_text(encoding="utf-8").splitlines()), draft.questions())
    else:
        edits.create(questions, "\n".join(['version: "3.1"', "nlu:", *draft.questions(), ""]))
    return answer, questions


def facets_in(known: Contents, texts: Sequence[str]) -> dict[str, str]:
    """The facets whose words stand in the texts: of each the value named more than all its others together. In doubt none:
    by a wrong facet a follow-up such as "and the liver?" would find this answer."""
    found: dict[str, str] = {}
    for document in known.training:
        if document.path.parent.name == "vocabulary":
            counts = Counter({value: _named(value, words, texts) for value, words in _synonyms(document.value).items()})
            value, most = counts.most_common(1)[0]
            if 2 * most > sum(counts.values()):
                found[document.path.stem] = value
    return found


def _synonyms(value: Mapping) -> dict[str, list[str]]:
    return {
        entry["synonym"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for entry in value["nlu"]
        if "synonym" in entry
    }


def _named(value: str, words: Iterable[str], texts: Iterable[str]) -> int:
    search = pattern([value.replace("_", " "), *words])
    return sum(len(search.findall(text.lower())) for text in texts)


def _near_answers(known: Contents, topics: Topics, about: Sequence[str]) -> list[Topic]:
    """The answers nearest to the texts, those near to most of them first."""
    votes: Counter[str] = Counter()
    for near in topics.nearest(about, _NEIGHBOURS):
        votes.update({item.topic: _weight(known, item) for item in near})
    return [known.catalog.topics[topic] for topic, weight in votes.most_common(_NEIGHBOURS) if weight]


def _weight(known: Contents, near: Near) -> float:
    topic = known.catalog.topics[near.topic]
    return near.similarity if topic.group == "answer" and topic.meta.kind == "answer" else 0.0


def _most(values: Iterable[str]) -> str:
    return next((value for value, _ in Counter(filter(None, values)).most_common(1)), "")


def _cited(source: Citation) -> str:
    return f"{{document: {source.document}, section: {json.dumps(source.section, ensure_ascii=False)}}}"
