"""The cheapest way to make given words out of an archive's.

Each given word is taken from a word of an article, equal or not, or added. Between one taken word and the next, words
of the article may be left out one by one, or a run of them within one sentence or quotation, or the next may come from
another place altogether. What each of these costs decides what a wrong quotation is held to be: one with changes, or
one cut together (a global alignment with jumps; Sellers 1980, Gotoh 1982).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.check.readings import Reading

JUMP = 3.5
"""Words from another place cost as much as this many changed ones: fewer than four in a row are no second place."""
_RUN, _RUN_WORD = 1.5, 0.02
"""A run left out costs this, and this for each word: from a hundred words on, what follows is another place."""
_LEFT_OUT = 0.999
"""A word left out costs a little less than one changed: of ways that cost the same, the one keeping more is right."""
_ADDED = 1.05
"""A word added costs a little more than one left out: of ways that cost the same, the one that takes more is right."""
_FREE_WORD = 1e-4
"""A word left out where the quoter marks an omission."""
_REPORTER = 1e-3
"""A word that is not direct speech: of equal places the one that is speech is preferred."""
_WALL = 1e6
_CELLS = 6_000_000
"""Given words times article words compared at most; 8 bytes each."""


@dataclass(frozen=True, slots=True)
class Step:
    """A given word and where it comes from.

    Attributes:
        source: index of a word among all `readings` laid end to end; None where the word was added.
        jump: it comes from another place than the word before it.
        free: what is left out before it is a marked omission.
    """

    source: int | None
    jump: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way; one step a given word."""

    cost: float
    steps: tuple[Step, ...]


class Terrain:
    """The words of several articles laid end to end, as many as can be compared with `given` words at once."""

    def __init__(self, readings: Sequence[Reading], given: int) -> None:
        kept: list[Reading] = []
        for reading in readings:
            total = sum(len(other.tokens) for other in kept) + len(reading.tokens)
            if kept and total * given > _CELLS:
                break
            if reading.tokens:
                kept.append(reading)
        self.readings = tuple(kept)
        self.offsets = np.cumsum([0, *(len(reading.tokens) for reading in kept)])
        if not kept:
            return
        self.ids = np.concatenate([reading.ids for reading in kept])
        aside = np.concatenate([reading.aside for reading in kept])
        article = np.repeat(np.arange(len(kept)), [len(reading.tokens) for reading in kept])
        places = np.concatenate([reading.places for reading in kept])
        self.first = np.zeros(len(self.ids), np.bool_)
        self.first[self.offsets[:-1]] = True
        changes = np.concatenate([[False], (places[1:] != places[:-1]) | (article[1:] != article[:-1])])
        order = np.arange(len(self.ids))
        # What it costs to leave words out, summed up from the first word on: differences are costs.
        self.single = np.cumsum(np.where(aside, 0.0, _LEFT_OUT)) + _WALL * article
        self.run = _RUN_WORD * order + _WALL * np.cumsum(changes)
        self.marked = _FREE_WORD * order + _WALL * article
        self.base = np.where(np.concatenate([reading.quotes for reading in kept]) < 0, _REPORTER, 0.0)

    def word(self, source: int) -> tuple[Reading, int]:
        """The reading and the index in it of a word of the whole."""
        at = int(np.searchsorted(self.offsets, source, side="right")) - 1
        return self.readings[at], source - int(self.offsets[at])

    def align(self, given: NDArray[np.int64], breaks: frozenset[int], *, jumps: bool) -> Alignment:
        """The cheapest way to make the words numbered `given`; `breaks` as in :class:`qa.check.drafts.Given`."""
        rows = np.empty((len(given), len(self.ids)))
        for i, number in enumerate(given):
            change = self.base + (self.ids != number)
            if i == 0:
                rows[0] = change
                continue
            before = rows[i - 1]
            reach = self._reach(before, marked=i in breaks)
            reach = np.minimum(reach, i * _ADDED)  # all words so far were added
            if jumps:
                reach = np.minimum(reach, before.min() + JUMP)
            np.minimum(reach + change, before + _ADDED, out=rows[i])
        last = int(rows[-1].argmin())
        return Alignment(float(rows[-1, last]), tuple(self._back(rows, last, given, breaks, jumps=jumps)))

    def _reach(self, before: NDArray[np.float64], *, marked: bool) -> NDArray[np.float64]:
        """For each word what it costs to come to it from any earlier one of the same place or article."""
        reach = np.full(len(before), np.inf)
        single = np.minimum.accumulate(before - self.single)[:-1] + self.single[:-1]
        run = np.minimum.accumulate(before - self.run)[:-1] + self.run[1:] + _RUN
        reach[1:] = np.minimum(np.where(self.first[1:], np.inf, single), run)
        if marked:
            free = np.minimum.accumulate(before - self.marked)[:-1] + self.marked[1:]
            reach[1:] = np.minimum(reach[1:], free)
        return reach

    def _back(
        self, rows: NDArray[np.float64], last: int, given: NDArray[np.int64], breaks: frozenset[int], *, jumps: bool
    ) -> list[Step]:
        steps: list[Step] = []
        i, j = len(given) - 1, last
        while i > 0:
            before = rows[i - 1]
            change = self.base[j] + (self.ids[j] != given[i])
            options = [(float(before[j]) + _ADDED, 2, j)]
            if j:
                if not self.first[j]:
                    k = int((before[:j] - self.single[:j]).argmin())
                    options.append((float(before[k] + self.single[j - 1] - self.single[k] + change), 0, k))
                k = int((before[:j] - self.run[:j]).argmin())
                options.append((float(before[k] + self.run[j] - self.run[k] + _RUN + change), 1, k))
                if i in breaks:
                    k = int((before[:j] - self.marked[:j]).argmin())
                    options.append((float(before[k] + self.marked[j] - self.marked[k] + change), -1, k))
            options.append((i * _ADDED + float(change), 4, j))
            if jumps:
                options.append((float(before.min() + JUMP + change), 3, int(before.argmin())))
            _, kind, k = min((round(cost, 9), kind, k) for cost, kind, k in options)
            if kind == 4:
                steps.append(Step(j))
                steps += [Step(None)] * i
                return steps[::-1]
            steps.append(Step(None) if kind == 2 else Step(j, jump=kind == 3, free=kind == -1))
            i, j = i - 1, k
        steps.append(Step(j))
        return steps[::-1]
