"""Terms as numbers, for scoring: what a question shares with its candidates is found in arrays and not in text.

A number is a hash of the term, so it is the same in every archive and no vocabulary is kept. Among 10 million terms two
have the same one with a probability of 3 in a million (n² / 2^65).

Each segment has ``terms.npy``, the numbers of all its passages one after the other, and ``terms.starts.npy``, where in
it each passage begins, in the order of ``passages.rows.npy``, and where the last one ends.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.arrays import ArrayFile, mapped
from index.errors import REDERIVE, ArchiveDamagedError

Numbers: TypeAlias = NDArray[np.int64]

END = 0
"""Stands after each line of terms."""
_KNOWN = 100_000
"""Terms whose numbers are kept in memory."""
_TERMS, _STARTS = "terms.npy", "terms.starts.npy"


@functools.lru_cache(maxsize=_KNOWN)
def number_of(term: str) -> int:
    """The number of `term`: 64 bits of its hash, never :data:`END`."""
    digest = hashlib.blake2b(term.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def numbers_of(lines: Iterable[Iterable[str]]) -> Numbers:
    """The numbers of the terms of `lines`, with :data:`END` after each line."""
    return np.array([number for line in lines for number in (*map(number_of, line), END)], np.int64)


class NumbersFile:
    """The terms of a segment's passages while they are written, by ascending id; a context."""

    def __init__(self, folder: Path) -> None:
        self._terms, self._starts = ArrayFile(folder / _TERMS, np.int64), folder / _STARTS
        self._lengths = [0]

    def append(self, lines: Iterable[Iterable[str]]) -> None:
        """Write the terms of a passage: of its title, then of each sentence."""
        numbers = numbers_of(lines)
        self._terms.append(numbers)
        self._lengths.append(len(numbers))

    def __enter__(self) -> NumbersFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._terms.__exit__(kind, error, at)
        if error is None:
            with ArrayFile(self._starts, np.int64) as starts:
                starts.append(np.cumsum(self._lengths, dtype=np.int64))


class SegmentNumbers:
    """The terms of a segment's passages, memory-mapped."""

    def __init__(self, terms: Numbers, starts: Numbers) -> None:
        self._terms = terms
        self._starts = starts

    @classmethod
    def open(cls, folder: Path, passages: int) -> SegmentNumbers:
        """Those of the `passages` of the segment in `folder`.

        Raises:
            ArchiveDamagedError: they cannot be read, or are not of so many passages.
        """
        terms, starts = (mapped(folder / name, REDERIVE) for name in (_TERMS, _STARTS))
        belong = starts.shape == (passages + 1,) and terms.ndim == 1 and terms.dtype == starts.dtype == np.int64
        if not belong or starts[0] != 0 or starts[-1] != len(terms) or bool((np.diff(starts) < 0).any()):
            raise ArchiveDamagedError(f"{_TERMS} does not belong to its segment", REDERIVE)
        return cls(terms, starts)

    def of(self, rows: NDArray[np.int64]) -> list[Numbers]:
        """Those of each of the segment's passages `rows`: of its title, then of each sentence."""
        bounds = zip(self._starts[rows].tolist(), self._starts[rows + 1].tolist(), strict=True)
        return [self._terms[first:last] for first, last in bounds]
