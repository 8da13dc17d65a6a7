"""What scoring needs of the hundreds of passages that a search brings.

An archive's own is read from files that are memory-mapped, for all of them at once: its database takes ten times as
long. Beside its vectors' files a segment has ``passages.places.npy``, where its passages stand, in the order of
``passages.rows.npy``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.arrays import ArrayFile, mapped
from index.errors import REDERIVE, SHARE_ANEW, ArchiveDamagedError
from index.numbered import Numbers, SegmentNumbers, numbers_of
from index.records import Passage
from index.store import Store
from index.terms import TermIndex, lines_in
from index.vectors import Rows, SegmentVectors, parted

_KEPT = 20_000
"""Passages kept in memory where they are not in files: some 40 MB."""
_PLACES = "passages.places.npy"
_PLACE = np.dtype([("article", "<u8"), ("start", "<i4"), ("end", "<i4"), ("language", "S8")])


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages by ascending id, each once; arrays have an item for each.

    Attributes:
        ids: the passages'.
        articles: the ids of their articles, whose sixteen hexadecimal digits are a number; see :func:`article_id`.
        starts, ends: where they stand in these.
        languages: theirs; None where it could not be told.
        sentences: the ids of all their sentences, passage by passage, in order.
        counts: how many sentences each has.
        terms: of its title, then of each sentence; see :mod:`index.numbered`.
    """

    ids: Rows
    articles: NDArray[np.uint64]
    starts: Rows
    ends: Rows
    languages: Sequence[str | None]
    sentences: Rows
    counts: Rows
    terms: Sequence[Numbers]


class CandidateSource(Protocol):
    """Where candidates are read from. Thread-safe."""

    def of(self, ids: Iterable[int]) -> Candidates:
        """The passages `ids`.

        An engine may for a moment find what was removed: where texts stand in a database, those of `ids` that this
        does not know are left out.

        Raises:
            KeyError: files are read, and there is no such passage.
            ArchiveError: they cannot be read.
        """


def article_id(number: int) -> str:
    """The id of an article by its number in :attr:`Candidates.articles`."""
    return f"{number:016x}"


def write_places(folder: Path, parts: Iterable[NDArray[Any]]) -> None:
    """Write where a segment's passages stand, by id, into its `folder`: `parts` as :func:`places_of` makes them."""
    with ArrayFile(folder / _PLACES, _PLACE) as file:
        for part in parts:
            file.append(part)


def places_of(rows: Iterable[tuple[str, int, int, str | None]]) -> NDArray[Any]:
    """Of passages their articles' ids, starts, ends and languages, as they stand in the file."""
    listed = [(int(article, 16), start, end, (code or "").encode()) for article, start, end, code in rows]
    return np.array(listed, _PLACE)


def open_places(folder: Path, passages: int) -> NDArray[Any]:
    """Where the `passages` of the segment in `folder` stand.

    Raises:
        ArchiveDamagedError: it cannot be read, or is not of so many passages.
    """
    places = mapped(folder / _PLACES, REDERIVE)
    if places.dtype != _PLACE or places.shape != (passages,):
        raise ArchiveDamagedError(f"{_PLACES} does not belong to its segment", REDERIVE)
    return places


class MappedCandidates:
    """Those of an archive on this machine.

    Args:
        segments: oldest first, each a folder, and its vectors of passages and of sentences.

    Raises:
        ArchiveDamagedError: a file is missing, or does not belong to its segment.
    """

    def __init__(self, segments: Iterable[tuple[Path, SegmentVectors, SegmentVectors]]) -> None:
        self._segments = [
            (
                passages,
                sentences,
                open_places(folder, len(passages.ids)),
                SegmentNumbers.open(folder, len(passages.ids)),
            )
            for folder, passages, sentences in segments
        ]
        self._passages = [passages for passages, *_ in self._segments]

    def of(self, ids: Iterable[int]) -> Candidates:
        """See :class:`CandidateSource`."""
        asked = np.unique(np.fromiter(ids, np.int64))
        places: list[NDArray[Any]] = [np.empty(0, _PLACE)]
        sentences: list[Rows] = [np.empty(0, np.int64)]
        counts: list[Rows] = [np.empty(0, np.int64)]
        terms: list[Numbers] = []
        for at, _, here in parted(self._passages, asked):
            passages, own, of_passages, numbers = self._segments[at]
            rows = passages.rows_of(here)
            places.append(of_passages[rows])
            terms += numbers.of(rows)
            firsts, lasts = (np.searchsorted(own.owners, here, side) for side in ("left", "right"))
            counts.append(lasts - firsts)
            sentences += [own.ids[first:last] for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)]
        found = np.concatenate(places)
        codes = [code.decode("ascii", "replace") or None for code in found["language"].tolist()]
        starts, ends = (found[name].astype(np.int64) for name in ("start", "end"))
        return Candidates(
            asked, found["article"], starts, ends, codes, np.concatenate(sentences), np.concatenate(counts), terms
        )


class ReadCandidates:
    """Those of an archive whose texts stand in a database, read once while they are in use.

    Passages that the database does not know are left out.
    """

    def __init__(self, store: Store, terms: TermIndex) -> None:
        self._store = store
        self._terms = terms
        self._kept: LRUCache[int, tuple[Passage, list[int], Numbers]] = LRUCache(_KEPT)
        self._changing = threading.Lock()

    def of(self, ids: Iterable[int]) -> Candidates:
        """See :class:`CandidateSource`.

        Raises:
            ArchiveDamagedError: of a passage that is known, the sentences or the terms are missing.
        """
        asked = sorted(set(ids))
        with self._changing:
            held = {i: self._kept[i] for i in asked if i in self._kept}
        read = self._read([i for i in asked if i not in held])
        with self._changing:
            self._kept.update(read)
        held |= read
        known = [i for i in asked if i in held]
        passages = [held[i][0] for i in known]
        return Candidates(
            np.array(known, np.int64),
            np.array([int(passage.article_id, 16) for passage in passages], np.uint64),
            np.array([passage.span.start for passage in passages], np.int64),
            np.array([passage.span.end for passage in passages], np.int64),
            [passage.language for passage in passages],
            np.array([sentence for i in known for sentence in held[i][1]], np.int64),
            np.array([len(held[i][1]) for i in known], np.int64),
            [held[i][2] for i in known],
        )

    def _read(self, ids: Sequence[int]) -> dict[int, tuple[Passage, list[int], Numbers]]:
        sentences, terms = self._store.sentence_ids(ids), self._terms.lines(ids)
        read = {}
        for passage in self._store.passages(ids):
            own, lines = sentences[passage.id], lines_in(terms.get(passage.id, ""))
            # The first line is the title's; a passage has one sentence at least.
            if not own or len(lines) != 1 + len(own):
                raise ArchiveDamagedError("the archive's passages have other sentences than terms", SHARE_ANEW)
            read[passage.id] = (passage, own, numbers_of(lines))
        return read
