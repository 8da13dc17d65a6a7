"""The words of a shared archive where the engine ranks passages by them: it proposes, and they are scored here.

It is given each term as a word of letters that stands for it, so that its own rules for words do nothing to ours.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Sequence

from index.bm25 import scores
from index.selection import Selection
from index.shared.database import Database
from index.shared.engine import Milvus
from index.shared.tags import condition

_PROPOSED = 3
"""Passages taken from the engine for each one asked for."""
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LONGEST = 65_000
"""Bytes of a passage's words; the engine takes few more."""
_KEPT = 10_000
"""Frequencies of terms kept in memory."""


def word_of(term: str) -> str:
    """The word that stands for `term`: sixteen letters of its hash."""
    return hashlib.blake2b(term.encode("utf-8"), digest_size=8).hexdigest().translate(_LETTERS)


def words_of(terms: str) -> str:
    """The words of a passage whose terms these are."""
    words = " ".join(map(word_of, terms.split()))
    return words[:_LONGEST].rpartition(" ")[0] if len(words) > _LONGEST else words


class RankedTerms:
    """See :class:`index.terms.TermIndex`; `count` is how many passages there are."""

    engine = "milvus"

    def __init__(self, milvus: Milvus, collection: str, database: Database, generation: int, count: int) -> None:
        self._milvus = milvus
        self._collection = collection
        self._database = database
        self._generation = generation
        self._count = count
        # Of the database and not of itself: an archive that a newer one has replaced is to be gone at once.
        self._holders = functools.lru_cache(maxsize=_KEPT)(functools.partial(_counted, database))

    def search(
        self, keys: Sequence[Collection[str]], k: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """See :class:`index.terms.TermIndex`."""
        wanted = condition(self._generation, selection)
        terms = sorted({term for key in keys for term in key})
        if wanted is None or not terms or k < 1 or not self._count:
            return []
        query = " ".join(map(word_of, terms))
        found = self._milvus.nearest(self._collection, query, _PROPOSED * k, wanted, ["id"], field="terms_ranked")
        lines = self.lines([row["id"] for row in found])
        scored = scores(keys, lines, self.frequency, self._count, self.frequency("") / self._count)
        return sorted(scored.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def lines(self, ids: Sequence[int]) -> dict[int, str]:
        """See :class:`index.terms.TermIndex`."""
        if not ids:
            return {}
        query = f"SELECT passage_id, lines FROM termed WHERE passage_id IN ({','.join('?' * len(ids))})"
        return dict(self._database.rows(query, ids))

    def frequency(self, term: str) -> int:
        """See :class:`index.terms.TermIndex`; of no term, how many terms all passages have."""
        return self._holders(term)

    def __len__(self) -> int:
        return self._count


def _counted(database: Database, term: str) -> int:
    return sum(holders for (holders,) in database.rows("SELECT holders FROM frequencies WHERE term = ?", [term]))
