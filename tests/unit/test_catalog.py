"""All content keeps the house rules. One test a file, named after the file, over every rule; generated from what lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pytest

from careline import content_rules, contents
from careline.errors import ContentError, Problem

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = (
    "data/**/*.yml", "content/**/*.yml", "domain.yml", "tests/questions/*.yml", "tests/conversations/**/*.yml", "web/*/strings/*.js",
)  # fmt: skip
FILES = sorted({path.relative_to(ROOT).as_posix() for pattern in PATTERNS for path in ROOT.glob(pattern)})


@lru_cache
def _found() -> Mapping[str, list[str]]:
    """What is wrong, by rule, as `path:line: what`; `read` stands for content that cannot be read at all."""
    try:
        known = contents.read(ROOT)
    except ContentError as error:
        return {"read": _shown(error.problems)}
    return {name: _shown(rule(known)) for name, rule in content_rules.RULES.items()}


def _shown(problems: object) -> list[str]:
    return [str(problem) for problem in problems if isinstance(problem, Problem)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES)
def test_file_keeps_the_house_rules(path: str) -> None:
    mine = [f"{line} [{rule}]" for rule, lines in _found().items() for line in lines if line.startswith(f"{path}:")]
    assert not mine, "\n".join(mine)


@pytest.mark.parametrize("rule", ["read", *content_rules.RULES])
def test_rule_is_kept_everywhere(rule: str) -> None:
    wrong = _found().get(rule, [])
    assert not wrong, "\n".join(wrong)


def test_every_topic_has_a_file_that_is_checked() -> None:
    known = contents.read(ROOT)
    checked = {topic.path.relative_to(ROOT).as_posix() for topic in known.catalog.topics.values()}
    assert len(checked) > 200
    assert checked <= set(FILES)
