"""How soon to call, and what a reply says."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline import triage
from careline.triage import QUESTIONS
from careline.turn import TIERS, at_least

ORDER = triage.shared().rules.worse_first
OWN = ("call_doctor", "today", "urgent", "emergency")
FLAGS = ("emergency", "urgent", "today")
answers = st.fixed_dictionaries({question: st.sampled_from([*ORDER[question], None]) for question in QUESTIONS})
own_tiers, flag_tiers = st.sampled_from(OWN), st.lists(st.sampled_from(FLAGS), max_size=3)


def read(text: str, asked: str | None = None) -> dict[str, str]:
    heard = triage.read(text, f"symptom_{asked}" if asked else None)
    return {slot.removeprefix("symptom_"): value for slot, value in heard.items()}


# --- the table ------------------------------------------------------------------------------------------------------


@given(answers, own_tiers, flag_tiers)
def test_the_tier_is_never_below_call_doctor_nor_below_the_symptoms_own(given, own, flags):
    tier = triage.tier(given, own, flags)
    assert at_least(tier, "call_doctor") and at_least(tier, own)


@given(answers, own_tiers, flag_tiers, st.sampled_from(QUESTIONS), st.data())
def test_a_worse_or_unknown_answer_never_lowers_the_tier(given, own, flags, question, data):
    before = triage.tier(given, own, flags)
    rank = ORDER[question].index(given[question]) if given[question] else 0
    worse = data.draw(st.sampled_from([*ORDER[question][: rank + 1], "unknown", None]))
    assert at_least(triage.tier({**given, question: worse}, own, flags), before)


@given(answers, own_tiers, flag_tiers, st.sampled_from(FLAGS))
def test_a_further_red_flag_or_a_more_serious_symptom_never_lowers_the_tier(given, own, flags, more):
    before = triage.tier(given, own, flags)
    # With no red flag known the safe default holds; the first known flag replaces it.
    assert not flags or at_least(triage.tier(given, own, [*flags, more]), before)
    assert all(at_least(triage.tier(given, higher, flags), before) for higher in OWN if at_least(higher, own))


def test_every_combination_of_answers_has_a_tier():
    for values in product(*(ORDER[question] for question in QUESTIONS)):
        assert triage.tier(dict(zip(QUESTIONS, values, strict=True)), "call_doctor", ["urgent"]) in TIERS


@pytest.mark.parametrize("flags", ["yes", "unknown"])
def test_a_red_flag_or_not_knowing_of_one_gives_its_tier(flags):
    calm = {"duration": "months", "trend": "better", "treatment": "no"}
    assert triage.tier({**calm, "flags": flags}, "call_doctor", ["today", "emergency", "urgent"]) == "emergency"
    assert triage.tier({**calm, "flags": flags}, "call_doctor", []) == "urgent", (
        "a gap in the files must not lower a tier"
    )


@pytest.mark.parametrize(
    ("duration", "trend", "treatment", "own", "tier"),
    [
        ("months", "same", "no", "call_doctor", "call_doctor"),
        ("weeks", "better", "yes", "call_doctor", "call_doctor"),
        ("weeks", "worse", "no", "call_doctor", "today"),
        ("weeks", "unknown", "no", "call_doctor", "today"),
        ("today", "same", "yes", "call_doctor", "today"),
        ("today", "same", "unknown", "call_doctor", "today"),
        ("unknown", "same", "yes", "call_doctor", "today"),
        ("months", "better", "no", "today", "today"),
        ("days", "worse", "no", "today", "urgent"),
        ("months", "better", "no", "emergency", "emergency"),
    ],
)
def test_the_rows_of_the_table(duration, trend, treatment, own, tier):
    given = {"flags": "no", "duration": duration, "trend": trend, "treatment": treatment}
    assert triage.tier(given, own, ["emergency"]) == tier


# --- how long -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 wks", "weeks"),
        ("three weeks", "weeks"),
        ("a couple of days", "days"),
        ("couple days", "days"),
        ("2-3 months", "months"),
        ("about a month", "months"),
        ("half a year", "months"),
        ("two hours ago", "today"),
        ("since this morning", "today"),
        ("just started", "today"),
        ("since yesterday", "days"),
        ("since monday", "days"),
        ("10 days", "weeks"),
        ("a week or two", "weeks"),
        ("third week in a row", "weeks"),
        ("for ages", "months"),
        ("forever", "months"),
        ("since easter", "months"),
        ("for weeks", "weeks"),
        ("on and off since March", "months"),
        ("2.5 weeks", "weeks"),
        ("FOR 3 WEEKS!!", "weeks"),
        ("Since Last Week", "days"),
    ],
)
def test_lengths_of_time_are_understood_before_and_when_asked(text, value):
    assert read(text)["duration"] == value
    assert read(text, "duration")["duration"] == value


@pytest.mark.parametrize(
    "text",
    [
        "today",
        "it started today",
        "months",
        "a few days",
        "since yesterday or so",
        "not long",
        "a while",
        "it's new",
        "an hour",
        "48 hours",
        "years",
        "for years",
    ],
)
def test_short_replies_count_when_asked(text):
    assert read(text, "duration").get("duration") not in (None, "unknown")


@pytest.mark.parametrize(
    "text",
    [
        "I was diagnosed five years ago and my hip hurts",
        "had a mastectomy in 2017, my arm is swollen",
        "I have been on Ibrance for 2 years, I cough",
        "I see my oncologist in three weeks, my back hurts",
        "six times a day",
        "scan every 3 months",
        "my back hurts",
        "I am 62 years old and I cough",
        "finished chemo two months ago",
        "3",
        "more than half of the days",
        "I sleep ten hours and wake up tired",
        "something I have done for twenty years",
        "some nights it wakes me",
        "on the second month of my new tablets I cough",
    ],
)
def test_other_lengths_of_time_are_not_the_symptoms(text):
    assert "duration" not in read(text)


def test_of_two_lengths_of_time_the_more_serious_counts():
    assert read("on and off for months, and for two days now")["duration"] == "days"


# --- where it is heading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("worse", "worse"),
        ("getting worse", "worse"),
        ("it's spreading", "worse"),
        ("more and more", "worse"),
        ("was better but now worse", "worse"),
        ("comes and goes", "same"),
        ("about the same", "same"),
        ("it's not getting better", "same"),
        ("not worse", "same"),
        ("no worse no better", "same"),
        ("hasn't changed", "same"),
        ("on and off", "same"),
        ("easing", "better"),
        ("getting better", "better"),
        ("going away slowly", "better"),
        ("less than before", "better"),
        ("not the same", "unknown"),
        ("yes", "unknown"),
        ("no", "unknown"),
        ("not sure", "unknown"),
    ],
)
def test_trends_are_understood_when_asked(text, value):
    assert read(text, "trend")["trend"] == value


@pytest.mark.parametrize(
    "text",
    [
        "it is worse at night",
        "worse when I lie down",
        "I hope it gets better",
        "the same arm as before",
        "it went away",
        "instead of getting better I'm more out of breath",
    ],
)
def test_what_may_not_be_a_trend_is_asked_about(text):
    assert "trend" not in read(text)


# --- on treatment -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on chemo", "yes"),
        ("I'm on Ibrance", "yes"),
        ("still taking letrozole", "yes"),
        ("never had chemo just letrozole", "yes"),
        ("finished chemo, now tamoxifen", "yes"),
        ("in the middle of radiation", "yes"),
        ("finished radiation last year", "no"),
        ("not on anything", "no"),
        ("no treatment right now", "no"),
        ("off treatment", "no"),
    ],
)
def test_treatment_is_understood_before_and_when_asked(text, value):
    assert read(text)["treatment"] == value
    assert read(text, "treatment")["treatment"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("nope", "no"),
        ("not at the moment", "no"),
        ("i don't know", "unknown"),
        ("finished chemo two weeks ago", "yes"),
        ("my last chemo was yesterday", "yes"),
        ("off Ibrance for a week", "yes"),
        ("finished chemo", "unknown"),
        ("I stopped in 2019", "no"),
        ("starting chemo next week", "unknown"),
        ("a hormone shot", "yes"),
        ("had radiation four years ago", "no"),
        ("no chemo", "unknown"),
        ("between cycles of chemo", "yes"),
    ],
)
def test_treatment_when_asked(text, value):
    assert read(text, "treatment")["treatment"] == value


def test_radiation_years_ago_does_not_say_that_nothing_else_goes_on():
    assert "treatment" not in read("I had a lumpectomy and rads four years ago, now my back hurts")


# --- red flags: yes, no, I don't know ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "nope",
        "not really",
        "none of those",
        "none of these",
        "No, none.",
        "nah",
        "no thanks",
        "I don't think so",
        "not that I know of",
        "no numbness",
        "no she doesn't have any of that",
        "no, it just hurts",
        "no no",
        "nothing like that",
        "NO!!!",
        "no fever or chills or anything like that",
        "nope, getting worse though",
        "none, 3 weeks now",
        "no, but I am also very tired",
        "no but i have no appetite",
        "no, none of that, it started a month ago and stays the same",
    ],
)
def test_a_no_to_the_red_flags(text):
    assert read(text, "flags")["flags"] == "no"


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yep",
        "a bit",
        "i think so",
        "sometimes",
        "one of them",
        "yes, the second",
        "i guess so",
        "kind of",
        "sí",
        "no feeling in my toes",
        "can't feel my feet",
        "I have no strength in my legs",
        "no, but I am short of breath sometimes",
    ],
)
def test_a_yes_to_the_red_flags(text):
    assert read(text, "flags")["flags"] == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "i don't know",
        "not sure",
        "maybe",
        "dunno",
        "hard to say",
        "no but my legs feel funny",
        "no, just very tired and my legs feel funny",
        "no. my legs feel funny",
        "idk",
        "no se",
    ],
)
def test_doubt_about_the_red_flags_is_unknown(text):
    assert read(text, "flags")["flags"] == "unknown"


@pytest.mark.parametrize(
    "text",
    ["ok", "thanks", "three weeks", "not getting worse", "on Ibrance", "my hip", "", "!!", "i don't know how long",
     "I don't understand", "I don't understand the question", "no entiendo", "it's my mother's hip, not mine"],
)
def test_what_is_no_answer_leaves_the_red_flags_open(text):
    assert "flags" not in read(text, "flags")


@given(st.text(max_size=60))
def test_the_red_flags_are_never_answered_before_they_are_asked(text):
    assert "flags" not in read(text)


def test_several_answers_at_once():
    heard = read("three weeks now, getting worse, on Ibrance, no numbness", "flags")
    assert heard == {"flags": "no", "duration": "weeks", "trend": "worse", "treatment": "yes"}


@given(st.text(max_size=200), st.sampled_from([None, *QUESTIONS]))
def test_whatever_is_typed_gives_only_known_values(text, asked):
    assert all(value in ORDER[question] for question, value in read(text, asked).items())


WORDS = st.lists(
    st.sampled_from(
        [
            "no",
            "yes",
            "not",
            "worse",
            "better",
            "three",
            "weeks",
            "on",
            "chemo",
            "ibrance",
            "finished",
            "but",
            "it",
            "my",
            "legs",
            "hurt",
            "since",
            "march",
            "a",
            "bit",
        ]
    ),
    max_size=9,
)


@given(WORDS, st.sampled_from(QUESTIONS))
def test_case_and_spaces_change_nothing(words, asked):
    plain = " ".join(words)
    assert read(plain, asked) == read(f"  {plain.upper().replace(' ', '   ')} ", asked)


# --- symptoms named -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no cough but my hip hurts", {"cough": "denied", "bone_pain": "now"}),
        ("I had back pain last year", {"back_pain": "past"}),
        ("I had back pain, it went away", {"back_pain": "past"}),
        ("my back pain is back", {"back_pain": "now"}),
        ("had breast cancer 2 years ago and now a cough", {"cough": "now"}),
        ("still have the headaches I had last year", {"headache": "now"}),
        ("had radiation last year, a cough", {"cough": "now"}),
        ("used to get migraines as a kid", {"headache": "past"}),
        ("hello", {}),
    ],
)
def test_denied_and_past_symptoms_are_told_from_present_ones(text, expected):
    assert triage.mentioned(text) == expected


def test_the_place_is_taken_as_the_person_names_it():
    assert triage.site("pain in my left hip") == "left hip"
    assert triage.site("it hurts") is None
