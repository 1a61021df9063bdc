"""Which language a message is in: English unless it clearly is not."""

from __future__ import annotations

from collections.abc import Callable

import py3langid

from careline.nlu.spelling import words

_FEWEST = 3  # words; shorter messages are taken for English unless they are unmistakably Spanish
_SPANISH = frozenset(
    ["el", "la", "los", "las", "un", "una", "que", "qué", "como", "cómo", "es", "está", "estoy", "tengo", "tiene", "mi", "mis", "me", "te", "se", "su", "por", "para", "con", "sin", "pero", "cáncer", "mama", "dolor", "pecho", "hueso", "huesos", "ayuda", "ayúdame", "doctor", "médico", "hola", "gracias", "dónde", "donde", "puedo", "puede", "hablar", "español", "mamá", "esposa", "esposo", "fiebre", "respirar", "morir", "quiero", "hijo", "hija", "siento", "mucho", "muy", "no", "sí", "si", "de", "del", "al", "en", "y", "o", "lo", "ha", "han", "hay", "más", "cuando", "cuándo", "qué"]
)


def detect(text: str, knows: Callable[[str], bool]) -> str:
    """The language code of a message: "en", "es", or another ISO 639-1 code.

    `knows` says whether a word is English. Misspelt English is still English: another language is only assumed when most
    words are unknown to English, so that nobody in a hurry is told to write better.
    """
    tokens = words(text)
    if not tokens:
        return _script(text)
    spanish = sum(token in _SPANISH for token in tokens) / len(tokens)
    english = sum(knows(token) for token in tokens) / len(tokens)
    if spanish >= 0.5 and (spanish > english or _accented(text)):
        return "es"
    if len(tokens) < _FEWEST or english >= 0.5:
        return "en"
    code, _ = py3langid.classify(text)
    return str(code)


def _accented(text: str) -> bool:
    return any(letter in text.lower() for letter in "áéíóúñ¿¡")


def _script(text: str) -> str:
    letters = [letter for letter in text if letter.isalpha()]
    return "en" if not letters or all(letter.isascii() for letter in letters) else str(py3langid.classify(text)[0])
