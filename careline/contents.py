"""All content with the lines it stands on, as the house rules of the content read it: every file once."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from careline import catalog as catalogs
from careline import documents, flag_files
from careline.catalog import Catalog, Topic
from careline.documents import Document, Key
from careline.errors import ContentError, Problem, problem

LANGUAGES = ("en", "es")
FILES = ("contacts", "sources", "wording", "questionnaire", "triage", "facets", "covers", "not_answered", "disputed")
_SPOKEN_OF_A_FLAG = ("title", "told", "told_at", "told_strong", "watch_for", "ask")
_JSON_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"(\s*:)?')
Value = TypeVar("Value")


@dataclass(frozen=True)
class Example:
    """One line that a person might type, and the intent it is an example of ("" in a conversation)."""

    intent: str
    text: str
    path: Path
    line: int

    @cached_property
    def key(self) -> str:
        """What two examples share that differ in case, punctuation and spaces only."""
        plain = unicodedata.normalize("NFKC", self.text).casefold()
        return re.sub(r"[\W_]", "", plain) or plain.strip()


@dataclass(frozen=True)
class Said:
    """A text that the bot can say. `role` is answer, simple, title, noun, flag, disputed, page, or the file of a fixed text."""

    path: Path
    line: int
    text: str
    role: str
    key: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Contents:
    """Everything the rules look at: the validated catalog, and the documents that know the lines."""

    catalog: Catalog
    today: date
    training: tuple[Document, ...]
    held_out: tuple[Document, ...]
    conversations: tuple[Document, ...]
    content: Mapping[str, Document]  # content/<name>.yml by name
    domain: Document
    flags: Mapping[str, Document]  # red flags by id
    pages: tuple[Said, ...]

    @property
    def root(self) -> Path:
        """The project folder."""
        return self.catalog.root

    def problem(self, path: Path, line: int, what: str) -> Problem:
        """A problem with its path shown from the project folder."""
        return problem(path, line, what, self.root)

    def at(self, topic: Topic, *key: Any, what: str) -> Problem:
        """A problem at a metadata key of a topic."""
        return self.problem(topic.path, topic.line(*key), what)

    def in_content(self, name: str, *key: Any, what: str) -> Problem:
        """A problem at a key of content/<name>.yml."""
        return self.problem(self.content[name].path, self.content[name].line(*key), what)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Every training example."""
        return tuple(example for document in self.training for example in examples_of(document))

    @cached_property
    def questions(self) -> tuple[Example, ...]:
        """Every held-out question."""
        return tuple(example for document in self.held_out for example in examples_of(document))

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Every text the bot can say."""
        return tuple(self._said())

    def _said(self) -> Iterator[Said]:
        for topic in self.catalog.topics.values():
            yield from _topic_texts(topic)
        for name in ("wording", "questionnaire"):
            yield from _texts(self.content[name], name)
        yield from (said for said in _texts(self.content["disputed"], "disputed") if said.key.endswith(".say"))
        for document in self.flags.values():
            yield from (said for said in _texts(document, "flag") if said.key.split(".")[0] in _SPOKEN_OF_A_FLAG)
        yield from self.pages


def read(root: Path, today: date | None = None) -> Contents:
    """Read and validate all content of a project folder.

    Raises:
        ContentError: every problem that keeps the content from being read at all.
    """
    problems: list[Problem] = []
    catalog = _attempt(problems, root, lambda: catalogs.load(root))
    flags = _attempt(problems, root, lambda: flag_files.read(root / "content" / "red_flags").flags)
    content = {name: _attempt(problems, root, partial(_mapping, root / "content" / f"{name}.yml")) for name in FILES}
    domain = _attempt(problems, root, lambda: _mapping(root / "domain.yml"))
    held_out = _attempt(problems, root, lambda: _folder(root / "tests" / "questions"))
    conversations = _attempt(problems, root, lambda: _folder(root / "tests" / "conversations"))
    if catalog is None or flags is None or domain is None or held_out is None or conversations is None or problems:
        raise ContentError(list(dict.fromkeys(problems)))
    return Contents(
        catalog=catalog,
        today=today or date.today(),
        training=_training(catalog),
        held_out=held_out,
        conversations=conversations,
        content={name: document for name, document in content.items() if document},
        domain=domain,
        flags={str(value["id"]): document for document, value in flags},
        pages=tuple(said for path in sorted(root.glob("web/*/strings/*.js")) for said in page_texts(path)),
    )


def examples_of(document: Document) -> Iterator[Example]:
    """The example lines of a file of training data."""
    for index, entry in enumerate((document.value or {}).get("nlu") or []):
        first = document.line("nlu", index, "examples") + 1
        for offset, line in enumerate(str(entry.get("examples", "")).splitlines()):
            if "intent" in entry and line.startswith("- "):
                yield Example(str(entry["intent"]), line[2:].strip(), document.path, first + offset)


def messages_of(document: Document) -> Iterator[Example]:
    """Every text in a file of conversations, whoever says it: the bot's own texts are no examples anyway."""
    for key, text in leaves(document.value):
        yield Example("", text, document.path, document.line(*key))


def leaves(value: Any, key: Key = ()) -> Iterator[tuple[Key, str]]:
    """The texts inside a YAML value, each with its key path."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, str):
        yield key, value
    for name, item in items:
        yield from leaves(item, (*key, name))


def page_texts(path: Path) -> Iterator[Said]:
    """The texts in a file of the page's strings: JavaScript that holds one JSON object."""
    source, key = path.read_text(encoding="utf-8"), ""
    for match in _JSON_STRING.finditer(source):
        text = json.loads(match.group().rstrip(": \t"))
        if match[1]:
            key = text
        else:
            yield Said(path, source.count("\n", 0, match.start()) + 1, text, "page", key, path.stem)


def _topic_texts(topic: Topic) -> Iterator[Said]:
    text_line = topic.document.line("responses", f"utter_{topic.intent}", 0, "text")
    yield Said(topic.path, text_line, topic.text, "answer", topic.id)
    for role in ("simple", "title"):
        yield Said(topic.path, topic.line(role), getattr(topic.meta, role).strip(), role, topic.id)
    for language, noun in topic.meta.noun.items():
        yield Said(topic.path, topic.line("noun", language), noun, "noun", topic.id, language)


def _texts(document: Document, role: str) -> Iterator[Said]:
    for key, text in leaves(document.value):
        language = next((str(part) for part in key if part in LANGUAGES), "en")
        yield Said(document.path, document.line(*key), text, role, ".".join(map(str, key)), language)


def _training(catalog: Catalog) -> tuple[Document, ...]:
    known = {topic.path: topic.document for topic in catalog.topics.values()}
    return tuple(known.get(path) or documents.read(path) for path in sorted((catalog.root / "data").rglob("*.yml")))


def _folder(folder: Path) -> tuple[Document, ...]:
    return tuple(documents.read(path) for path in sorted(folder.rglob("*.yml")))


def _mapping(path: Path) -> Document:
    if not path.exists():
        raise ContentError([problem(path, 1, "this file is missing; restore it from version control")])
    document = documents.read(path)
    if not isinstance(document.value, dict):
        raise ContentError([problem(path, 1, "expected keys and values; see the file in version control")])
    return document


def _attempt(problems: list[Problem], root: Path, action: Callable[[], Value]) -> Value | None:
    """Run a step; what is wrong is collected, so that one run shows all of it."""
    try:
        return action()
    except ContentError as error:
        problems.extend(problem(item.path, item.line, item.what, root) for item in error.problems)
        return None
