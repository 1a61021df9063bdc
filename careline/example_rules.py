"""House rules of examples and of the held-out questions. Each rule yields what it finds wrong, with the remedy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careline.contents import Contents, Example, messages_of
from careline.errors import Problem

ENOUGH = 20  # examples a topic; the strongest lever on how often the right answer is found
ENOUGH_HELD_OUT = 4
# A conversation tests what the dialogue does with a message that is understood, so its stock messages ("what is palliative
# care", "yes") may be examples; a message of more words than this was copied, and makes the conversation prove nothing.
STOCK_WORDS = 8


def enough_examples(contents: Contents) -> Iterator[Problem]:
    """At least 20 examples a topic."""
    for intent, examples in _by_intent(contents.examples).items():
        if len(examples) < ENOUGH:
            what = f"{intent!r} has {len(examples)} examples; add {ENOUGH - len(examples)} more, as different as people are"
            yield contents.problem(examples[0].path, examples[0].line - 1, what)


def no_example_twice(contents: Contents) -> Iterator[Problem]:
    """No example stands in two places, whatever its case, punctuation and spaces."""
    seen: dict[str, Example] = {}
    for example in contents.examples:
        first = seen.setdefault(example.key, example)
        if first is not example:
            other = f"{first.path.relative_to(contents.root)}:{first.line} ({first.intent})"
            yield contents.problem(
                example.path, example.line, f"the example {example.text!r} stands in {other} too; keep one of them"
            )


def held_out_apart(contents: Contents) -> Iterator[Problem]:
    """Nothing that the bot is measured with is a training example."""
    known = {example.key: example for example in contents.examples}
    messages = [message for document in contents.conversations for message in messages_of(document)]
    for example in [*contents.questions, *(message for message in messages if len(message.text.split()) > STOCK_WORDS)]:
        trained = known.get(example.key)
        if trained:
            where = f"{trained.path.relative_to(contents.root)}:{trained.line}"
            what = (
                f"{example.text!r} is a training example too ({where}), so it measures nothing; say it in other words"
            )
            yield contents.problem(example.path, example.line, what)


def held_out_once(contents: Contents) -> Iterator[Problem]:
    """No held-out question counts twice."""
    seen: dict[str, Example] = {}
    for example in contents.questions:
        first = seen.setdefault(example.key, example)
        if first is not example:
            other = f"{first.path.relative_to(contents.root)}:{first.line}"
            yield contents.problem(
                example.path, example.line, f"{example.text!r} stands in {other} too; remove one of them"
            )


def enough_held_out(contents: Contents) -> Iterator[Problem]:
    """At least 4 held-out questions a topic, of topics that exist."""
    known = _by_intent(contents.examples)
    held_out = _by_intent(contents.questions)
    for intent, examples in held_out.items():
        if intent not in known:
            yield contents.problem(
                examples[0].path, examples[0].line - 2, f"{intent!r} is no intent of data/; correct its name"
            )
    for intent, examples in known.items():
        count = len(held_out.get(intent, ()))
        if count < ENOUGH_HELD_OUT:
            what = f"{intent!r} has {count} held-out questions in tests/questions; add {ENOUGH_HELD_OUT - count} that are not examples"
            yield contents.problem(examples[0].path, examples[0].line - 1, what)


def no_brackets(contents: Contents) -> Iterator[Problem]:
    """Rasa reads square brackets in examples as entities; here the matchers find those."""
    for example in contents.examples:
        if "[" in example.text or "]" in example.text:
            yield contents.problem(
                example.path, example.line, f"square brackets in {example.text[:40]!r}; write the words without them"
            )


RULES = (enough_examples, no_example_twice, held_out_apart, held_out_once, enough_held_out, no_brackets)


def _by_intent(examples: Iterable[Example]) -> dict[str, list[Example]]:
    result: dict[str, list[Example]] = {}
    for example in examples:
        result.setdefault(example.intent, []).append(example)
    return result
