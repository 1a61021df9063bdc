"""The text of a PDF file, put together again from pieces with a place and a size on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from unicodedata import normalize

import pypdf
from pypdf.errors import PyPdfError

from careline.errors import ContentError, problem

BULLETS = ("•", "◦", "▪", "●", "○", "‣", "-", "–")
_LARGER = 1.15  # a line this much larger than the text around it is a heading
_APART = 1.65  # lines further apart than this many times their size begin a new paragraph


@dataclass(frozen=True)
class Row:
    """One line on a page: its text, its baseline (points from the bottom) and its size (points)."""

    text: str
    page: int
    y: float
    size: float
    bold: bool


def blocks(path: Path) -> Iterator[tuple[str, bool]]:
    """The paragraphs of a PDF file, each with whether it is a heading.

    Raises:
        ContentError: the file is damaged or locked.
    """
    try:
        rows = [row for number, page in enumerate(pypdf.PdfReader(path).pages) for row in _rows(page, number)]
    except PyPdfError as error:
        raise ContentError(
            [problem(path, 1, f"no PDF that can be opened ({error}); save it anew without a password")]
        ) from error
    usual = median(row.size for row in rows) if rows else 0.0
    for paragraph in _paragraphs(rows):
        yield _joined(paragraph), _is_heading(paragraph, usual)


def _rows(page: pypdf.PageObject, number: int) -> list[Row]:
    rows: list[Row] = []

    # NFKC takes ligatures apart: a font draws "fluid" with one sign for "fl".
    def piece(text: str, matrix: Sequence[float], place: Sequence[float], font: Any, size: float) -> None:
        if not text.strip():
            return
        whole = pypdf.mult(list(place), list(matrix))
        name = str((font or {}).get("/BaseFont", ""))
        row = Row(
            normalize("NFKC", text).replace("\n", ""),
            number,
            whole[5],
            abs(size * whole[3]) or size,
            "bold" in name.lower(),
        )
        last = rows[-1] if rows else None
        if last and abs(last.y - row.y) < row.size / 2:
            rows[-1] = replace(
                last, text=last.text + row.text, size=max(last.size, row.size), bold=last.bold and row.bold
            )
        else:
            rows.append(row)

    page.extract_text(visitor_text=piece)
    return rows


def _paragraphs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    paragraph: list[Row] = []
    for row in rows:
        if paragraph and _begins(paragraph[-1], row):
            yield paragraph
            paragraph = []
        paragraph.append(row)
    if paragraph:
        yield paragraph


def _begins(last: Row, row: Row) -> bool:
    if row.text.lstrip().startswith(BULLETS) or abs(last.size - row.size) > 0.5 or last.bold != row.bold:
        return True
    if last.page != row.page:
        return not row.text.lstrip()[:1].islower()  # rather two paragraphs too many than two glued together
    return last.y - row.y > _APART * row.size


def _joined(paragraph: Sequence[Row]) -> str:
    text = ""
    for row in paragraph:
        piece = " ".join(row.text.split())
        text = text[:-1] + piece if text.endswith("\u00ad") else f"{text} {piece}".strip()
    for mark in BULLETS:
        text = f"  • {text.removeprefix(mark).strip()}" if text.startswith(f"{mark} ") else text
    return text


def _is_heading(paragraph: Sequence[Row], usual: float) -> bool:
    first = paragraph[0]
    return first.size > _LARGER * usual or (first.bold and len(paragraph) == 1)
