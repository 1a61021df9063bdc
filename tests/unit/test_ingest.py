"""Documents taken in: every kind of file gives the same sections, damage is repaired and told, nothing gets lost on the way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from careline import catalog, fingerprints, paths
from careline.catalog import SourceDocument
from careline.cli import main
from careline.errors import ContentError
from careline.maintain import edits
from careline.maintain.ingestion import claims, findings, lines, manifest, repairs
from careline.maintain.ingestion.claims import Sentence
from careline.maintain.ingestion.document import Document, take_in

ROOT = paths.home()
LEAFLET = ROOT / "tests" / "documents" / "arm_lymphedema.html"
RULES = ROOT / "content" / "repairs.yml"
DOCUMENTS = os.environ.get("CARELINE_DOCUMENTS")
needs_documents = pytest.mark.skipif(
    not DOCUMENTS,
    reason="the five documents are other people's text; CARELINE_DOCUMENTS names a folder that holds them",
)


def about(name: str = "leaflet") -> SourceDocument:
    """What is known of a new document."""
    return SourceDocument(
        id=name,
        title="Leaflet",
        publisher="P",
        year="2026",
        reviewed_by_clinicians=False,
        precedence=5,
        file="",
        fingerprint="",
        sections=[],
    )


def taken(folder: Path, text: str, suffix: str = ".txt", name: str = "leaflet") -> Document:
    """A text as a document of its own."""
    file = folder / f"{name}{suffix}"
    file.write_text(text, encoding="utf-8")
    return take_in(file, about(name), RULES)


def unaccounted(document: Document, path: Path) -> list[str]:
    """Lines of a file that are in no section, no repair and no list of what is outside."""
    parts = [(part.first, part.last) for part in document.parts]
    noted = {item.line for item in document.repaired} | {line for line, _ in document.outside}
    return [
        line.text
        for line in lines.read(path)
        if line.text.strip()
        and line.number not in noted
        and not any(first <= line.number <= last for first, last in parts)
    ]


# --- the five documents -------------------------------------------------------------------------------------------


@needs_documents
def test_the_five_documents_give_their_manifest_again(tmp_path: Path) -> None:
    kept = tmp_path / "sources.yml"
    text = (ROOT / "content" / "sources.yml").read_text(encoding="utf-8")
    head = text[: text.index("- id:")]
    kept.write_text(f"{head}", encoding="utf-8")
    entries = [
        take_in(Path(str(DOCUMENTS)) / known.file, known.copy(update={"sections": [], "fingerprint": ""}), RULES).entry
        for known in catalog.load().sources.values()
    ]
    kept.write_text(head + "".join("\n".join(manifest.entry(entry)) + "\n" for entry in entries), encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == text


@needs_documents
@pytest.mark.parametrize("name", catalog.load().sources)
def test_no_line_of_the_five_documents_disappears(name: str) -> None:
    known = catalog.load().sources[name]
    path = Path(str(DOCUMENTS)) / known.file
    assert unaccounted(take_in(path, known, RULES), path) == []


def test_every_document_with_repairs_is_known() -> None:
    known = catalog.load().sources
    assert set(repairs.documents.read(RULES).value["documents"]) <= set(known)
    assert all(repairs.load(RULES, name) for name in known)


# --- kinds of files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["html", "pdf", "docx"])
def test_every_kind_of_file_gives_the_same_sections(suffix: str) -> None:
    document = take_in(LEAFLET.with_suffix(f".{suffix}"), about(), RULES)
    assert [part.name for part in document.parts] == [
        "What is lymphedema?", "What people notice", "Compression sleeves", "Moving the arm", "Looking after the skin", "When to get help",
    ]  # fmt: skip
    text = " ".join(document.clean_text().split())
    assert "helps the fluid move out of the arm" in text
    assert "1-800-227-2345" in text


def test_what_a_page_holds_beside_its_text_is_left_out() -> None:
    text = take_in(LEAFLET, about(), RULES).clean_text()
    assert not [word for word in ("Leaflets", "Please enter", "Nurse measuring", "Riverside") if word in text]


@pytest.mark.parametrize("suffix", ["html", "pdf", "docx"])
def test_no_line_of_the_leaflet_disappears(suffix: str) -> None:
    path = LEAFLET.with_suffix(f".{suffix}")
    assert unaccounted(take_in(path, about(), RULES), path) == []


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.odt", b"x", "give one of"),
        ("a.txt", "Größe".encode("latin-1"), "save it as UTF-8"),
        ("a.txt", b" \n\n", "no text in it"),
        ("a.html", b"<nav>Home</nav>", "no text in it"),
        ("a.pdf", b"%PDF-1.7 cut short", "no PDF that can be opened"),
        ("a.docx", b"no zip", "no Word document that can be opened"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_remedy(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ContentError, match=what):
        take_in(tmp_path / name, about(), RULES)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "give --id and --publisher"),
        (("--id", "leaflet"), "give --id and --publisher"),
        (("--id", "My leaflet", "--publisher", "P"), "small letters"),
        (("--id", "leaflet", "--publisher", "P", "--documents", "nowhere"), "is no folder"),
    ],
)
def test_a_document_nobody_knows_needs_a_name(more: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(LEAFLET), *more]) == 2
    assert says in capsys.readouterr().err


# --- repairs ------------------------------------------------------------------------------------------------------

DAMAGED = """Home | About us | Contact
Bones\u202fand pain

Bones may hurt.What helps?

Rest helps some people. Warmth does, too.

Doctor talking to patient.

When to call

Signs to tell are:
Please enter your comment!
"""


def test_damage_is_repaired_and_every_repair_is_told(tmp_path: Path) -> None:
    document = taken(tmp_path, DAMAGED)
    assert [(part.name, part.place) for part in document.parts] == [
        ("Bones and pain", "2-4"),
        ("What helps?", "4-6"),
        ("When to call", "10-12"),
    ]
    assert {(item.line, item.kind) for item in document.repaired} == {
        (1, "drop"),
        (2, "replace"),
        (4, "split"),
        (8, "drop"),
        (13, "drop"),
        (12, "lost"),
    }
    assert all(item.why and item.before for item in document.repaired)


def test_an_undamaged_document_is_left_alone(tmp_path: Path) -> None:
    document = taken(
        tmp_path, "Sleep\n\nGo to bed early. Dr. Smith says so.\n\nFood\n\nEat well:\n\n  • soup\n  • bread\n"
    )
    assert document.repaired == () and document.outside == ()
    assert (
        document.clean_text()
        == "## Sleep\n\nGo to bed early. Dr. Smith says so.\n\n## Food\n\nEat well:\n\n  • soup\n  • bread\n"
    )


def test_two_headings_of_one_name_stay_apart(tmp_path: Path) -> None:
    document = taken(tmp_path, "Care\n\nOne thing is rest.\n\nCare\n\nAnother thing is food.\n")
    assert [part.name for part in document.parts] == ["Care", "Care (2)"]


@pytest.mark.parametrize(
    "rule",
    [
        '{drop: "x", split: "y", why: "two kinds"}',
        '{drop: "(", why: "no pattern"}',
        '{drop: "x"}',
        '{section: "A", why: "no place"}',
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "repairs.yml"
    path.write_text(f'everywhere:\n- {{drop: "ok", why: "fine"}}\n- {rule}\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"repairs\.yml:3"):
        repairs.load(path, "leaflet")


# --- the manifest -------------------------------------------------------------------------------------------------


def test_an_entry_is_added_and_replaced_without_touching_the_others(tmp_path: Path) -> None:
    path = tmp_path / "sources.yml"
    shutil.copy(ROOT / "content" / "sources.yml", path)
    before = path.read_text(encoding="utf-8")
    document = take_in(LEAFLET, about(), RULES)
    assert manifest.put(path, document.entry)
    assert not manifest.put(path, document.entry)
    added = path.read_text(encoding="utf-8")
    assert added.startswith(before)
    middle = catalog.load().sources["imaginis_undated"].copy(update={"year": "1997"})
    assert manifest.put(path, middle)
    assert path.read_text(encoding="utf-8") == added.replace(*_years(added))


def _years(text: str) -> tuple[str, str]:
    block = text[text.index("- id: imaginis_undated") :].split("\n- id:")[0]
    return block, block.replace('year: "undated"', 'year: "1997"')


def test_sections_are_held_against_the_known_ones(tmp_path: Path) -> None:
    old = taken(tmp_path, "A\n\nOne two three.\n\nB\n\nFour five six.\n\nC\n\nSeven eight.\n").entry
    new = taken(tmp_path, "B\n\nFour five six.\n\nC\n\nSeven eight nine.\n\nD\n\nTen.\n").entry
    assert {item.section: item.state for item in findings.sections(old, new)} == {
        "A": "gone",
        "B": "moved",
        "C": "changed",
        "D": "new",
    }
    assert {item.state for item in findings.sections(old, old)} == {"same"}
    assert {item.state for item in findings.sections(None, new)} == {"new"}


def test_the_copy_of_an_ingested_page_is_found_unchanged(tmp_path: Path) -> None:
    shutil.copy(LEAFLET, tmp_path)
    entry = take_in(LEAFLET, about(), RULES).entry
    compared = list(fingerprints.sections(entry, lines.text_of(tmp_path / LEAFLET.name)))
    assert {item.state for item in compared} == {"same"}


# --- claims -------------------------------------------------------------------------------------------------------

DRUGS = claims.re.compile("tamoxifen|letrozole")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nearly 20% live on.", {"percentage": {"20"}}),
        ("It is one to three percent of cases.", {"percentage": {"1-3"}}),
        ("Take 2.5 mg of letrozole.", {"dose": {"2.5 mg"}, "drug": {"letrozole"}}),
        ("It lasts three to six months.", {"duration": {"3-6 month"}}),
        ("A 24-hour line: 800.227.2345.", {"duration": {"24 hour"}, "phone": {"8002272345"}}),
        ("Call 800.4.CANCER or 1-800-ACS-2345.", {"phone": {"8004226237", "8002272345"}}),
        ("In October 2023 there were three kinds.", {"date": {"october 2023"}, "number": {"3"}}),
        ("You may call your doctor.", {}),
        ("Talk with someone.", {}),
    ],
)
def test_claims_are_read_in_one_way_of_writing(text: str, found: dict[str, set[str]]) -> None:
    assert {kind: set(values) for kind, values in claims.claims(text, DRUGS).items()} == found


def test_claims_conflict_where_the_subject_is_one_and_the_values_differ() -> None:
    new = [Sentence("new", "A", "About 20% live five years."), Sentence("new", "B", "A sleeve lasts 6 months.")]
    known = [
        Sentence("old", "X", "About 16 percent live five years."),
        Sentence("old", "Y", "A sleeve lasts six months."),
    ]
    alike = np.array([[0.9, 0.1], [0.1, 0.9]])
    found = [(item.kind, item.says, item.known_says) for item in claims.conflicts(new, known, alike, DRUGS)]
    assert found == [("percentage", ("20",), ("16",))]
    assert not list(claims.conflicts(new, known, np.zeros((2, 2)), DRUGS))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("1-800-221-2141", "forbidden"),
        ("1-800-227-2354", "mistyped"),
        ("1-919-555-0123", "not in"),
        ("1-800-227-2345", None),
    ],
)
def test_a_phone_number_is_held_against_the_registry(number: str, why: str | None) -> None:
    found = list(claims.bad_phones([Sentence("new", "A", f"Call {number} now.")], catalog.load().contacts, DRUGS))
    assert [why in item[2] for item in found] == ([True] if why else [])


# --- edits --------------------------------------------------------------------------------------------------------


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a.yml"
    edits.create(path, "one\n")
    with pytest.raises(edits.Refused, match="exists"):
        edits.create(path, "two\n")
    assert path.read_text() == "one\n"
    assert [item.name for item in path.parent.iterdir()] == ["a.yml"]


def test_lines_are_inserted_and_replaced_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("# top\na: 1\nb: 2\n")
    edits.insert(path, 2, ["# between"])
    edits.replace(path, 4, 4, ["b: 3", "c: 4"])
    assert path.read_text() == "# top\na: 1\n# between\nb: 3\nc: 4\n"


def test_an_edit_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\n")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(edits.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        edits.write(path, "a: 2\n")
    assert {item.name: item.read_text() for item in tmp_path.iterdir()} == {"a.yml": "a: 1\n"}


def test_what_is_disputed_already_is_named_with_its_section() -> None:
    known = catalog.load()
    found = list(findings.known_disputes(known, "imaginis_undated"))
    assert "X9" in {item.id for _, item in found}
    assert {where for where, _ in found} <= {section.name for section in known.sources["imaginis_undated"].sections}
    assert not list(findings.known_disputes(known, "leaflet"))
