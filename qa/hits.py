"""Hits that are made when they are looked at: an answer looks at a few of hundreds of candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.candidates import Candidates, article_id
from index.records import Span
from qa.records import Hit


def average(hits: Sequence[Hit]) -> float:
    """Of the inner products of all sentences of `hits` with the question; there is at least one."""
    if isinstance(hits, Hits):
        return hits.average
    return float(np.mean([score for hit in hits for score in hit.sentence_scores.values()]))


class Hits(Sequence[Hit]):
    """Candidates by score, best first, equal ones by article and place.

    Args:
        candidates: the passages.
        ranks: by source: passage id to its rank from 1.
        scores: of `candidates`.
        similarities, weights: of their sentences: inner products with the question, and what orders them.

    Attributes:
        passages, articles: ids of the hits' passages and of their articles.
        average: of the inner products.
    """

    def __init__(
        self,
        candidates: Candidates,
        ranks: Mapping[str, Mapping[int, int]],
        scores: NDArray[np.float64],
        similarities: NDArray[np.float64],
        weights: NDArray[np.float64],
    ) -> None:
        self._order = np.lexsort((candidates.starts, candidates.articles, -scores))
        self.passages: list[int] = candidates.ids[self._order].tolist()
        self.articles = [article_id(number) for number in candidates.articles[self._order].tolist()]
        self._candidates = candidates
        self._ranks = ranks
        self._scores, self._similarities, self._weights = scores, similarities, weights
        self.average = float(similarities.mean())
        self._ends = np.cumsum(candidates.counts)
        self._made: dict[int, Hit] = {}

    def __len__(self) -> int:
        return len(self.passages)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        places = range(len(self))[place]
        return self._hit(places) if isinstance(places, int) else tuple(map(self._hit, places))

    def _hit(self, place: int) -> Hit:
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]

    def _make(self, place: int) -> Hit:
        at, of, passage = int(self._order[place]), self._candidates, self.passages[place]
        sentences = slice(int(self._ends[at] - of.counts[at]), int(self._ends[at]))
        ids = of.sentences[sentences].tolist()
        return Hit(
            passage,
            self.articles[place],
            Span(int(of.starts[at]), int(of.ends[at])),
            float(self._scores[at]),
            {source: ranked[passage] for source, ranked in self._ranks.items() if passage in ranked},
            dict(zip(ids, self._similarities[sentences].tolist(), strict=True)),
            dict(zip(ids, self._weights[sentences].tolist(), strict=True)),
            of.languages[at],
        )
