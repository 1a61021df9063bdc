"""What can be said about the widget without a browser: its size, its words, its numbers."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from careline import contacts

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "web" / "widget"
LIMIT = 25_000
LANGUAGES = ("en", "es")

files = sorted(path for path in WIDGET.rglob("*.js"))


def data_in(path: Path) -> Any:
    """The JSON that a module exports."""
    return json.loads(re.split(r"(?m)^export (?:default|const \w+ =)", path.read_text("utf-8"))[1].rstrip(" ;\n"))


def strings(language: str) -> dict[str, Any]:
    return data_in(WIDGET / "strings" / f"{language}.js")


def sentences(language: str) -> list[str]:
    return [text for value in strings(language).values() for text in (value if isinstance(value, list) else [value])]


def test_a_page_loads_at_most_25_kb_gzipped() -> None:
    size = {path.relative_to(WIDGET).as_posix(): len(gzip.compress(path.read_bytes(), 9)) for path in files}
    code = sum(bytes_ for name, bytes_ in size.items() if not name.startswith("strings/"))
    pages = {language: code + size[f"strings/{language}.js"] for language in LANGUAGES}
    print("\n" + "\n".join(f"{bytes_:6} {name}" for name, bytes_ in size.items()))
    print("gzipped, a page loads: " + ", ".join(f"{bytes_} bytes in {language}" for language, bytes_ in pages.items()))
    print(f"gzipped, all files: {sum(size.values())} bytes")
    assert max(pages.values()) <= LIMIT


def test_the_entry_names_every_module() -> None:
    named = set(
        re.findall(
            r"'([\w./]+)'", re.search(r"MODULES = \[(.*?)\]", (WIDGET / "widget.js").read_text("utf-8"), re.S)[1]
        )
    )  # type: ignore[index]
    there = {path.name.removesuffix(".js") for path in WIDGET.glob("*.js")} - {"widget", "numbers"}
    assert named == there


def test_the_languages_have_the_same_keys_and_placeholders() -> None:
    english, spanish = strings("en"), strings("es")
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", spanish[key])), key


def test_every_string_is_used_and_every_used_string_is_there() -> None:
    code = "".join(path.read_text("utf-8") for path in files if path.parent == WIDGET)
    used = set(re.findall(r"'(\w+)'", code))
    patterns = ("level_", "why_", "bar_")
    unused = {key for key in strings("en") if key not in used and not key.startswith(patterns)}
    assert unused <= {"queued", "sending", "sent", "failed", "refused", "renewed", "erased_here"} | {"simpler"}
    assert set(re.findall(r"say\('(\w+)'", code)) <= strings("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_holds_a_forbidden_phrase_or_a_number(language: str) -> None:
    forbidden = yaml.safe_load((ROOT / "content" / "forbidden.yml").read_text("utf-8"))
    patterns = [rf"\b{re.escape(row['phrase'])}\b" for row in forbidden["phrases"]] + [
        row["phrase"] for row in forbidden["patterns"]
    ]
    patterns += [r"\busted tiene (cáncer|metástasis)\b", r"\bprobablemente\b", r"\bno se preocupe\b", r"\d{3}"]
    for text in sentences(language):
        assert not [pattern for pattern in patterns if re.search(pattern, text, re.I)], text


def test_the_built_in_numbers_are_those_of_the_registry() -> None:
    registry = contacts.load(ROOT / "content" / "contacts.yml")
    roles = {"emergency": registry.emergency, "crisis": registry.crisis, "hotline": registry.default_hotline}
    expected = {
        language: {role: vars(registry.shown(contact, language)) for role, contact in roles.items()}
        for language in LANGUAGES
    }
    assert data_in(WIDGET / "numbers.js") == expected


def test_no_number_is_typed_anywhere_else() -> None:
    registry = contacts.load(ROOT / "content" / "contacts.yml")
    numbers = [contact.phone for contact in registry.by_id.values()]
    for path in files:
        if path.name != "numbers.js":
            text = path.read_text("utf-8")
            assert not [number for number in numbers if re.search(rf"(?<![\w#.]){re.escape(number)}(?![\w%])", text)], (
                path.name
            )


def test_text_is_only_ever_set_as_text() -> None:
    for path in files:
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|javascript:", text
        ), path.name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path.name
