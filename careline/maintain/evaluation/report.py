"""Tables and notes, as a terminal shows them and as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

Row = Sequence[Any]
_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.wide{overflow-x:auto}table{border-collapse:collapse}"
    "th,td{padding:.3rem .7rem;text-align:right;vertical-align:top;border-bottom:1px solid #8886}"
    "th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere}figure{margin:2rem 0}img{max-width:100%;background:#fff}"
)


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

    def html(self) -> str:
        """For a browser."""
        head = "".join(f"<th scope=col>{escape(str(column))}</th>" for column in self.columns)
        rows = "\n".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in self.rows)
        note = _paragraph(self.note) if self.note else ""
        return f"<h2>{escape(self.title)}</h2>\n<div class=wide><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n{note}"

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

    def html(self) -> str:
        """For a browser, in one file beside its pictures."""
        pictures = [f'<figure><img src="{escape(name)}" alt="{escape(what)}"><figcaption>{escape(what)}</figcaption></figure>' for what, name in self.pictures]
        body = "\n".join([f"<h1>{escape(self.title)}</h1>", *map(_paragraph, self.about.split("\n\n")), *(table.html() for table in self.tables), *pictures])
        return f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(self.title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n'

    def markdown(self) -> str:
        """For a file."""
        pictures = [f"![{what}]({name})" for what, name in self.pictures]
        return "\n\n".join([f"# {self.title}", self.about, *(table.markdown() for table in self.tables), *pictures]) + "\n"


def write(report: Report, values: Any, folder: Path, name: str) -> None:
    """Write a report as `name`.md and `name`.html and its figures as `name`.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_text(report.html(), encoding="utf-8")
    (folder / f"{name}.md").write_text(report.markdown(), encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


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
