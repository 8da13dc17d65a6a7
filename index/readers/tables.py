"""Runs of a printed page put together to rows, and which rows are a table and not prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST_ROWS = 3
"""Of a table; two may stand beside each other by chance."""
_APART = 1.0
"""Between columns of a table, in sizes of the font; a space of a justified line seldom is as wide."""
_BREAK = 3.0
"""Between rows of one table at most, in sizes of the font."""
_FULL = 0.9
"""Share of its column's width from which on a line counts as full. Most lines of prose are, but in narrow columns."""
_GOING_ON = 0.2
"""Share of a column's lines that begin or break within a sentence, from which on it is prose. Cells seldom do."""
HYPHENS = "-\u2010\u00ad\u0002\ufffe"
"""At a line's end; the last two are pdfium's own marks for one."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters drawn side by side.

    Attributes:
        left, right, base: in points from the page's lower left corner; `base` is the line the letters stand on.
        size: of the font, in points.
    """

    text: str
    left: float
    right: float
    base: float
    size: float


Row = list[Run]
"""Runs on one line, from the left; at least one."""


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """`runs` by the line they stand on, from the top."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: (-run.base, run.left)):
        if rows and rows[-1][0].base - run.base < 0.4 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def find_table(runs: Sequence[Run]) -> list[Row] | None:
    """The first table: rows one below the other whose cells keep to columns and are not lines of prose."""
    rows = rows_of(runs)
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and len(rows[end]) > 1 and _together(rows[at : end + 1]):
            end += 1
        if end - at >= FEWEST_ROWS and not any(map(_is_prose, _columns(rows[at:end]))):
            return rows[at:end]
        at = max(end, at + 1)
    return None


def _together(rows: Sequence[Row]) -> bool:
    near = len(rows) < 2 or rows[-2][0].base - rows[-1][0].base < _BREAK * rows[-1][0].size
    return near and len(_columns(rows)) > 1


def _columns(rows: Sequence[Row]) -> list[list[Run]]:
    """The cells that overlap from row to row, by column from the left."""
    columns: list[list[Run]] = []
    right = 0.0
    for run in sorted((run for row in rows for run in row), key=lambda run: run.left):
        if not columns or run.left - right >= _APART * run.size:
            columns.append([])
            right = run.right
        columns[-1].append(run)
        right = max(right, run.right)
    return columns


def _is_prose(column: Sequence[Run]) -> bool:
    words = median(len(run.text.split()) for run in column)
    widest = max(run.right - run.left for run in column)
    full = sum(run.right - run.left > _FULL * widest for run in column)
    going_on = sum(run.text[0].islower() or run.text[-1] in HYPHENS for run in column if len(run.text) > 1)
    return (words >= 3 and 2 * full >= len(column)) or going_on >= _GOING_ON * len(column)
