"""The contract of a vector index, compared with brute force by numpy: ids and values, of few vectors and of many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import Mock

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import vectors
from index.errors import REBUILD, REDERIVE, ArchiveDamagedError
from index.vectors import FaissIndex, Mask, SegmentVectors, VectorFile, derive

Rows = NDArray[np.float32]


def _unit(random: np.random.Generator, n: int, dimension: int) -> Rows:
    rows = random.normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _gathered(random: np.random.Generator, n: int, dimension: int) -> Rows:
    """Vectors that lie in groups, as those of texts do."""
    rows = _unit(random, 40, dimension)[random.integers(0, 40, n)] + 0.35 * _unit(random, n, dimension)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def segment(ids: Sequence[int], rows: Rows) -> SegmentVectors:
    """A segment in memory; each vector's owner is a tenth of its id."""
    numbers = np.array(ids, np.int64)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(np.ascontiguousarray(rows))
    return SegmentVectors(np.array([numbers, numbers // 10]), rows, index)


def index_of(ids: Sequence[int], rows: Rows, segments: int = 1) -> FaissIndex:
    """An index of `rows` under the ascending `ids`, divided into so many segments."""
    parts = np.array_split(np.arange(len(ids)), segments)
    return FaissIndex([segment([ids[n] for n in part], rows[part]) for part in parts])


def written(folder: Path, ids: Sequence[int], rows: Rows) -> Path:
    """The files of a segment of `rows`, in the folder `folder`, under the name ``a``."""
    with VectorFile(folder, "a", rows.shape[1]) as file:
        for at in range(0, len(ids), 1_000):
            part = ids[at : at + 1_000]
            file.append(part, [i // 10 for i in part], rows[at : at + 1_000])
    derive(folder, "a")
    return folder


def _oracle(ids: list[int], rows: Rows, vector: Rows, k: int, among: Mask | None = None) -> list[tuple[int, float]]:
    """All inner products in 64 bits, the best `k`, equal ones by id."""
    products = rows.astype(np.float64) @ vector.astype(np.float64)
    scored = [
        (i, float(product))
        for i, product, allowed in zip(ids, products, np.ones(len(ids)) if among is None else among, strict=True)
        if allowed
    ]
    return sorted(scored, key=lambda hit: (-round(hit[1], 6), hit[0]))[:k]


def _assert_equal(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    np.testing.assert_allclose([value for _, value in found], [value for _, value in expected], atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 80), st.integers(1, 4), st.data())
def test_search_is_brute_force(seed: int, n: int, k: int, segments: int, data: st.DataObject) -> None:
    """Ids and inner products are those of all products computed and sorted, whatever is allowed and removed."""
    random = np.random.default_rng(seed)
    ids = sorted(random.choice(10**9, n, replace=False).tolist())
    rows, vector = _unit(random, n, 16), _unit(random, 1, 16)[0]
    index = index_of(ids, rows, segments)
    masks = st.none() | st.lists(st.booleans(), min_size=n, max_size=n).map(np.array)
    among, alive = data.draw(masks), data.draw(masks)
    if alive is not None:
        for part, own in zip(index.segments, np.array_split(alive, segments), strict=True):
            part.alive = own

    both = among if alive is None else alive if among is None else among & alive
    _assert_equal(index.nearest(vector, k, among), _oracle(ids, rows, vector, k, both))
    assert index.living == (n if alive is None else alive.sum())


@pytest.mark.parametrize("k", [1, 3, 10, 50, 99, 100, 101, 150, 200, 399, 400, 1000])
@pytest.mark.parametrize("share", [1, 3, 10])
def test_equal_vectors_come_by_id(k: int, share: int) -> None:
    """Where many vectors are equal, at the end of the list too, smaller ids come first, whatever is allowed."""
    random = np.random.default_rng(3)
    ids = list(range(1, 401))
    rows = _unit(random, 5, 32)[random.integers(0, 5, 400)]
    vector = _unit(random, 1, 32)[0]
    among = None if share == 1 else np.arange(400) % share == 0

    _assert_equal(index_of(ids, rows, 3).nearest(vector, k, among), _oracle(ids, rows, vector, k, among))


def test_scores_are_products_and_not_distances() -> None:
    """Best first means greatest inner product: 1 for itself, 0 across, -1 for the opposite."""
    index = index_of([10, 20, 30], np.array([[1, 0], [0, 1], [-1, 0]], np.float32))

    assert index.search(np.array([1, 0], np.float32), 5) == [(10, 1.0), (20, 0.0), (30, -1.0)]


@pytest.mark.parametrize("k", [0, 1, 7])
def test_empty_index_finds_nothing(k: int) -> None:
    """An index without vectors gives no hits, products or ids."""
    index = index_of([], np.empty((0, 8), np.float32))

    assert index.search(np.ones(8, np.float32), k) == []
    assert index.products(np.ones(8, np.float32), []).tolist() == []
    assert index.ids.tolist() == index.owners_of([]) == []


def test_nothing_asked_gives_nothing() -> None:
    """No hits wanted or none allowed: an empty list."""
    index = index_of([1, 2], np.eye(2, dtype=np.float32))
    vector = np.array([1, 0], np.float32)

    assert index.search(vector, 0) == []
    assert index.nearest(vector, 5, np.array([False, False])) == []
    assert index.nearest(vector, 1, np.array([False, True])) == [(2, 0.0)]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 3), st.data())
def test_products_are_brute_force(seed: int, n: int, segments: int, data: st.DataObject) -> None:
    """Product, vector and owner of each asked id are its own, in the order asked, the same alone and among others."""
    random = np.random.default_rng(seed)
    ids = sorted(random.choice(10**9, n, replace=False).tolist())
    rows, vector = _unit(random, n, 16), _unit(random, 1, 16)[0]
    index = index_of(ids, rows, segments)
    asked = data.draw(st.lists(st.sampled_from(ids), unique=True))

    found = index.products(vector, asked)

    np.testing.assert_allclose(found, [rows[ids.index(i)] @ vector for i in asked], atol=1e-6)
    assert found.tolist() == [index.products(vector, [i])[0] for i in asked]
    assert index.owners_of(asked) == [i // 10 for i in asked]
    np.testing.assert_array_equal(index.vectors_of(asked).reshape(-1, 16), rows[[ids.index(i) for i in asked]])


@pytest.mark.parametrize("segments", [1, 2])
@pytest.mark.parametrize("unknown", [0, 2, 9])
def test_an_unknown_id_is_an_error(segments: int, unknown: int) -> None:
    """An id that is not there is told, not skipped, be it smaller or greater than all, or between two."""
    index = index_of([1, 3], np.eye(2, dtype=np.float32), segments)

    with pytest.raises(KeyError, match="in the index"):
        index.products(np.ones(2, np.float32), [1, unknown])
    with pytest.raises(KeyError, match="in the index"):
        index.owners_of([unknown])


def test_written_vectors_are_the_same(tmp_path: Path) -> None:
    """Writing and opening keeps ids, owners, vectors and results to the last bit, and maps them read-only."""
    random = np.random.default_rng(6)
    ids, rows = list(range(5, 2_505)), _unit(random, 2_500, 16)
    vector = _unit(random, 1, 16)[0]

    opened = SegmentVectors.open(written(tmp_path, ids, rows), "a")

    assert opened.ids.tolist() == ids
    assert opened.owners.tolist() == [i // 10 for i in ids]
    np.testing.assert_array_equal(opened.matrix, rows)
    assert FaissIndex([opened]).search(vector, 20) == index_of(ids, rows).search(vector, 20)
    assert isinstance(opened.matrix.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        opened.matrix[0] = 0


def test_what_removed_owners_own_is_not_found(tmp_path: Path) -> None:
    """Opened without some owners, a segment never finds their vectors."""
    random = np.random.default_rng(7)
    ids, rows = list(range(100)), _unit(random, 100, 16)
    vector = _unit(random, 1, 16)[0]

    segment = SegmentVectors.open(written(tmp_path, ids, rows), "a")
    segment.remove([3, 7])
    opened = FaissIndex([segment])

    left = np.array([i // 10 not in (3, 7) for i in ids])
    _assert_equal(opened.search(vector, 100), _oracle(ids, rows, vector, 100, left))
    assert opened.living == 80


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows, Rows]:
    """A segment of more vectors than are compared one by one, where that is done up to 4,000; and questions."""
    random = np.random.default_rng(8)
    rows = _gathered(random, 6_000, 32)
    questions = _gathered(random, 30, 32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "EXACT", 4_000)
        folder = written(tmp_path_factory.mktemp("many"), list(range(6_000)), rows)
    return folder, rows, questions


@pytest.mark.parametrize("share", [1.0, 0.9, 0.7, 0.5, 0.01])
def test_many_vectors_are_found_as_by_brute_force(
    many: tuple[Path, Rows, Rows], monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Of many vectors 99 of 100 of the nearest are found, with their exact products, and only what is allowed.

    One in fifteen at most is ranked by its 8-bit codes.
    """
    folder, rows, questions = many
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    monkeypatch.setattr(vectors, "_FEWEST", 400)
    index = FaissIndex([SegmentVectors.open(folder, "a")])
    among = None if share == 1 else np.random.default_rng(9).random(len(rows)) < share

    right = 0
    for question in questions:
        found = index.nearest(question, 20, among)
        expected = dict(_oracle(list(range(len(rows))), rows, question, 20, among))
        assert len(found) == 20
        assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        assert among is None or all(among[i] for i, _ in found)
        np.testing.assert_allclose([value for _, value in found], [rows[i] @ question for i, _ in found], atol=1e-6)
        right += len(expected.keys() & {i for i, _ in found})
    assert right >= 0.99 * 20 * len(questions)


@pytest.mark.parametrize(
    ("enough", "left", "lists"),
    [(600, 6_000, 78), (50, 6_000, 50), (10, 6_000, 39), (10, 4_500, 52), (600, 4_500, 104)],
)
def test_of_many_lists_fewer_are_looked_into(
    many: tuple[Path, Rows, Rows], monkeypatch: pytest.MonkeyPatch, enough: int, left: int, lists: int
) -> None:
    """One in four of 310 lists, or as many as are enough, but one in eight; more where filters leave fewer vectors."""
    folder, rows, questions = many
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    monkeypatch.setattr(vectors, "_ENOUGH", enough)
    looked = Mock(wraps=faiss.SearchParametersIVF)
    monkeypatch.setattr(faiss, "SearchParametersIVF", looked)
    index = FaissIndex([SegmentVectors.open(folder, "a")])

    index.nearest(questions[0], 20, np.arange(len(rows)) < left)

    assert looked.call_args.kwargs["nprobe"] == lists


def test_all_of_many_vectors_may_be_asked_for(many: tuple[Path, Rows, Rows], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who wants as many as there are, or nearly, is given them, however many are left to search by their codes."""
    folder, rows, questions = many
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    index = FaissIndex([SegmentVectors.open(folder, "a")])

    for k in (750, 5_999, 6_000, 7_000):
        found = index.nearest(questions[0], k)
        assert {i for i, _ in found} == {i for i, _ in _oracle(list(range(len(rows))), rows, questions[0], k)}


@pytest.mark.parametrize(("count", "coded"), [(4_000, False), (4_001, True)])
def test_the_index_is_chosen_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, coded: bool) -> None:
    """Up to the bound the index is flat and compares all vectors; one more, and it is of codes."""
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    random = np.random.default_rng(10)
    rows, vector = _gathered(random, count, 16), _gathered(random, 1, 16)[0]

    index = FaissIndex([SegmentVectors.open(written(tmp_path, list(range(count)), rows), "a")])

    kind = faiss.IndexRefine if coded else faiss.IndexFlatIP
    assert isinstance(faiss.read_index(str(tmp_path / "a.faiss")), kind)
    _assert_equal(index.search(vector, 5), _oracle(list(range(count)), rows, vector, 5))


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other bytes", "a folder"])
@pytest.mark.parametrize(("name", "mend"), [("a.npy", REBUILD), ("a.rows.npy", REDERIVE), ("a.faiss", REDERIVE)])
def test_damaged_file_is_one_line_with_the_mend(
    many: tuple[Path, Rows, Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mend: str, damage: str
) -> None:
    """A file that is gone, cut short or something else is named, with the command that makes it anew."""
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    for path in many[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / name
    data = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "other bytes": b"no index" * 20}[damage])

    with pytest.raises(ArchiveDamagedError, match=name) as caught:
        SegmentVectors.open(tmp_path, "a")

    assert caught.value.hint == mend


@pytest.mark.parametrize(
    ("name", "content", "mend"),
    [
        ("a.npy", np.zeros(6_000, np.float32), REBUILD),
        ("a.npy", np.zeros((6_000, 32)), REBUILD),
        ("a.rows.npy", np.zeros((2, 5_999), np.int64), REDERIVE),
        ("a.rows.npy", np.zeros((2, 6_000), np.int32), REDERIVE),
    ],
)
def test_other_arrays_are_refused(
    many: tuple[Path, Rows, Rows], tmp_path: Path, name: str, content: NDArray[np.generic], mend: str
) -> None:
    """Arrays of another form than that of vectors and what they belong to are not taken for them."""
    for path in many[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    np.save(tmp_path / name, content)

    with pytest.raises(ArchiveDamagedError, match=name) as caught:
        SegmentVectors.open(tmp_path, "a")

    assert caught.value.hint == mend


@pytest.mark.parametrize("kind", ["flat", "other vectors", "lists alone", "no lists"])
def test_another_kind_of_index_is_refused(
    many: tuple[Path, Rows, Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A FAISS index of another kind, or of other vectors, is not taken for one of this program."""
    monkeypatch.setattr(vectors, "EXACT", 4_000)
    for path in many[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    own = faiss.read_index(str(tmp_path / "a.faiss"))
    flat, no_lists = faiss.IndexFlatIP(own.d), faiss.IndexRefineFlat(faiss.IndexFlatIP(own.d))
    for index in (flat, no_lists, own):
        index.add(many[1])
    others = {
        "flat": flat,
        "other vectors": own,
        "lists alone": faiss.downcast_index(own.base_index),
        "no lists": no_lists,
    }
    faiss.write_index(others[kind], str(tmp_path / "a.faiss"))

    with pytest.raises(ArchiveDamagedError, match=r"^a\.faiss is not a vector index of this program$"):
        SegmentVectors.open(tmp_path, "a")
