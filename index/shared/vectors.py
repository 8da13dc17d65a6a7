"""The vectors of a shared archive: Milvus proposes, and what it finds is scored here with the vectors themselves."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import SHARE_ANEW, ArchiveDamagedError
from index.selection import Selection
from index.shared.engine import Milvus, Row
from index.shared.tags import condition
from index.vectors import Rows, exact_products

_KEPT = 20_000
"""Vectors kept, the last used ones: 30 MB of 384 dimensions."""


class MilvusIndex:
    """A table of one generation; see :class:`index.vectors.VectorIndex`. What stands under an id never changes."""

    def __init__(self, milvus: Milvus, collection: str, generation: int) -> None:
        self._milvus = milvus
        self._collection = collection
        self._generation = generation
        self._kept: LRUCache[int, tuple[int, NDArray[np.float32]]] = LRUCache(_KEPT)
        self._changing = threading.Lock()

    def search(
        self, vector: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """See :class:`index.vectors.VectorIndex`."""
        wanted = condition(self._generation, selection)
        if wanted is None or k < 1:
            return []
        found = self._milvus.nearest(self._collection, vector.tolist(), k, wanted, ["owner", "vector"])
        self._keep(found)
        ids = [int(row["id"]) for row in found]
        return sorted(zip(ids, self.products(vector, ids).tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))

    def products(self, vector: NDArray[np.float32], ids: Sequence[int] | Rows) -> NDArray[np.float32]:
        """See :class:`index.vectors.VectorIndex`."""
        asked = np.asarray(ids, np.int64).tolist()
        return exact_products(self.vectors_of(asked), vector) if asked else np.empty(0, np.float32)

    def owners_of(self, ids: Sequence[int]) -> list[int]:
        """See :class:`index.vectors.VectorIndex`."""
        held = self._held(ids)
        return [held[i][0] for i in ids]

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors stored under `ids`, in that order."""
        held = self._held(ids)
        return np.array([held[i][1] for i in ids], np.float32)

    def _held(self, ids: Sequence[int]) -> dict[int, tuple[int, NDArray[np.float32]]]:
        with self._changing:
            held = {i: self._kept[i] for i in ids if i in self._kept}
        for strong in (False, True):
            # What was published a moment ago is seen by all only a little later, unless it is waited for.
            missing = sorted({i for i in ids if i not in held})
            if missing:
                rows = self._milvus.rows(self._collection, missing, ["owner", "vector"], strong=strong)
                held |= self._keep(list(rows.values()))
        if lacking := {*ids} - held.keys():
            raise ArchiveDamagedError(f"the engine lacks {len(lacking)} vectors of {self._collection}", SHARE_ANEW)
        return held

    def _keep(self, rows: Sequence[Row]) -> dict[int, tuple[int, NDArray[np.float32]]]:
        held = {int(row["id"]): (int(row["owner"]), np.array(row["vector"], np.float32)) for row in rows}
        with self._changing:
            self._kept.update(held)
        return held
