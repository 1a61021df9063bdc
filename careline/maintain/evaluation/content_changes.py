"""What two models say differently because their content differs, in sentences for people who read no code. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from careline.catalog import Catalog, Topic
from careline.dialogue.knowledge import Knowledge

_MOST = 12  # names in one sentence


def between(before: Knowledge, after: Knowledge) -> list[str]:
    """Each difference as a sentence."""
    return [*_topics(before.catalog, after.catalog), *_flags(before, after), *_contacts(before.catalog, after.catalog), *_wording(before.catalog, after.catalog)]


def _topics(before: Catalog, after: Catalog) -> Iterator[str]:
    then, now = before.topics, after.topics
    shared = [topic for topic in now if topic in then]
    yield from _sentence("New", [_named(now[topic]) for topic in now if topic not in then])
    yield from _sentence("Gone", [_named(then[topic]) for topic in then if topic not in now])
    yield from _sentence("Says something else", [_named(now[topic]) for topic in shared if _said(now[topic]) != _said(then[topic])])
    yield from _sentence("Other sources, referral or review", [_named(now[topic]) for topic in shared if _about(now[topic]) != _about(then[topic])])
    yield from _sentence("Learned from other examples", [_learned(then[topic], now[topic]) for topic in shared if set(then[topic].examples) != set(now[topic].examples)])
    yield from _sentence("Examples that moved to another topic", list(_moved(before, after)))


def _flags(before: Knowledge, after: Knowledge) -> Iterator[str]:
    then, now = before.red_flags.flags, after.red_flags.flags
    yield from _sentence("New red flag", [now[flag].title for flag in now if flag not in then])
    yield from _sentence("RED FLAG GONE", [then[flag].title for flag in then if flag not in now])
    for flag in now:
        if flag in then:
            lost = sorted(set(then[flag].phrasings) - set(now[flag].phrasings))
            new = sorted(set(now[flag].phrasings) - set(then[flag].phrasings))
            yield from _sentence(f"Red flag “{now[flag].title}” lost the phrase", [f"“{text}”" for text in lost])
            yield from _sentence(f"Red flag “{now[flag].title}” has the new phrase", [f"“{text}”" for text in new])
            if (then[flag].told, then[flag].told_at, then[flag].told_strong) != (now[flag].told, now[flag].told_at, now[flag].told_strong):
                yield f"Red flag “{now[flag].title}” tells people something else."


def _contacts(before: Catalog, after: Catalog) -> Iterator[str]:
    then, now = before.contacts.by_id, after.contacts.by_id
    yield from _sentence("New contact", [f"{now[contact].name['en']} ({now[contact].phone})" for contact in now if contact not in then])
    yield from _sentence("Contact gone", [f"{then[contact].name['en']} ({then[contact].phone})" for contact in then if contact not in now])
    for contact in now:
        if contact in then and now[contact].phone != then[contact].phone:
            yield f"The number of {now[contact].name['en']} was {then[contact].phone} and is now {now[contact].phone}."


def _wording(before: Catalog, after: Catalog) -> Iterator[str]:
    keys = [key for key in after.wording if key in before.wording and after.wording[key] != before.wording[key]]
    yield from _sentence("Fixed wording changed (content/wording.yml)", keys)


def _moved(before: Catalog, after: Catalog) -> Iterator[str]:
    then, now = _owners(before), _owners(after)
    for text, owner in now.items():
        if text in then and then[text] != owner:
            yield f"“{text}” from {_title(before, then[text])} to {_title(after, owner)}"


def _owners(catalog: Catalog) -> Mapping[str, str]:
    return {text: topic.id for topic in catalog.topics.values() for text in topic.examples}


def _title(catalog: Catalog, topic: str) -> str:
    return _named(catalog.topics[topic])


def _named(topic: Topic) -> str:
    return f"“{topic.meta.title}” ({topic.id})"


def _said(topic: Topic) -> tuple[str, str, str]:
    return topic.text, topic.meta.simple, topic.meta.title


def _about(topic: Topic) -> tuple[object, ...]:
    meta = topic.meta
    return meta.sources, meta.referral, meta.contacts, meta.watch_for, meta.tier, meta.review


def _learned(before: Topic, after: Topic) -> str:
    more = len(set(after.examples) - set(before.examples))
    fewer = len(set(before.examples) - set(after.examples))
    return f"{_named(after)}: {more} more, {fewer} fewer"


def _sentence(lead: str, items: Sequence[str] | Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if listed:
        rest = f", and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
        yield f"{lead}: {', '.join(listed[:_MOST])}{rest}."
