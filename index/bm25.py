"""BM25 as tantivy computes it, for the passages that another engine proposes.

S. Robertson, H. Zaragoza (2009), *The probabilistic relevance framework: BM25 and beyond*; k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

_K1, _B = 1.2, 0.75
_EXACT = 24
"""Lengths up to 40 are kept as they are; above, the four highest bits of what exceeds this number."""


def kept_length(terms: int) -> int:
    """A passage's length as tantivy keeps it in one byte: rounded down to the next of 256 steps."""
    shift = max(0, (terms - _EXACT).bit_length() - 4) if terms > _EXACT else 0
    return terms if not shift else ((terms - _EXACT >> shift) << shift) + _EXACT


def scores(
    keys: Sequence[Collection[str]],
    passages: Mapping[int, str],
    frequency: Callable[[str], int],
    count: int,
    average: float,
) -> dict[int, float]:
    """The score of each of `passages`, given as its terms, for `keys`, of each of which the best term counts.

    Args:
        keys: sets of terms.
        passages: by id.
        frequency: how many passages hold a term.
        count: how many passages there are.
        average: how many terms a passage has on average.
    """
    weights = {
        term: math.log(1 + (count - holders + 0.5) / (holders + 0.5))
        for term in {term for key in keys for term in key}
        if (holders := frequency(term))
    }
    found = {}
    for i, terms in passages.items():
        held = Counter(terms.split())
        norm = _K1 * (1 - _B + _B * kept_length(held.total()) / average)
        own = {term: weights[term] * (_K1 + 1) * n / (n + norm) for term, n in held.items() if term in weights}
        best = [max((own[term] for term in key if term in own), default=0.0) for key in keys]
        if any(best):
            found[i] = sum(best)
    return found
