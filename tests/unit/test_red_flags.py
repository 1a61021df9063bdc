"""The rules of the red flags, on the phrasings and look-alikes of their own files and on what hypothesis makes up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.errors import ContentError
from careline.red_flags import TIERS, Finding, RedFlags, highest

CONTENT = Path(__file__).resolve().parents[2] / "content" / "red_flags"
FLAGS = RedFlags.load(CONTENT)
AS_TIER = {"strong": "crisis", "act": "emergency"}
SAID = [(flag.id, level, text) for flag in FLAGS.flags.values() for level, texts in flag.phrasings_at.items() for text in texts]
NOT_SAID = [(flag.id, text) for flag in FLAGS.flags.values() for text in flag.not_this]
ANYWAY = [(flag.id, text) for flag in FLAGS.flags.values() for text in flag.alarm_anyway]
# No word of it means anything to the rules, and it has no punctuation that could end a frame for them.
PADDING = "we went to the market with the children and bought apples and plums and later my cousin played the piano for an hour or two. "
ROWS = ["E0", "E1", "E2a", "E2b", "E3", "E4", "E5a", "E5b", "E6", "E7", "E8", "E9", "E10", "E11", "E12", "E13"]


def raised(text: str, flag: str, level: str) -> bool:
    """Whether a text raises a row at its tier or a more serious one (and strongly, where a plan or act is named)."""
    limit = TIERS.index(AS_TIER.get(level, level))
    found = [finding for finding in FLAGS.find(text) if finding.flag == flag and TIERS.index(finding.tier) <= limit]
    return any(finding.strong for finding in found) if level in AS_TIER else bool(found)


def found(text: str) -> dict[str, str]:
    """Row -> tier of what a text raises."""
    return {finding.flag: finding.tier for finding in reversed(FLAGS.find(text))}


def test_every_row_has_a_file_and_enough_to_learn_from() -> None:
    assert sorted(FLAGS.flags) == sorted(ROWS)
    for flag in FLAGS.flags.values():
        assert len(flag.phrasings) >= (120 if flag.id in ("E1", "E2a", "E5a", "E6", "E11") else 60), flag.id
        assert len(flag.not_this) >= 40, flag.id
        assert flag.review["status"] in ("draft", "signed")
        assert flag.sources


@pytest.mark.parametrize(("flag", "level", "text"), SAID, ids=[f"{flag}-{text[:60]}" for flag, _, text in SAID])
def test_a_phrasing_raises_its_row(flag: str, level: str, text: str) -> None:
    assert raised(text, flag, level), FLAGS.find(text)


@pytest.mark.parametrize(("flag", "text"), NOT_SAID, ids=[f"{flag}-{text[:60]}" for flag, text in NOT_SAID])
def test_a_look_alike_does_not_raise_its_row(flag: str, text: str) -> None:
    assert flag not in found(text), FLAGS.find(text)


@pytest.mark.parametrize(("flag", "text"), ANYWAY)
def test_what_alarms_anyway_still_does(flag: str, text: str) -> None:
    assert FLAGS.find(text), f"{flag}: no longer alarms; move it to not_this"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fever, bone pain since monday but I can't feel my legs", {"E2a": "urgent"}),
        ("my mom is confused and her speech is slurred", {"E6": "emergency"}),
        ("I had a seizure.", {"E0": "emergency", "E6": "emergency"}),
        ("I had a seizure this morning", {"E0": "emergency", "E6": "emergency"}),
        ("last year I had a seizure", {}),
        ("had a clot in 2015", {}),
        ("what if I get a fever", {}),
        ("can mets cause seizures?", {}),
        ("They told me to call if I get a fever", {}),
        ("They told me to call if I get a fever and mine is 101", {"E1": "urgent"}),
        ("took Tylenol and it went down, it was 101", {"E1": "urgent"}),
        ("fever 101 and she is confused", {"E1": "emergency"}),
        ("I have chest pain", {"E5a": "urgent"}),
        ("chest pain right now and I'm short of breath", {"E5a": "emergency"}),
        ("short of breath", {"E5a": "today"}),
        ("back pain for weeks", {}),
        ("I keep thinking about dying.", {}),
        ("my mother died of a clot last year", {}),
        ("my mother died of a clot last year and now my leg is swollen", {"E5b": "urgent"}),
    ],
)
def test_the_grammar_around_the_words(text: str, expected: dict[str, str]) -> None:
    shown = found(text)
    assert {flag: shown.get(flag) for flag in expected} == expected
    assert bool(shown) == bool(expected), shown


@pytest.mark.parametrize("text", ["101", "38,5", "a hundred and one", "temp of 100.4", "tempreture 39", "38 point 6", "102F", "treinta y ocho de fiebre"])
def test_a_temperature_however_it_is_written(text: str) -> None:
    assert found(text).get("E1") == "urgent"


@pytest.mark.parametrize("text", ["room 101", "I'm 38 and scared", "day 101 of treatment", "it is 101 degrees outside", "I weigh 101 pounds", "my temp is 98.6"])
def test_a_number_that_is_no_fever(text: str) -> None:
    assert "E1" not in found(text)


@pytest.mark.parametrize(("word", "flag"), [("feaver", "E1"), ("siezure", "E6"), ("diarhea", "E9"), ("vomitting", "E9"), ("suiside", "E11"), ("unconsious", "E0")])
def test_misspelt_words_are_read(word: str, flag: str) -> None:
    assert flag in found(f"i think its {word}")


@pytest.mark.parametrize("text", ["never again", "that is clever", "sever the cord", "a sweet breeze", "a cloth for the couch", "my breast"])
def test_everyday_words_are_not_corrected_into_signs(text: str) -> None:
    assert not FLAGS.find(text)


@pytest.mark.parametrize(
    ("text", "subject"),
    [("I have a fever", "self"), ("my mom has a fever", "other"), ("her legs are numb", "other"), ("my legs are numb", "self"), ("fever 102", "unknown")],
)
def test_who_it_is_about(text: str, subject: str) -> None:
    assert FLAGS.find(text)[0].subject == subject


def test_a_finding_quotes_the_words_as_typed() -> None:
    text = "Hi! My LEGS are so num\u200bb"
    finding = next(each for each in FLAGS.find(text) if each.flag == "E2a")
    assert finding.words == text[finding.start : finding.end]
    assert "LEGS" in finding.words


def test_an_act_keeps_the_crisis_listed() -> None:
    tiers = [finding.tier for finding in FLAGS.find("I took all my pills, I want to die") if finding.flag == "E11"]
    assert tiers == ["emergency", "crisis"]


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text.translate(str.maketrans("", "", ",!?¿¡;'\"")),
                                    lambda text: text.replace("'", "’"), lambda text: "\u200b".join(text)],
                         ids=["capitals", "lower", "no punctuation", "curly quotes", "zero width"])
def test_ways_of_typing_change_nothing(change) -> None:  # type: ignore[no-untyped-def]
    missed = [text for flag, level, text in SAID if not raised(change(text), flag, level)]
    assert len(missed) <= len(SAID) * 0.005, missed


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SAID), st.integers(1, 7), st.integers(0, 7))
def test_in_the_middle_of_a_long_message(case: tuple[str, str, str], before: int, after: int) -> None:
    flag, level, text = case
    assert raised(f"{PADDING * before}{text}. {PADDING * after}", flag, level)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises_an_exception(text: str) -> None:
    for finding in FLAGS.find(text):
        assert text[finding.start : finding.end] == finding.words


@settings(max_examples=200, deadline=None)
@given(st.lists(st.builds(Finding, st.sampled_from(ROWS), st.sampled_from(TIERS), st.just("w"), st.just(0), st.just(1), st.just("self")), max_size=5),
       st.builds(Finding, st.sampled_from(ROWS), st.sampled_from(TIERS), st.just("w"), st.just(0), st.just(1), st.just("self")))
def test_one_more_finding_never_lowers_the_tier(findings: list[Finding], more: Finding) -> None:
    rank = [None, *reversed(TIERS)]
    assert rank.index(highest([*findings, more])) >= rank.index(highest(findings))


def test_two_same_day_flags_are_urgent() -> None:
    one, other = (Finding(flag, "today", "w", 0, 1, "self") for flag in ("E2b", "E9"))
    assert highest([one]) == highest([one, one]) == "today"
    assert highest([one, other]) == "urgent"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("title:", "titel: x\ntitle:", "unknown key 'titel'"),
        ("tier: urgent", "tier: soon", "unknown tier 'soon'"),
        ("    - FEVER_WORD\n", "    - FEEVER_WORD\n", "FEEVER_WORD is not a word list"),
        ("watch_for:\n  en:", "watch_for:\n  fr:", "'watch_for' must have exactly the languages"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    shutil.copytree(CONTENT, tmp_path / "red_flags")
    path = tmp_path / "red_flags" / "E1_fever_on_treatment.yml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        RedFlags.load(tmp_path / "red_flags")
    assert what in str(error.value)
    assert f"{path}:" in str(error.value)


@pytest.mark.parametrize("flag", ROWS)
def test_what_is_told_has_no_number_and_no_diagnosis(flag: str) -> None:
    told = FLAGS.flags[flag]
    texts = [told.told, *told.told_at.values(), *([told.told_strong] if told.told_strong else [])]
    for text in (sentence.lower() for each in texts for sentence in each["en"]):
        assert not any(phrase in text for phrase in ("you may have", "this could be", "this may be", "probably", "sounds like", "911", "988"))
