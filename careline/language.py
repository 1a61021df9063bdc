"""Which language a message is in: English unless it clearly is not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from importlib import import_module

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from careline.nlu.spelling import words

_FEWEST = 3  # words; shorter messages are taken for English unless they are unmistakably Spanish
_SURE = 0.95  # how sure the letters must be of another language
_SMALL = 2  # so many small words of another language, none of them English, tell it from misspelt English
# Languages whose small words spaCy lists; people write them without accents, but "ich", "gegen" and "avec" still show.
_LISTED = ("de", "fr", "it", "pt", "nl", "pl", "tl")
_SPANISH = frozenset(
    [
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "que",
        "qué",
        "como",
        "cómo",
        "es",
        "está",
        "estoy",
        "tengo",
        "tiene",
        "mi",
        "mis",
        "me",
        "te",
        "se",
        "su",
        "por",
        "para",
        "con",
        "sin",
        "pero",
        "cáncer",
        "mama",
        "dolor",
        "duele",
        "duelen",
        "pecho",
        "hueso",
        "huesos",
        "ayuda",
        "ayúdame",
        "doctor",
        "médico",
        "hola",
        "gracias",
        "dónde",
        "donde",
        "puedo",
        "puede",
        "hablar",
        "español",
        "mamá",
        "esposa",
        "esposo",
        "fiebre",
        "respirar",
        "morir",
        "quiero",
        "hijo",
        "hija",
        "siento",
        "entiendo",
        "comprendo",
        "mucho",
        "muy",
        "no",
        "sí",
        "si",
        "de",
        "del",
        "al",
        "en",
        "y",
        "o",
        "lo",
        "ha",
        "han",
        "hay",
        "más",
        "cuando",
        "cuándo",
    ]
)


def detect(text: str, knows: Callable[[str], bool], misspelt: Collection[str] = ()) -> str:
    """The language code of a message: "en", "es", or another ISO 639-1 code.

    `knows` says whether a word is English, `misspelt` are words that were put right to English ones. Misspelt English is still English: another language is only assumed when it shows in
    small words of its own or most words are unknown to English, so that nobody in a hurry is told to write better.
    """
    if _foreign_script(text):
        return _guess(text)[0]
    tokens = words(text)
    if not tokens:
        return "en"
    english = sum(map(knows, tokens)) / len(tokens)
    spanish = sum(token in _SPANISH for token in tokens) / len(tokens)
    if spanish >= 0.5 and (spanish > english or _accented(text)):
        return "es"
    if len(tokens) < _FEWEST:
        return "en"
    by_small_words = _by_small_words([token for token in tokens if token not in misspelt], knows)
    if by_small_words or sum(knows(token) or token in misspelt for token in tokens) >= 0.5 * len(tokens):
        return by_small_words or "en"
    code, sure = _guess(text)
    return code if sure >= _SURE else "en"


def _by_small_words(tokens: Sequence[str], knows: Callable[[str], bool]) -> str | None:
    """The language that most small words are of which are no English words."""
    unknown = {token for token in tokens if len(token) > 2 and not knows(token)}
    counts = {code: len(unknown & _small_words(code)) for code in _LISTED}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= _SMALL else None


def _guess(text: str) -> tuple[str, float]:
    """The likeliest language by its letters, and how likely it is."""
    code, sure = _identifier().classify(text)
    return str(code), float(sure)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)


@cache
def _small_words(code: str) -> frozenset[str]:
    return frozenset(import_module(f"spacy.lang.{code}.stop_words").STOP_WORDS)


def _accented(text: str) -> bool:
    return any(letter in text.lower() for letter in "áéíóúñ¿¡")


def _foreign_script(text: str) -> bool:
    """Are most letters of another script than Latin?"""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(ord(letter) > 0x24F and not 0x1E00 <= ord(letter) <= 0x1EFF for letter in letters) * 2 > len(letters)
