"""Careline runs where 911 and 988 are nobody's numbers, or where its own settings are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from careline import contacts as registry
from careline import house_rules, paths
from careline.dialogue.engine import Engine
from careline.dialogue.knowledge import Knowledge, shared
from careline.errors import ContentError
from careline.referral import referral
from tests.faults.helpers import CRISIS, FEVER, ORDINARY

CONTACTS = paths.home() / "content" / "contacts.yml"
ABROAD = """
country: GB
emergency_number: "999"
crisis_number: "116 123"
care_team: {name: The acute oncology line, phone: "+44 20 7946 0958"}
"""


async def test_numbers_of_another_country(tmp_path: Path) -> None:
    """A deployment's own numbers take the place of 911 and 988 in every turn."""
    settings = tmp_path / "deployment.yml"
    settings.write_text(ABROAD)
    catalog = replace(shared().catalog, contacts=registry.load(CONTACTS, settings))
    engine = Engine(Knowledge(catalog, shared().red_flags), None)
    for text, number in ((ORDINARY, "999"), (FEVER, "999"), (CRISIS, "116 123")):
        turn = (await engine.respond(text)).turn
        assert number in turn.referral.text
        assert "911" not in turn.text() and "988" not in turn.text()
        assert house_rules.faults(catalog, turn) == []


@pytest.mark.parametrize("language, words", [("en", "your local emergency number"), ("es", "de su localidad")])
def test_the_local_emergency_number_is_named(language: str, words: str) -> None:
    for kind in ("emergency", "crisis"):
        assert words in referral(shared().catalog, kind, language).text


def test_a_deployment_file_with_a_mistake_is_named(tmp_path: Path) -> None:
    settings = tmp_path / "deployment.yml"
    settings.write_text("country: US\nemergencynumber: '112'\n")
    with pytest.raises(ContentError, match=r"deployment\.yml:2: "):
        registry.load(CONTACTS, settings)
