"""Texts of many lengths put into rows of few: bin packing, best fit decreasing (Johnson 1974, *SIAM J. Comput.* 3).

A network that is made for one shape is faster than one that takes any, so there are to be few shapes, and little of
them left empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_LENGTHS = (128, 256, 384, 512)
"""Of rows, in tokens; beyond them each is twice the one before. Attention compares all tokens of a row with each other,
so short texts are kept out of long rows where they fill no gap."""
_TOKENS = 512
"""In a batch, its rows together: 1,024 are 5 to 8 in a hundred slower; more of the last batch is empty then."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are embedded at once.

    Attributes:
        rows: of as many tokens as `length`.
        texts: the number of each text, and at which of its rows and at which token there it begins.
    """

    rows: int
    length: int
    texts: tuple[tuple[int, int, int], ...]


def batches(lengths: Sequence[int], longest: int) -> list[Batch]:
    """Texts of so many tokens, each at most `longest`, in batches, those of longer rows first."""
    rows: dict[int, list[list[int]]] = defaultdict(list)
    # By the tokens left in them: rows, each by its length and its number among those of that length.
    gaps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for text in sorted(range(len(lengths)), key=lambda text: (-lengths[text], text)):
        needed = lengths[text]
        gap = min((gap for gap in gaps if gap >= needed), default=None)
        if gap is None:
            gap = _row_length(needed, longest)
            gaps[gap].append((gap, len(rows[gap])))
            rows[gap].append([])
        length, number = gaps[gap].pop()
        if not gaps[gap]:
            del gaps[gap]
        rows[length][number].append(text)
        gaps[gap - needed].append((length, number))
    return [
        _batch(length, some[at : at + _rows(length)], lengths)
        for length, some in sorted(rows.items(), reverse=True)
        for at in range(0, len(some), _rows(length))
    ]


def _batch(length: int, rows: Sequence[Sequence[int]], lengths: Sequence[int]) -> Batch:
    texts = []
    for number, row in enumerate(rows):
        begin = 0
        for text in row:
            texts.append((text, number, begin))
            begin += lengths[text]
    return Batch(_rows(length), length, tuple(texts))


def _row_length(needed: int, longest: int) -> int:
    """The length of a row that is begun by a text of so many tokens."""
    length = next((length for length in _LENGTHS if length >= needed), _LENGTHS[-1])
    while length < needed:
        length *= 2
    return min(length, longest)


def _rows(length: int) -> int:
    return max(1, _TOKENS // length)
