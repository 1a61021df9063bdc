"""How far a name goes: the words after a cue, and how many of them belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careline.name_cues import WORD
from careline.name_lists import AFTER_A_NAME, NOT_NAMES, bare, words
from careline.name_words import is_common, is_first, is_surname, is_word

_PARTICLES = words("de del la las los van von der den ter bin al st da dos san santa mc mac le")
_NEXT = re.compile(rf"['’]s\b|\s*({WORD}|[^\w\s]|\d+)")


@dataclass(frozen=True)
class Said:
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


def whole(said: Said, taken: int) -> int:
    """So many words and what belongs to them: initials, particles, further capitals, family names. 0 stays 0."""
    while 0 < taken < min(5, len(said.words)) and (more := _more(said, taken)):
        taken += more
    return taken


def _more(said: Said, at: int) -> int:
    if said.words[at - 1].endswith(("'s", "’s")):
        return 0
    end = at + particles(said, at)
    if end > at:
        return end - at + 1 if end < len(said.words) and not is_common(said.words[end]) else 0
    return int(goes_on(said, at))


def particles(said: Said, at: int) -> int:
    """How many words from there on are "de", "van" and the like."""
    rest = said.words[at:]
    return next((count for count, word in enumerate(rest) if bare(word) not in _PARTICLES), len(rest))


def goes_on(said: Said, at: int) -> bool:
    """May a word be a further name after one?"""
    word = said.words[at]
    if is_abbreviated(word):
        return True
    if is_common(word):
        return is_surname(word) and (said.has_capital(at) or said.after(at + 1) in AFTER_A_NAME | {""})
    if bare(word) in NOT_NAMES:
        return False
    small = said.shouted or word.islower()
    return said.has_capital(at) or (small and (is_first(word) or is_surname(word) or not is_word(word)))


def is_abbreviated(word: str) -> bool:
    """ "A.", "St." """
    return word[0].isupper() and word.endswith(".")
