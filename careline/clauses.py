"""The grammar around a word: denied, long past, only imagined, asked as a fact, advised, feared, of someone dead.

`mute` gives for every token the set of frames it stands in. Each frame ends where the sentence comes back to what is
so now, and none reaches into another clause: "no fever, but I can't feel my legs" denies the fever only.
When a case is unclear the word stays loud.
"""
from __future__ import annotations

from collections.abc import Mapping

from careline.phrases import Occurrence
from careline.sentences import Sentences, Span, end_of
from careline.text import COMMA, STOP

NEGATED, PAST, HYPOTHETICAL, FACT, ADVICE, FEAR, DEAD, ELSEWHERE = (1 << bit for bit in range(8))
FRAMES = {"negated": NEGATED, "past": PAST, "hypothetical": HYPOTHETICAL, "fact": FACT, "advice": ADVICE, "fear": FEAR,
          "dead": DEAD, "elsewhere": ELSEWHERE}
PHRASES = ("negators", "no_denial", "no_denial_after", "past", "present", "that_was", "hypothetical", "assertion",
           "fact_start", "fact_words", "makes", "advice", "fear", "dead", "elsewhere", "owning", "treatment")
_IMPERSONAL = ("can", "could", "does", "do", "did", "puede", "pueden", "what", "whats", "which", "how", "why", "explain", "que",
               "cuales", "como")
_OF_SELF = frozenset(("i", "im", "ive", "me", "myself", "tengo", "estoy", "yo"))


class Grammar:
    """The frames, from the word lists of content/red_flags/_grammar.yml."""

    def __init__(self, words: Mapping[str, frozenset[str]]) -> None:
        self.words = words

    def mute(self, said: Sentences) -> list[int]:
        """For each token the frames (a bit set) it stands in."""
        sentences = said.sentences()
        self._negated(said)
        self._imagined(said, sentences)
        self._advised(said, sentences)
        for start, end in sentences:
            clauses = said.clauses(start, end)
            self._past(said, clauses)
            self._fact(said, clauses, end)
            self._not_here(said, clauses, start, end)
        return said.masks

    # --- denial -----------------------------------------------------------------------------------------------------

    def _negated(self, said: Sentences) -> None:
        for hit in said.frames.get("negators", ()):
            if not self._no_denial(said, hit):
                self._deny(said, hit.end)

    def _no_denial(self, said: Sentences, hit: Occurrence) -> bool:
        if self._cannot_without(said, hit):
            return True
        inside = any(span.start < hit.end < span.end or (span.start < hit.start and hit.end == span.end)
                     for span in (*said.signs, *said.able, *said.frames.get("no_denial", ())))
        return inside or said.any("no_denial_after", hit.end, hit.end + 7)

    def _cannot_without(self, said: Sentences, hit: Occurrence) -> bool:
        """"I can't walk without gasping" tells of gasping."""
        before = set(said.words(hit.start - 8, hit.start))
        return said.tokens[hit.start].norm in ("without", "sin") and bool(before & self.words["unable"])

    def _deny(self, said: Sentences, index: int) -> None:
        """Walk from a "no": over light words to the sign, on over "or" and over lists that hold an "or"."""
        landed = False
        while index < len(said.tokens):
            sign_end = said.sign_at.get(index, 0)
            if sign_end <= said.place_at.get(index, 0):
                sign_end = 0  # "no leg pain": the leg is where, not what
            if sign_end and not landed:
                said.put(NEGATED, index, sign_end)
                index, landed = sign_end, True
            elif landed and self._continues(said, index):
                index, landed = index + 1, False
            elif index in said.place_at and not (landed and sign_end):
                index = said.place_at[index]
            elif said.tokens[index].norm in self.words["light"] and not sign_end:
                index += 1
            else:
                return

    def _continues(self, said: Sentences, index: int) -> bool:
        token = said.tokens[index]
        if token.norm in self.words["links"]:
            return True
        return token.kind == COMMA and self._list_with_or(said, index + 1)

    def _list_with_or(self, said: Sentences, index: int) -> bool:
        """Whether only listed things stand between a comma and an "or"."""
        while index < len(said.tokens) and said.tokens[index].kind != STOP:
            token = said.tokens[index]
            if token.norm in self.words["links"]:
                return True
            if not (index in said.sign_at or index in said.place_at or token.kind == COMMA or token.norm in self.words["light"]):
                return False
            index += 1
        return False

    # --- imagined, feared, advised ------------------------------------------------------------------------------------

    def _imagined(self, said: Sentences, sentences: list[Span]) -> None:
        for name, frame in (("hypothetical", HYPOTHETICAL), ("fear", FEAR)):
            for hit in said.frames.get(name, ()):
                end = said.reach(hit.end, end_of(sentences, hit.start))
                if not said.any("assertion", hit.start, end):
                    said.put(frame, hit.start, end)
                    self._spare_owned(said, frame, hit, end)

    def _spare_owned(self, said: Sentences, frame: int, hit: Occurrence, end: int) -> None:
        """A feared or imagined sign that is "this" or "my" is there already."""
        for sign in said.signs:
            numbered = frame == FEAR and sign.name == "TEMP_NUMBER"
            if hit.end <= sign.start < end and (numbered or self._owned(said, sign, frame, hit, end)):
                for index in range(sign.start, sign.end):
                    said.masks[index] &= ~frame

    def _owned(self, said: Sentences, sign: Occurrence, frame: int, hit: Occurrence, end: int) -> bool:
        before = said.words(sign.start - 3, sign.start)
        after = said.words(sign.end, sign.end + 4)
        if frame == HYPOTHETICAL or (frame == FACT and said.any("makes", hit.start, end)):
            return "this" in before or "these" in before
        if self.words["will"].intersection(before + after):
            return False
        if self.words["possessives"].intersection(before):
            return True
        in_mine = any(a in ("in", "on", "of", "from") and b in ("my", "her", "his") for a, b in zip(after, after[1:]))
        return in_mine or said.any("owning", max(0, sign.start - 4), sign.start)

    def _advised(self, said: Sentences, sentences: list[Span]) -> None:
        for hit in said.frames.get("advice", ()):
            end = end_of(sentences, hit.start)
            start = self._advice_start(said, hit, end)
            if start is not None and not said.any("assertion", start, end):
                said.put(ADVICE, start, said.reach(start, end))

    def _advice_start(self, said: Sentences, hit: Occurrence, end: int) -> int | None:
        """The word that opens what was advised ("told me to call IF"), or None when nothing was."""
        opener = said.words(hit.start, hit.end)
        weak = self.words["advice_links"] | self.words["advice_weak_links"]
        if opener[-1] in weak:
            return hit.end
        warned = bool(self.words["advice_warners"].intersection(opener))
        verbs = self.words["advice_verbs"]
        advised = warned or bool(verbs.intersection(opener))
        for index in range(hit.end, min(hit.end + 7, end)):
            word = said.tokens[index].norm
            if advised and word in (weak if warned else self.words["advice_links"]):
                return index
            if said.comes_back(index) or word == "because":
                return None
            advised = advised or word in verbs
        return None

    # --- past, fact, not here -------------------------------------------------------------------------------------------

    def _past(self, said: Sentences, clauses: list[Span]) -> None:
        for number, (start, end) in enumerate(clauses):
            if not self._is_past(said, start, end):
                continue
            said.put(PAST, start, end)
            for other in (number - 1, number + 1):
                if 0 <= other < len(clauses) and self._shares_past(said, clauses[number], clauses[other], other < number):
                    said.put(PAST, *clauses[other])

    def _is_past(self, said: Sentences, start: int, end: int) -> bool:
        words = set(said.words(start, end))
        return (said.any("past", start, end) and not said.any("present", start, end)
                and not words & self.words["other_dates"])

    def _shares_past(self, said: Sentences, dated: Span, other: Span, before: bool) -> bool:
        """"Last year, I had a clot", "I had a clot, that was in 2015", "I fell in 2015 and broke my wrist"."""
        words = said.words(*other)
        if said.any("present", *other) or not self.words["past_verbs"].intersection(words):
            return False
        if not before and words[0] in self.words["past_verbs"]:
            return True
        bare = not any(dated[0] <= sign.start < dated[1] for sign in said.signs)
        return bare and (not before or said.any("that_was", dated[0], dated[0] + 2))

    def _fact(self, said: Sentences, clauses: list[Span], end: int) -> None:
        for hit in said.frames.get("fact_start", ()):
            if any(self._opens(said, hit.start, start) for start, stop in clauses if start <= hit.start < stop):
                stop = said.reach(hit.end, end)
                if self._asks_fact(said, hit, stop):
                    said.put(FACT, hit.start, stop)
                    self._spare_owned(said, FACT, hit, stop)
        self._fact_told(said, clauses)

    def _fact_told(self, said: Sentences, clauses: list[Span]) -> None:
        """"La quimio causa diarrea?": no person, only a cause."""
        words = {word for clause in clauses for word in said.words(*clause)}
        if words & self.words["fact_verbs"] and not words & self.words["personal"]:
            for clause in clauses:
                said.put(FACT, *clause)

    def _opens(self, said: Sentences, index: int, clause: int) -> bool:
        return all(word in self.words["greetings"] for word in said.words(clause, index))

    def _asks_fact(self, said: Sentences, hit: Occurrence, stop: int) -> bool:
        words = said.words(hit.start, stop)
        if said.any("assertion", hit.start, stop) or self.words["not_asking"].intersection(words[1:3]):
            return False
        about_world = said.any("fact_words", hit.start, stop)
        if self.words["personal"].intersection(words):
            return about_world
        return about_world or words[0] in _IMPERSONAL

    def _not_here(self, said: Sentences, clauses: list[Span], start: int, end: int) -> None:
        """Someone dead, a dog, a film: the whole sentence, but not the clauses in which "I" speak of myself."""
        for name, frame in (("dead", DEAD), ("elsewhere", ELSEWHERE)):
            hits = [hit for hit in said.frames.get(name, ()) if start <= hit.start < end and not self._would_be(said, hit)]
            if not hits or (name == "elsewhere" and said.any("treatment", 0, len(said.tokens))):
                continue
            for clause in clauses:
                holds = any(clause[0] <= hit.start < clause[1] for hit in hits)
                if holds or not self._of_self(said, *clause):
                    said.put(frame, *clause)

    def _would_be(self, said: Sentences, hit: Occurrence) -> bool:
        """"If I died" and "when I'm gone" are of someone alive."""
        return hit.start > 0 and said.tokens[hit.start - 1].norm in ("i", "im", "ive", "id", "just")

    def _of_self(self, said: Sentences, start: int, end: int) -> bool:
        words = said.words(start, end)
        mine = any(word in ("my", "mi", "mis") and start + at + 1 in said.place_at for at, word in enumerate(words))
        return mine or bool(_OF_SELF.intersection(words))
