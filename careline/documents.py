"""YAML files with the line of every value, so that an error can name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from careline.errors import ContentError, problem

Key = tuple[Any, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_construct = yaml.SafeLoader("")


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain value and the 1-based line of each of its parts by key path."""

    path: Path
    value: Any
    lines: dict[Key, int] = field(repr=False)

    def line(self, *key: Any) -> int:
        """The line of the part at `key`, or of its nearest known parent."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def read(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        ContentError: the file is not YAML, has a key twice, or an unquoted date (which would stop `rasa train`).
    """
    try:
        with path.open("rb") as stream:
            root = yaml.compose(stream, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContentError(
            [problem(path, mark.line + 1 if mark else 1, f"not valid YAML ({getattr(error, 'problem', error)}); check indentation and quotes")]
        ) from error
    lines: dict[Key, int] = {}
    return Document(path, _value(path, root, (), lines) if root else None, lines)


def _value(path: Path, node: yaml.Node, key: Key, lines: dict[Key, int]) -> Any:
    lines[key] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, node, key, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, item, (*key, index), lines) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:timestamp":
        raise ContentError([problem(path, lines[key], f'the date {node.value} is not quoted and would stop training; write "{node.value}"')])
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() not in ("true", "false"):
        return node.value  # YAML 1.2, as Rasa reads it: yes, no, on and off are words
    return _construct.construct_object(node)


def _mapping(path: Path, node: yaml.MappingNode, key: Key, lines: dict[Key, int]) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for name_node, value_node in node.value:
        name = name_node.value if name_node.tag != "tag:yaml.org,2002:int" else int(name_node.value)
        if name in result:
            raise ContentError([problem(path, name_node.start_mark.line + 1, f"the key {name!r} stands here a second time; keep one")])
        place = (*key, name)
        result[name] = _value(path, value_node, place, lines)
        lines[place] = name_node.start_mark.line + 1
    return result
