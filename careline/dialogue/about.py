"""Whom a message is about: the person who writes, or somebody they care for; and how English speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from careline import paths, triage
from careline.vocabulary import Message

PERSON = "person"  # "she can't sleep": somebody, without a word for who
_OWNER = r"(?:my|our|his|her|caller's|callers|a|the|this)"
_BODILY = (
    r"(?:have|ve|had|feel|felt|get|got|am|m|can't|cant|cannot|cough|hurt|ache|woke|wake|vomit|keep|lost|noticed|found)"
)
# "Can I get it from her?" asks about oneself; "what can I do for her" does not.
_OWN_RISK = re.compile(
    r"\b(?:can|will|could|should|do|am|might|does)\s+(?:i|my|me)\s+(?:get|have|inherit|catch|be|also|too|risk|cancer|tested|test|at)\b"
)


@dataclass(frozen=True)
class _Search:
    relation: re.Pattern[str]
    names: Mapping[str, str]
    own_body: re.Pattern[str]
    other_body: re.Pattern[str]
    own_verb: re.Pattern[str]


def about(text: str) -> str | None:
    """Whom a message is about: "mother", "husband", "friend", "patient" …; None is the person themselves, or unknown.

    The person's own body wins: "my mother had it too, now I …" and "my hip hurts, says my husband" are about them.
    """
    plain, search = Message.of(text).plain, _search()
    relation = next(_relations(plain, search), None)
    hers = search.other_body.search(plain)
    if search.own_body.search(plain) or _OWN_RISK.search(plain):
        return None
    own = search.own_verb.search(plain)
    if relation and (hers or not own or _asked_for(plain, relation)):
        return search.names[relation]
    return PERSON if not relation and not own and (hers or _somebody(plain)) else None


def about_self(text: str) -> bool:
    """Does a message speak plainly of the writer's own body? Then nobody asked about before is meant any more."""
    plain, search = Message.of(text).plain, _search()
    return bool(search.own_body.search(plain) or (search.own_verb.search(plain) and not any(_relations(plain, search))))


def subject(who: str | None) -> str:
    """Who, as the subject of an English sentence: "you", "your mother", "the patient"."""
    if who is None:
        return "you"
    return f"the {who}" if who in ("patient", PERSON) else f"your {who}"


def possessive(who: str | None) -> str:
    """Whose: "your", "your mother's"."""
    return "your" if who is None else f"{subject(who)}'s"


def grammar(who: str | None) -> dict[str, str]:
    """The placeholders of a sentence about somebody: {who} {whose} {have} {are} {do}, and {Are} {Have} {Do} at its start."""
    have, are, do = ("have", "are", "do") if who is None else ("has", "is", "does")
    return {
        "who": subject(who),
        "whose": possessive(who),
        "have": have,
        "are": are,
        "do": do,
        "Have": have.capitalize(),
        "Are": are.capitalize(),
        "Do": do.capitalize(),
    }


def _relations(plain: str, search: _Search) -> Iterator[str]:
    """The words for somebody close that a text names as such ("my mother", "Mom", "the patient"), in order."""
    for match in search.relation.finditer(plain):
        word = match["owned"] or match["alone"]
        before = plain[: match.start()].split()[-1:]
        # "I am a patient" and "like my friend" are about the writer.
        if not {"am", "i'm", "im", "as", "like"} & set(before):
            yield word


def _asked_for(plain: str, relation: str) -> bool:
    return bool(re.search(rf"\b(?:for|about|with|behalf of) (?:my|our|a|the) (?:\w+ )?{re.escape(relation)}\b", plain))


def _somebody(plain: str) -> bool:
    return bool(
        re.match(r"(?:and |so |now |but )?(?:she|he|they)(?:'s|'ve|s)?\s(?!said|told|asked|says)", plain.strip())
    )


@paths.per_content
def _search(_root: Path) -> _Search:
    """The vocabulary of content/triage.yml, compiled."""
    data = triage.shared().rules.relations
    names = {word: relation for relation, words in data["relations"].items() for word in words}
    alone = [word for relation in data["alone"] for word in data["relations"][relation]]
    body = _any([*data["body"], *triage.shared().rules.sites])
    observer = _any(data["observer"])
    owned, free = _any(names), _any(word for word in alone if len(word) > 2)
    return _Search(
        relation=re.compile(
            rf"\b{_OWNER} (?:\w+ )?(?P<owned>{owned})\b(?!-)|(?:^|[.,;!?\n] ?|\b(?:and|but|because|that|then) )(?P<alone>{free})(?='s|s'|[,:]| \w)"
        ),
        names=names,
        own_body=re.compile(rf"\bmy (?:(?!(?:{owned})\b)\w+ ){{0,2}}(?:{body})\b"),
        other_body=re.compile(rf"\b(?:her|his|their|(?:{owned})'?s) (?:\w+ ){{0,2}}(?:{body})\b"),
        own_verb=re.compile(rf"\bi(?:'| )?(?!\s?(?:{observer})\b){_BODILY}\b(?! (?:{observer})\b)"),
    )


def _any(words: Iterator[str] | list[str] | Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(map(str, words), key=len, reverse=True))
