"""The contract of a vector index, compared with brute force by numpy: ids and values."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import REDERIVE, ArchiveDamagedError
from index.vectors import FaissIndex

Rows = NDArray[np.float32]


def _unit(random: np.random.Generator, n: int, dimension: int) -> Rows:
    rows = random.normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _oracle(
    ids: list[int], rows: Rows, vector: Rows, k: int, among: list[int] | None = None
) -> list[tuple[int, float]]:
    """All inner products in 64 bits, the best `k`, equal ones by id."""
    wanted = set(ids if among is None else among)
    products = rows.astype(np.float64) @ vector.astype(np.float64)
    scored = [(i, float(product)) for i, product in zip(ids, products, strict=True) if i in wanted]
    return sorted(scored, key=lambda hit: (-round(hit[1], 6), hit[0]))[:k]


def _assert_equal(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    np.testing.assert_allclose([value for _, value in found], [value for _, value in expected], atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 80), st.data())
def test_search_is_brute_force(seed: int, n: int, k: int, data: st.DataObject) -> None:
    """Ids and inner products are those of all products computed and sorted, with and without a choice of ids."""
    random = np.random.default_rng(seed)
    ids = random.choice(10**9, n, replace=False).tolist()
    rows, vector = _unit(random, n, 16), _unit(random, 1, 16)[0]
    index = FaissIndex.of(ids, rows)
    among = data.draw(st.none() | st.lists(st.sampled_from(ids), unique=True))

    _assert_equal(index.search(vector, k, among), _oracle(ids, rows, vector, k, among))


@pytest.mark.parametrize("k", [1, 3, 10, 50, 99, 100, 101, 150, 200, 399, 400, 1000])
@pytest.mark.parametrize("chosen", [False, True])
def test_equal_vectors_come_by_id(k: int, chosen: bool) -> None:
    """Where many vectors are equal, at the end of the list too, smaller ids come first, however they were added."""
    random = np.random.default_rng(3)
    ids = random.permutation(np.arange(1, 401)).tolist()
    rows = _unit(random, 5, 32)[random.integers(0, 5, 400)]
    vector = _unit(random, 1, 32)[0]
    among = sorted(ids)[::3] if chosen else None

    _assert_equal(FaissIndex.of(ids, rows).search(vector, k, among), _oracle(ids, rows, vector, k, among))


def test_scores_are_products_and_not_distances() -> None:
    """Best first means greatest inner product: 1 for itself, 0 across, -1 for the opposite."""
    index = FaissIndex.of([30, 10, 20], np.array([[-1, 0], [1, 0], [0, 1]], np.float32))

    assert index.search(np.array([1, 0], np.float32), 5) == [(10, 1.0), (20, 0.0), (30, -1.0)]


@pytest.mark.parametrize("k", [0, 1, 7])
def test_empty_index_finds_nothing(k: int) -> None:
    """An index without vectors gives no hits, products or ids."""
    index = FaissIndex.of([], np.empty((0, 8), np.float32))

    assert index.search(np.ones(8, np.float32), k) == []
    assert index.products(np.ones(8, np.float32), []) == {}
    assert index.ids() == []


def test_nothing_asked_gives_nothing() -> None:
    """No hits wanted, no ids allowed, or only unknown ids allowed: an empty list."""
    index = FaissIndex.of([1, 2], np.eye(2, dtype=np.float32))
    vector = np.array([1, 0], np.float32)

    assert index.search(vector, 0) == []
    assert index.search(vector, 5, []) == []
    assert index.search(vector, 5, [7, 8]) == []
    assert index.search(vector, 1, [7, 2]) == [(2, 0.0)]
    assert index.search(vector, 5, [2, 2]) == [(2, 0.0)]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.data())
def test_products_are_brute_force(seed: int, n: int, data: st.DataObject) -> None:
    """The product of each asked id is that of its own vector, in the order asked."""
    random = np.random.default_rng(seed)
    ids = random.choice(10**9, n, replace=False).tolist()
    rows, vector = _unit(random, n, 16), _unit(random, 1, 16)[0]
    asked = data.draw(st.lists(st.sampled_from(ids), unique=True))

    found = FaissIndex.of(ids, rows).products(vector, asked)

    assert list(found) == asked
    np.testing.assert_allclose([found[i] for i in asked], [rows[ids.index(i)] @ vector for i in asked], atol=1e-6)


def test_product_of_an_unknown_id_is_an_error() -> None:
    """An id that is not there is told, not skipped."""
    with pytest.raises(KeyError, match="not all of 2 ids are in the index"):
        FaissIndex.of([1], np.eye(1, dtype=np.float32)).products(np.ones(1, np.float32), [1, 2])


def test_ids_are_stable() -> None:
    """An index of the remaining vectors under their old ids gives them the same products as before."""
    random = np.random.default_rng(5)
    ids, rows = [7, 3, 900, 12], _unit(random, 4, 8)
    vector = _unit(random, 1, 8)[0]
    whole, without = FaissIndex.of(ids, rows), FaissIndex.of(ids[1:], rows[1:])

    assert whole.ids() == [3, 7, 12, 900]
    assert without.ids() == [3, 12, 900]
    assert without.search(vector, 9) == [hit for hit in whole.search(vector, 9) if hit[0] != 7]
    np.testing.assert_array_equal(without.vector(900), rows[2])


def test_saved_index_is_the_same(tmp_path: Path) -> None:
    """Writing and opening keeps ids, vectors and results to the last bit."""
    random = np.random.default_rng(6)
    ids, rows = random.permutation(50).tolist(), _unit(random, 50, 16)
    vector = _unit(random, 1, 16)[0]
    index = FaissIndex.of(ids, rows)

    index.save(tmp_path / "a.faiss")
    opened = FaissIndex.open(tmp_path / "a.faiss")

    assert opened.ids() == sorted(ids)
    assert opened.search(vector, 20) == index.search(vector, 20)
    np.testing.assert_array_equal(opened.vector(ids[4]), rows[4])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other bytes", "a folder"])
def test_damaged_file_is_one_line_with_the_mend(tmp_path: Path, damage: str) -> None:
    """A file that is gone, cut short or something else is named, with the command that makes it anew."""
    path = tmp_path / "a.faiss"
    FaissIndex.of([1, 2], np.eye(2, dtype=np.float32)).save(path)
    data = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"empty": b"", "cut": data[:-9], "other bytes": b"no index" * 20}[damage])

    with pytest.raises(ArchiveDamagedError) as caught:
        FaissIndex.open(path)

    assert str(caught.value) == "the vector index a.faiss cannot be read"
    assert caught.value.hint == REDERIVE


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    """A FAISS index without stable ids is not taken for one of this program."""
    faiss.write_index(faiss.IndexFlatIP(4), str(tmp_path / "a.faiss"))

    with pytest.raises(ArchiveDamagedError, match=r"^a\.faiss is not a vector index of this program$"):
        FaissIndex.open(tmp_path / "a.faiss")
