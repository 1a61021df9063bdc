"""The only reader of `data/` and `content/`: everything the bot knows, as frozen, validated objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field

from careline import contacts as registry
from careline import disputed as disputes
from careline import documents, paths
from careline.contacts import Contacts
from careline.disputed import Dispute
from careline.documents import Document
from careline.errors import ContentError, Problem, problem
from careline.schema import parse
from careline.turn import Source

GROUPS = ("answer", "symptom", "chat")
REFERRALS = ("care_team", "call_doctor", "support", "crisis_support", "lines")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Review(_Strict):
    """Who looked at a text last. `draft` until a clinician has signed it."""

    status: Literal["draft", "signed"]
    on: date
    by: str


class Citation(_Strict):
    """A section of a document that an answer rests on."""

    document: str
    section: str


class Metadata(_Strict):
    """What an answer says of itself, beside its words."""

    title: str
    review: Review
    referral: Literal["care_team", "call_doctor", "support", "crisis_support", "lines"]
    simple: str = ""
    kind: Literal["answer", "not_covered", "no_diagnosis"] = "answer"
    covers: list[str] = []
    facets: dict[str, str] = {}
    sources: list[Citation] = []
    contacts: list[str] = []
    watch_for: list[str] = []
    related: list[str] = []
    noun: dict[str, str] = {}
    tier: Literal["emergency", "urgent", "today", "call_doctor", "information"] = "information"
    ask: list[str] = []
    ask_first: bool = Field(False, description="some would rather not read this: ask before telling")


class Section(_Strict):
    """A section of a document, known by the fingerprint of its text."""

    name: str
    lines: str
    fingerprint: str


class SourceDocument(_Strict):
    """One of the documents. Precedence 1 wins over 2 where they conflict."""

    id: str
    title: str
    publisher: str
    year: str
    reviewed_by_clinicians: bool
    precedence: int
    file: str
    fingerprint: str
    sections: list[Section]
    url: str = ""


class _Sources(_Strict):
    documents: list[SourceDocument]


class ForbiddenClaim(_Strict):
    """A phrase no text may hold, with the reason and what to write instead."""

    phrase: str
    why: str
    unless: list[str] = Field([], description="longer phrases in which it is harmless")


class _Forbidden(_Strict):
    phrases: list[ForbiddenClaim]
    patterns: list[ForbiddenClaim]


class _NotAnswered(_Strict):
    not_answered: dict[str, str]


@dataclass(frozen=True)
class Topic:
    """One answer (or symptom, or small talk) and the ways people ask for it."""

    id: str
    group: str
    theme: str
    text: str
    meta: Metadata
    examples: tuple[str, ...]
    document: Document

    @property
    def intent(self) -> str:
        """Its name in the training data."""
        return f"{self.group}/{self.id}"

    @property
    def path(self) -> Path:
        """The file it was read from."""
        return self.document.path

    def line(self, *key: Any) -> int:
        """The line of a metadata key in its file."""
        return self.document.line("responses", f"utter_{self.intent}", 0, "metadata", *key)


@dataclass(frozen=True)
class Catalog:
    """Everything the bot knows, apart from the red flags, which stand alone."""

    root: Path
    topics: Mapping[str, Topic]
    acts: Mapping[str, tuple[str, ...]]  # plain intents (affirm, stop, out_of_scope ...) and their examples
    sources: Mapping[str, SourceDocument]
    contacts: Contacts
    forbidden_phrases: tuple[ForbiddenClaim, ...]
    forbidden_patterns: tuple[ForbiddenClaim, ...]
    wording: Mapping[str, Mapping[str, Any]]
    disputed: tuple[Dispute, ...] = ()

    def group(self, group: str) -> Iterator[Topic]:
        """The topics of one group."""
        return (topic for topic in self.topics.values() if topic.group == group)

    @cached_property
    def by_cover(self) -> Mapping[str, tuple[str, ...]]:
        """Topic ids by the id of the question in questions.csv that they answer."""
        result: dict[str, tuple[str, ...]] = {}
        for topic in self.topics.values():
            for cover in topic.meta.covers:
                result[cover] = (*result.get(cover, ()), topic.id)
        return result

    def citations(self, topic: Topic) -> tuple[Source, ...]:
        """The sources of a topic, best document first."""
        known = sorted(topic.meta.sources, key=lambda citation: self.sources[citation.document].precedence)
        named = ((citation, self.sources[citation.document]) for citation in known)
        return tuple(Source(citation.document, citation.section, document.year, document.title) for citation, document in named)

    def disputes(self, topic: Topic) -> tuple[Dispute, ...]:
        """What the documents get wrong about a topic."""
        return tuple(dispute for dispute in self.disputed if topic.id in dispute.topics)

    def say(self, key: str, language: str = "en", **values: str) -> str:
        """A fixed wording in a language (English where it has not been translated), with its placeholders filled."""
        wording = self.wording[key]
        return str(wording.get(language) or wording["en"]).format(**values)


def load(root: Path | None = None) -> Catalog:
    """Read and validate everything under `data/` and `content/`.

    Raises:
        ContentError: every problem found, each as `path:line: what, and the remedy`.
    """
    root = root or paths.content()
    problems: list[Problem] = []
    topics, acts = _training_data(root, problems)
    content = root / "content"
    try:
        sources = parse(_Sources, documents.read(content / "sources.yml"))
        forbidden = parse(_Forbidden, documents.read(content / "forbidden.yml"))
        contacts = registry.load(content / "contacts.yml")
        wording = documents.read(content / "wording.yml").value
        disputed = disputes.load(content / "disputed.yml")
    except ContentError as error:
        raise ContentError(problems + [_relative(item, root) for item in error.problems]) from error
    if problems:
        raise ContentError([_relative(item, root) for item in problems])
    return Catalog(
        root=root,
        topics=topics,
        acts=acts,
        sources={document.id: document for document in sources.documents},
        contacts=contacts,
        forbidden_phrases=tuple(forbidden.phrases),
        forbidden_patterns=tuple(forbidden.patterns),
        wording=wording,
        disputed=disputed,
    )


@paths.per_content
def shared(root: Path) -> Catalog:
    """The catalog of the content that is used here."""
    return load(root)


def not_answered(root: Path) -> Mapping[str, str]:
    """Ids of questions.csv that no topic answers, with the reason."""
    return parse(_NotAnswered, documents.read(root / "content" / "not_answered.yml")).not_answered


def _training_data(root: Path, problems: list[Problem]) -> tuple[dict[str, Topic], dict[str, tuple[str, ...]]]:
    topics: dict[str, Topic] = {}
    acts: dict[str, tuple[str, ...]] = {}
    for path in sorted((root / "data").rglob("*.yml")):
        try:
            document = documents.read(path)
            _read_intents(document, topics, acts, problems)
        except ContentError as error:
            problems.extend(error.problems)
    return topics, acts


def _read_intents(
    document: Document, topics: dict[str, Topic], acts: dict[str, tuple[str, ...]], problems: list[Problem]
) -> None:
    for index, entry in enumerate((document.value or {}).get("nlu") or []):
        if "intent" not in entry:
            continue
        intent, examples = str(entry["intent"]), _examples(document, index, problems)
        if "/" not in intent:
            acts[intent] = acts.get(intent, ()) + examples
            continue
        topic = _topic(document, index, intent, examples)
        if topic.id in topics:
            other = topics[topic.id].path
            problems.append(problem(document.path, document.line("nlu", index), f"the topic {topic.id!r} stands in {other} too; rename one"))
        topics[topic.id] = topic


def _examples(document: Document, index: int, problems: list[Problem]) -> tuple[str, ...]:
    text = document.value["nlu"][index].get("examples")
    first = document.line("nlu", index, "examples") + 1
    if not isinstance(text, str):
        problems.append(problem(document.path, first - 1, "examples must be a `|` block of lines that start with `- `; write them so"))
        return ()
    result = []
    for offset, line in enumerate(text.splitlines()):
        if line.strip() and not line.startswith("- "):
            problems.append(problem(document.path, first + offset, f"an example must start with `- `: {line[:40]!r}; add the dash"))
        elif line.strip():
            result.append(line[2:].strip())
    return tuple(result)


def _topic(document: Document, index: int, intent: str, examples: tuple[str, ...]) -> Topic:
    group, _, topic_id = intent.partition("/")
    key = f"utter_{intent}"
    responses = document.value.get("responses") or {}
    if key not in responses:
        raise ContentError([problem(document.path, document.line("nlu", index), f"the answer {key!r} is missing under `responses:`; add it or correct its name")])
    if "metadata" not in responses[key][0]:
        raise ContentError([problem(document.path, document.line("responses", key), "the answer has no `metadata:`; add title, referral and review")])
    meta = parse(Metadata, document, "responses", key, 0, "metadata")
    theme = document.path.parent.name if group == "answer" else group
    return Topic(topic_id, group, theme, str(responses[key][0].get("text", "")).strip(), meta, examples, document)


def _relative(item: Problem, root: Path) -> Problem:
    return problem(item.path, item.line, item.what, root)


