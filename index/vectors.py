"""Nearest vectors: the protocol, and FAISS with stable ids and exact inner products."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors
from index.errors import REDERIVE, ArchiveDamagedError


class VectorIndex(Protocol):
    """Unit vectors under integer ids, searched by inner product."""

    def search(
        self, vector: NDArray[np.float32], k: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` nearest ids and their inner products, best first, equal ones by id; of `among` only, where given."""

    def products(self, vector: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """The inner product of `vector` with the vector of each of `ids`."""

    def ids(self) -> list[int]:
        """All ids, ascending."""


class FaissIndex:
    """Exact search by FAISS (Douze et al. 2024, arXiv:2401.08281); ids survive adding and removing others."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @classmethod
    def of(cls, ids: Sequence[int], vectors: Vectors) -> FaissIndex:
        """An index of `vectors`, shape (len(ids), dimension)."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(ids, np.int64))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> FaissIndex:
        """The index written to `path`.

        Raises:
            ArchiveDamagedError: the file is missing or is not such an index.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise ArchiveDamagedError(f"the vector index {path.name} cannot be read", REDERIVE) from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise ArchiveDamagedError(f"{path.name} is not a vector index of this program", REDERIVE)
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to `path`."""
        faiss.write_index(self._index, str(path))

    def search(
        self, vector: NDArray[np.float32], k: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """See :class:`VectorIndex`."""
        available = self._index.ntotal if among is None else len(among)
        if min(k, available) < 1:
            return []
        parameters = None
        if among is not None:
            parameters = faiss.SearchParameters(  # type: ignore[call-arg]
                sel=faiss.IDSelectorBatch(np.asarray(among, np.int64))
            )
        # Of equal vectors FAISS returns any: more are asked for until the k-th is better than the last.
        asked = min(k + 1, available)
        scores, ids = self._index.search(vector[None, :], asked, params=parameters)
        while asked < available and scores[0, k - 1] <= scores[0, -1]:
            asked = min(2 * asked, available)
            scores, ids = self._index.search(vector[None, :], asked, params=parameters)
        found = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def products(self, vector: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """See :class:`VectorIndex`.

        Raises:
            KeyError: an id is not in the index.
        """
        if not ids:
            return {}
        try:
            vectors = self._index.reconstruct_batch(np.asarray(ids, np.int64))
        except RuntimeError as error:
            raise KeyError(f"not all of {len(ids)} ids are in the index") from error
        return dict(zip(ids, map(float, vectors @ vector), strict=True))

    def vector(self, i: int) -> NDArray[np.float32]:
        """The vector stored under id `i`."""
        return np.asarray(self._index.reconstruct(i), np.float32)

    def ids(self) -> list[int]:
        """See :class:`VectorIndex`."""
        return sorted(faiss.vector_to_array(self._index.id_map).tolist())
