"""The order in which a printed page is read: columns found, lines put together, paragraphs and broken words joined.

A PDF holds runs of characters at places on a page, in the order the program that made it drew them. Where runs leave
a gutter free, what is left of it is read before what is right of it; what reaches across (a headline) divides the
page into bands that are read one after the other. Tables are read by rows.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.readers.tables import HYPHENS, Row, Run, find_table, rows_of
from index.records import Span

_SHARE = 0.25
"""How many of a region's runs may cross a gutter: headlines do."""
_FEWEST = 3
"""Lines a column has at least."""
_SOFT = "\u00ad\u0002\ufffe"
"""Hyphens that only break a word."""
_ENDED = re.compile(r"[.!?:…][»”“\"’')\]]*$")
_WORD_BEFORE = re.compile(rf"([^\W\d_]+)[{re.escape(HYPHENS)}]$")
_WORD_AFTER = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print in its column.

    Attributes:
        indent: how far it begins right of its column's edge, in sizes of its font.
        room: how much of its column it leaves free at its end, as a share of the column's width.
        gap: distance from the line above in its column, for its size, as a multiple of the usual one; 1 for the first.
        first: whether it begins a column or band.
        table: whether it is a row of a table, its cells parted by tabs.
    """

    text: str
    size: float
    base: float
    indent: float
    room: float
    gap: float
    first: bool
    table: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of pages, a line for each paragraph and each row of a table.

    Attributes:
        pages: where each page begins in `text`.
        tables: where tables stand in it, in order.
    """

    text: str
    pages: tuple[int, ...]
    tables: tuple[Span, ...]


def read_page(runs: Sequence[Run]) -> list[Line]:
    """The lines of a page in reading order."""
    return list(_region(list(runs)))


def _region(runs: list[Run]) -> Iterator[Line]:
    """What stands in a part of a page: tables, and what is above and below them."""
    table = find_table(runs)
    if table is None:
        yield from _prose(runs)
        return
    first = table[0][0].base
    inside = {id(run) for row in table for run in row}
    rest = [run for run in runs if id(run) not in inside]
    yield from _prose([run for run in rest if run.base > first])
    yield from map(_table_line, table)
    yield from _region([run for run in rest if run.base <= first])


def _table_line(row: Row) -> Line:
    text = "\t".join(" ".join(run.text.split()) for run in row)
    size = max(run.size for run in row)
    return Line(text, size, row[0].base, indent=0.0, room=0.0, gap=1.0, first=True, table=True)


def _prose(runs: list[Run]) -> Iterator[Line]:
    """Columns and bands, in reading order."""
    gutter = _gutter(runs)
    if gutter is None:
        if runs:
            yield from _lines(runs)
        return
    crossing = sorted((run for run in runs if run.left < gutter < run.right), key=lambda run: -run.base)
    rest = [run for run in runs if not run.left < gutter < run.right]
    bands = _joined(crossing)
    for band in bands:
        above = [run for run in rest if run.base > band[0].base]
        rest = [run for run in rest if run.base <= band[0].base]
        yield from _halves(above, gutter)
        yield from _lines(band)
    yield from _halves(rest, gutter)


def _joined(crossing: list[Run]) -> list[list[Run]]:
    """Runs across a gutter, those of neighbouring lines together."""
    bands: list[list[Run]] = []
    for run in crossing:
        if bands and bands[-1][-1].base - run.base < 2 * max(run.size, bands[-1][-1].size):
            bands[-1].append(run)
        else:
            bands.append([run])
    return bands


def _halves(runs: list[Run], gutter: float) -> Iterator[Line]:
    yield from _region([run for run in runs if run.right <= gutter])
    yield from _region([run for run in runs if run.left >= gutter])


def _gutter(runs: list[Run]) -> float | None:
    """Where a vertical strip is free but for a few headlines, with lines on both sides at the same heights."""
    if len(runs) < 2 * _FEWEST:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    edges = sorted({round(run.right) for run in runs if left < run.right < right})
    best: tuple[int, float, float] | None = None
    for edge in edges:
        at = edge + 1.0
        crossing = [run for run in runs if run.left < at < run.right]
        if len(crossing) > _SHARE * len(runs):
            continue
        before = [run for run in runs if run.right <= at]
        after = [run for run in runs if run.left >= at]
        bases = sorted({run.base for run in before})
        rows = {round(run.base) for run in after if _is_beside(run, bases)}
        if len(rows) < _FEWEST or len({round(base) for base in bases}) < _FEWEST:
            continue
        free = min(run.left for run in after) - max(run.right for run in before)
        if free < 0.6 * median(run.size for run in runs):
            continue
        candidate = (len(crossing), -free, at)
        best = candidate if best is None else min(best, candidate)
    return None if best is None else best[2]


def _is_beside(run: Run, bases: Sequence[float]) -> bool:
    """Whether one of the sorted `bases` lies less than a line's height from that of `run`."""
    place = bisect_left(bases, run.base)
    return any(abs(run.base - base) < run.size for base in bases[max(0, place - 1) : place + 1])


def _lines(runs: list[Run]) -> Iterator[Line]:
    """The lines of one column, from the top."""
    rows = rows_of(runs)
    # In sizes of the font, so that a headline's lines stand no further apart than the text's.
    steps = [(above[0].base - below[0].base) / below[0].size for above, below in pairwise(rows)]
    usual = median(steps) if steps else 1.0
    edge, end = min(run.left for run in runs), max(run.right for run in runs)
    width = max(end - edge, 1.0)
    for place, row in enumerate(rows):
        size = max(run.size for run in row)
        yield Line(
            text=" ".join(" ".join(run.text for run in row).split()),
            size=size,
            base=row[0].base,
            indent=(row[0].left - edge) / size,
            room=(end - row[-1].right) / width,
            gap=steps[place - 1] / usual if place else 1.0,
            first=not place,
        )


def flowed(pages: Sequence[Sequence[Line]]) -> Flow:
    """The text of `pages` put together.

    A word broken at a line's end is put together. Its hyphen stays where the document elsewhere writes the word with
    one, and not without.
    """
    written = {word for page in pages for line in page for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)}
    parts: list[str] = []
    starts: list[int] = []
    tables: list[Span] = []
    length = 0
    former: Line | None = None
    for page in pages:
        begun = False
        for line in page:
            text, glue = line.text, ""
            if former is None:
                glue = "\n" if parts else ""
            else:
                # A page's first line may follow a running head that was dropped.
                if _begins(former, line, first=line.first or not begun):
                    glue = "\n"
                else:
                    glue, parts[-1] = _glue(parts[-1], text, written)
                    length = length - len(former.text) + len(parts[-1])
            if not begun:
                starts.append(length + len(glue))
                begun = True
            parts += [glue, text]
            length += len(glue) + len(text)
            if line.table:
                start = tables.pop().start if former is not None and former.table else length - len(text)
                tables.append(Span(start, length))
            former = line
        if not begun:
            starts.append(length)
            former = None  # a page without text, perhaps a picture of one: nothing goes on across it
    return Flow("".join(parts), tuple(starts), tuple(tables))


def _begins(former: Line, line: Line, *, first: bool) -> bool:
    """Whether `line` begins a paragraph; `first` says that it stands at the head of a column."""
    if line.table or former.table:
        return True
    if abs(line.size - former.size) > 0.1 * former.size:
        return True
    ended = _ENDED.search(former.text) is not None
    if first:
        # At the head of a column the text goes on, unless the last line was plainly the end of a paragraph.
        return ended and (former.room > 0.15 or line.indent > 0.5)
    if line.gap > 1.4:
        return True
    if line.indent > 0.5:
        return ended or (line.indent - former.indent > 0.5 and former.room > 0.15)
    return ended and former.room > 0.2


def _glue(before: str, after: str, written: set[str]) -> tuple[str, str]:
    """What stands between two lines of a paragraph, and the first of them without a hyphen that only broke a word."""
    broken = _WORD_BEFORE.search(before)
    following = _WORD_AFTER.match(after)
    if broken is None or following is None:
        return " ", before
    bare = before[:-1]
    if before[-1] in _SOFT:
        return "", bare
    one, two = broken[1], following[0]
    if not two[0].islower() or (f"{one}-{two}" in written and f"{one}{two}" not in written):
        return "", bare + "-"
    return "", bare
