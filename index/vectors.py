"""Nearest vectors: the protocol, and a FAISS index chosen by size, memory-mapped.

Each table of a segment has ``NAME.npy``, the vectors themselves, ``NAME.rows.npy``, what each belongs to, and
``NAME.faiss``: a flat index up to :data:`EXACT` vectors, and beyond them an inverted file of product codes of 4 bits
for every two dimensions, whose best are ranked by codes of 8 bits for each (Douze et al. 2024, arXiv:2401.08281). The
index only proposes: whatever is found is scored with the vectors themselves. The codes of 4 bits are read at opening,
since FAISS cannot map them; all else is mapped. ``docs/performance.md`` has the figures.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.arrays import ArrayFile, mapped
from index.encoder import Vectors
from index.errors import REBUILD, REDERIVE, ArchiveDamagedError
from index.selection import Selection

EXACT = 50_000
"""Vectors of a segment up to which all are compared; that takes a third of the time a question takes to embed."""
_PROBED = 4
"""One list in so many is looked into, and as many times more as filters leave fewer vectors."""
_ENOUGH = 600
"""Lists that are enough as long as they are half of that share: what is near a question lies in few of many lists."""
_RERANKED = 5
"""Candidates ranked by their 8-bit codes, for each one asked for; at least :data:`_FEWEST`."""
_FEWEST = 2_000
"""And at least as many as there are lists: codes tell less apart the more vectors there are."""
_EXACTLY = 2
"""The best of these scored with their vectors, for each one asked for."""
_SAMPLE = 40
"""Vectors for each list that the lists are learnt from; FAISS wants 39."""
_BLOCK = 65_536
"""Vectors read at a time."""
_ROUNDING = 1e-5
"""By how much two ways to compute the same product of unit vectors may differ, generously."""
_SAMPLED = 32
"""Where all vectors are compared, one in so many is compared first."""

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    """Unit vectors under integer ids, searched by inner product; each has an owner, an integer as well."""

    def search(
        self, vector: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """The `k` nearest ids and their inner products, best first, equal ones by id.

        Args:
            vector: of length 1.
            k: how many at most.
            selection: which may be found; None lets all.
        """

    def products(self, vector: NDArray[np.float32], ids: Sequence[int] | Rows) -> NDArray[np.float32]:
        """The inner product of `vector` with the vector of each of `ids`, in that order.

        Raises:
            KeyError: an id is not in the index.
        """

    def owners_of(self, ids: Sequence[int]) -> list[int]:
        """The owner of each of `ids`: of a sentence its passage's id, of a passage its article's number.

        Raises:
            KeyError: an id is not in the index.
        """


def exact_products(rows: Vectors, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Products that do not depend, to the last bit, on which other rows are computed with them.

    numpy's matrix product takes threads that go on waiting busily, and the next question is embedded at half the speed.
    """
    return np.asarray(np.einsum("ij,j->i", rows, vector), np.float32)


class VectorFile:
    """A table of a segment while it is written, vectors by ascending id; a context."""

    def __init__(self, folder: Path, name: str, dimension: int) -> None:
        self._vectors = ArrayFile(folder / f"{name}.npy", np.float32, dimension)
        self._rows_path = folder / f"{name}.rows.npy"
        self._rows: list[Rows] = []

    def append(self, ids: Sequence[int] | Rows, owners: Sequence[int] | Rows, vectors: Vectors) -> None:
        """Write `vectors`, shape (len(ids), dimension)."""
        self._rows.append(np.array([ids, owners], np.int64).reshape(2, len(ids)))
        self._vectors.append(vectors)

    def __enter__(self) -> VectorFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._vectors.__exit__(kind, error, at)
        if error is None:
            _save_rows(self._rows_path, np.concatenate([np.empty((2, 0), np.int64), *self._rows], axis=1))


def derive(folder: Path, name: str) -> None:
    """Write the FAISS index of the table `name`.

    Raises:
        OSError: it cannot be written.
    """
    matrix = mapped(folder / f"{name}.npy", REBUILD)
    flat = faiss.IndexFlatIP(matrix.shape[1])
    index = flat if len(matrix) <= EXACT else _coded(flat, matrix)
    for at in range(0, len(matrix), _BLOCK):
        index.add(np.ascontiguousarray(matrix[at : at + _BLOCK]))
    try:
        faiss.write_index(index, str(folder / f"{name}.faiss"))
    except RuntimeError as error:
        raise OSError(f"{name}.faiss cannot be written") from error


def _coded(flat: faiss.IndexFlatIP, matrix: Vectors) -> faiss.IndexRefine:
    """Codes of 4 bits in lists, and of 8 bits, both still empty, learnt from `matrix`; the lists are kept in `flat`."""
    count, dimension = matrix.shape
    lists = round(4 * math.sqrt(count))
    inverted = faiss.IndexIVFPQFastScan(flat, dimension, lists, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.niter, inverted.cp.seed, inverted.cp.min_points_per_centroid = 8, 1, 1
    fine = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexRefine(inverted, fine)
    sample = np.random.default_rng(1).choice(count, min(count, _SAMPLE * lists), replace=False)
    index.train(matrix[np.sort(sample)])
    return index


def derive_rows(folder: Path, name: str, rows: Rows) -> None:
    """Write what each vector of the table `name` belongs to: ids and owners, shape (2, count)."""
    _save_rows(folder / f"{name}.rows.npy", rows)


def _save_rows(path: Path, rows: Rows) -> None:
    with path.open("wb") as file:
        np.save(file, rows, allow_pickle=False)


class SegmentVectors:
    """A table of one published segment, memory-mapped.

    Attributes:
        ids, owners, matrix: by row.
        alive: which rows count; None for all.
    """

    def __init__(self, rows: Rows, matrix: Vectors, index: faiss.Index) -> None:
        self.ids, self.owners = rows
        self.matrix = matrix
        self.alive: Mask | None = None
        self._index = index

    def remove(self, owners: Sequence[int] | Rows) -> None:
        """Have those not count any more that `owners` own."""
        if len(owners):
            self.alive = ~np.isin(self.owners, owners)

    @classmethod
    def open(cls, folder: Path, name: str) -> SegmentVectors:
        """The table `name` of the segment in `folder`.

        Raises:
            ArchiveDamagedError: a file is missing or is not what its name says.
        """
        (opened,) = open_tables([(folder, name)])
        return opened

    def search(self, vector: NDArray[np.float32], k: int, among: Mask | None) -> list[tuple[int, float]]:
        """As :meth:`FaissIndex.nearest`, of the living rows."""
        wanted = self.alive if among is None else among if self.alive is None else among & self.alive
        rows = self._near(vector, k, wanted)
        ids, products = self.ids[rows], self._exact(rows, vector)
        best = np.lexsort((ids, -products))[:k]
        return list(zip(ids[best].tolist(), products[best].tolist(), strict=True))

    def _near(self, vector: NDArray[np.float32], k: int, wanted: Mask | None) -> Rows:
        """Rows among which the `k` nearest are, of few vectors surely."""
        left = len(self.ids) if wanted is None else int(np.count_nonzero(wanted))
        if min(k, left) < 1:
            return np.empty(0, np.int64)
        bits = None if wanted is None else np.packbits(wanted, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(len(self.ids), faiss.swig_ptr(bits))
        # Whoever wants a fair part of them is not served by looking into some of the lists.
        if isinstance(self._index, faiss.IndexRefine) and left > max(EXACT, _EXACTLY * _PROBED * k):
            return self._proposed(self._index, vector, k, chosen, left)
        rows: Rows = np.arange(left) if wanted is None else np.flatnonzero(wanted)
        if left <= k:
            return rows
        if isinstance(self._index, faiss.IndexRefine):
            # Codes are too coarse for the few that filters leave.
            products = self._exact(rows, vector)
            return np.asarray(rows[products >= np.partition(products, -k)[-k]])
        parameters = None if chosen is None else faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        # FAISS finds all above a bound three times as fast as the k best, and the k-th best of some is such a bound.
        some = rows[:: max(1, min(_SAMPLED, left // (4 * k)))]
        least = np.partition(self._exact(some, vector), -k)[-k] - _ROUNDING
        _, products, near = self._index.range_search(vector[None, :], float(least), params=parameters)
        return np.asarray(np.sort(near[products >= np.partition(products, -k)[-k] - _ROUNDING]), np.int64)

    @staticmethod
    def _proposed(
        index: faiss.IndexRefine, vector: NDArray[np.float32], k: int, chosen: faiss.IDSelector | None, left: int
    ) -> Rows:
        lists = _lists(index).nlist
        looked = max(min(lists / _PROBED, _ENOUGH), lists / (2 * _PROBED))
        probed = min(lists, math.ceil(looked * index.ntotal / left))
        coarse, fine = max(_RERANKED * k, _FEWEST, lists), _EXACTLY * k
        parameters = faiss.IndexRefineSearchParameters(
            k_factor=coarse / fine,
            base_index_params=faiss.SearchParametersIVF(nprobe=probed, sel=chosen),  # type: ignore[call-arg]
        )
        _, rows = index.search(vector[None, :], fine, params=parameters)
        return np.asarray(np.sort(rows[0][rows[0] >= 0]), np.int64)

    def _exact(self, rows: Rows, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        return exact_products(self.matrix.take(rows, axis=0), vector)

    def products(self, vector: NDArray[np.float32], ids: Rows) -> NDArray[np.float32]:
        """See :class:`VectorIndex`; of `ids` that are all here."""
        return self._exact(self.rows_of(ids), vector)

    def is_indexed(self) -> bool:
        """Whether a flat index holds these very vectors; codes cannot be compared with them."""
        if isinstance(self._index, faiss.IndexRefine):
            return True
        return np.array_equal(self._index.reconstruct_n(0, len(self.ids)), self.matrix)

    def rows_of(self, ids: Rows) -> Rows:
        """The row of each of `ids`.

        Raises:
            KeyError: one is not here.
        """
        rows = np.asarray(np.minimum(np.searchsorted(self.ids, ids), max(len(self.ids) - 1, 0)), np.int64)
        if len(ids) and (not len(self.ids) or bool((self.ids[rows] != ids).any())):
            raise KeyError(f"not all of {len(ids)} ids are in the index")
        return rows


def open_tables(places: Sequence[tuple[Path, str]]) -> list[SegmentVectors]:
    """The tables at `places`, each the folder of a segment and a name.

    Raises:
        ArchiveDamagedError: a file is missing or is not what its name says.
    """
    # Not by threads: what reads the headers of arrays fails where two of them do (CPython 3.11's `ast`).
    arrays = [_open_arrays(*place) for place in places]
    paths = [folder / f"{name}.faiss" for folder, name in places]
    # FAISS reads some hundred megabytes where there are millions of vectors.
    with ThreadPoolExecutor() as pool:
        indexes = pool.map(_open_index, paths, [matrix.shape for _, matrix in arrays])
        return [SegmentVectors(*held, index) for held, index in zip(arrays, indexes, strict=True)]


def _open_arrays(folder: Path, name: str) -> tuple[Rows, Vectors]:
    matrix = mapped(folder / f"{name}.npy", REBUILD)
    rows = mapped(folder / f"{name}.rows.npy", REDERIVE)
    if matrix.ndim != 2 or matrix.dtype != np.float32:
        raise ArchiveDamagedError(f"{name}.npy does not hold vectors", REBUILD)
    if rows.shape != (2, len(matrix)) or rows.dtype != np.int64:
        raise ArchiveDamagedError(f"{name}.rows.npy does not belong to {name}.npy", REDERIVE)
    return rows, matrix


def _open_index(path: Path, shape: tuple[int, ...]) -> faiss.Index:
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise ArchiveDamagedError(f"the vector index {path.name} cannot be read", REDERIVE) from error
    coded = isinstance(index, faiss.IndexRefine) and isinstance(_lists(index), faiss.IndexIVF)
    if not (coded if shape[0] > EXACT else isinstance(index, faiss.IndexFlatIP)) or (index.ntotal, index.d) != shape:
        raise ArchiveDamagedError(f"{path.name} is not a vector index of this program", REDERIVE)
    if coded:
        _lists(index).parallel_mode = 1  # one question at a time: its lists are what can be shared out
    return index


def _lists(index: faiss.Index) -> faiss.IndexIVF:
    return faiss.downcast_index(index.base_index)  # type: ignore[attr-defined,return-value]


class FaissIndex:
    """A table of all segments of a generation; ids ascend from segment to segment.

    Args:
        segments: oldest first.
        chosen: which of :attr:`ids` a selection lets through.
    """

    def __init__(self, segments: Sequence[SegmentVectors], chosen: Callable[[Selection], Mask] | None = None) -> None:
        self.segments = tuple(segments)
        self._chosen = chosen
        self._starts = np.cumsum([0, *(len(segment.ids) for segment in segments)])

    @functools.cached_property
    def ids(self) -> Rows:
        """All ids, ascending; those that are removed are among them, and are never found."""
        return joined([segment.ids for segment in self.segments])

    @functools.cached_property
    def owners(self) -> Rows:
        """The owner of each of :attr:`ids`."""
        return joined([segment.owners for segment in self.segments])

    @functools.cached_property
    def living(self) -> int:
        """How many vectors may be found."""
        return sum(len(s.ids) if s.alive is None else int(np.count_nonzero(s.alive)) for s in self.segments)

    def search(
        self, vector: NDArray[np.float32], k: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """See :class:`VectorIndex`."""
        if selection is None:
            return self.nearest(vector, k)
        assert self._chosen is not None, "an index of vectors alone cannot tell what a selection lets through"
        return self.nearest(vector, k, self._chosen(selection))

    def nearest(self, vector: NDArray[np.float32], k: int, among: Mask | None = None) -> list[tuple[int, float]]:
        """As :meth:`search`; `among` says for each of :attr:`ids` whether it may be found."""
        found: list[tuple[int, float]] = []
        for at, segment in enumerate(self.segments):
            part = None if among is None else among[self._starts[at] : self._starts[at + 1]]
            found += segment.search(vector, k, part)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[: max(k, 0)]

    def products(self, vector: NDArray[np.float32], ids: Sequence[int] | Rows) -> NDArray[np.float32]:
        """See :class:`VectorIndex`."""
        products = np.empty(len(ids), np.float32)
        for at, places, part in parted(self.segments, ids):
            products[places] = self.segments[at].products(vector, part)
        return products

    def owners_of(self, ids: Sequence[int]) -> list[int]:
        """See :class:`VectorIndex`."""
        owners = np.empty(len(ids), np.int64)
        for at, places, part in parted(self.segments, ids):
            segment = self.segments[at]
            owners[places] = segment.owners[segment.rows_of(part)]
        return owners.tolist()

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors stored under `ids`, in that order."""
        vectors = np.empty((len(ids), self.segments[0].matrix.shape[1] if self.segments else 0), np.float32)
        for at, places, part in parted(self.segments, ids):
            segment = self.segments[at]
            vectors[places] = segment.matrix[segment.rows_of(part)]
        return vectors


def parted(segments: Sequence[SegmentVectors], ids: Sequence[int] | Rows) -> Iterator[tuple[int, Rows, Rows]]:
    """The place of each of `segments` that has some of `ids`, and these: their places, and they themselves.

    Raises:
        KeyError: one is in none.
    """
    asked = np.asarray(ids, np.int64)
    filled = [at for at, segment in enumerate(segments) if len(segment.ids)]
    held = np.searchsorted([segments[at].ids[0] for at in filled], asked, side="right") - 1
    if (held < 0).any():
        raise KeyError(f"not all of {len(asked)} ids are in the index")
    for number, at in enumerate(filled):
        places = np.flatnonzero(held == number)
        if len(places):
            yield at, places, asked[places]


def joined(parts: Sequence[Rows]) -> Rows:
    """The numbers of all `parts` in a row."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, np.int64), *parts])
