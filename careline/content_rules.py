"""The house rules of the content: every rule by name. A rule reads Contents and yields what it finds wrong. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from careline import example_rules, expiry, registry_rules, text_rules, topic_rules
from careline.contents import Contents
from careline.errors import Problem

Rule = Callable[[Contents], Iterable[Problem]]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (*topic_rules.RULES, *example_rules.RULES, *text_rules.RULES, *registry_rules.RULES)
    }
)


def problems(contents: Contents) -> list[Problem]:
    """What all rules find wrong, sorted by file and line, each once."""
    return sorted({problem for rule in RULES.values() for problem in rule(contents)})


def warnings(contents: Contents) -> list[str]:
    """What is not wrong today but needs a person: contacts and reviews about to expire, texts that nobody has signed."""
    unsigned = registry_rules.drafts(contents)
    wrong = set(registry_rules.contacts_current(contents))  # what has expired already is named there
    found = [str(problem) for problem in expiry.due(contents) if (problem.path, problem.line) not in {(item.path, item.line) for item in wrong}]
    return [*found, f"{unsigned} texts are drafts: no clinician has signed them yet"] if unsigned else found


def counts(contents: Contents) -> str:
    """How much content there is, in words."""
    symptoms = len(list(contents.catalog.group("symptom")))
    topics, examples = len(contents.catalog.topics) - symptoms, len(contents.examples)
    return f"{topics} topics, {examples:,} examples, {symptoms} symptoms, {len(contents.flags)} red flags"
