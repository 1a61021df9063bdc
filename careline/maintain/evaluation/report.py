"""Tables and notes, as a terminal shows them and as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = Sequence[Any]


@dataclass(frozen=True)
class Table:
    """Rows under column names; the first column is text, the others are set to the right (to the left in a table of `texts`)."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    texts: bool = False

    def text(self) -> str:
        """For a terminal."""
        cells = [[str(cell) for cell in row] for row in [self.columns, *self.rows]]
        widths = [max(len(row[index]) for row in cells) for index in range(len(self.columns))]
        lines = ["  ".join(_set(cell, width, self.texts or index == 0) for index, (cell, width) in enumerate(zip(row, widths))) for row in cells]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.title, *(line.rstrip() for line in lines), *([self.note] if self.note else [])])

    def markdown(self) -> str:
        """For a file."""
        lines = [f"## {self.title}", "", _piped(self.columns), _piped(["---", *["---" if self.texts else "---:"] * (len(self.columns) - 1)])]
        lines += [_piped(row) for row in self.rows]
        return "\n".join([*lines, *(["", self.note] if self.note else [])])


@dataclass
class Report:
    """A heading, what was measured on, tables, and pictures by file name."""

    title: str
    about: str
    tables: list[Table] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)

    def text(self) -> str:
        """For a terminal."""
        return "\n\n".join([self.title, self.about, *(table.text() for table in self.tables)]) + "\n"

    def markdown(self) -> str:
        """For a file."""
        pictures = [f"![{what}]({name})" for what, name in self.pictures]
        return "\n\n".join([f"# {self.title}", self.about, *(table.markdown() for table in self.tables), *pictures]) + "\n"


def write(report: Report, values: Any, folder: Path, name: str) -> None:
    """Write a report as `name`.md and its figures as `name`.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(report.markdown(), encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def percent(value: float, digits: int = 1) -> str:
    """A share as people read it."""
    return f"{100 * value:.{digits}f} %"


def points(value: float) -> str:
    """The difference of two shares as people read it."""
    return f"{100 * value:.1f} points"


def kept(kept: bool) -> str:
    """The verdict on a target."""
    return "yes" if kept else "NO"


def _set(cell: str, width: int, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)


def _piped(cells: Row) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
