"""Names of people in what somebody typed: after cues ("my daughter", "Dr."), in signatures, and first names by themselves.

A rule is a cue and a test. The test is given the words after the cue and answers how many of them are a name; how sure it
must be depends on the cue: after "my name is" anything but grammar is one, after "with" only what looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from careline import name_cues as cues
from careline.name_extent import Said, goes_on, is_abbreviated, particles, whole
from careline.name_lists import AFTER_A_NAME, EITHER, NEED_A_VERB, NOT_NAMES, PLACES, bare, words
from careline.name_words import could_be_first, is_common, is_first, is_strange, is_surname, is_word

_NAMED_AFTER_PEOPLE = words(
    "cancer county city hospital center centre institute clinic university foundation society medical memorial house"
    " syndrome disease komen curie farber"
)
_BEFORE_PLACES_AND_THINGS = words("the a an puerto st saint san santa fort lake mount port new")
_ELDERS = words("nana grandma grandpa granny mama mrs mr ms miss")
_ENDS_AN_INTRODUCTION = words("here again calling speaking from my and ,") | {""}
_ENDS_A_STRANGE_NAME = words("calling speaking from")


def scrub(text: str) -> str:
    """Replace names of people by [name]."""
    shouted = _is_shouted(text)
    for cue, test in _RULES:
        text = _replace(cue, test, text, shouted)
    return text


def _replace(cue: re.Pattern[str], test: Callable[[Said], int], text: str, shouted: bool) -> str:
    """Put [name] for as many words after a cue as the test takes; then look on from there: one cue may hold the next."""
    done, at = [], 0
    while match := cue.search(text, at):
        said = Said(tuple(match[2].split(" ")), text, match.end(2), shouted)
        taken = test(said)
        if taken and not _is_named_after(said, taken):
            done += [text[at : match.start(2)], "[name]"]
            at = said.position(taken)
        else:
            end = match.start(2) + (0 if match[1] else len(said.words[0]))
            done.append(text[at:end])
            at = end
    return "".join([*done, text[at:]])


def _is_shouted(text: str) -> bool:
    starts = [word[0] for word in text.split() if word[0].isalpha()]
    return text.isupper() or (len(starts) > 3 and sum(map(str.isupper, starts)) > 0.8 * len(starts))


def _is_named_after(said: Said, taken: int) -> bool:
    """Is it a hospital or an illness that is named after a person?"""
    start = said.position(taken)
    rest = re.findall(cues.WORD, said.text[start : start + 60])[:3]
    place = next((at for at, word in enumerate(rest) if bare(word) in _NAMED_AFTER_PEOPLE), None)
    return place is not None and not any(map(is_common, rest[:place]))


# --- the tests -----------------------------------------------------------------------------------------------------------


def _stated(said: Said) -> int:
    """After "my name is": whatever follows, unless it is grammar or medicine."""
    word = said.words[0]
    if (is_common(word) or bare(word) in NOT_NAMES) and not could_be_first(word) and not is_surname(word):
        return 0
    strange = next((at for at, word in enumerate(said.words[1:3], 1) if is_word(word)), min(3, len(said.words)))
    return max(whole(said, 1), strange)


def _labelled(said: Said) -> int:
    """After "patient name", without "is": the same, if the word is none of the language."""
    word = said.words[0]
    return _stated(said) if said.has_capital(0) or could_be_first(word) or not is_word(word) else 0


def _titled(said: Said) -> int:
    """After "Dr.": a capital, a family name, no word of English, or whatever a verb follows as it follows a name."""
    start = particles(said, 0)
    if start == len(said.words) or is_common(said.words[start]):
        start = 0  # "Dr. Le wants"
    word = said.words[start]
    like_a_name = word.endswith(("'s", "’s")) or said.after(start + 1) in AFTER_A_NAME
    if len(word) < 2 or (is_common(word) and not (like_a_name and is_surname(word))):
        return 0
    named = like_a_name or said.has_capital(start) or could_be_first(word) or is_surname(word) or not is_word(word)
    return whole(said, (start + 1) * named)


def _related(said: Said) -> int:
    """After "my daughter": a first name, a capital; a word that may be a name, or none of English, before a verb."""
    return _related_es(said) or whole(said, is_strange(said.words[0]) and _like_a_name(said))


def _addressed(said: Said) -> int:
    """After "nurse": the same, or a family name before a verb."""
    return _related(said) or whole(
        said, is_surname(said.words[0]) and not is_common(said.words[0]) and said.after(1) in AFTER_A_NAME
    )


def _titled_es(said: Said) -> int:
    """After "la doctora": a first name, a capital, a common family name."""
    return _related_es(said) or whole(said, is_surname(said.words[0]) and not is_common(said.words[0]))


def _related_es(said: Said) -> int:
    """The same in Spanish, of which we have no list of words: first names and capitals only."""
    word = said.words[0]
    if bare(word) in EITHER or bare(word) in PLACES:
        return whole(said, bare(word) not in NEED_A_VERB or said.has_capital(0) or _like_a_name(said))
    if is_common(word) or bare(word) in NOT_NAMES:
        return 0
    return whole(said, said.has_capital(0) or is_first(word))


def _like_a_name(said: Said) -> bool:
    """Does the sentence go on, or end, as after a name?"""
    following = said.after(1)
    return following in AFTER_A_NAME or not following[:1].isalnum()


def _called(said: Said) -> int:
    """After "call me": what may be a name, or is no word."""
    word = said.words[0]
    if is_common(word) or (bare(word) in NOT_NAMES and not could_be_first(word)):
        return 0
    return whole(said, could_be_first(word) or said.has_capital(0) or not is_word(word))


def _signature(said: Said) -> int:
    """At the end, after "thanks": up to three words of which each may be part of a name."""
    return (
        len(said.words)
        if len(said.words) < 4 and all(map(_may_sign, said.words, map(said.has_capital, range(4))))
        else 0
    )


def _may_sign(word: str, capital: bool) -> bool:
    if is_abbreviated(word):
        return True
    return not is_common(word) and (capital or could_be_first(word) or bare(word) in _ELDERS or not is_word(word))


def _parting(said: Said) -> int:
    """At the end, after a full stop: a first name and perhaps another word."""
    return _signature(said) if len(said.words) < 3 and could_be_first(said.words[0]) else 0


def _introduced(said: Said) -> int:
    """After "I am", "tell": a first name; no word of English, with a capital or where a name would end."""
    word = said.words[0]
    if said.has_capital(0) and not is_word(word):
        return whole(said, 1)
    likely = bare(word) in EITHER - NEED_A_VERB and said.after(1) in _ENDS_AN_INTRODUCTION
    return _mentioned(said) or whole(said, likely or (is_strange(word) and said.after(1) in _ENDS_A_STRANGE_NAME))


def _told(said: Said) -> int:
    """After "tell", "asking for": the same, and what may be a name, in small letters too."""
    return _introduced(said) or whole(said, bare(said.words[0]) in EITHER - NEED_A_VERB)


def _mentioned(said: Said) -> int:
    """After "with", "about": a first name, or two words with capitals of which the first is none of English."""
    word = said.words[0]
    capital = said.has_capital(0)
    full = capital and len(said.words) > 1 and said.has_capital(1) and not is_word(word) and goes_on(said, 1)
    return whole(said, is_first(word) or full or (capital and bare(word) in EITHER))


def _here(said: Said) -> int:
    """Before "here", "again": what may be a name, at most two words."""
    first = said.words[0]
    named = could_be_first(first) or (said.has_capital(0) and not is_word(first))
    return len(said.words) if named and not any(map(is_word, said.words[1:])) else 0


def _alone(said: Said) -> int:
    """By itself: what is nothing but a first name, or may be one and has a capital inside a sentence."""
    word, before = said.words[0], said.before()
    if bare(before) in _BEFORE_PLACES_AND_THINGS:
        return 0
    inside = before[-1:].isalnum() and before.islower()
    double = bare(word) not in NEED_A_VERB and len(said.words) > 1 and is_first(said.words[1])  # "ida mae"
    likely = bare(word) in EITHER and (double or (inside and said.has_capital(0)))
    return whole(said, is_first(word) or likely)


_RULES: tuple[tuple[re.Pattern[str], Callable[[Said], int]], ...] = (
    (cues.STATED, _stated),
    (cues.STATED_AFTER, _stated),
    (cues.LABELLED, _labelled),
    (cues.TITLED, _titled),
    (cues.RELATED, _related),
    (cues.ADDRESSED, _addressed),
    (cues.TITLED_ES, _titled_es),
    (cues.RELATED_ES, _related_es),
    (cues.CALLED, _called),
    (cues.SIGNED, _signature),
    (cues.PARTING, _parting),
    (cues.INTRODUCED, _introduced),
    (cues.TOLD, _told),
    (cues.MENTIONED, _mentioned),
    (cues.HERE_AFTER, _here),
    *[(cues.JOINED, _related)] * 3,  # a list of up to four
    (cues.ALONE, _alone),
)
