"""What a person told about a symptom, in their own words, and the note for the phone made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from careline import house_rules, treatments, triage
from careline.catalog import Catalog, Topic
from careline.dialogue import wording
from careline.dialogue.about import subject
from careline.red_flags import Flag

_OTHER = re.compile(r"also \((\w+)\): (.*)")
LONGEST = 300


@dataclass(frozen=True)
class Story:
    """The lines of the slot `symptom_words`: the report, other symptoms with the tier they ask for, and the replies."""

    said: str = ""
    others: tuple[tuple[str, str], ...] = ()
    replies: tuple[str, ...] = ()

    @classmethod
    def of(cls, lines: str | None) -> Story:
        """Read the slot."""
        said, *rest = (lines or "").split("\n")
        others = [match.groups() for line in rest if (match := _OTHER.fullmatch(line))]
        return cls(
            said,
            tuple((tier, words) for tier, words in others),
            tuple(line for line in rest if not _OTHER.fullmatch(line)),
        )

    def __str__(self) -> str:
        return "\n".join([self.said, *(f"also ({tier}): {words}" for tier, words in self.others), *self.replies])

    def reply(self, text: str) -> Story:
        """With one more reply."""
        return replace(self, replies=(*self.replies, _line(text)))

    def other(self, tier: str, words: str) -> Story:
        """With another symptom beside the one asked about."""
        known = {said for _, said in self.others} | {self.said}
        return self if _line(words) in known else replace(self, others=(*self.others, (tier, _line(words))))

    @classmethod
    def begin(cls, text: str) -> Story:
        """A report."""
        return cls(_line(text))


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def note(
    catalog: Catalog,
    topic: Topic,
    story: Story,
    given: Mapping[str, str | None],
    flags: Sequence[Flag],
    who: str | None,
    language: str,
) -> str:
    """What to say on the phone: the symptom, the answers, and the person's own words."""
    lines = [
        say_for(catalog, who, language),
        _sentence(catalog, topic, story, given, language),
        _signs(catalog, given.get("flags"), flags, language),
        _quote(catalog, "note_said", story.said, language),
        *(_quote(catalog, "note_other", words, language) for _, words in story.others),
    ]
    return " ".join(line for line in lines if line)


def say_for(catalog: Catalog, who: str | None, language: str) -> str:
    """Whom the call is about, when it is not the caller."""
    them = subject(who).replace("your ", "my ", 1)
    return wording.say(catalog, "note_for", language, them=them) if who else ""


def _sentence(catalog: Catalog, topic: Topic, story: Story, given: Mapping[str, str | None], language: str) -> str:
    """ "Pain in the hip for three weeks, getting worse, on Ibrance." """
    name = wording.named(catalog, topic, language, triage.site(story.said))
    how_long = _how_long(catalog, story, given.get("duration"), language)
    joint = " " if how_long.startswith(("for ", "since ", "desde ")) else ", "
    first = joint.join(filter(None, [name, how_long]))
    rest = [
        _fact(catalog, "trend", given.get("trend"), language),
        _medicine(catalog, story, given.get("treatment"), language),
    ]
    sentence = ", ".join(filter(None, [first, *rest]))
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _how_long(catalog: Catalog, story: Story, value: str | None, language: str) -> str:
    """In the person's own words where they gave them: "for three weeks"."""
    said = _own_words(story, "duration", value) if language == "en" and value not in (None, "unknown") else None
    if not said or not _quotable(catalog, said):
        return _fact(catalog, "duration", value, language)
    if said.lower().startswith(("for ", "since ", "started ", "just ", "began ")):
        return said
    return (
        f"for {said}"
        if triage.shared().words.quantity.match(said.lower())
        else _fact(catalog, "duration", value, language)
    )


def _own_words(story: Story, question: str, value: str | None) -> str | None:
    """The words in which the answer that holds was heard, latest first; plain ones before those that only answer a question."""
    texts = (*reversed(story.replies), story.said)
    for text, asked in [*((text, None) for text in texts), *((text, question) for text in texts)]:
        heard = triage.hear(text, asked).get(question)
        if heard and heard.value == value and heard.end:
            return heard.words
    return None


def _medicine(catalog: Catalog, story: Story, value: str | None, language: str) -> str:
    texts = [*reversed(story.replies), story.said]
    drug = next((name for text in texts if (name := treatments.drug(triage.shared().words, text))), None)
    if value == "yes" and drug:
        return wording.say(catalog, "note_treatment_drug", language, drug=drug)
    return _fact(catalog, "treatment", value, language)


def _fact(catalog: Catalog, question: str, value: str | None, language: str) -> str:
    return wording.say(catalog, f"note_{question}_{value}", language) if value else ""


def _signs(catalog: Catalog, value: str | None, flags: Sequence[Flag], language: str) -> str:
    signs = wording.listed([flag.watch_for for flag in flags], language)
    return (
        wording.say(catalog, f"note_flags_{value}", language, signs=signs) if value and (signs or value == "no") else ""
    )


def _quote(catalog: Catalog, key: str, words: str, language: str) -> str:
    """Their words, without the sentences in which they guess at the cause or play it down."""
    kept = [sentence for sentence in re.split(r"(?<=[.!?])\s+", words) if sentence and _quotable(catalog, sentence)]
    said = " ".join(kept).replace('"', "'").rstrip(" .,;")
    return wording.say(catalog, key, language, said=said) if said else ""


def _quotable(catalog: Catalog, words: str) -> bool:
    """May a turn hold these words? A guess of the person's ("it's probably nothing") would read as ours."""
    return not any((*house_rules.forbidden_claims(catalog, words), *house_rules.bad_numbers(catalog, words)))
