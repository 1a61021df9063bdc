"""Break one thing of each kind in a small made project: the check names the file, the line and the remedy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from careline import content_rules, contents, fingerprints
from careline.cli import main
from careline.errors import ContentError

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 24)
WORDS = tuple(
    re.findall(
        r"\w+", "one two three four five six seven eight nine ten red green blue black white north south east west home"
    )
)
ASKED = ("pardon me", "once more", "in short", "today please")
DOCUMENT = "Title\n\nSymptoms\nBones may hurt.\n\nTreatment\nRays help\nwith pain.\n\nCredits\nNobody.\n"


def _examples(intent: str, stem: str, words: tuple[str, ...] = WORDS) -> str:
    return f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {stem} {word}\n" for word in words)


def _topic(intent: str, stem: str, metadata: str) -> str:
    text = "Bones can hurt in many ways. A doctor can find the cause."
    return (
        f'version: "3.1"\nnlu:\n{_examples(intent, stem)}responses:\n  utter_{intent}:\n  - text: >-\n      {text}\n    metadata:\n'
        f'{metadata}      simple: "See a doctor."\n      referral: care_team\n      review: {{status: draft, on: "2026-11-23", by: ""}}\n'
    )


def _contact(name: str, phone: str, more: str = "") -> str:
    return (
        f'- id: {name}\n  name: {{en: {name}}}\n  phone: "{phone}"\n  purpose: {{en: help}}\n  languages: [en]\n'
        f'  status: active\n  source: https://{name}.example/\n  checked_on: "2026-11-23"\n  expires: "2027-05-23"\n{more}'
    )


_SECTIONS = "".join(
    f'  - {{name: "{name}", lines: "{first}-{last}", fingerprint: "{fingerprints.fingerprint(text)}"}}\n'
    for name, first, last, text in (
        ("Symptoms", 3, 4, "Symptoms Bones may hurt."),
        ("Treatment", 6, 8, "Treatment Rays help with pain."),
        ("Credits", 10, 11, "Credits Nobody."),
    )
)
_FILES = {
    "data/answers/bone/bone_signs.yml": _topic(
        "answer/bone_signs",
        "signs",
        "      title: Signs in the bones\n      covers: [Q001]\n      facets: {about: symptoms, site: bone}\n"
        "      sources: [{document: leaflet, section: Symptoms}]\n      contacts: [acs]\n      watch_for: [E1]\n      related: [bone_care]\n",
    ),
    "data/answers/bone/bone_care.yml": _topic(
        "answer/bone_care",
        "care",
        "      title: Care for the bones\n      covers: [Q002]\n      facets: {about: treatment, site: bone}\n"
        "      sources: [{document: leaflet, section: Treatment}]\n      related: [bone_signs]\n",
    ),
    "data/symptoms/cough.yml": _topic(
        "symptom/cough",
        "coughing",
        "      title: A cough\n      noun: {en: cough, es: tos}\n      facets: {about: symptoms}\n      ask: [E1]\n"
        "      sources: [{document: leaflet, section: Symptoms}]\n",
    ),
    "data/dialogue/small_talk.yml": _topic("chat/greet", "hello", "      title: Hello\n"),
    "data/dialogue/acts.yml": f'version: "3.1"\nnlu:\n{_examples("affirm", "yes")}',
    "data/vocabulary/site.yml": 'version: "3.1"\nnlu:\n- synonym: bone\n  examples: |\n    - bones\n',
    "domain.yml": "intents:\n- answer\n- symptom\n- chat\n- affirm\n- red_flag\n",
    "content/disputed.yml": "disputed:\n- id: X1\n  title: Bones\n  kind: stale\n  claim: Bones never hurt.\n  finding: They may.\n  checked: true\n"
    "  do_not_say: Do not promise that.\n  say: Bones may hurt.\n  topics: [bone_signs]\n  sections: [{document: leaflet, section: Symptoms}]\n",
    "content/facets.yml": "about: [symptoms, treatment]\nsite: [bone, lung]\n",
    "content/covers.yml": "groups:\n  A: [Q001, Q002]\n  B: [Q003]\n",
    "content/near.yml": "accepted: []\n",
    "content/repairs.yml": "everywhere: []\ndocuments: {}\n",
    "content/not_answered.yml": 'not_answered:\n  Q003: "nobody can know"\n',
    "content/triage.yml": 'review: {status: draft, on: "2026-11-23", by: ""}\n',
    "content/contacts.yml": "default_hotline: acs\nemergency: emergency\ncrisis: lifeline\ncontacts:\n"
    + _contact("emergency", "911")
    + _contact("lifeline", "988")
    + _contact("acs", "1-800-227-2345")
    + _contact("nci", "1-800-422-6237", "  letters: 1-800-4-CANCER\n")
    + 'forbidden:\n- {phone: 1-800-221-2141, why: "closed in 2012"}\n',
    "content/wording.yml": 'referral_lines:\n  en: "You can call {contacts}."\nerror:\n  en: "Something went wrong."\n'
    'visit_questions:\n  symptoms: ["What could it be?"]\n',
    "content/questionnaire.yml": 'opening:\n  en: "I am sorry {who} {are} dealing with this."\n  es: "Lo siento."\n'
    'pressed: {"yes": "yes"}\noffered_symptoms: [cough]\nnames:\n  cough: {it: {en: "the cough", es: "la tos"}}\n',
    "content/sources.yml": "documents:\n- id: leaflet\n  title: A leaflet\n  publisher: Nobody\n  year: undated\n"
    "  reviewed_by_clinicians: false\n  precedence: 1\n  file: leaflet.txt\n"
    f"  fingerprint: {fingerprints.fingerprint(DOCUMENT)}\n  sections:\n{_SECTIONS}",
    "content/red_flags/E1_fever.yml": 'id: E1\ntitle: Fever\ntier: urgent\ntold:\n  en: ["Call {care_team} now."]\n  es: ["Llame a {care_team}."]\n'
    'watch_for: {en: fever, es: fiebre}\nask: {en: "Is there a fever?", es: "¿Hay fiebre?"}\nsources: []\n'
    'review: {status: draft, on: "2026-11-23", by: ""}\nsay: {urgent: [fever]}\nphrasings: {urgent: [fever]}\nnot_this: []\n',
    "content/red_flags/_words.yml": "skipped: []\nplaces: {}\nsigns: {}\nidioms: []\n",
    "content/red_flags/_grammar.yml": "no: [no]\n",
    "content/red_flags/_ordinary.yml": "words: and the\n",
    "tests/questions/all.yml": 'version: "3.1"\nnlu:\n'
    + "".join(
        _examples(intent, stem, ASKED)
        for intent, stem in (
            ("answer/bone_signs", "signs"),
            ("answer/bone_care", "care"),
            ("symptom/cough", "coughing"),
            ("chat/greet", "hello"),
            ("affirm", "yes"),
        )  # fmt: skip
    ),
    "tests/conversations/talk.yml": "turns:\n- user: signs one\n  answer: bone_signs\n- user: I would like to ask one thing about bones please\n",
    "web/widget/strings/en.js": '// English\nexport default {\n  "call": "Call {phone}",\n  "list": ["One", "Two"]\n};\n',
    "web/widget/strings/es.js": 'export default {\n  "call": "Llamar al {phone}"\n};\n',
}
SIGNS, CARE, COUGH = "data/answers/bone/bone_signs.yml", "data/answers/bone/bone_care.yml", "data/symptoms/cough.yml"
DISPUTED = "content/disputed.yml"
CONTACTS, WORDING, FLAG = "content/contacts.yml", "content/wording.yml", "content/red_flags/E1_fever.yml"
TEXT = "Bones can hurt in many ways. A doctor can find the cause."
HARD = "Metastatic osteological manifestations necessitate multidisciplinary evaluation. Radiological characterisation facilitates individualised management."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project without a fault."""
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "content" / "forbidden.yml", tmp_path / "content" / "forbidden.yml")
    return tmp_path


def _problems(project: Path) -> list[str]:
    try:
        return [str(problem) for problem in content_rules.problems(contents.read(project, TODAY))]
    except ContentError as error:
        return [str(problem) for problem in error.problems]


@dataclass(frozen=True)
class Break:
    """One thing to break: `old` becomes `new` in a file; the problem stands where `at` (or `new`) then does, in `where`."""

    file: str
    old: str
    new: str
    says: str
    remedy: str
    at: str = ""
    where: str = ""


BREAKS = {
    "no YAML": Break(SIGNS, "responses:", "responses: [", "not valid YAML", "check indentation", at="  - text"),
    "unquoted date": Break(SIGNS, '"2026-11-23"', "2026-11-23", "not quoted", 'write "2026-11-23"'),
    "unknown key": Break(SIGNS, "      contacts:", "      phones:", "unknown key 'phones'", "remove it or use one of"),
    "missing key": Break(SIGNS, "      referral: care_team\n", "", "'referral' is missing", "add it", at="metadata"),
    "key twice": Break(SIGNS, "      related:", "      covers: [Q001]\n      related:", "a second time", "keep one", at="      covers: [Q001]\n      related"),
    "unknown flag key": Break(FLAG, "title: Fever", "title: Fever\nhue: red", "unknown key 'hue'", "remove it", at="hue"),
    "response missing": Break(SIGNS, "utter_answer/bone_signs", "utter_answer/bones", "is missing under", "add it", at="- intent"),
    "example without dash": Break(SIGNS, "    - signs two", "    signs two", "must start with `- `", "add the dash"),
    "topic and file": Break(SIGNS, "answer/bone_signs", "answer/bone_sign", "belongs in data/answers/*/bone_sign.yml", "rename the file"),
    "unknown group": Break(COUGH, "symptom/cough", "sign/cough", "unknown group 'sign'", "use answer, symptom, chat"),
    "key of its own": Break(SIGNS, "responses:", "rules: []\nresponses:", "unknown key 'rules'", "remove it", at="rules"),
    "second intent": Break(SIGNS, "responses:", _examples("affirm", "sure") + "responses:", "a second intent", "file of its own", at="- intent: affirm"),
    "second text": Break(SIGNS, 'by: ""}\n', 'by: ""}\n  - text: more\n', "must be one item", "remove the rest", at="utter_"),
    "version": Break(SIGNS, 'version: "3.1"', 'version: "3.0"', "Rasa needs the version", 'write `version: "3.1"`'),
    "few examples": Break(SIGNS, "    - signs home\n", "", "has 19 examples", "add 1 more", at="examples:"),
    "example twice": Break(SIGNS, "signs two", "Signs - one!", "stands in data/answers/bone/bone_signs.yml:5", "keep one"),
    "example in two topics": Break(SIGNS, "signs two", "CAREONE", "(answer/bone_care) too", "keep one"),
    "example in two kinds": Break("data/dialogue/acts.yml", "yes two", "signs one?", "stands in", "keep one"),
    "held-out question": Break("tests/questions/all.yml", "signs pardon me", "Signs: one", "is a training example too", "say it in other words"),
    "held-out twice": Break("tests/questions/all.yml", "signs once more", "signs pardon me!", "stands in", "remove one"),
    "held-out of nothing": Break("tests/questions/all.yml", "intent: affirm", "intent: afirm", "no intent of data/", "correct its name"),
    "few held-out": Break("tests/questions/all.yml", "    - signs in short\n", "", "has 3 held-out", "add 1", at="examples:", where=SIGNS),
    "copied into a conversation": Break(
        SIGNS, "signs two", "I would like to ask one thing about bones please", "measures nothing", "other words", at="I would like", where="tests/conversations/talk.yml"
    ),
    "left to write": Break(SIGNS, "See a doctor.", "TODO", "TODO stands in the simple text", "write it"),
    "example left to write": Break(SIGNS, "signs two", "TODO more", "TODO stands here", "write what people say"),
    "brackets": Break(SIGNS, "signs two", "signs [hip](site)", "square brackets", "without them"),
    "no source": Break(SIGNS, "[{document: leaflet, section: Symptoms}]", "[]", "no sources", "add `sources", at="metadata"),
    "unknown document": Break(SIGNS, "document: leaflet", "document: book", "unknown document 'book'", "use one of leaflet"),
    "unknown section": Break(SIGNS, "section: Symptoms", "section: Signs", "no section 'Signs'", "copy the section's name"),
    "unknown contact": Break(SIGNS, "[acs]", "[asc]", "unknown contact 'asc'", "content/contacts.yml"),
    "unknown related": Break(SIGNS, "[bone_care]", "[bone_cure]", "unknown topic 'bone_cure'", "correct its id"),
    "related to itself": Break(SIGNS, "[bone_care]", "[bone_signs]", "the topic itself", "remove it"),
    "same title": Break(SIGNS, "Signs in the bones", "Care for the bones", "'bone_care' has it too", "one of its own"),
    "unknown red flag": Break(SIGNS, "watch_for: [E1]", "watch_for: [E99]", "unknown red flag 'E99'", "content/red_flags/"),
    "unknown flag to ask": Break(COUGH, "ask: [E1]", "ask: [E99]", "unknown red flag 'E99'", "content/red_flags/"),
    "no noun": Break(COUGH, "noun: {en: cough, es: tos}", "noun: {en: cough}", "needs its noun", "write `noun"),
    "facet value": Break(SIGNS, "site: bone}", "site: bones}", "unknown facet site: bones", "use one of bone, lung"),
    "facet key": Break(SIGNS, "site: bone}", "place: bone}", "unknown facet place", "use one of the facets about, site"),
    "no about": Break(SIGNS, "{about: symptoms, site: bone}", "{site: bone}", "`about` is missing", "add it"),
    "future review": Break(SIGNS, "2026-11-23", "2031-01-01", "lies in the future", "write the day"),
    "signed by nobody": Break(SIGNS, "status: draft", "status: signed", "signed by nobody", "who signed it"),
    "diagnosis": Break(SIGNS, TEXT, f"{TEXT} You have cancer.", "it says 'you have'", "other words", at="- text"),
    "diagnosis in simple": Break(SIGNS, "See a doctor.", "It's nothing.", "it says", "other words"),
    "diagnosis in a title": Break(SIGNS, "Signs in the bones", "What you may have", "you may have", "other words"),
    "diagnosis in wording": Break(WORDING, "Something went wrong.", "Don’t worry.", "don't worry", "other words"),
    "diagnosis in a question": Break("content/questionnaire.yml", "I am sorry", "You probably know", "you probably", "other words"),
    "diagnosis in a flag": Break(FLAG, "Call {care_team} now.", "Say that you have cancer.", "you have", "other words"),
    "figure in Spanish": Break(FLAG, "Llame a {care_team}.", "Llame, 20 % viven.", "no percentages", "other words"),
    "diagnosis on the page": Break("web/widget/strings/en.js", '"One"', '"Most likely"', "most likely", "other words"),
    "typed number": Break(SIGNS, TEXT, f"{TEXT} Call 1-800-227-2345.", "'1-800-227-2345' is typed", "add its id to `contacts:`", at="- text"),
    "typed short code": Break(WORDING, "Something went wrong.", "Please call 911.", "'911' is typed", "write a placeholder"),
    "number on the page": Break("web/widget/strings/es.js", "Llamar al {phone}", "Llamar al {phone} o 988", "'988' is typed", "placeholder"),
    "unknown placeholder": Break(WORDING, "{contacts}", "{contact}", "unknown placeholder {contact}", "use {hotline}"),
    "placeholder where none is filled": Break(WORDING, "Something went wrong.", "Call {emergency}.", "unknown placeholder {emergency}", "use other words"),
    "placeholder in an answer": Break(SIGNS, TEXT, f"{TEXT} Ask {{hotline}}.", "unknown placeholder {hotline}", "use other words", at="- text"),
    "lone brace": Break(WORDING, "{contacts}", "{contacts", "a brace stands alone", "close the placeholder"),
    "reading grade": Break(SIGNS, TEXT, HARD, "reading grade", "shorter words", at="- text"),
    "one sentence": Break(SIGNS, TEXT, "Bones can hurt.", "1 sentences", "write 2 to 6", at="- text"),
    "seven sentences": Break(SIGNS, TEXT, "Go on. " * 7, "7 sentences", "write 2 to 6", at="- text"),
    "two paragraphs": Break(SIGNS, TEXT, "Bones can hurt.\n\n      See a doctor.", "more than one paragraph", "write one", at="- text"),
    "empty text": Break(SIGNS, '"See a doctor."', '""', "simple text is empty", "write it"),
    "no English": Break(WORDING, 'error:\n  en: "Something', 'error:\n  es: "Something', "'error' has no English", "add `en:`", at="error"),
    "translated placeholder": Break("web/widget/strings/es.js", " al {phone}", "", "lacks {phone}", "add it", at='"call"'),
    "translated key": Break("web/widget/strings/es.js", '"call"', '"cal"', "not among the English texts", "correct the key"),
    "mistyped number": Break(CONTACTS, "1-800-227-2345", "1-800-227-234", "no complete phone number", "look it up"),
    "wrong letters": Break(CONTACTS, "4-CANCER", "4-CANCEL", "does not spell", "correct one"),
    "forbidden number": Break(CONTACTS, "1-800-227-2345", "1-800-221-2141", "is forbidden (closed in 2012)", "do_not_show"),
    "unknown status": Break(CONTACTS, "status: active\n  source: https://nci", "status: on\n  source: https://nci", "unknown status", "use one of", at="status: on"),
    "checked in the future": Break(CONTACTS, 'https://nci.example/\n  checked_on: "2026-11-23"', 'https://nci.example/\n  checked_on: "2026-12-01"', "future", "write the day", at='checked_on: "2026-12'),
    "expired": Break(CONTACTS, 'expires: "2027-05-23"\n  letters', 'expires: "2026-11-23"\n  letters', "expired on 2026-11-23", "renew the dates", at='expires: "2026-11'),
    "no source of a number": Break(CONTACTS, "source: https://nci.example/", 'source: ""', "without a source", "write where"),
    "contact twice": Break(CONTACTS, "id: nci", "id: acs", "stands twice", "rename one", at="- id: acs\n  name: {en: nci}"),
    "default line": Break(CONTACTS, "default_hotline: acs", "default_hotline: asc", "no active contact", "name one that is"),
    "question uncovered": Break(SIGNS, "covers: [Q001]", "covers: []", "Q001 is answered by no topic", "add it to the `covers`", at="A: [Q001", where="content/covers.yml"),
    "unknown cover": Break(SIGNS, "covers: [Q001]", "covers: [Q001, Q999]", "unknown question 'Q999'", "content/covers.yml"),
    "answered after all": Break(CARE, "covers: [Q002]", "covers: [Q002, Q003]", "Q003 is answered by bone_care", "remove it", at="Q003", where="content/not_answered.yml"),
    "no reason": Break("content/not_answered.yml", '"nobody can know"', '""', "has no reason", "write why"),
    "reason for nothing": Break("content/not_answered.yml", "Q003:", "Q999: no\n  Q003:", "unknown question 'Q999'", "content/covers.yml", at="Q999"),
    "intent without examples": Break("domain.yml", "- affirm", "- affirm\n- deny", "has no examples", "acts.yml", at="- deny"),
    "intent not declared": Break("domain.yml", "- affirm\n", "", "'affirm' of data/dialogue is missing", "add it", at="intents"),
    "vocabulary": Break("data/vocabulary/site.yml", "synonym: bone", "synonym: bonez", "no value of the facet 'site'", "correct it"),
    "visit questions": Break(WORDING, "  symptoms:", "  signs:", "no answer is about 'signs'", "use `general`"),
    "unknown symptom": Break("content/questionnaire.yml", "offered_symptoms: [cough]", "offered_symptoms: [coughs]", "unknown symptom 'coughs'", "data/symptoms/"),
    "unknown symptom's name": Break("content/questionnaire.yml", "  cough: {it", "  coughs: {it", "unknown symptom 'coughs'", "data/symptoms/"),
    "flag signed by nobody": Break(FLAG, "status: draft", "status: signed", "signed by nobody", "write `by`"),
    "unknown key of a dispute": Break(DISPUTED, "  claim:", "  hue: red\n  claim:", "unknown key 'disputed.0.hue'", "remove it", at="  hue"),
    "unknown kind of dispute": Break(DISPUTED, "kind: stale", "kind: old", "disputed.0.kind", "correct the value"),
    "disputed topic": Break(DISPUTED, "[bone_signs]", "[bone_sign]", "unknown topic 'bone_sign'", "correct its id"),
    "disputed section": Break(DISPUTED, "section: Symptoms", "section: Signs", "no section 'Signs' in 'leaflet'", "content/sources.yml"),
    "dispute twice": Break(DISPUTED, "disputed:\n- id: X1", "disputed:\n- {id: X1, title: a, kind: stale, claim: a, finding: a, checked: true, do_not_say: a, say: a, topics: []}\n- id: X1", "'X1' stands twice", "rename one", at="- id: X1\n"),
    "diagnosis in what to say": Break(DISPUTED, "say: Bones may hurt.", "say: You have cancer.", "you have", "other words", at="say: You have"),
    "table reviewed tomorrow": Break("content/triage.yml", "2026-11-23", "2026-11-25", "lies in the future", "write the day"),
}  # fmt: skip


def test_the_made_project_has_no_fault(project: Path) -> None:
    assert _problems(project) == []


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named(project: Path, name: str) -> None:
    broken = BREAKS[name]
    file = project / broken.file
    before = file.read_text(encoding="utf-8")
    assert broken.old in before
    file.write_text(before.replace(broken.old, broken.new), encoding="utf-8")
    where = broken.where or broken.file
    told = [line for line in _problems(project) if broken.says in line]
    wanted = f"{where}:{_line(project / where, broken.at or broken.new)}: "
    assert any(line.startswith(wanted) and broken.remedy in line for line in told), "\n".join(
        [f"wanted {wanted}", *_problems(project)]
    )


def _line(path: Path, at: str) -> int:
    text = path.read_text(encoding="utf-8")
    return text[: text.index(at.strip("\n"))].count("\n") + 1


def test_a_file_in_the_wrong_place_is_named(project: Path) -> None:
    (project / SIGNS).rename(project / "data/symptoms/bone_signs.yml")
    assert any(
        line.startswith("data/symptoms/bone_signs.yml:3: ") and "rename the file" in line for line in _problems(project)
    )


def test_a_contact_that_a_topic_names_must_be_shown(project: Path) -> None:
    text = (project / CONTACTS).read_text()
    (project / CONTACTS).write_text(
        text.replace("status: active\n  source: https://acs", "status: closed\n  source: https://acs")
    )
    line = _line(project / SIGNS, "contacts:")
    assert any(
        told.startswith(f"{SIGNS}:{line}: ") and "ring it or name another" in told for told in _problems(project)
    )


def test_every_problem_is_told_not_only_the_first(project: Path) -> None:
    (project / SIGNS).write_text((project / SIGNS).read_text().replace("referral: care_team", "refer: care_team"))
    (project / FLAG).write_text((project / FLAG).read_text().replace("tier: urgent", "tier: soon"))
    (project / "content/covers.yml").unlink()
    assert {line.split(":")[0] for line in _problems(project)} == {SIGNS, FLAG, "content/covers.yml"}


def test_every_rule_is_broken_by_something(project: Path) -> None:
    caught: set[str] = set()
    for broken in BREAKS.values():
        file = project / broken.file
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace(broken.old, broken.new), encoding="utf-8")
        caught |= _rules_that_object(project)
        file.write_text(before, encoding="utf-8")
    assert caught == set(content_rules.RULES)


def _rules_that_object(project: Path) -> set[str]:
    try:
        known = contents.read(project, TODAY)
    except ContentError:
        return set()
    return {name for name, rule in content_rules.RULES.items() if any(True for _ in rule(known))}


@pytest.mark.parametrize(("days", "warned"), [(0, True), (30, True), (31, False)])
def test_a_contact_that_expires_soon_is_a_warning_only(project: Path, days: int, warned: bool) -> None:
    known = contents.read(project, date(2027, 5, 23) - timedelta(days=days))
    assert not content_rules.problems(known)
    lines = [line for line in content_rules.warnings(known) if line.startswith(CONTACTS)]
    assert bool(lines) == warned
    assert all(f"expires in {days} days; ring it" in line for line in lines)


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def check(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[str]]]:
    """Run `careline check` in the made project."""
    monkeypatch.setenv("CARELINE_HOME", str(project))

    def run(*arguments: str) -> tuple[int, list[str]]:
        code = main(["check", *arguments])
        return code, capsys.readouterr().out.splitlines()

    return run


def test_check_sums_up(check: Callable[..., tuple[int, list[str]]]) -> None:
    code, lines = check()
    assert code == 0
    assert lines[-1].startswith("3 topics, 100 examples, 1 symptoms, 1 red flags: no problems")
    assert "warning: 5 texts are drafts: no clinician has signed them yet" in lines


def test_check_prints_problems_sorted_and_fails(check: Callable[..., tuple[int, list[str]]], project: Path) -> None:
    for name in (SIGNS, CARE):
        (project / name).write_text(
            (project / name).read_text().replace("document: leaflet", "document: book").replace("]\n", ", x]\n", 1)
        )
    code, lines = check()
    found = [line for line in lines if line.startswith("data/")]
    assert code == 1
    assert found == sorted(found)
    assert f": {len(found)} problems" in lines[-1]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("", "", 0, "leaflet (leaflet.txt): 3 unchanged"),
        ("Rays help\nwith pain.", "Rays  help with\n\npain.", 0, "moved, text unchanged: Treatment (now lines 6-9"),
        ("Title\n", "Title\nA new line\n", 0, "moved, text unchanged: Credits (now lines 11-12"),
        ("Bones may hurt.", "Bones never hurt.", 1, "CHANGED: Symptoms"),
        ("Treatment\nRays help\nwith pain.\n\n", "", 1, "GONE: Treatment"),
    ],
)
def test_documents_are_held_against_their_fingerprints(
    check: Callable[..., tuple[int, list[str]]], project: Path, old: str, new: str, code: int, says: str
) -> None:
    (project / "copies").mkdir()
    (project / "copies" / "leaflet.txt").write_text(DOCUMENT.replace(old, new))
    found, lines = check("--documents", str(project / "copies"))
    assert found == code, lines
    assert any(says in line for line in lines), lines
    assert any("look at again" in line for line in lines) == bool(code)


def test_topics_of_a_changed_section_are_listed(check: Callable[..., tuple[int, list[str]]], project: Path) -> None:
    (project / "leaflet.txt").write_text(DOCUMENT.replace("Rays", "Pills"))
    _, lines = check("--documents", str(project))
    assert f"  {CARE}:{_line(project / CARE, 'sources:')}: Care for the bones" in lines
    assert not any(line.startswith(f"  {SIGNS}") for line in lines)


def test_a_copy_under_another_name_is_known_by_its_text(
    check: Callable[..., tuple[int, list[str]]], project: Path
) -> None:
    (project / "renamed.txt").write_text(DOCUMENT)
    assert check("--documents", str(project))[0] == 0
    (project / "renamed.txt").unlink()
    code, lines = check("--documents", str(project))
    assert code == 1
    assert "leaflet (leaflet.txt): 3 no copy found" in lines


def test_a_folder_that_is_not_there_is_said(check: Callable[..., tuple[int, list[str]]], project: Path) -> None:
    assert check("--documents", str(project / "nowhere"))[0] == 2


def test_fingerprints_ignore_spaces_and_widths() -> None:
    assert fingerprints.fingerprint("ﬁne  text\n") == fingerprints.fingerprint("fine text")
    assert len(fingerprints.fingerprint("")) == 16
