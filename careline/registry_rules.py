"""House rules of what stands beside the topics: contacts, red flags, coverage, intents. Each rule yields what it finds wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import phonenumbers

from careline.catalog import GROUPS
from careline.contacts import STATUSES, digits_of, parsed
from careline.contents import Contents
from careline.errors import Problem

SHORT_CODE = 6  # digits; longer numbers must be complete North American ones
SET_BY_PIPELINE = ("red_flag", "other_language", "choose", "nlu_fallback")


def numbers_complete(contents: Contents) -> Iterator[Problem]:
    """Every number is a complete phone number or a short code, and its letters spell it."""
    for index, contact in _contacts(contents):
        phone = str(contact["phone"])
        if not _complete(phone):
            what = f"{phone!r} is no complete phone number; look it up at its source and correct it"
            yield contents.in_content("contacts", "contacts", index, "phone", what=what)
        letters = contact.get("letters")
        if letters and digits_of(phonenumbers.convert_alpha_characters_in_number(letters)) != digits_of(phone):
            yield contents.in_content(
                "contacts",
                "contacts",
                index,
                "letters",
                what=f"{letters!r} does not spell {phone}; correct one of them",
            )


def contacts_current(contents: Contents) -> Iterator[Problem]:
    """A contact that is shown has been checked, and the check has not expired."""
    for index, contact in _contacts(contents):
        if contact["status"] not in STATUSES:
            what = f"unknown status {contact['status']!r}; use one of {', '.join(STATUSES)}"
            yield contents.in_content("contacts", "contacts", index, "status", what=what)
        if _day(contact["checked_on"]) > contents.today:
            what = f"checked on {contact['checked_on']}, which lies in the future; write the day it was checked"
            yield contents.in_content("contacts", "contacts", index, "checked_on", what=what)
        if contact["status"] == "active" and _day(contact["expires"]) < contents.today:
            what = f"the check of {contact['id']!r} expired on {contact['expires']}; ring it and renew the dates, or set `status: do_not_show`"
            yield contents.in_content("contacts", "contacts", index, "expires", what=what)
        if not str(contact["source"]).strip():
            yield contents.in_content(
                "contacts", "contacts", index, "source", what="a number without a source; write where it was seen"
            )


def no_forbidden_number(contents: Contents) -> Iterator[Problem]:
    """No number that may be shown is on the forbidden list."""
    for index, contact in _contacts(contents):
        why = contents.catalog.contacts.forbidden.get(digits_of(str(contact["phone"])))
        if why and contact["status"] == "active":
            what = f"{contact['phone']} is forbidden ({why}); set `status: do_not_show` or correct the number"
            yield contents.in_content("contacts", "contacts", index, "phone", what=what)


def contacts_once(contents: Contents) -> Iterator[Problem]:
    """No id stands twice, and the three lines every referral needs exist and are active."""
    ids = [contact["id"] for _, contact in _contacts(contents)]
    for index, contact in _contacts(contents):
        if contact["id"] in ids[:index]:
            yield contents.in_content(
                "contacts", "contacts", index, "id", what=f"the id {contact['id']!r} stands twice; rename one"
            )
    active = {contact["id"] for _, contact in _contacts(contents) if contact["status"] == "active"}
    for key in ("default_hotline", "emergency", "crisis"):
        name = contents.content["contacts"].value[key]
        if name not in active:
            yield contents.in_content("contacts", key, what=f"{name!r} is no active contact; name one that is")


def disputes(contents: Contents) -> Iterator[Problem]:
    """A dispute names topics and sections that exist, and no id stands twice."""
    catalog, register = contents.catalog, contents.catalog.disputed
    places = {(document.id, section.name) for document in catalog.sources.values() for section in document.sections}
    for row, dispute in enumerate(register):
        if dispute.id in [other.id for other in register[:row]]:
            yield contents.in_content("disputed", "disputed", row, "id", what=f"the id {dispute.id!r} stands twice; rename one")
        for at, topic in enumerate(dispute.topics):
            if topic not in catalog.topics:
                what = f"unknown topic {topic!r}; correct its id or remove it"
                yield contents.in_content("disputed", "disputed", row, "topics", at, what=what)
        for at, place in enumerate(dispute.sections):
            if (place.document, place.section) not in places:
                what = f"no section {place.section!r} in {place.document!r}; copy both names from content/sources.yml"
                yield contents.in_content("disputed", "disputed", row, "sections", at, what=what)


def covers(contents: Contents) -> Iterator[Problem]:
    """Every question of the documents is covered by a topic or listed with the reason why not; no other id is."""
    groups = contents.content["covers"].value["groups"]
    left_out: Mapping[str, str] = contents.content["not_answered"].value["not_answered"] or {}
    known = {cover for group in groups.values() for cover in group}
    for letter, group in groups.items():
        for index, cover in enumerate(group):
            if cover not in contents.catalog.by_cover and cover not in left_out:
                what = f"{cover} is answered by no topic; add it to the `covers` of one, or to content/not_answered.yml with the reason"
                yield contents.in_content("covers", "groups", letter, index, what=what)
    for topic in contents.catalog.topics.values():
        for index, cover in enumerate(topic.meta.covers):
            if cover not in known:
                yield contents.at(
                    topic, "covers", index, what=f"unknown question {cover!r}; use an id of content/covers.yml"
                )


def not_answered(contents: Contents) -> Iterator[Problem]:
    """What is listed as not answered exists, is not answered, and says why."""
    known = {cover for group in contents.content["covers"].value["groups"].values() for cover in group}
    for cover, why in (contents.content["not_answered"].value["not_answered"] or {}).items():
        if cover not in known:
            what = f"unknown question {cover!r}; use an id of content/covers.yml"
        elif cover in contents.catalog.by_cover:
            what = f"{cover} is answered by {', '.join(contents.catalog.by_cover[cover])}; remove it here"
        elif not str(why or "").strip():
            what = f"{cover} has no reason; write why no topic answers it"
        else:
            continue
        yield contents.in_content("not_answered", "not_answered", cover, what=what)


def intents(contents: Contents) -> Iterator[Problem]:
    """The intents of domain.yml are those of the training data."""
    domain = contents.domain
    declared = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain.value.get("intents", [])]
    for index, intent in enumerate(declared):
        if intent not in (*GROUPS, *SET_BY_PIPELINE, *contents.catalog.acts):
            what = f"the intent {intent!r} has no examples in data/; remove it or add them to data/dialogue/acts.yml"
            yield contents.problem(domain.path, domain.line("intents", index), what)
    for intent in contents.catalog.acts:
        if intent not in declared:
            yield contents.problem(
                domain.path, domain.line("intents"), f"the intent {intent!r} of data/dialogue is missing; add it here"
            )


def vocabulary(contents: Contents) -> Iterator[Problem]:
    """The words of data/vocabulary stand for values of facets, so that a follow-up finds its answer."""
    known: Mapping[str, Sequence[str]] = contents.content["facets"].value
    for document in contents.training:
        if document.path.parent.name == "vocabulary":
            for index, entry in enumerate(document.value.get("nlu", [])):
                value = entry.get("synonym")
                if value and value not in known.get(document.path.stem, ()):
                    what = f"{value!r} is no value of the facet {document.path.stem!r}; correct it or add it to content/facets.yml"
                    yield contents.problem(document.path, document.line("nlu", index), what)


def visit_questions(contents: Contents) -> Iterator[Problem]:
    """What to ask at a visit is sorted by what an answer can be about."""
    known = contents.content["facets"].value["about"]
    for key in contents.content["wording"].value["visit_questions"]:
        if key not in (*known, "general"):
            what = f"no answer is about {key!r}; use `general` or a value of `about` in content/facets.yml"
            yield contents.in_content("wording", "visit_questions", key, what=what)


def symptoms_known(contents: Contents) -> Iterator[Problem]:
    """The questionnaire names and offers symptoms that exist."""
    value = contents.content["questionnaire"].value
    symptoms = {topic.id for topic in contents.catalog.group("symptom")}
    for key, ids in (("names", list(value["names"])), ("offered_symptoms", value["offered_symptoms"])):
        for index, name in enumerate(ids):
            if name not in symptoms:
                at = name if key == "names" else index
                yield contents.in_content(
                    "questionnaire", key, at, what=f"unknown symptom {name!r}; use the name of a file in data/symptoms/"
                )


def reviews_beside(contents: Contents) -> Iterator[Problem]:
    """A signed red flag or table says who signed it, and no review lies in the future."""
    for document in (contents.content["triage"], *contents.flags.values()):
        review = document.value["review"]
        if _day(review["on"]) > contents.today:
            what = f"the review date {review['on']} lies in the future; write the day it was reviewed"
            yield contents.problem(document.path, document.line("review", "on"), what)
        if review["status"] not in ("draft", "signed") or (
            review["status"] == "signed" and not str(review["by"]).strip()
        ):
            what = "signed by nobody, or an unknown status; write `by`, or `status: draft`"
            yield contents.problem(document.path, document.line("review", "by"), what)


RULES = (
    numbers_complete, contacts_current, no_forbidden_number, contacts_once, disputes, covers, not_answered, intents, vocabulary,
    visit_questions, symptoms_known, reviews_beside,
)  # fmt: skip


def drafts(contents: Contents) -> int:
    """How many topics and red flags no clinician has signed."""
    topics = [topic.meta.review.status for topic in contents.catalog.topics.values()]
    return [*topics, *(flag.value["review"]["status"] for flag in contents.flags.values())].count("draft")


def _contacts(contents: Contents) -> list[tuple[int, Mapping[str, Any]]]:
    # The file's own entries: a deployment may have replaced what the catalog shows, and the lines are the file's.
    return list(enumerate(contents.content["contacts"].value["contacts"]))


def _complete(phone: str) -> bool:
    if len(re.sub(r"\D", "", phone)) <= SHORT_CODE:
        return phone.isdigit() and len(phone) >= 3
    try:
        return phonenumbers.is_valid_number(parsed(phone))
    except phonenumbers.NumberParseException:
        return False


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))
