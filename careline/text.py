"""Normalisation: what a person typed -> lower-case tokens that still know where they stood.

Nothing here decides anything; it only makes different ways of typing the same thing equal. Offsets always point into
the text as typed, so a finding can quote the person's own words.
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WORD, NUMBER, STOP, COMMA = "word", "number", "stop", "comma"

# Letters of other alphabets that look Latin; people paste them, attackers type them.
_LOOKALIKES = dict(zip("аеорсухівтнкмΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινІ", "aeopcyxibthkmABEZHIKMNOPTYXaoivI"))
_PUNCTUATION = {"‘": "'", "’": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "…": ".", "\u2028": "\n"}
# Contractions whose apostrophe carries meaning: "I'll" is not "ill", "I'd" is not "id".
_CONTRACTED = {"i'll": "i will", "we'll": "we will", "he'll": "he will", "she'll": "she will", "i'd": "i would",
               "we'd": "we would", "she'd": "she would", "he'd": "he would"}
_DIGIT_LETTERS = str.maketrans("013457", "oieast")
_TOKEN = re.compile(r"(?P<number>\d{1,6}(?:[.,]\d{1,3})?(?!\d))|(?P<word>[^\W\d_](?:[\w']*\w)?)"
                    r"|(?P<stop>[.!?;¿¡\n]+)|(?P<comma>[,:()\[\]—–/]+|\s-+\s)|(?P<and>[&+])")
_LEET = re.compile(r"[a-z]+[013457]+[a-z]+$")


@dataclass(frozen=True)
class Token:
    """One token: `norm` to compare, `start` and `end` in the text as typed, `kind` one of WORD NUMBER STOP COMMA."""

    norm: str
    start: int
    end: int
    kind: str = WORD


@lru_cache(maxsize=4096)
def fold(char: str) -> str:
    """One character -> zero or more plain lower-case characters (NFKC, look-alikes, accents, invisible ones out)."""
    if char in "\t\n\r\v\f":
        return "\n" if char == "\n" else " "
    if unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co"):
        return ""
    char = _LOOKALIKES.get(char, _PUNCTUATION.get(char, char))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    return "".join(_PUNCTUATION.get(c, c) for c in plain if not unicodedata.combining(c))


def folded(text: str) -> tuple[str, list[int]]:
    """Text -> (folded text, for each of its characters the index in `text` it came from)."""
    if text.isascii() and text.isprintable():
        return text.lower(), list(range(len(text)))
    chars, origins = [], []
    for index, char in enumerate(text):
        for plain in fold(char):
            chars.append(plain)
            origins.append(index)
    return "".join(chars), origins


def plain_word(word: str) -> str:
    """A folded word as it is compared: apostrophes out, digits inside letters read as letters ("su1cide")."""
    word = word.replace("'", "")
    return word.translate(_DIGIT_LETTERS) if _LEET.match(word) else word


def tokens(text: str) -> tuple[Token, ...]:
    """Text -> tokens. Never raises; characters that mean nothing here give no token."""
    plain, origins = folded(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(plain):
        start, end = origins[match.start()], origins[match.end() - 1] + 1
        found.extend(_read(match, start, end))
    return tuple(found)


def _read(match: re.Match[str], start: int, end: int) -> list[Token]:
    kind, norm = str(match.lastgroup), match.group()
    if kind == "and":
        return [Token("and", start, end)]
    if kind != WORD:
        return [Token(norm.replace(",", ".") if kind == NUMBER else norm.strip(), start, end, kind)]
    words = _CONTRACTED.get(norm)
    if words:
        return [Token(word, start, end) for word in words.split()]
    return [Token(plain_word(norm), start, end)]
