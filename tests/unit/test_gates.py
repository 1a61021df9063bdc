"""What keeps a model from going live: each poisoned change is refused, with where and what to do; a harmless one is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from careline import paths
from careline.catalog import Topic
from careline.dialogue.compose import answer_turn
from careline.dialogue.engine import Engine, Reply
from careline.dialogue.knowledge import Knowledge, shared
from careline.maintain.evaluation import cases, comparison, content_changes, gates
from careline.maintain.evaluation.cases import Question
from careline.maintain.evaluation.comparison import Change
from careline.maintain.evaluation.judgement import Judgement
from careline.maintain.evaluation.questions import Judged
from careline.red_flags import RedFlags
from careline.turn import Part

FLAG = "E1_fever_on_treatment.yml"


def judged(label: str, *found: str) -> list[Judged]:
    """Held-out questions of a topic, and what each was taken for."""
    return [
        Judged(Question(f"{label} {number}", label, "theme"), Judgement(((best, 0.9),), "answered", (best,), 0.9))
        for number, best in enumerate(found)
    ]


def changed(lost: int, won: int, kept: int = 0, label: str = "answer/a") -> Change:
    """A topic of which some questions are lost, some won and some right before and now."""
    before = judged(label, *[label] * lost, *["answer/x"] * won, *[label] * kept)
    after = judged(label, *["answer/x"] * lost, *[label] * won, *[label] * kept)
    return comparison.by_topic(before, after)[0]


# --- topics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lost", "won", "chance"), [(0, 3, 1.0), (1, 0, 0.5), (4, 0, 1 / 16), (5, 0, 1 / 32), (5, 1, 7 / 64), (3, 3, 42 / 64)])
def test_the_exact_mcnemar_test(lost: int, won: int, chance: float) -> None:
    assert changed(lost, won, kept=2).chance == pytest.approx(chance)


def test_a_topic_that_lost_more_than_chance_explains_is_worse() -> None:
    assert comparison.worse([changed(4, 0, kept=3)])
    assert not comparison.worse([changed(3, 0, kept=4)])
    assert not comparison.worse([changed(4, 2, kept=1)])


def test_topics_that_can_show_nothing_do_not_soften_the_test_of_those_that_can() -> None:
    noise = [changed(1, 0, kept=6, label=f"answer/n{number}") for number in range(250)]
    assert [change.label for change in comparison.worse([*noise, changed(5, 0, kept=2, label="answer/hit")])] == ["answer/hit"]


def test_many_topics_that_changed_much_are_tested_more_strictly() -> None:
    churned = [changed(3, 2, kept=2, label=f"answer/c{number}") for number in range(20)]
    assert comparison.tested(churned) > 1
    assert not comparison.worse([*churned, changed(5, 0, kept=2)])
    assert comparison.worse([*churned, changed(9, 0, kept=2)])


def test_a_topic_that_lost_everything_is_worse_however_few_its_questions() -> None:
    assert comparison.worse([changed(3, 0)]) and changed(3, 0).silenced
    assert not comparison.worse([changed(2, 0, kept=1)])


def test_an_example_moved_to_the_wrong_topic_is_refused_with_both_topics_named() -> None:
    before = [*judged("answer/bones", *["answer/bones"] * 7), *judged("answer/liver", *["answer/liver"] * 7)]
    after = [*judged("answer/bones", *["answer/liver"] * 5, *["answer/bones"] * 2), *judged("answer/liver", *["answer/liver"] * 7)]
    (refusal, overall) = gates.questions(comparison.by_topic(before, after), comparison.overall(before, after))
    assert "answer/bones is down: 7 of 7" in refusal and "answer/liver (5)" in refusal
    assert "data/answers/*/bones.yml" in refusal and "wrong file" in refusal and "All questions together" in overall


def test_the_whole_may_not_sink_though_no_topic_does() -> None:
    before = [item for topic in range(10) for item in judged(f"answer/t{topic}", *[f"answer/t{topic}"] * 7)]
    after = [item for topic in range(10) for item in judged(f"answer/t{topic}", "answer/x", *[f"answer/t{topic}"] * 6)]
    (refusal,) = gates.questions(comparison.by_topic(before, after), comparison.overall(before, after))
    assert "10 are lost and 0 won" in refusal


def test_nothing_lost_is_not_refused() -> None:
    before, after = judged("answer/a", "answer/a", "answer/x"), judged("answer/a", "answer/a", "answer/a")
    assert gates.questions(comparison.by_topic(before, after), comparison.overall(before, after)) == []


def test_only_what_is_mistaken_more_often_is_a_new_confusion() -> None:
    before = judged("answer/a", "answer/b", "answer/b", "answer/a")
    after = judged("answer/a", "answer/b", "answer/c", "answer/c")
    assert comparison.confusions(before, after) == [("answer/a", "answer/c", 0, 2)]


# --- red flags ------------------------------------------------------------------------------------------------------


def fever_flag(folder: Path, change: Callable[[str], str] = str) -> Knowledge:
    """The knowledge with one red flag alone, its file changed."""
    folder.mkdir()
    for path in [*(paths.home() / "content" / "red_flags").glob("_*.yml"), paths.home() / "content" / "red_flags" / FLAG]:
        (folder / path.name).write_text(change(path.read_text(encoding="utf-8")) if path.name == FLAG else path.read_text(encoding="utf-8"))
    return replace(shared(), red_flags=RedFlags.load(folder))


def without_rules_about(*words: str) -> Callable[[str], str]:
    """A change that takes away every rule that names one of some word lists."""
    return lambda text: "\n".join(
        line for line in text.splitlines() if not (line.startswith("    - ") and any(word in line for word in words))
    )


def test_a_lost_red_flag_phrase_is_refused_with_its_file(tmp_path: Path) -> None:
    before = fever_flag(tmp_path / "before")
    refusals = gates.phrases(before, fever_flag(tmp_path / "after", without_rules_about("BURNING_PEE", "PORT")))
    assert refusals and all("E1_*.yml" in refusal or refusal.startswith("…") for refusal in refusals)
    assert "no longer hears" in refusals[0] and "not_this" in refusals[0]
    assert gates.phrases(before, before) == []


def test_a_lost_must_pass_case_is_refused_with_its_words() -> None:
    asked = cases.emergencies(paths.home() / "tests" / "red_flags")
    lost = next(case for case in asked if case.must_pass and shared().red_flags.find(case.text))
    kept = [case for case in asked if case.must_pass and case != lost and gates.must_pass(shared().red_flags.find, [case]) == []]
    deaf = lambda text: () if text == lost.text else shared().red_flags.find(text)  # noqa: E731
    (refusal,) = gates.must_pass(deaf, [*kept[:20], lost])
    assert repr(lost.text) in refusal and f"{lost.flag}_*.yml" in refusal and "gets nothing" in refusal


# --- words ----------------------------------------------------------------------------------------------------------


def with_text(text: str) -> tuple[Knowledge, Topic]:
    """The knowledge with another text of one answer."""
    topic = replace(next(shared().catalog.group("answer")), text=text)
    topics = {**shared().catalog.topics, topic.id: topic}
    return replace(shared(), catalog=replace(shared().catalog, topics=topics)), topic


POISONED = {
    "a forbidden phrase": "You have cancer in the bones.",
    "a mistyped number": "Call the American Cancer Society at 1-800-277-2345.",
}


@pytest.mark.parametrize("text", POISONED.values(), ids=POISONED.keys())
def test_poisoned_words_are_refused_with_their_topic(text: str) -> None:
    knowledge, topic = with_text(text)
    refusals = gates.texts(knowledge)
    assert refusals and all(topic.id in refusal and "careline check" in refusal for refusal in refusals)


def test_the_words_as_they_are_pass() -> None:
    assert gates.texts(shared()) == []


def test_content_changes_are_told_in_sentences() -> None:
    knowledge, topic = with_text("Something else.")
    gone = next(topic for topic in shared().catalog.group("symptom"))
    topics = {name: each for name, each in knowledge.catalog.topics.items() if name != gone.id}
    told = content_changes.between(shared(), replace(knowledge, catalog=replace(knowledge.catalog, topics=topics)))
    assert told == [f"Gone: “{gone.meta.title}” ({gone.id}).", f"Says something else: “{topic.meta.title}” ({topic.id})."]
    assert content_changes.between(shared(), shared()) == []


def test_examples_that_moved_are_named() -> None:
    first, second, *_ = shared().catalog.group("answer")
    moved = replace(second, examples=(*second.examples, first.examples[0])), replace(first, examples=first.examples[1:])
    topics = {**shared().catalog.topics, **{topic.id: topic for topic in moved}}
    told = content_changes.between(shared(), replace(shared(), catalog=replace(shared().catalog, topics=topics)))
    assert any(first.examples[0] in line and first.meta.title in line and second.meta.title in line for line in told if "moved" in line)


# --- the canary -----------------------------------------------------------------------------------------------------


class Understands:
    """An engine that answers every question with one topic, by rules as far as red flags go."""

    model_id = "careline-canary"

    def __init__(self, topic: str, hears: bool = True) -> None:
        self._rules = Engine(shared(), None)
        self._topic = shared().catalog.topics[topic]
        self._hears = hears

    async def respond(self, text: str, *, action: str | None = None, state: Mapping[str, Any] | None = None) -> Reply:
        alarm = await self._rules.respond(text)
        if alarm.findings and self._hears:
            return alarm
        topics = ({"id": self._topic.id, "covers": self._topic.meta.covers, "confidence": 0.9},)
        return Reply(answer_turn(shared(), [self._topic]), {}, text, topics)

    def safe_reply(self, text: str, state: Mapping[str, Any] | None = None) -> Reply:
        return self._rules.safe_reply(text, state)


def test_the_canary_must_get_the_right_answers() -> None:
    right, wrong = shared().catalog.by_cover["Q001"][0], shared().catalog.by_cover["Q029"][0]
    assert gates.canary(Understands(right)) == []  # type: ignore[arg-type]
    (refusal,) = gates.canary(Understands(wrong))  # type: ignore[arg-type]
    assert "wrong_topic" in refusal and "careline ask --model careline-canary" in refusal
    (deaf,) = gates.canary(Understands(right, hears=False))  # type: ignore[arg-type]
    assert "fever" in deaf and "missed" in deaf


def test_a_withdrawn_answer_is_no_failed_canary() -> None:
    class Withdrawn(Understands):
        async def respond(self, text: str, **_: Any) -> Reply:
            reply = await super().respond(text)
            if reply.turn.kind != "answer":
                return reply
            return replace(reply, turn=replace(reply.turn, kind="out_of_scope", parts=(Part("It is being corrected."),)))

    assert gates.canary(Withdrawn(shared().catalog.by_cover["Q001"][0])) == []  # type: ignore[arg-type]


def test_a_canary_that_raises_is_a_failed_one() -> None:
    class Raises(Understands):
        async def respond(self, text: str, **_: Any) -> Reply:
            await asyncio.sleep(0)
            raise RuntimeError("broken for a test")

    right = shared().catalog.by_cover["Q001"][0]
    assert len(gates.canary(Raises(right))) == 2  # type: ignore[arg-type]
