"""Reading a message: tokens, spelling, the phrases found in it, and what the grammar silences.

The result (`Said`) is what the rules of the red flags look at.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from careline import clauses, rules, temperature, text
from careline.clauses import Grammar
from careline.flag_files import Files
from careline.phrases import Occurrence, PhraseBook, expand, words_of
from careline.sentences import Sentences
from careline.spelling import Speller
from careline.text import NUMBER, STOP, Token


@dataclass
class Said:
    """One message, read: loud spans by name for each set of frames, and the way back to the text as typed."""

    text: str
    tokens: Sequence[Token]
    kept: list[int]
    spans: Mapping[str, list[tuple[int, int, int]]]
    positions: list[int]
    _loud: dict[tuple[int, str], list[tuple[int, int]]] = field(default_factory=dict)

    def loud(self, heeds: int, name: str) -> list[tuple[int, int]]:
        """The occurrences of a name that no heeded frame silences."""
        key = heeds, name
        if key not in self._loud:
            self._loud[key] = [(start, end) for start, end, mask in self.spans.get(name, ()) if not mask & heeds]
        return self._loud[key]

    def everywhere(self, name: str) -> list[tuple[int, int]]:
        """The occurrences of a name, silenced or not."""
        return self.loud(0, name)


class Reader:
    """Knows every word list, idiom and frame; `read` turns a text as typed into `Said`."""

    def __init__(self, files: Files, written_out: Iterable[str]) -> None:
        self._skipped = frozenset(map(str, files.words["skipped"]))
        self._places = frozenset(files.words["places"])
        lists = {name: frozenset(word for line in lines for word in line.split()) for name, lines in files.grammar.items()}
        self._words: Mapping[str, frozenset[str]] = defaultdict(frozenset, lists)
        self._plain = self._words["light"] | self._words["splits"] | self._words["links"] | self._words["here"]
        self._grammar = Grammar(self._words)
        named = {**files.words["places"], **files.words["signs"], **{phrase: [phrase] for phrase in written_out}}
        self._book = PhraseBook(named, self._skipped)
        self._frames = self._compile_frames(files)
        self._spell = self._speller(files, list(named.values()))

    def _compile_frames(self, files: Files) -> PhraseBook:
        """Idioms and grammar are read with every word in place: "passed out the forms" must not become "passed out"."""
        frames = {name: files.grammar[name] for name in clauses.PHRASES if name in files.grammar}
        return PhraseBook({**frames, "idioms": files.words["idioms"], "treatment": files.words["places"]["TREATMENT"]}, frozenset())

    def _speller(self, files: Files, lists: Iterable[Iterable[str]]) -> Speller:
        meant = [word for lines in lists for line in lines for phrase in expand(line) for word in words_of(phrase, self._skipped)]
        known = self._book.words | self._frames.words | self._skipped | {word for words in self._words.values() for word in words}
        return Speller(known, meant, files.ordinary)

    def read(self, message: str) -> Said:
        """A text as typed -> what the rules look at. Never raises."""
        tokens = [self._spelled(token) for token in text.tokens(message)]
        kept = [index for index, token in enumerate(tokens) if token.norm not in self._skipped]
        hits = self._book.find([tokens[index].norm for index in kept])
        frames, signs, places = self._sorted(hits, tokens, kept)
        said = Sentences(tokens, frames, [sign for sign in signs if not self._is_light(tokens, sign)], places,
                         [place for place in places if place.name in self._words["able"]], self._words["splits"], self._words["here"])
        masks = self._grammar.mute(said)
        spans = self._spans(signs + places, masks, kept)
        return Said(message, tokens, kept, spans, rules.positions([tokens[index].kind == STOP for index in kept]))

    def _spelled(self, token: Token) -> Token:
        norm = token.norm if token.kind != text.WORD else self._spell(token.norm)
        return token if norm == token.norm else Token(norm, token.start, token.end, token.kind)

    def _sorted(self, hits: list[Occurrence], tokens: Sequence[Token], kept: list[int]
                ) -> tuple[dict[str, list[Occurrence]], list[Occurrence], list[Occurrence]]:
        """Occurrences over kept words -> frames by name, signs and places over all tokens, without those inside idioms."""
        frames: dict[str, list[Occurrence]] = defaultdict(list)
        signs: list[Occurrence] = []
        places: list[Occurrence] = []
        for hit in self._frames.find([token.norm for token in tokens]):
            frames[hit.name].append(hit)
        for hit in hits:
            whole = Occurrence(hit.name, kept[hit.start], kept[hit.end - 1] + 1)
            place = hit.name in self._places
            if not any(_hides(idiom, whole, place) for idiom in frames["idioms"]):
                (places if place else signs).append(whole)
        signs += self._temperatures(tokens, signs)
        return frames, signs, places

    def _is_light(self, tokens: Sequence[Token], sign: Occurrence) -> bool:
        """A rule's own "have" or "of" is nothing a "no" could deny."""
        return all(token.norm in self._plain for token in tokens[sign.start : sign.end])

    def _temperatures(self, tokens: Sequence[Token], signs: list[Occurrence]) -> list[Occurrence]:
        if not any(token.kind == NUMBER or token.norm in temperature.SPOKEN for token in tokens):
            return []
        named = {index for sign in signs if sign.name in ("FEVER", "CHILLS", "FEELS_HOT") for index in range(sign.start, sign.end)}
        high, normal = temperature.readings(tokens, named)
        return [Occurrence("TEMP_NUMBER", each.start, each.end) for each in high] + [
            Occurrence("NORMAL_TEMP", each.start, each.end) for each in normal]

    def _spans(self, found: list[Occurrence], masks: list[int], kept: list[int]) -> dict[str, list[tuple[int, int, int]]]:
        place_of = {index: place for place, index in enumerate(kept)}
        spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for each in found:
            places = [place_of[index] for index in range(each.start, each.end) if index in place_of]
            mask = 0
            if each.name not in self._places:
                for index in range(each.start, each.end):
                    mask |= masks[index]
            if places:
                spans[each.name].append((places[0], places[-1] + 1, mask))
        return spans

    def subject(self, tokens: Sequence[Token], first: int, last: int) -> str:
        """Who it is about: the nearest person named before the end of the words, in the same sentence."""
        for index in range(last, -1, -1):
            token = tokens[index]
            if token.kind == STOP and index < first:
                break
            if token.norm in self._words["others"]:
                return "other"
            if token.norm in self._words["selves"] and not self._possessive(tokens, index):
                return "self"
        return "unknown"

    def _possessive(self, tokens: Sequence[Token], index: int) -> bool:
        """The "my" of "my mom", and the "I" of "I think she", name someone else."""
        ahead = {token.norm for token in tokens[index + 1 : index + 4]}
        return bool(ahead & self._words["others"])


def _hides(idiom: Occurrence, hit: Occurrence, place: bool) -> bool:
    """Whether an idiom hides a sign it touches and is as long as, or a place that lies inside it and is shorter."""
    longer = (idiom.end - idiom.start) - (hit.end - hit.start)
    if place:
        return idiom.start <= hit.start and hit.end <= idiom.end and longer > 0
    return idiom.start < hit.end and hit.start < idiom.end and longer >= 0
