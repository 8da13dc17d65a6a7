"""The visible text of a piece of HTML: a line for each block, white space as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from index.claims import without_breaks
from index.readers.hidden import drop_hidden
from index.readers.tables import FEWEST_ROWS
from index.records import Exclusion, ExclusionKind, Span

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 head header hr item li list main nav ol p pre quote row section summary table tbody tfoot thead tr ul
    """.split()
)
"""Elements that begin and end a line: those of HTML, and those trafilatura puts in their place."""
_BREAKS = frozenset(["br", "lb"])
_CELLS = frozenset(["td", "th", "cell"])
_SILENT = frozenset("script style noscript template iframe object svg math head title meta link button select".split())
"""Of HTML; in trafilatura's own trees ``head`` is a heading."""
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


_RUNS, _TABS = re.compile(" {2,}"), re.compile(" *\t *")
_CROWDED = re.compile(r"<[A-Za-z](?:[^<>\s]*+\s++){20000}")
_LONG_CELL = 12
"""Words from which on a row says something by itself: tables also serve to lay out pages."""


def block_text(root: _Element, *, extracted: bool = False) -> str:
    """The text of `root` in reading order; `extracted` says that trafilatura made it.

    Walks without recursion: pages may be nested deeper than Python's stack.
    """
    silent = frozenset[str]() if extracted else _SILENT
    parts: list[str] = []
    stack: list[tuple[_Element, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if not done:
            if tag in _BLOCKS or tag in _BREAKS:
                parts.append("\n")
            if tag and tag not in silent:
                parts.append(_SPACES.sub(" ", element.text or ""))
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
        if tag in _BLOCKS:
            parts.append("\n")
        elif tag in _CELLS:
            parts.append("\t")
        if element is not root:
            parts.append(_SPACES.sub(" ", element.tail or ""))
    shown = without_breaks("".join(parts))
    if "  " in shown:
        shown = _RUNS.sub(" ", shown)
    if "\t" in shown:
        shown = _TABS.sub("\t", shown)
    lines = (line.strip() for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def is_crowded(html: str) -> bool:
    """Whether an element has tens of thousands of attributes: the parser takes time with their square."""
    return _CROWDED.search(html) is not None


def tables_in(text: str, start: int = 0) -> Iterator[Exclusion]:
    """Where tables stand in `text`, which begins at `start`: rows one below the other, their cells parted by tabs."""
    for parted, lines in groupby(text.split("\n"), key=lambda line: "\t" in line):
        rows = list(lines)
        end = start + sum(map(len, rows)) + len(rows)
        longest = [max(len(cell.split()) for cell in row.split("\t")) for row in rows]
        if parted and len(rows) >= FEWEST_ROWS and median(longest) < _LONG_CELL:
            yield Exclusion(Span(start, end - 1), ExclusionKind.TABLE)
        start = end


def fragment_text(html: str) -> str:
    """The visible text of a fragment of HTML, as feeds and mails carry it; empty where it shows nothing."""
    from lxml import etree
    from lxml import html as markup

    if "<" not in html and "&" not in html:
        return "\n".join(line for part in html.splitlines() if (line := " ".join(part.split())))
    if is_crowded(html):
        return ""
    try:
        root = markup.fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    drop_hidden(root)
    return block_text(root)
