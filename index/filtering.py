"""Which vectors of a generation filters let through, found in arrays: a database takes sixty times as long."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.errors import REDERIVE, ArchiveDamagedError
from index.selection import Selection, day_number
from index.vectors import Mask, SegmentVectors, joined

if TYPE_CHECKING:
    from index.store import Store

_SELECTIONS = 32
"""Selections kept; each takes a byte for every vector."""


class Masks:
    """Of one generation: of its `passages` and `sentences`, by segment; `store` is its own. Thread-safe.

    It holds the parts and no index: one that a newer one has replaced is to be gone at once, not with the next cycle.
    """

    def __init__(self, store: Store, passages: Sequence[SegmentVectors], sentences: Sequence[SegmentVectors]) -> None:
        self._store, self._passages, self._sentences = store, passages, sentences
        self._kept: LRUCache[Selection, tuple[Mask, Mask]] = LRUCache(_SELECTIONS)
        self._changing = threading.Lock()

    def of_passages(self, selection: Selection) -> Mask:
        """By row, whether the passage may be found; segment after segment."""
        return self._of(selection)[0]

    def of_sentences(self, selection: Selection) -> Mask:
        """Likewise of the sentences: those of the passages that may be found."""
        return self._of(selection)[1]

    def _of(self, selection: Selection) -> tuple[Mask, Mask]:
        with self._changing:
            found = self._kept.get(selection)
        if found is None:
            found = self._found(selection)
            with self._changing:
                self._kept[selection] = found
        return found

    def _found(self, selection: Selection) -> tuple[Mask, Mask]:
        allowed = np.append(self._articles.chosen(selection), False)[self._article_places]
        if selection.speakers is not None:
            ids = joined([part.ids for part in self._passages])
            allowed &= np.isin(ids, self._store.passages_spoken_in(selection.speakers))
        return allowed, np.repeat(allowed, self._sentence_counts)

    @functools.cached_property
    def _articles(self) -> _Articles:
        return _Articles(self._store.kinds())

    @functools.cached_property
    def _article_places(self) -> NDArray[np.int32]:
        """Where among the articles that of each passage is; behind them where it was removed."""
        numbers, owners = self._articles.numbers, joined([part.owners for part in self._passages])
        places = np.searchsorted(numbers, owners)
        held = np.append(numbers, -1)[places] == owners
        return np.where(held, places, len(numbers)).astype(np.int32)

    @functools.cached_property
    def _sentence_counts(self) -> NDArray[np.int32]:
        """How many sentences each passage has; in the files they follow each other as their passages do."""
        counts = []
        for passages, sentences in zip(self._passages, self._sentences, strict=True):
            ends = np.searchsorted(sentences.owners, passages.ids, side="right")
            counts.append(np.diff(ends, prepend=0).astype(np.int32))
            if not np.array_equal(np.repeat(passages.ids, counts[-1]), sentences.owners):
                raise ArchiveDamagedError("the archive's sentences are not in the order of its passages", REDERIVE)
        return np.concatenate([np.empty(0, np.int32), *counts])


class _Articles:
    """What filters ask of articles; each row is number, day of publication, language and outlet."""

    def __init__(self, rows: Iterable[tuple[int, str | None, str | None, str | None]]) -> None:
        columns = tuple(zip(*sorted(rows), strict=True)) or ((), (), (), ())
        self.numbers = np.array(columns[0], np.int64)
        self._days = np.array([day_number(published) or 0 for published in columns[1]], np.int32)
        self._languages, self._outlets = _Coded(columns[2]), _Coded(columns[3])

    def chosen(self, selection: Selection) -> Mask:
        """Which of :attr:`numbers` are of `selection`, whoever speaks in them."""
        chosen = np.ones(len(self.numbers), np.bool_)
        for day, after in ((day_number(selection.since or None), True), (day_number(selection.until or None), False)):
            if day is not None:
                chosen &= (self._days >= day) if after else (self._days <= day) & (self._days > 0)
        if selection.language:
            chosen &= self._languages.among({selection.language})
        if selection.outlets is not None:
            chosen &= self._outlets.among(selection.outlets)
        return chosen


class _Coded:
    """Names, few of which differ, as numbers."""

    def __init__(self, names: Sequence[str | None]) -> None:
        self._codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
        self._coded = np.array([self._codes[name] for name in names], np.int32)

    def among(self, wanted: Iterable[str]) -> Mask:
        """Which of the names are `wanted`."""
        held = np.zeros(len(self._codes), np.bool_)
        held[[self._codes[name] for name in wanted if name in self._codes]] = True
        return held[self._coded]
