"""Red flags: what was said -> what must be acted on now. Pure: text in, findings out; no model, no network, no state.

A message is read (`message.py`: words of `_words.yml`, grammar of `_grammar.yml`), then the rules of each flag (`say:` in
its own file) are matched against what was read. Unclear means alarm. The learned net (`nlu/alarm_net.py`) reads the same evidence.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from careline import flag_files, rules
from careline.clauses import FRAMES
from careline.documents import Document
from careline.errors import ContentError, problem
from careline.flag_files import TIERS, Files
from careline.flags import Finding, Flag, flag
from careline.message import Reader, Said
from careline.rules import Rule

__all__ = ["TIERS", "Evidence", "Finding", "Flag", "RedFlags", "highest", "most_serious"]

_ALL_FRAMES = sum(FRAMES.values())
_COMPUTED = ("TEMP_NUMBER", "NORMAL_TEMP")  # word lists that temperature.py fills


@dataclass(frozen=True)
class _Call:
    """A compiled rule of a flag: what it raises, and which frames silence it."""

    flag: str
    tier: str
    strong: bool
    heeds: int
    rule: Rule

    @property
    def name(self) -> str:
        """Flag, tier and the line itself: what a person finds it by."""
        return f"{self.flag}:{self.tier}:{self.rule.text}"


@dataclass(frozen=True)
class Evidence:
    """What the rules made of a message.

    `raised` holds every rule that matched, as its name ("E1:urgent:FEVER_WORD") and its finding; `marks` the word lists that
    were seen, loud ("FEVER_WORD") or silenced ("-FEVER_WORD"), and the frames that silenced them ("~4").
    """

    raised: tuple[tuple[str, Finding], ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One finding a flag, the most serious first."""
        return most_serious(finding for _, finding in self.raised)


class RedFlags:
    """All red flags, compiled. Make one with `load`, share it between threads, call `find`."""

    def __init__(self, files: Files) -> None:
        self.flags: Mapping[str, Flag] = MappingProxyType({value["id"]: flag(value) for _, value in files.flags})
        self._calls = _calls(files)
        self._opened_by: dict[str, list[int]] = {}
        for place, call in enumerate(self._calls):
            for name in call.rule.links[0].names:
                self._opened_by.setdefault(name, []).append(place)
        self._raises = {value["id"]: value.get("raise_with", {}) for _, value in files.flags}
        self._reader = Reader(files, rules.phrases(call.rule for call in self._calls))

    @classmethod
    def load(cls, directory: Path) -> RedFlags:
        """Read content/red_flags.

        Raises:
            ContentError: a ValueError; each problem reads `path:line: what, and the remedy`.
        """
        return cls(flag_files.read(directory))

    def find(self, message: str) -> tuple[Finding, ...]:
        """Every red flag in a message, the most serious first. Never raises, whatever the text."""
        return self.read(message).findings

    def read(self, message: str) -> Evidence:
        """Everything the rules make of a message. Never raises, whatever the text."""
        said = self._reader.read(message)
        raised: list[tuple[str, Finding]] = []
        for call in self._openable(said):
            span = call.rule.match(partial(said.loud, call.heeds), said.positions, said.everywhere)
            if span:
                raised.append((call.name, self._finding(said, call, span)))
        return Evidence(tuple(raised), tuple(_marks(said)))

    def _openable(self, said: Said) -> Iterable[_Call]:
        """The rules that something in the message could open, in the order of the files."""
        places = {place for name in said.spans for place in self._opened_by.get(name, ())}
        return (self._calls[place] for place in sorted(places))

    def _finding(self, said: Said, call: _Call, span: tuple[int, int]) -> Finding:
        first, last = said.kept[span[0]], said.kept[span[1] - 1]
        start, end = said.tokens[first].start, said.tokens[last].end
        tier = self._raised(said, call)
        return Finding(call.flag, tier, said.text[start:end], start, end, self._reader.subject(said.tokens, first, last), call.strong)

    def _raised(self, said: Said, call: _Call) -> str:
        for tier, names in self._raises[call.flag].items():
            if TIERS.index(tier) < TIERS.index(call.tier) and any(said.loud(call.heeds, name) for name in names):
                return tier
        return call.tier


def highest(findings: Iterable[Finding]) -> str | None:
    """The tier to act on. Two different same-day flags together are urgent; a crisis beside an emergency stays listed."""
    found = list(findings)
    tiers = {finding.tier for finding in found}
    if tiers == {"today"} and len({finding.flag for finding in found}) > 1:
        return "urgent"
    return next((tier for tier in TIERS if tier in tiers), None)


def most_serious(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a flag, the most serious first; a crisis is kept beside the emergency of the same flag."""
    best: dict[tuple[str, bool], Finding] = {}
    for finding in findings:
        key = finding.flag, finding.tier == "crisis"
        old = best.get(key)
        if old is None or _rank(finding) < _rank(old):
            best[key] = finding
    return tuple(sorted(best.values(), key=lambda each: (*_rank(each), each.start, each.flag)))


def _rank(finding: Finding) -> tuple[int, bool]:
    return TIERS.index(finding.tier), not finding.strong


def _marks(said: Said) -> Iterable[str]:
    for name, spans in said.spans.items():
        for _, _, mask in spans:
            yield f"-{name}" if mask else name
            if mask:
                yield f"~{mask}"


def _calls(files: Files) -> list[_Call]:
    known = {*files.words["places"], *files.words["signs"], *_COMPUTED}
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
    return _Call(flag, tier, level in ("strong", "act"), heeds, rule)
