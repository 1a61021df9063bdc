"""A document as lines of text, whatever kind of file it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import mammoth
from bs4 import BeautifulSoup, NavigableString, Tag

from careline.errors import ContentError, problem

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*_HEADINGS, "p", "li", "dt", "dd", "blockquote", "td", "th", "figcaption", "pre", "address")
# What a page holds beside its text. It is left out by the page's own marks, before any repair of ours.
_BESIDE = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "button",
    "svg",
    "head",
)


@dataclass(frozen=True)
class Line:
    """One line of a document, counted from 1. `heading` is None where the kind of file does not say."""

    number: int
    text: str
    heading: bool | None = None


def read(path: Path) -> tuple[Line, ...]:
    """The lines of a text, HTML, PDF or Word file.

    Raises:
        ContentError: the file is of another kind, damaged, not UTF-8, or holds no text.
        FileNotFoundError: there is no such file.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _refused(path, f"{path.suffix or 'no'} file; give one of {', '.join(_READERS)}")
    lines = tuple(reader(path))
    if not any(line.text.strip() for line in lines):
        raise _refused(path, "there is no text in it; if it is a scan, run text recognition over it first")
    return lines


def text_of(path: Path) -> str:
    """A document as one text whose lines are those of `read`."""
    return "\n".join(line.text for line in read(path))


def numbered(blocks: Iterable[tuple[str, bool | None]]) -> Iterator[Line]:
    """Blocks of text as lines with a blank line after each, as a text file would have them."""
    for index, (text, heading) in enumerate(blocks):
        yield Line(2 * index + 1, text, heading)
        yield Line(2 * index + 2, "")


def _text(path: Path) -> Iterator[Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path, f"not UTF-8 at byte {error.start}; save it as UTF-8") from error
    return (Line(number, line) for number, line in enumerate(text.split("\n"), 1))


def _html(path: Path) -> Iterator[Line]:
    return numbered(_blocks(BeautifulSoup(path.read_bytes(), "html.parser")))


def _word(path: Path) -> Iterator[Line]:
    try:
        with path.open("rb") as stream:
            html = mammoth.convert_to_html(stream).value
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise _refused(path, f"no Word document that can be opened ({error}); save it anew as .docx") from error
    return numbered(_blocks(BeautifulSoup(html, "html.parser")))


def _pdf(path: Path) -> Iterator[Line]:
    from careline.maintain.ingestion import pdf

    return numbered(pdf.blocks(path))


def _blocks(page: BeautifulSoup) -> Iterator[tuple[str, bool]]:
    for beside in page.find_all(_BESIDE):
        beside.decompose()
    for block in page.find_all(_BLOCKS):
        text = " ".join("".join(_own_text(block)).split())
        if text:
            yield (f"  • {text}" if block.name == "li" else text), block.name in _HEADINGS


def _own_text(block: Tag) -> Iterator[str]:
    """The text of a block without that of the blocks inside it: those get lines of their own."""
    for child in block.children:
        if isinstance(child, Tag) and child.name not in _BLOCKS:
            yield " " if child.name == "br" else "".join(_own_text(child))
        elif type(child) is NavigableString:  # not its subclasses: comments and the like are no text
            yield str(child)


def _refused(path: Path, why: str) -> ContentError:
    return ContentError([problem(path, 1, why)])


_READERS: Mapping[str, Callable[[Path], Iterator[Line]]] = {
    ".txt": _text, ".md": _text, ".html": _html, ".htm": _html, ".docx": _word, ".pdf": _pdf,
}  # fmt: skip
