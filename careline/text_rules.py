"""House rules of every text that the bot can say. Each rule yields what it finds wrong, with the remedy. Pure."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from fnmatch import fnmatch

import textstat

from careline.contents import LANGUAGES, Contents, Said
from careline.errors import Problem
from careline.house_rules import forbidden_claims, numbers_in

GRADE = 8.0  # Flesch-Kincaid, as textstat counts it; English texts of two sentences or more
# The formula says nothing about fewer words: one long one makes a grade 10 of "Automated helper. Nobody is reading."
FEW_WORDS = 8
SENTENCES = range(2, 7)
TO_WRITE = "TODO"  # marks in a new draft what a person must write
_SENTENCE = re.compile(r"(?<!\b[A-Z])[.!?]+[\"'”’)]*(?=\s|$)")  # "Susan G. Komen" is no end of a sentence
_SHORT_CODE = re.compile(r"(?<![\w-])(?:911|988|999|112)(?![\w-])")
_REGISTRY = "hotline crisis emergency care_team"
# The placeholders that the program fills, by role and key of a text; the first line that fits counts, none fits: none.
_PLACEHOLDERS = (
    ("wording/care_team_line.*", ""),
    ("wording/too_long.*", ""),  # these three are said without the registry when all else is broken
    ("wording/empty.*", ""),
    ("wording/error.*", ""),
    ("wording/visit_questions.*", ""),
    ("wording/referral_*", f"{_REGISTRY} contacts"),
    ("wording/watch_for_lead.*", f"{_REGISTRY} signs"),
    ("wording/list_*", f"{_REGISTRY} item"),
    ("wording/*", _REGISTRY),
    ("questionnaire/names.*.at", "site"),
    ("questionnaire/names.*", ""),
    ("questionnaire/pressed.*", ""),
    ("questionnaire/choice_*", _REGISTRY),
    ("questionnaire/note_for.*", "them"),
    ("questionnaire/note_said.*", "said"),
    ("questionnaire/note_other.*", "said"),
    ("questionnaire/note_flags_*", "signs"),
    ("questionnaire/note_treatment_drug.*", "drug"),
    ("questionnaire/note_*", ""),
    ("questionnaire/ask_flags*", f"{_REGISTRY} it who whose have are do Do Have Are signs"),
    ("questionnaire/simple_flags*", f"{_REGISTRY} it who whose have are do Do Have Are signs"),
    ("questionnaire/watch_for.*", f"{_REGISTRY} it who whose have are do Do Have Are signs"),
    ("questionnaire/*", f"{_REGISTRY} it who whose have are do Do Have Are"),
    ("flag/told*", _REGISTRY),
    ("page/*", "phone emergency crisis number date"),
)


def no_forbidden_claims(contents: Contents) -> Iterator[Problem]:
    """No diagnosis, no prognosis, no false reassurance, no figure, no dose."""
    for said in contents.said:
        if not said.key.startswith("pressed."):  # what a button stands for is the person's word, not the bot's
            for claim in forbidden_claims(contents.catalog, said.text):
                yield contents.problem(
                    said.path, said.line, f"{claim}; say it in other words, see content/forbidden.yml"
                )


def no_typed_numbers(contents: Contents) -> Iterator[Problem]:
    """Phone numbers come from the registry; none is typed."""
    for said in contents.said:
        for number in [*numbers_in(said.text), *_SHORT_CODE.findall(said.text)]:
            yield contents.problem(
                said.path, said.line, f"the phone number {number.strip()!r} is typed here; {_instead(said)}"
            )


def placeholders(contents: Contents) -> Iterator[Problem]:
    """Placeholders are those that the program fills in this place."""
    for said in contents.said:
        known = _known_placeholders(said)
        for name in _placeholders(said.text):
            if name is None:
                yield contents.problem(
                    said.path, said.line, "a brace stands alone; write {{ or }}, or close the placeholder"
                )
            elif name not in known:
                use = (
                    f"use {', '.join(f'{{{each}}}' for each in known)}"
                    if known
                    else "this text can hold none: use other words"
                )
                yield contents.problem(said.path, said.line, f"unknown placeholder {{{name}}}; {use}")


def reading_grade(contents: Contents) -> Iterator[Problem]:
    """English texts of two sentences or more read at grade 8 or below."""
    for said in contents.said:
        if said.language == "en" and sentences(said.text) > 1 and len(said.text.split()) >= FEW_WORDS:
            grade = textstat.flesch_kincaid_grade(said.text)
            if grade > GRADE:
                what = f"reading grade {grade:.1f}, and {GRADE:.0f} is the most; use shorter words and sentences"
                yield contents.problem(said.path, said.line, what)


def length(contents: Contents) -> Iterator[Problem]:
    """An answer is one paragraph of two to six sentences."""
    for said in contents.said:
        if said.role in ("answer", "simple") and "\n" in said.text:
            yield contents.problem(
                said.path, said.line, "more than one paragraph; write one, after `>-`, without empty lines"
            )
        if (
            said.role == "answer"
            and contents.catalog.topics[said.key].group != "chat"
            and sentences(said.text) not in SENTENCES
        ):
            what = f"{sentences(said.text)} sentences; write {SENTENCES.start} to {SENTENCES.stop - 1}"
            yield contents.problem(said.path, said.line, what)


def no_empty_text(contents: Contents) -> Iterator[Problem]:
    """No text is empty, and every answer has one in simpler words."""
    for said in contents.said:
        if not said.text.strip() and not said.key.startswith("review."):
            yield contents.problem(said.path, said.line, f"the {said.role} text is empty; write it")


def written(contents: Contents) -> Iterator[Problem]:
    """Nothing is left to be written: a draft is no answer before a person has written it."""
    for said in contents.said:
        if TO_WRITE in said.text:
            yield contents.problem(said.path, said.line, f"{TO_WRITE} stands in the {said.role} text; write it")
    for example in (*contents.examples, *contents.questions):
        if TO_WRITE in example.text:
            yield contents.problem(example.path, example.line, f"{TO_WRITE} stands here; write what people say, a line each")


def english_there(contents: Contents) -> Iterator[Problem]:
    """Every fixed text has English: it is what is said where a language has none."""
    for name in ("wording", "questionnaire"):
        for key, value in contents.content[name].value.items():
            by_language = isinstance(value, dict) and set(value) & set(LANGUAGES)
            if by_language and "en" not in value:
                yield contents.in_content(name, key, what=f"{key!r} has no English; add `en:`")


def pages_agree(contents: Contents) -> Iterator[Problem]:
    """A translation of the page's texts has the placeholders of the English one."""
    english = {(said.path.parent, said.key): _names(said) for said in contents.pages if said.language == "en"}
    for said in contents.pages:
        wanted = english.get((said.path.parent, said.key))
        if wanted is None:
            yield contents.problem(
                said.path, said.line, f"{said.key!r} is not among the English texts; correct the key or remove it"
            )
        elif wanted - _names(said):
            missing = ", ".join(f"{{{name}}}" for name in sorted(wanted - _names(said)))
            yield contents.problem(said.path, said.line, f"{said.key!r} lacks {missing} of the English text; add it")


RULES = (
    no_forbidden_claims, no_typed_numbers, placeholders, reading_grade, length, no_empty_text, written, english_there, pages_agree,
)  # fmt: skip


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return len(_SENTENCE.findall(text))


def _instead(said: Said) -> str:
    if said.role in ("answer", "simple", "title", "noun"):
        return "name the line and add its id to `contacts:`, so that the referral shows it"
    return "write a placeholder such as {emergency}, {crisis} or {hotline}"


def _known_placeholders(said: Said) -> list[str]:
    name = f"{said.role}/{said.key}"
    return next((known.split() for pattern, known in _PLACEHOLDERS if fnmatch(name, pattern)), [])


def _placeholders(text: str) -> list[str | None]:
    """The names in braces; None stands for a brace that is not closed."""
    try:
        return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return [None]


def _names(said: Said) -> set[str]:
    return {name for name in _placeholders(said.text) if name}
