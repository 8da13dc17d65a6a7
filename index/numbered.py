"""Terms as numbers, for scoring: what a question shares with its candidates is found in arrays and not in text.

A number is a hash of the term, so it is the same in every archive and no vocabulary is kept. Among 10 million terms two
have the same one with a probability of 3 in a million (n² / 2^65).

Each segment has ``terms.npy``, the numbers of all its passages one after the other, and ``terms.starts.npy``, where in
it each passage begins, in the order of ``passages.rows.npy``, and where the last one ends.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeAlias

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.arrays import ArrayFile, mapped
from index.errors import REDERIVE, ArchiveDamagedError
from index.terms import TermIndex

Numbers: TypeAlias = NDArray[np.int64]

END = 0
"""Stands after each line of terms."""
_KNOWN = 100_000
"""Terms whose numbers are kept in memory."""
_KEPT = 20_000
"""Passages whose numbers are kept in memory where they are not in a file: some 20 MB."""
_TERMS, _STARTS = "terms.npy", "terms.starts.npy"


@functools.lru_cache(maxsize=_KNOWN)
def number_of(term: str) -> int:
    """The number of `term`: 64 bits of its hash, never :data:`END`."""
    digest = hashlib.blake2b(term.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def numbers_of(lines: Iterable[Iterable[str]]) -> Numbers:
    """The numbers of the terms of `lines`, with :data:`END` after each line."""
    return np.array([number for line in lines for number in (*map(number_of, line), END)], np.int64)


class NumberedTerms(Protocol):
    """The terms of passages, by number."""

    def of(self, ids: Sequence[int]) -> list[Numbers]:
        """Those of each of the passages `ids`: of its title, then of each sentence, with :data:`END` after each.

        Raises:
            KeyError: there is no such passage.
        """


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


class MappedTerms:
    """The numbers that stand in the files of an archive's segments.

    Args:
        segments: each a folder and the ids of its passages, ascending.

    Raises:
        ArchiveDamagedError: a file is missing, or does not belong to its segment.
    """

    def __init__(self, segments: Sequence[tuple[Path, NDArray[np.int64]]]) -> None:
        opened = [(ids, *_opened(folder, len(ids))) for folder, ids in segments]
        self._segments = [one for one in opened if len(one[0])]

    def of(self, ids: Sequence[int]) -> list[Numbers]:
        """See :class:`NumberedTerms`."""
        asked = np.asarray(ids, np.int64)
        found: dict[int, Numbers] = {}
        for own, terms, starts in self._segments:
            rows = np.minimum(np.searchsorted(own, asked), len(own) - 1)
            rows = rows[own[rows] == asked]
            bounds = zip(own[rows].tolist(), starts[rows].tolist(), starts[rows + 1].tolist(), strict=True)
            found |= {i: terms[first:last] for i, first, last in bounds}
        return [found[i] for i in ids]


def _opened(folder: Path, passages: int) -> tuple[Numbers, Numbers]:
    """Numbers and starts of the segment in `folder`.

    Raises:
        ArchiveDamagedError: they cannot be read, or are not of so many `passages`.
    """
    terms, starts = (mapped(folder / name, REDERIVE) for name in (_TERMS, _STARTS))
    if {terms.dtype, starts.dtype} != {np.dtype(np.int64)} or len(starts) != passages + 1 or starts[-1] != len(terms):
        raise ArchiveDamagedError(f"{_TERMS} does not belong to its segment", REDERIVE)
    return terms, starts


class ReadTerms:
    """The numbers of the terms that an index holds as text, read once while they are in use. Thread-safe."""

    def __init__(self, terms: TermIndex) -> None:
        self._terms = terms
        self._kept: LRUCache[int, Numbers] = LRUCache(_KEPT)
        self._changing = threading.Lock()

    def of(self, ids: Sequence[int]) -> list[Numbers]:
        """See :class:`NumberedTerms`."""
        with self._changing:
            known = {i: self._kept[i] for i in ids if i in self._kept}
        lines = self._terms.lines([i for i in ids if i not in known])
        read = {i: numbers_of(line.split() for line in text.split("\n")) for i, text in lines.items()}
        with self._changing:
            self._kept.update(read)
        return [(known | read)[i] for i in ids]
