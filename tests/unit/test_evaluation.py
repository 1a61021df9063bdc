"""The figures of the evaluation, on made data whose answers are known, and the shape of its reports."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from careline import documents
from careline.dialogue.knowledge import shared
from careline.maintain.evaluation import (
    cases,
    metrics,
    ours,
    questions,
    rasa_default,
    safety,
    said,
    sample,
    scope,
    side_by_side,
    training,
    typos,
)
from careline.maintain.evaluation.cases import Case, LookAlike, Question
from careline.maintain.evaluation.fuzz import Fuzzed, fuzz
from careline.maintain.evaluation.judgement import Judgement
from careline.maintain.evaluation.questions import Judged
from careline.maintain.evaluation.report import Report, Table, write
from careline.red_flags import Finding


def _finding(flag="E1", tier="urgent", strong=False):
    return Finding(flag, tier, "words", 0, 5, "self", strong)


def _outcome(tier, *findings, flag="E1", must_pass=False):
    return safety.Outcome(Case("text", flag, tier, "plain", must_pass), findings)


def _judged(label, best, confidence=0.9, inside=0.9, outcome="answered", theme="bone"):
    return Judged(Question("text", label, theme), Judgement(((best, confidence),), outcome, (best,), inside))


# --- metrics ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misses", "of", "bound"), [(0, 300, 0.0099), (0, 600, 0.0050), (1, 600, 0.0079), (2, 600, 0.0105), (3, 3, 1.0), (0, 0, 1.0)]
)
def test_the_bound_on_misses_is_the_one_of_safety_md(misses, of, bound):
    assert metrics.upper_bound(misses, of) == pytest.approx(bound, abs=1e-4)


def test_calibration_error_of_one_who_is_always_too_sure():
    assert metrics.calibration_error([0.9] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.4)
    assert metrics.calibration_error([1.0, 1.0], [True, True]) == 0


def test_macro_f1_counts_a_rare_label_as_much_as_a_frequent_one():
    assert metrics.macro_f1(["a"] * 9 + ["b"], ["a"] * 10) == pytest.approx((18 / 19) / 2)


def test_in_first():
    rankings = [("a", "b", "c"), ("b", "a", "c"), ("c", "b", "d")]
    assert metrics.in_first(rankings, ["a", "a", "a"], 1) == pytest.approx(1 / 3)
    assert metrics.in_first(rankings, ["a", "a", "a"], 3) == pytest.approx(2 / 3)


def test_scope_of_two_kinds_that_come_apart_and_of_two_that_do_not():
    apart = scope.measure([0.9] * 100, [0.1] * 100)
    assert (apart["auroc"], apart["false_accept_at_5_percent_false_reject"]) == (1.0, 0.0)
    assert scope.measure([0.5] * 10, [0.5] * 10)["auroc"] == 0.5
    rejected, accepted = zip(*scope.curve([0.9] * 100, [0.1] * 100))
    assert min(rejected) == 0 and max(accepted) == 1


# --- questions -------------------------------------------------------------------------------------------------------


def test_what_a_system_got_right():
    judged = [_judged("answer/a", "answer/a"), _judged("answer/b", "answer/a"), _judged("symptom/c", "symptom/c", theme="cough")]
    assert questions.accuracy(judged)["top_1"] == pytest.approx(0.6667)
    assert questions.outcomes(judged)["answered"] == {"share": 1.0, "count": 3, "right": 0.6667}
    assert [row["theme"] for row in questions.by_theme(judged)] == ["bone", "cough"]


def test_confusions_name_both_directions():
    judged = [_judged("answer/a", "answer/b")] * 2 + [_judged("answer/b", "answer/a")]
    assert questions.confusions(judged) == [{"pair": ["answer/a", "answer/b"], "count": 3, "first_taken_for_second": 2, "second_taken_for_first": 1}]


def test_our_ranking_is_put_together_from_the_groups():
    parsed = {
        "intent": {"name": "nlu_fallback"},
        "intent_ranking": [{"name": "answer", "confidence": 0.4}, {"name": "stop", "confidence": 0.3}, {"name": "answer", "confidence": 0.2}, {"name": "out_of_scope", "confidence": 0.1}],
        "response_selector": {"answer": {"ranking": [{"intent_response_key": "answer/a"}, {"intent_response_key": "answer/b"}]}},
        "near": ["a", "b"],
        "parts": [],
    }
    found = ours.judgement(parsed)
    assert found.labels == ("answer/a", "stop", "answer/b", "out_of_scope")
    assert (found.outcome, found.said, found.inside) == ("offered", ("a", "b"), 0.9)


def test_the_ranking_of_rasa_shares_an_intent_out_among_its_responses():
    parsed = {
        "intent": {"name": "answer"},
        "intent_ranking": [{"name": "answer", "confidence": 0.6}, {"name": "out_of_scope", "confidence": 0.4}],
        "response_selector": {"answer": {"response": {"intent_response_key": "answer/a"},
                                         "ranking": [{"intent_response_key": "answer/a", "confidence": 0.5}, {"intent_response_key": "answer/b", "confidence": 0.3}]}},
    }
    found = rasa_default.judgement(parsed)
    assert found.labels == ("answer/a", "out_of_scope", "answer/b")
    assert (found.outcome, found.confidence, found.inside) == ("answered", pytest.approx(0.3), pytest.approx(0.6))


def test_the_default_pipeline_is_rasas_own():
    names = [item["name"] for item in rasa_default.config(100)["pipeline"]]
    assert names.count("CountVectorsFeaturizer") == 2 and names.count("ResponseSelector") == 3 and names[-1] == "FallbackClassifier"
    assert all(item["epochs"] == 100 and item["random_seed"] == 13 for item in rasa_default.config(100)["pipeline"] if "epochs" in item)


# --- side by side ----------------------------------------------------------------------------------------------------


def test_a_sample_is_the_same_share_of_a_label_every_time():
    examples = [f"question {number}" for number in range(50)]
    drawn = sample.drawn("answer/a", examples, 0.2)
    assert len(drawn) == 10 and drawn == sorted(drawn, key=examples.index) == sample.drawn("answer/a", examples, 0.2)
    assert drawn != sample.drawn("answer/b", examples, 0.2), "each label draws for itself"
    assert sample.drawn("answer/a", examples[:2], 0.2) != []


def test_a_sample_differs_from_the_project_in_its_examples_alone(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "config.yml").write_text("language: en\n")
    examples = "".join(f"    - word {number}\n" for number in range(10))
    (home / "data" / "a.yml").write_text(f"nlu:\n- intent: affirm\n  examples: |\n{examples}responses: {{utter_a: [{{text: 'yes'}}]}}\n")
    monkeypatch.setenv("CARELINE_HOME", str(home))
    monkeypatch.setenv("CARELINE_MODELS", str(tmp_path / "models"))
    thinned, whole = (documents.read(place / "data" / "a.yml").value for place in (sample.project(0.2), home))
    kept = thinned["nlu"][0].pop("examples").splitlines()
    assert len(kept) == 2 and set(kept) < set(whole["nlu"][0].pop("examples").splitlines())
    assert thinned == whole and (sample.project(0.2) / "config.yml").read_text() == "language: en\n"
    assert sample.project(1) == home


@pytest.mark.parametrize(("right", "seconds", "memory", "verdicts"), [(0.9, 20, 500, ["yes", "yes", "yes"]), (0.6, 21, 1000, ["NO", "NO", "NO"])])
def test_twins_are_held_against_the_targets(tmp_path, right, seconds, memory, verdicts):
    folders = []
    for name, cost in (("ours", training.Cost(1, seconds, memory)), ("default", training.Cost(9, 100, 1000))):
        (tmp_path / name).mkdir()
        (tmp_path / name / training.COST).write_text(json.dumps(vars(cost)))
        folders.append(tmp_path / name)
    twins = side_by_side.Twins(0.2, 100, 3000, *folders)
    figures = {name: {"topics": {"top_1": top, "top_3": top}} for name, top in zip(twins.names, (right, 0.5))}
    assert [row[-1] for row in twins.table(figures).rows if row[-1]] == verdicts


# --- safety ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "caught", "passed", "severe"),
    [
        (_outcome("urgent", _finding()), True, True, False),
        (_outcome("urgent", _finding(tier="today")), False, False, False),
        (_outcome("today", _finding(tier="today")), True, True, False),
        (_outcome("today"), False, False, False),
        (_outcome("emergency", _finding()), True, False, False),
        (_outcome("emergency", _finding(tier="today")), False, False, True),
        (_outcome("emergency"), False, False, True),
        (_outcome("emergency", _finding(tier="today"), _finding("E9", "today")), True, False, False),
        (_outcome("crisis", _finding("E11", "crisis")), True, True, False),
        (_outcome("crisis", _finding("E0", "emergency")), False, False, False),
        (_outcome("crisis_strong", _finding("E11", "crisis")), True, False, False),
        (_outcome("crisis_strong", _finding("E11", "crisis", strong=True)), True, True, False),
        (_outcome("crisis_strong"), False, False, True),
    ],
)
def test_caught_at_its_tier_or_severely_missed(outcome, caught, passed, severe):
    assert (outcome.caught, outcome.passed, outcome.severe) == (caught, passed, severe)


def test_a_false_alarm_is_one_above_what_is_allowed():
    def alarm(tier, at_most="today"):
        return safety.Alarm(LookAlike("text", "E1", "idiom", at_most), tier).false

    assert [alarm(None), alarm("today"), alarm("urgent"), alarm("emergency")] == [False, False, True, True]
    assert not alarm("urgent", at_most="urgent")


def test_texts_seen_in_training_are_left_out_and_counted():
    kept, seen = cases.unseen([Case("I have a FEVER!", "E1", "urgent", "plain"), Case("shivers", "E1", "urgent", "plain")], ["i have a fever"])
    assert ([case.text for case in kept], seen) == (["shivers"], 1)


def test_measuring_and_its_tables():
    texts = [Case("fever", "E1", "urgent", "plain"), Case("hot", "E1", "urgent", "terse")]
    found = safety.measure(lambda text: (_finding(),) if "fever" in text.lower() else (), texts, [LookAlike("hay fever", "E1", "idiom")], [])
    figures = safety.summary(found)
    assert (figures["misses"], figures["recall"], figures["false_alarms"]) == (1, 0.5, 1)
    assert [row[:3] for row in safety.by(found, "style").rows] == [("idiom", 0, 0), ("plain", 1, 0), ("terse", 1, 1)]
    table, values = safety.disguised(lambda text: (_finding(),), found)
    assert set(values) == {"as written", *typos.CHANGES} and len(table.rows) == len(values)


def test_a_crisis_with_a_plan_gets_both_numbers():
    strong = _outcome("crisis_strong", _finding("E11", "crisis", strong=True))
    weak = _outcome("crisis_strong", _finding("E1", "today"))
    assert safety.silent_crises(shared(), [strong, weak]) == [weak]


def test_the_held_out_texts_can_be_read():
    folder = shared().catalog.root / "tests" / "red_flags"
    emergencies, alike = cases.emergencies(folder), cases.look_alikes(folder)
    assert {case.tier for case in emergencies} <= set(cases.TIERS)
    assert len(emergencies) >= 700 and len(alike) >= 500
    with pytest.raises(FileNotFoundError, match="name the folder"):
        cases.emergencies(folder / "nowhere")


# --- typing in other ways --------------------------------------------------------------------------------------------


def test_slips_are_the_same_every_time_and_change_every_text():
    text = "my temperature is above normal since yesterday evening"
    assert typos.slips(text) == typos.slips(text) != text
    assert typos.slips(text, seed=14) != typos.slips(text)
    assert typos.slips("I am ok") == "I am ok"


def test_changes_keep_what_matters():
    assert typos.unmarked("I can't stop. Temp: 101.2!") == "I cant stop Temp 101.2"
    assert typos.hidden("fever fever fever").translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))) == "fever fever fever"
    long = typos.buried("I have a fever")
    assert "I have a fever." in long and 1700 < len(long) <= typos.LONG
    assert typos.told("I fell", "plain").startswith("my mom says") and typos.told("me caí", "spanish").startswith("mi mamá")


# --- what the bot says -----------------------------------------------------------------------------------------------


def test_everything_the_bot_says_is_walked_through():
    names = [name for name, _ in said.everything(shared())]
    for part in ("answer/", "symptom/", "chat/", "referral_care_team", "questionnaire/", "E11 at crisis strong", "E1/ask"):
        assert any(part in name for name in names), part


def test_fuzzing_counts_what_breaks_a_promise():
    made = next(turn for name, turn in said.everything(shared()) if name.startswith("answer/"))

    class Engine:
        knowledge = shared()

        async def respond(self, text, *, action=None, state=None):
            if "boom" in text:
                raise ValueError(text)
            return SimpleNamespace(turn=made, state={}, fault=None, findings=shared().red_flags.find(text))

    found = fuzz(Engine(), ["boom", "I can't breathe"], 60)
    assert found.turns == 60 and found.raised > 0 and found.without_referral == 0
    assert found.below_red_flag > 0, "an answer to somebody who cannot breathe must be counted"
    assert isinstance(json.dumps(found.values()), str) and Fuzzed().bad == 0


# --- reports ---------------------------------------------------------------------------------------------------------


def test_a_report_is_a_table_for_both_readers(tmp_path):
    made = Report("Title", "about", [Table("Rows", ("name", "count"), [("a|b", 1), ("c", 22)], "note")], [("a picture", "p.png")])
    write(made, {"rows": 2}, tmp_path, "made")
    markdown = (tmp_path / "made.md").read_text()
    assert "| a\\|b | 1 |" in markdown and "![a picture](p.png)" in markdown and markdown.startswith("# Title")
    assert json.loads((tmp_path / "made.json").read_text()) == {"rows": 2}
    assert "a|b       1" in made.text()
