"""Red flags: what was said -> what must be acted on now. Pure: text in, findings out; no model, no network, no state.

A message is read three times, each time as data says: words and phrases (`_words.yml`), the grammar around them
(`_grammar.yml`), and the rules of each flag (`say:` in its own file). Unclear means alarm.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from careline import clauses, flag_files, rules, temperature, text
from careline.clauses import FRAMES, Grammar, Sentences
from careline.documents import Document
from careline.errors import ContentError, problem
from careline.flag_files import TIERS, Files
from careline.phrases import Occurrence, PhraseBook, expand, words_of
from careline.rules import Rule
from careline.spelling import Speller
from careline.text import NUMBER, STOP, Token

_ALL_FRAMES = sum(FRAMES.values())
Texts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Finding:
    """A red flag found: its row, how soon, the words that raised it as typed, and who it is about.

    `subject` is "self", "other" or "unknown". `strong` is for E11 only: a plan, a method or an act was named.
    """

    flag: str
    tier: str
    words: str
    start: int
    end: int
    subject: str
    strong: bool = False
    source: str = "rules"


@dataclass(frozen=True)
class Flag:
    """One row of the table in safety.md, as its file says it."""

    id: str
    title: str
    tier: str
    told: Texts
    watch_for: Mapping[str, str]
    ask: Mapping[str, str]
    sources: tuple[Mapping[str, str], ...]
    review: Mapping[str, str]
    phrasings: tuple[str, ...]
    not_this: tuple[str, ...]
    told_at: Mapping[str, Texts] = field(default_factory=dict)
    told_strong: Texts | None = None
    phrasings_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alarm_anyway: tuple[str, ...] = ()

    def told_for(self, finding: Finding) -> Texts:
        """What to tell the person for one finding of this flag: the strong text, the text of its tier, or the usual one."""
        if finding.strong and self.told_strong:
            return self.told_strong
        return self.told_at.get(finding.tier, self.told)


@dataclass(frozen=True)
class _Call:
    """A compiled rule of a flag: what it raises, and which frames silence it."""

    flag: str
    tier: str
    strong: bool
    heeds: int
    rule: Rule
    opens: frozenset[str]  # without one of these in the message there is nothing to match


@dataclass
class _Said:
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


class RedFlags:
    """All red flags, compiled. Make one with `load`, share it between threads, call `find`."""

    def __init__(self, files: Files) -> None:
        self._skipped = frozenset(map(str, files.words["skipped"]))
        self._places = frozenset(files.words["places"])
        self._words = {name: frozenset(word for line in lines for word in str(line).split())
                       for name, lines in files.grammar.items()}
        self._grammar = Grammar(defaultdict(frozenset, self._words))
        self.flags: Mapping[str, Flag] = MappingProxyType({value["id"]: _flag(value) for _, value in files.flags})
        self._calls = _calls(files)
        self._raises = {value["id"]: _raises(value) for _, value in files.flags}
        self._book = self._compile(files)
        self._frames = self._compile_frames(files)
        self._spell = self._speller(files)

    @classmethod
    def load(cls, directory: Path) -> RedFlags:
        """Read content/red_flags.

        Raises:
            ContentError: a ValueError; each problem reads `path:line: what, and the remedy`.
        """
        return cls(flag_files.read(directory))

    def _compile(self, files: Files) -> PhraseBook:
        named: dict[str, list[str]] = {**files.words["places"], **files.words["signs"]}
        named.update({phrase: [phrase] for phrase in rules.phrases(call.rule for call in self._calls)})
        return PhraseBook(named, self._skipped)

    def _compile_frames(self, files: Files) -> PhraseBook:
        """Idioms and grammar are read with every word in place: "passed out the forms" must not become "passed out"."""
        frames = {name: files.grammar[name] for name in clauses.PHRASES if name in files.grammar}
        return PhraseBook({**frames, "idioms": files.words["idioms"], "treatment": files.words["places"]["TREATMENT"]}, frozenset())

    def _speller(self, files: Files) -> Speller:
        meant = {word for section in ("places", "signs") for lines in files.words[section].values() for line in lines
                 for phrase in expand(line) for word in words_of(phrase, self._skipped)}
        known = self._book.words | self._frames.words | self._skipped | {word for words in self._words.values() for word in words}
        return Speller(known, meant, files.ordinary)

    # --- reading a message --------------------------------------------------------------------------------------------

    def find(self, message: str) -> tuple[Finding, ...]:
        """Every red flag in a message, the most serious first. Never raises, whatever the text."""
        said = self._read(message)
        best: dict[tuple[str, bool], Finding] = {}
        present = said.spans.keys()
        for call in self._calls:
            if call.opens.isdisjoint(present):
                continue
            span = call.rule.match(lambda name, heeds=call.heeds: said.loud(heeds, name), said.positions,
                                   said.everywhere)  # type: ignore[misc]
            if span:
                _keep(best, self._finding(said, call, span))
        return tuple(sorted(best.values(), key=lambda each: (TIERS.index(each.tier), not each.strong, each.start, each.flag)))

    def _read(self, message: str) -> _Said:
        tokens = [self._spelled(token) for token in text.tokens(message)]
        kept = [index for index, token in enumerate(tokens) if token.norm not in self._skipped]
        hits = self._book.find([tokens[index].norm for index in kept])
        frames, signs, places = self._sorted(hits, tokens, kept)
        said = Sentences(tokens, frames, [sign for sign in signs if not self._is_light(tokens, sign)], places,
                         [place for place in places if place.name == "CANT"])
        masks = self._grammar.mute(said)
        spans = self._spans(signs + places, masks, kept)
        return _Said(message, tokens, kept, spans, rules.positions([tokens[index].kind == STOP for index in kept]))

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
        return all(token.norm in self._words["light"] for token in tokens[sign.start : sign.end])

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

    # --- findings -----------------------------------------------------------------------------------------------------

    def _finding(self, said: _Said, call: _Call, span: tuple[int, int]) -> Finding:
        first, last = said.kept[span[0]], said.kept[span[1] - 1]
        start, end = said.tokens[first].start, said.tokens[last].end
        tier = self._raised(said, call)
        return Finding(call.flag, tier, said.text[start:end], start, end, self._subject(said.tokens, first, last), call.strong)

    def _raised(self, said: _Said, call: _Call) -> str:
        for tier, names in self._raises[call.flag]:
            if TIERS.index(tier) < TIERS.index(call.tier) and any(said.loud(call.heeds, name) for name in names):
                return tier
        return call.tier

    def _subject(self, tokens: Sequence[Token], first: int, last: int) -> str:
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


def highest(findings: Iterable[Finding]) -> str | None:
    """The tier to act on. Two different same-day flags together are urgent; a crisis beside an emergency stays listed."""
    found = list(findings)
    tiers = {finding.tier for finding in found}
    if tiers == {"today"} and len({finding.flag for finding in found}) > 1:
        return "urgent"
    return next((tier for tier in TIERS if tier in tiers), None)


def _keep(best: dict[tuple[str, bool], Finding], finding: Finding) -> None:
    """Keep one finding a flag, the most serious; a crisis is kept beside the emergency of the same flag."""
    key = finding.flag, finding.tier == "crisis"
    old = best.get(key)
    if old is None or (TIERS.index(finding.tier), not finding.strong) < (TIERS.index(old.tier), not old.strong):
        best[key] = finding


def _hides(idiom: Occurrence, hit: Occurrence, place: bool) -> bool:
    """Whether an idiom hides a sign it touches and is as long as, or a place that lies inside it and is shorter."""
    longer = (idiom.end - idiom.start) - (hit.end - hit.start)
    if place:
        return idiom.start <= hit.start and hit.end <= idiom.end and longer > 0
    return idiom.start < hit.end and hit.start < idiom.end and longer >= 0


def _flag(value: Mapping[str, Any]) -> Flag:
    phrasings_at = {tier: tuple(map(str, lines)) for tier, lines in value["phrasings"].items()}
    return Flag(
        id=value["id"], title=value["title"], tier=value["tier"], told=_texts(value["told"]), watch_for=value["watch_for"],
        ask=value["ask"], sources=tuple(value["sources"]), review=value["review"],
        phrasings=tuple(line for lines in phrasings_at.values() for line in lines), not_this=tuple(map(str, value["not_this"])),
        told_at={tier: _texts(texts) for tier, texts in value.get("told_at", {}).items()},
        told_strong=_texts(value["told_strong"]) if "told_strong" in value else None, phrasings_at=phrasings_at,
        alarm_anyway=tuple(each["text"] for each in value.get("alarm_anyway", ())))


def _texts(value: Mapping[str, Iterable[str]]) -> Texts:
    return {language: tuple(sentences) for language, sentences in value.items()}


def _raises(value: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return [(tier, tuple(names)) for tier, names in value.get("raise_with", {}).items()]


def _calls(files: Files) -> list[_Call]:
    known = {*files.words["places"], *files.words["signs"], "TEMP_NUMBER", "NORMAL_TEMP"}
    calls: list[_Call] = []
    for document, value in files.flags:
        heeds = _ALL_FRAMES & ~sum(FRAMES[name] for name in value.get("heard_through", ()))
        for level, lines in value["say"].items():
            calls.extend(_call(document, value["id"], level, heeds, at, line, known) for at, line in enumerate(lines))
    return calls


def _call(document: Document, flag: str, level: str, heeds: int, at: int, line: str, known: set[str]) -> _Call:
    """Compile one rule. `strong` is a crisis with a plan or method; `act` one in which something has been done."""
    tier = {"strong": "crisis", "act": "emergency"}.get(level, level)
    try:
        rule = rules.read(line, known)
    except ValueError as error:
        raise ContentError([problem(document.path, document.line("say", level, at), str(error))]) from error
    return _Call(flag, tier, level in ("strong", "act"), heeds, rule, frozenset(rule.links[0].names))
