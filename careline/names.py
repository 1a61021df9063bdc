"""Names of people in what somebody typed: after cues ("my daughter", "Dr."), in signatures, and common first names."""

from __future__ import annotations

import re
from collections.abc import Callable

from careline.name_words import COMMON, FIRST, NOT_NAMES

_WORD = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){0,30}"
_WORDS = rf"{_WORD}(?: [A-Z]\.(?= )| {_WORD}){{0,3}}"
_RELATION = (
    r"(?:ex-|ex |late |step-?|great-)?(?:daughters?|sons?|kids?|child|children|girls|boys|twins|triplets|babies|baby|sisters|brothers|husband|wife|partner|boyfriend|girlfriend|fianc[ée]e?|spouse|sister|brother|mom|mum|mother|dad|father|"
    r"aunt|uncle|cousin|niece|nephew|grand(?:ma|mother|pa|father|daughter|son)|friend|neighbor|neighbour|caregiver|carer|boss|pastor|priest|"
    r"nurse|navigator|doctor|oncologist|surgeon|therapist|counselor|social worker|roommate|"
    r"hij[ao]|espos[ao]|marido|mujer|herman[ao]|mamá|madre|papá|padre|ti[ao]|amig[ao]|prim[ao]|niet[ao]|abuel[ao]|doctora?)(?:[- ]in[- ]law)?"
)

_PARTICLES = frozenset({"de", "del", "la", "van", "von", "der", "den", "bin", "al", "st"})


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"({pattern})({_WORDS})", re.IGNORECASE)


# After these a name follows, however it is typed.
_STRONG = _cue(
    r"\b(?:my (?:full |first )?name(?: is|'s|’s|:)|(?:patient|client|first|last|full) name(?: is|:)|me llamo|mi nombre es|(?:^|(?<=\n))name(?: is|:)|name:|se llama) "
)
# After these a name follows if it looks like one.
_WEAK = _cue(
    r"\b(?:(?:I[ '’]?a?m|they) call(?:ed)?(?: me)?|(?:please|can|could|just|may) call me|I go by|go by|patient:|yo soy|^soy|signed,?) "
)
_DR = _cue(r"\bdrs?\b\.? (?:[A-Z]\. ?){0,2}(?=\S)")
_TITLE = _cue(
    r"\b(?:doctor|doctora|prof|professor|mrs?|ms|miss|nurse|pastor|sister|se[ñn]ora?|sra?|father|rev)\b\.? (?:[A-Z]\. ?){0,2}(?=\S)"
)
_KIN = _cue(
    rf"\b(?:(?:my|our|her|his|their|the|mi|su|both my) (?:[a-z]{{2,12}} )?{_RELATION}|patient)(?:,| is| was|:)? (?:(?:called|named) )?(?=\S)"
)
_FULL = _cue(
    r"\b(?:this is|I am|I['’]?m|it is|it['’]s|told|with|from|hello,?|hi,?|contact|asked|ask|tell|call|calls|phone|text|see|saw) (?=\S)"
)
_SIGNED = re.compile(
    rf"((?:\b(?:thanks|thank you|thx|regards|sincerely|love|best|yours|yours truly|truly|hugs|blessings|gracias|xo|xoxo|for listening)\b,?[ \n]{{1,3}}|[\n–—] ?| -{{1,2}} ?))({_WORDS})(?=(?: [A-Z])?[ .!]{{0,3}}$)",
    re.IGNORECASE,
)
_HERE = re.compile(rf"()(\b{_WORD}(?: {_WORD})?)(?=(?: here\b| again\b))", re.IGNORECASE)
_AND = re.compile(rf"(\[name\](?:,|,? and|,? or| y) )({_WORDS})")
_LONE = re.compile(
    rf"(?<!\bSt )(?<!\bSt\. )(?<!\bSan )(?<!\bSanta )(?<!\bSaint )(?<!\bFort )(?<!\bLake )(?<!\bMount )()(?<!\w)(?!Susan (?:G|Komen)|Marie Curie)([A-Z](?:[^\W\d_]|['’-](?=[^\W\d_])){{0,30}}(?: [A-Z]\.(?= )| {_WORD}){{0,3}})"
)
_INSTITUTION = re.compile(
    r" ?(?:[A-Z]\w{1,20} ){0,2}(?:Cancer|(?i:county|city|hospital|center|centre|institute|clinic|university|foundation|society))\b"
)


def scrub(text: str) -> str:
    """Replace names of people by [name]."""
    shouted = _is_shouted(text)

    text = _replace(_DR, _doctor, text, shouted)
    text = _replace(_TITLE, _titled, text, shouted)
    text = _replace(_STRONG, _surely, text, shouted)
    text = _replace(_KIN, _probably, text, shouted)
    text = _replace(_WEAK, _probably, text, shouted)
    text = _replace(_SIGNED, _signature, text, shouted)
    text = _replace(_FULL, _introduced, text, shouted)
    text = _replace(_AND, _probably, text, shouted)
    text = _replace(_HERE, _known, text, shouted)
    return _replace(_LONE, _first_name, text, shouted)


def _replace(cue: re.Pattern[str], accept: Callable[[list[str], bool], int], text: str, shouted: bool) -> str:
    """Put [name] for as many words after a cue as `accept` takes; then look on from there, since one cue may hold the next."""
    done, at = [], 0
    while match := cue.search(text, at):
        words = match[2].split(" ")
        taken = accept(words, shouted)
        end = match.start(2) + len(" ".join(words[:taken]))
        if taken and not _INSTITUTION.match(text, end):
            done += [text[at : match.start(2)], "[name]"]
        else:
            end = match.start(2) + (0 if match[1] else len(words[0]))
            done.append(text[at:end])
        at = end
    return "".join([*done, text[at:]])


def _is_shouted(text: str) -> bool:
    """Do capitals say nothing in this text, because everything has one?"""
    words = [word for word in text.split() if word[0].isalpha()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.8 * len(words)


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").strip(".")


def _is_word(word: str) -> bool:
    return _bare(word) in COMMON or _bare(word) in NOT_NAMES


def _looks_named(word: str, shouted: bool) -> bool:
    """A known first name, or a capital where capitals mean something, on a word that is no ordinary one."""
    if _is_word(word):
        return False
    # A word all in capitals among others is an abbreviation, not a name.
    return _bare(word) in FIRST or (word[0].isupper() and not shouted and not (word.isupper() and len(word) > 1))


def _more(words: list[str], start: int, shouted: bool) -> int:
    """How many words from the first on belong to the name: initials, further capitals."""
    end = start
    while end < len(words) and end < 4 and (_initial(words[end]) or _looks_named(words[end], shouted)):
        end += 1
    if end and end + 1 < len(words) and words[end] in _PARTICLES and words[end + 1][0].isupper():
        return end + 2
    return end


def _initial(word: str) -> bool:
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def _surely(words: list[str], shouted: bool) -> int:
    if _is_word(words[0]):
        return 0
    # Typed without capitals (or only with them), what follows is a surname unless it is an ordinary word.
    loose = shouted or words[0].islower()
    end = 1
    while end < len(words) and end < 3 and not _is_word(words[end]) and (loose or words[end][0].isupper()):
        end += 1
    return max(end, _more(words, 1, shouted))


def _probably(words: list[str], shouted: bool) -> int:
    return _more(words, 1, shouted) if _looks_named(words[0], shouted) else 0


def _doctor(words: list[str], shouted: bool) -> int:
    """After "dr" a name may be typed small, where an ordinary word or nothing follows it ("dr ramirez told me")."""
    if _is_word(words[0]) or len(words[0]) < 2:
        return 0
    if words[0].islower() and _bare(words[0]) not in FIRST:
        verb = words[0].endswith(("ing", "ed")) or len(words[0]) < 4
        return int(not verb and (len(words) == 1 or _bare(words[1]) in COMMON))
    return _more(words, 1, shouted)


def _titled(words: list[str], shouted: bool) -> int:
    return _more(words, 1, shouted) if len(words[0]) > 1 and _looks_named(words[0], shouted) else 0


def _signature(words: list[str], shouted: bool) -> int:
    if len(words) > 3 or any(map(_is_word, words)) or not all(_looks_named(word, shouted) for word in words):
        return 0
    return len(words)


def _introduced(words: list[str], shouted: bool) -> int:
    end = _more(words, 0, shouted)
    full = end > 1 and not any(map(_initial, words[:1]))
    return end if full or (end == 1 and _bare(words[0]) in FIRST) else 0


def _known(words: list[str], shouted: bool) -> int:
    if _bare(words[-1]) in FIRST:
        return len(words)
    return (
        len(words)
        if len(words) == 2 and not shouted and all(_looks_named(word, shouted) and word[0].isupper() for word in words)
        else 0
    )


def _first_name(words: list[str], shouted: bool) -> int:
    # Only what is known as a first name, and only where capitals mean something.
    if shouted or _bare(words[0]).removesuffix("'s") not in FIRST or _is_word(words[0]):
        return 0
    return _capitals(words, 1)


def _capitals(words: list[str], end: int) -> int:
    while end < len(words) and (_initial(words[end]) or (words[end][0].isupper() and not _is_word(words[end]))):
        end += 1
    return end
