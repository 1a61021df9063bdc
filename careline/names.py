"""Names of people in what somebody typed: after cues ("my daughter", "Dr."), in signatures, and first names by themselves.

A rule is a cue and a test. The test is given the words after the cue and answers how many of them are a name; how sure it
must be depends on the cue: after "my name is" anything but grammar is one, after "with" only what looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from careline import name_cues as cues
from careline.name_words import (
    AFTER_A_NAME,
    EITHER,
    NEED_A_VERB,
    NOT_NAMES,
    PLACES,
    bare,
    could_be_first,
    is_common,
    is_first,
    is_strange,
    is_surname,
    is_word,
    words,
)

_PARTICLES = words("de del la las los van von der den ter bin al st da dos san santa mc mac le")
_NAMED_AFTER_PEOPLE = words(
    "cancer county city hospital center centre institute clinic university foundation society medical memorial house"
    " syndrome disease komen curie farber"
)
_BEFORE_PLACES_AND_THINGS = words("the a an puerto st saint san santa fort lake mount port new")
_ELDERS = words("nana grandma grandpa granny mama mrs mr ms miss")
_ENDS_AN_INTRODUCTION = words("here again calling speaking from my and ,") | {""}
_ENDS_A_STRANGE_NAME = words("calling speaking from")
_NEXT = re.compile(rf"['’]s\b|\s*({cues.WORD}|[^\w\s]|\d+)")


@dataclass(frozen=True)
class _Said:
    """The words after a cue, and the text around them."""

    words: tuple[str, ...]
    text: str
    end: int  # where the words end in the text
    shouted: bool  # everything has a capital, so that capitals say nothing

    def has_capital(self, at: int) -> bool:
        """Has a word a capital that means something? One all in capitals among others is an abbreviation."""
        word = self.words[at]
        return word[0].isupper() and not self.shouted and not (word.isupper() and len(word) > 1)

    def position(self, taken: int) -> int:
        """Where the first so many words end in the text."""
        return self.end - len(" ".join(self.words)) + len(" ".join(self.words[:taken]))

    def after(self, taken: int) -> str:
        """What comes after so many words: the next word in small letters, a sign, or nothing."""
        found = _NEXT.match(self.text, self.position(taken))
        return bare(found[1] or "") if found else ""

    def before(self) -> str:
        """The word before, "" at the start."""
        start = self.position(0)
        return (self.text[max(0, start - 40) : start].split() or [""])[-1]


def scrub(text: str) -> str:
    """Replace names of people by [name]."""
    shouted = _is_shouted(text)
    for cue, test in _RULES:
        text = _replace(cue, test, text, shouted)
    return text


def _replace(cue: re.Pattern[str], test: Callable[[_Said], int], text: str, shouted: bool) -> str:
    """Put [name] for as many words after a cue as the test takes; then look on from there: one cue may hold the next."""
    done, at = [], 0
    while match := cue.search(text, at):
        said = _Said(tuple(match[2].split(" ")), text, match.end(2), shouted)
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


def _is_named_after(said: _Said, taken: int) -> bool:
    """Is it a hospital or an illness that is named after a person?"""
    start = said.position(taken)
    rest = re.findall(cues.WORD, said.text[start : start + 60])[:3]
    place = next((at for at, word in enumerate(rest) if bare(word) in _NAMED_AFTER_PEOPLE), None)
    return place is not None and not any(map(is_common, rest[:place]))


# --- how far a name goes ------------------------------------------------------------------------------------------------


def _whole(said: _Said, taken: int) -> int:
    """So many words and what belongs to them: initials, particles, further capitals, family names. 0 stays 0."""
    while 0 < taken < min(5, len(said.words)) and (more := _more(said, taken)):
        taken += more
    return taken


def _more(said: _Said, at: int) -> int:
    if said.words[at - 1].endswith(("'s", "’s")):
        return 0
    end = at + _particles(said, at)
    if end > at:
        return end - at + 1 if end < len(said.words) and not is_common(said.words[end]) else 0
    return int(_goes_on(said, at))


def _particles(said: _Said, at: int) -> int:
    rest = said.words[at:]
    return next((count for count, word in enumerate(rest) if bare(word) not in _PARTICLES), len(rest))


def _goes_on(said: _Said, at: int) -> bool:
    word = said.words[at]
    if _is_abbreviated(word):
        return True
    if is_common(word):
        return is_surname(word) and (said.has_capital(at) or said.after(at + 1) in AFTER_A_NAME | {""})
    if bare(word) in NOT_NAMES:
        return False
    small = said.shouted or word.islower()
    return said.has_capital(at) or (small and (is_first(word) or is_surname(word) or not is_word(word)))


def _is_abbreviated(word: str) -> bool:
    """ "A.", "St." """
    return word[0].isupper() and word.endswith(".")


# --- the tests -----------------------------------------------------------------------------------------------------------


def _stated(said: _Said) -> int:
    """After "my name is": whatever follows, unless it is grammar or medicine."""
    word = said.words[0]
    if (is_common(word) or bare(word) in NOT_NAMES) and not could_be_first(word) and not is_surname(word):
        return 0
    strange = next((at for at, word in enumerate(said.words[1:3], 1) if is_word(word)), min(3, len(said.words)))
    return max(_whole(said, 1), strange)


def _labelled(said: _Said) -> int:
    """After "patient name", without "is": the same, if the word is none of the language."""
    word = said.words[0]
    return _stated(said) if said.has_capital(0) or could_be_first(word) or not is_word(word) else 0


def _titled(said: _Said) -> int:
    """After "Dr.": a capital, a family name, no word of English, or whatever a verb follows as it follows a name."""
    start = _particles(said, 0)
    if start == len(said.words) or is_common(said.words[start]):
        start = 0  # "Dr. Le wants"
    word = said.words[start]
    like_a_name = word.endswith(("'s", "’s")) or said.after(start + 1) in AFTER_A_NAME
    if len(word) < 2 or (is_common(word) and not (like_a_name and is_surname(word))):
        return 0
    named = like_a_name or said.has_capital(start) or could_be_first(word) or is_surname(word) or not is_word(word)
    return _whole(said, (start + 1) * named)


def _related(said: _Said) -> int:
    """After "my daughter": a first name, a capital; a word that may be a name, or none of English, before a verb."""
    return _related_es(said) or _whole(said, is_strange(said.words[0]) and _like_a_name(said))


def _addressed(said: _Said) -> int:
    """After "nurse": the same, or a family name before a verb."""
    return _related(said) or _whole(
        said, is_surname(said.words[0]) and not is_common(said.words[0]) and said.after(1) in AFTER_A_NAME
    )


def _titled_es(said: _Said) -> int:
    """After "la doctora": a first name, a capital, a common family name."""
    return _related_es(said) or _whole(said, is_surname(said.words[0]) and not is_common(said.words[0]))


def _related_es(said: _Said) -> int:
    """The same in Spanish, of which we have no list of words: first names and capitals only."""
    word = said.words[0]
    if bare(word) in EITHER or bare(word) in PLACES:
        return _whole(said, bare(word) not in NEED_A_VERB or said.has_capital(0) or _like_a_name(said))
    if is_common(word) or bare(word) in NOT_NAMES:
        return 0
    return _whole(said, said.has_capital(0) or is_first(word))


def _like_a_name(said: _Said) -> bool:
    """Does the sentence go on, or end, as after a name?"""
    following = said.after(1)
    return following in AFTER_A_NAME or not following[:1].isalnum()


def _called(said: _Said) -> int:
    """After "call me": what may be a name, or is no word."""
    word = said.words[0]
    if is_common(word) or (bare(word) in NOT_NAMES and not could_be_first(word)):
        return 0
    return _whole(said, could_be_first(word) or said.has_capital(0) or not is_word(word))


def _signature(said: _Said) -> int:
    """At the end, after "thanks": up to three words of which each may be part of a name."""
    return (
        len(said.words)
        if len(said.words) < 4 and all(map(_may_sign, said.words, map(said.has_capital, range(4))))
        else 0
    )


def _may_sign(word: str, capital: bool) -> bool:
    if _is_abbreviated(word):
        return True
    return not is_common(word) and (capital or could_be_first(word) or bare(word) in _ELDERS or not is_word(word))


def _parting(said: _Said) -> int:
    """At the end, after a full stop: a first name and perhaps another word."""
    return _signature(said) if len(said.words) < 3 and could_be_first(said.words[0]) else 0


def _introduced(said: _Said) -> int:
    """After "I am", "tell": a first name; no word of English, with a capital or where a name would end."""
    word = said.words[0]
    if said.has_capital(0) and not is_word(word):
        return _whole(said, 1)
    likely = bare(word) in EITHER - NEED_A_VERB and said.after(1) in _ENDS_AN_INTRODUCTION
    return _mentioned(said) or _whole(said, likely or (is_strange(word) and said.after(1) in _ENDS_A_STRANGE_NAME))


def _told(said: _Said) -> int:
    """After "tell", "asking for": the same, and what may be a name, in small letters too."""
    return _introduced(said) or _whole(said, bare(said.words[0]) in EITHER - NEED_A_VERB)


def _mentioned(said: _Said) -> int:
    """After "with", "about": a first name, or two words with capitals of which the first is none of English."""
    word = said.words[0]
    capital = said.has_capital(0)
    full = capital and len(said.words) > 1 and said.has_capital(1) and not is_word(word) and _goes_on(said, 1)
    return _whole(said, is_first(word) or full or (capital and bare(word) in EITHER))


def _here(said: _Said) -> int:
    """Before "here", "again": what may be a name, at most two words."""
    first = said.words[0]
    named = could_be_first(first) or (said.has_capital(0) and not is_word(first))
    return len(said.words) if named and not any(map(is_word, said.words[1:])) else 0


def _alone(said: _Said) -> int:
    """By itself: what is nothing but a first name, or may be one and has a capital inside a sentence."""
    word, before = said.words[0], said.before()
    if bare(before) in _BEFORE_PLACES_AND_THINGS:
        return 0
    inside = before[-1:].isalnum() and before.islower()
    double = bare(word) not in NEED_A_VERB and len(said.words) > 1 and is_first(said.words[1])  # "ida mae"
    likely = bare(word) in EITHER and (double or (inside and said.has_capital(0)))
    return _whole(said, is_first(word) or likely)


_RULES: tuple[tuple[re.Pattern[str], Callable[[_Said], int]], ...] = (
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
