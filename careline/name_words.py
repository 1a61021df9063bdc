"""What a word is to the privacy scrubber: a first name, a family name, a word of the language, or strange.

First and family names are those of the US census of 1990, shipped with the package `names` (used for its lists alone), English
is the list that comes with symspellpy; the rest is in name_lists.py. What people type is not remembered here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careline.name_lists import COMMON, EITHER, ELSEWHERE, NO_NAMES_HERE, NOT_NAMES, PLACES, bare
from careline.nlu.spelling import general_words

_RARE = 0.002  # per cent of people; below it the list of surnames is mostly words
_SHORTEST_STRANGE = 5  # letters; shorter ones are slips of too many words
_LONG = 8  # letters of a word in which people make two slips


def is_common(word: str) -> bool:
    """Is it one of the words that follow cues without being names?"""
    return bare(word) in COMMON


def is_first(word: str) -> bool:
    """Is it nothing but a first name ("mary-jo" too)?"""
    return all(part in _first_names() for part in bare(word).split("-"))


def could_be_first(word: str) -> bool:
    """Is it a first name, or a word or place that may be one?"""
    return is_first(word) or bare(word) in EITHER or bare(word) in PLACES


def is_surname(word: str) -> bool:
    """Is it a common family name, even one that is a word ("young", "cook")?"""
    return bare(word) in _surnames()


def is_word(word: str) -> bool:
    """Is it a word of English, of Spanish grammar or of medicine, and no first name?

    A word with a capital is taken for a name sooner: it is a word only if it is a frequent one.
    """
    known = _everyday() if word[0].isupper() and not word.isupper() else _english()
    return any(part in COMMON or part in NOT_NAMES or part in known for part in (bare(word), *bare(word).split("-")))


def is_strange(word: str) -> bool:
    """Is it no word that we know, nor a slip of one? "Colapsed" must stay: somebody is in danger."""
    plain = bare(word)
    if is_word(word) or len(plain) < _SHORTEST_STRANGE:
        return False
    slips = 1 if len(plain) < _LONG else 2
    return process.extractOne(plain, _english_by_letter()[plain[0]], scorer=OSA.distance, score_cutoff=slips) is None


@lru_cache(maxsize=1)
def _english_by_letter() -> Mapping[str, Sequence[str]]:
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in _english():
        by_letter[word[0]].append(word)
    return by_letter


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    listed = _listed("dist.female.first", 0) | _listed("dist.male.first", 0)
    return (listed | ELSEWHERE) - NO_NAMES_HERE - EITHER - PLACES - NOT_NAMES - COMMON


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return _listed("dist.all.last", _RARE)


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(row[0] for row in _rows("symspellpy", "frequency_dictionary_en_82_765.txt")) - _first_names()


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return general_words() - _first_names()


def _listed(name: str, share: float) -> frozenset[str]:
    """The names of one list of the census that at least this share of people (in per cent) bear."""
    return frozenset(row[0].lower() for row in _rows("names", name) if float(row[1]) >= share)


def _rows(package: str, name: str) -> Iterator[list[str]]:
    """The lines of a word list that a package ships, split into columns."""
    text = resources.files(package).joinpath(name).read_text("utf-8-sig")
    return (line.split() for line in text.splitlines())
