"""How much of a question's words a text holds, weighed by how rare they are.

Alone it finds .759 of squad-it-dev's Italian passages first and .711 for English questions, where BM25 over the same
terms finds .741 and .672 (``docs/retrieval.md``): repetition and length tell little there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.keys import Key
from index.terms import TermIndex

_PAIR = 0.5
"""Weight of two neighbouring words of the question that also stand together, beside the rarer one's."""
_TOGETHER = 2
"""Places between such two words at most, in either order."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What share of a question a text covers, from 0 to 1.

    Attributes:
        weights: of each key: its inverse document frequency as in BM25; half the greatest, where no passage holds it.
        pairs: of each two neighbouring keys: what their standing together weighs.
        words, whole: what all keys weigh, and with all pairs; 1 where there are none.
        places: by term, the keys it stands for.
    """

    weights: tuple[float, ...]
    pairs: tuple[float, ...]
    words: float
    whole: float
    places: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, keys: Sequence[Key], index: TermIndex) -> Coverage:
        """The coverage of `keys` by passages of `index`."""
        count = len(index)
        weights: list[float] = []
        places: dict[str, tuple[int, ...]] = {}
        for place, key in enumerate(keys):
            holders = min(count, sum(index.frequency(term) for term in key.terms))
            rarity = math.log(1 + (count - holders + 0.5) / (holders + 0.5))
            weights.append(rarity if holders else rarity / 2)
            for term in key.terms:
                places[term] = (*places.get(term, ()), place)
        pairs = tuple(_PAIR * min(pair) for pair in pairwise(weights))
        words = sum(weights)
        return cls(tuple(weights), pairs, words or 1.0, words + sum(pairs) or 1.0, places)

    def shares(self, terms: str) -> tuple[float, list[float]]:
        """The share of the question's words, and of its pairs of neighbouring words, that a passage holds.

        And the share of the words alone that each line of it holds. `terms` are the passage's as they were indexed,
        see :meth:`index.terms.TermIndex.lines`.
        """
        known = self.places.keys()
        weights, places = self.weights, self.places
        held: set[int] = set()
        together: set[int] = set()
        of_lines: list[float] = []
        for line in map(str.split, terms.split("\n")):
            if known.isdisjoint(line):
                of_lines.append(0.0)
                continue
            found = [(at, place) for at, term in enumerate(line) if term in known for place in places[term]]
            own = {place for _, place in found}
            of_lines.append(sum([weights[place] for place in own]) / self.words)
            held.update([place for _, place in found])
            if len(own) > 1:
                together.update(_together(found))
        share = sum([weights[place] for place in held]) + sum([self.pairs[place] for place in together])
        return share / self.whole, of_lines


def _together(found: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The first of each two neighbouring keys that stand together in a line; `found` says where which key is."""
    for number, (at, place) in enumerate(found):
        for later, other in found[number + 1 :]:
            if later - at > _TOGETHER:
                break
            if abs(other - place) == 1 and later > at:
                yield min(place, other)
