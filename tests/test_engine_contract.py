"""The contract of a vector index, for FAISS and for Milvus alike: values are those of brute force by numpy.

``pytest tests/test_engine_contract.py --engine-uri URI`` runs it against any server.
"""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.bm25 import scores
from index.errors import ArchiveDamagedError, ArchiveUnreachableError
from index.selection import Selection, day_number
from index.shared.collections import create, dimension_of, drop, flush, point, pointed, ranks
from index.shared.engine import Field, Milvus
from index.shared.ranked import word_of, words_of
from index.shared.settings import Reach
from index.shared.tables import OPEN
from index.shared.tags import FIELDS, number_of
from index.shared.vectors import MilvusIndex
from index.terms import TantivyIndex, TermedPassage
from tests.test_index_vectors import index_of

DIMENSION = 16
HOSTILE = (
    'Il "Corriere" di Bra',
    "L’Eco d'Italia",
    "C:\\giornali\\",
    "{outlet}",
    "'] or id > 0 or outlet in ['",
    "日本の新聞 \U0001f4f0",
    "%s; DROP TABLE articles; --",
    "a\nb\tc",
)
"""Names that mean something to those who put conditions together from words."""

Rows = NDArray[np.float32]


@pytest.fixture
def milvus(engine_uri: str, engine_token: None) -> Iterator[Milvus]:
    opened = Milvus(engine_uri, Reach.from_environment(), 60)
    yield opened
    opened.close()


@pytest.fixture
def collection(milvus: Milvus) -> Iterator[Callable[..., str]]:
    """Makes collections, which are dropped at the end."""
    made: list[str] = []

    def make(fields: Sequence[Field] = FIELDS, dimension: int = DIMENSION, *, graph: bool = False) -> str:
        made.append(f"contract_{secrets.token_hex(6)}")
        create(milvus, made[-1], dimension, fields, graph)
        return made[-1]

    yield make
    for name in made:
        drop(milvus, name)


def _unit(random: np.random.Generator, n: int, dimension: int = DIMENSION) -> Rows:
    rows = random.normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@dataclass(frozen=True)
class Tagged:
    """A row and what is said of it."""

    id: int
    vector: Rows
    published: str | None = None
    language: str | None = None
    outlet: str | None = None
    speakers: tuple[str, ...] = ()
    since: int = 1
    until: int = OPEN

    def row(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "id": self.id,
            "owner": self.id // 10,
            "vector": self.vector.tolist(),
            "since": self.since,
            "until": self.until,
            "day": day_number(self.published) or 0,
            "language": number_of(self.language),
            "outlet": number_of(self.outlet),
            "speakers": sorted(map(number_of, self.speakers)),
        }

    def meets(self, selection: Selection) -> bool:
        """Whether `selection` lets it through."""
        day = (self.published or "")[:10]
        return all(
            (
                not selection.since or (day and day >= selection.since),
                not selection.until or (day and day <= selection.until),
                not selection.language or self.language == selection.language,
                selection.outlets is None or self.outlet in selection.outlets,
                selection.speakers is None or not selection.speakers.isdisjoint(self.speakers),
            )
        )


def _written(milvus: Milvus, name: str, tagged: Sequence[Tagged]) -> None:
    milvus.upsert(name, [one.row() for one in tagged])
    assert milvus.count(name, f"id in {[one.id for one in tagged]}") == len(tagged)


def _brute(tagged: Sequence[Tagged], vector: Rows, k: int) -> list[tuple[int, float]]:
    scored = [(one.id, float(one.vector.astype(np.float64) @ vector.astype(np.float64))) for one in tagged]
    return sorted(scored, key=lambda hit: (-round(hit[1], 6), hit[0]))[:k]


def _assert_equal(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    np.testing.assert_allclose([value for _, value in found], [value for _, value in expected], atol=1e-6)


@pytest.fixture(params=["faiss", "milvus"])
def filled(request: pytest.FixtureRequest) -> Callable[[Sequence[Tagged]], Any]:
    """Makes an index of rows, by each engine."""

    def fill(tagged: Sequence[Tagged]) -> Any:
        if request.param == "faiss":
            return index_of([one.id for one in tagged], np.array([one.vector for one in tagged]), 2)
        milvus, name = request.getfixturevalue("milvus"), request.getfixturevalue("collection")()
        _written(milvus, name, tagged)
        return MilvusIndex(milvus, name, 1)

    return fill


def _some(n: int = 300, seed: int = 1) -> list[Tagged]:
    random = np.random.default_rng(seed)
    ids = sorted(random.choice(10**12, n, replace=False).tolist())
    return [Tagged(i, vector) for i, vector in zip(ids, _unit(random, n), strict=True)]


def test_search_is_brute_force(filled: Callable[[Sequence[Tagged]], Any]) -> None:
    """Ids and inner products are those of all products computed and sorted."""
    tagged = _some()
    index = filled(tagged)

    for vector in _unit(np.random.default_rng(2), 5):
        for k in (0, 1, 20, 299, 300, 1_000):
            _assert_equal(index.search(vector, k), _brute(tagged, vector, k))


def test_products_and_owners_are_those_of_the_ids(filled: Callable[[Sequence[Tagged]], Any]) -> None:
    """They come in the order asked for, to the last bit those of the vectors that were written; unknown ids fail."""
    tagged = _some()
    index = filled(tagged)
    vector = _unit(np.random.default_rng(3), 1)[0]
    asked = [tagged[place] for place in (250, 3, 3, 77)]

    products = index.products(vector, [one.id for one in asked])

    assert products.tolist() == [float(np.einsum("j,j->", one.vector, vector)) for one in asked]
    assert index.owners_of([one.id for one in asked]) == [one.id // 10 for one in asked]
    assert index.products(vector, []).tolist() == []
    with pytest.raises((KeyError, ArchiveDamagedError)):
        index.products(vector, [tagged[0].id, 5])
    with pytest.raises((KeyError, ArchiveDamagedError)):
        index.owners_of([5])


@pytest.mark.parametrize(
    "selection",
    [
        Selection(since="2025-03-10"),
        Selection(until="2025-03-10"),
        Selection(since="2025-02-01", until="2025-03-10", language="it"),
        Selection(language="en"),
        Selection(outlets=frozenset(HOSTILE[:3])),
        Selection(outlets=frozenset({"nobody"})),
        Selection(outlets=frozenset()),
        Selection(speakers=frozenset()),
        Selection(speakers=frozenset({"nobody", HOSTILE[4]})),
        Selection("2025-01-15", "2025-06-30", "it", frozenset(HOSTILE), frozenset(HOSTILE[2:5])),
        *(Selection(outlets=frozenset({name})) for name in HOSTILE),
        *(Selection(speakers=frozenset({name})) for name in HOSTILE),
    ],
)
def test_filters_are_applied_inside_the_search(
    milvus: Milvus, shelf: tuple[str, list[Tagged]], selection: Selection
) -> None:
    """Found is what brute force finds among the rows that meet the filters, whatever names they hold."""
    name, tagged = shelf
    vector = _unit(np.random.default_rng(5), 1)[0]

    found = MilvusIndex(milvus, name, 1).search(vector, 40, selection)

    _assert_equal(found, _brute([one for one in tagged if one.meets(selection)], vector, 40))


@pytest.fixture(scope="module")
def shelf(engine_uri: str) -> Iterator[tuple[str, list[Tagged]]]:
    """A collection of rows with all that can be filtered by."""
    random = np.random.default_rng(4)
    tagged = [
        replace(
            one,
            published=None if place % 11 == 0 else f"2025-{place % 9 + 1:02}-{place % 28 + 1:02}T08:00",
            language=("it", "en", None)[place % 3],
            outlet=None if place % 7 == 0 else HOSTILE[place % len(HOSTILE)],
            speakers=tuple(random.choice(HOSTILE, place % 4, replace=False).tolist()),
        )
        for place, one in enumerate(_some(seed=6))
    ]
    milvus, name = Milvus(engine_uri, Reach(token=_token()), 60), f"contract_{secrets.token_hex(6)}"
    create(milvus, name, DIMENSION, FIELDS, graph=False)
    _written(milvus, name, tagged)
    yield name, tagged
    drop(milvus, name)
    milvus.close()


def _token() -> str | None:
    return os.environ.get("ENGINE_TOKEN")


def test_a_generation_sees_its_own_rows(milvus: Milvus, collection: Callable[..., str]) -> None:
    """What came later or went before is not found; a row that was written again is found as it is now."""
    name, tagged = collection(), _some(60)
    lives = [(1, OPEN), (1, 3), (2, OPEN), (2, 3), (3, OPEN)]
    tagged = [replace(one, since=lives[n % 5][0], until=lives[n % 5][1]) for n, one in enumerate(tagged)]
    _written(milvus, name, tagged)
    vector = _unit(np.random.default_rng(7), 1)[0]

    for generation in (1, 2, 3):
        living = [one for one in tagged if one.since <= generation < one.until]
        _assert_equal(MilvusIndex(milvus, name, generation).search(vector, 100), _brute(living, vector, 100))

    ended = [replace(one, until=2) for one in tagged[:10]]
    _written(milvus, name, ended)
    milvus.delete(name, [one.id for one in tagged[10:20]])
    assert milvus.count(name, "id > 0") == 50
    living = [one for one in [*ended, *tagged[20:]] if one.since <= 3 < one.until]
    _assert_equal(MilvusIndex(milvus, name, 3).search(vector, 100), _brute(living, vector, 100))


def test_a_graph_finds_what_is_near(milvus: Milvus, collection: Callable[..., str]) -> None:
    """Of vectors that lie in groups, as those of texts do, a graph finds .99 of the nearest twenty."""
    random = np.random.default_rng(8)
    rows = _unit(random, 40, 64)[random.integers(0, 40, 3_000)] + 0.35 * _unit(random, 3_000, 64)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    name = collection(dimension=64, graph=True)
    tagged = [Tagged(i + 1, row) for i, row in enumerate(rows)]
    _written(milvus, name, tagged)
    flush(milvus, name)
    index, right = MilvusIndex(milvus, name, 1), 0

    for vector in rows[:20]:
        right += len({i for i, _ in index.search(vector, 20)} & {i for i, _ in _brute(tagged, vector, 20)})

    assert dimension_of(milvus, name) == 64
    assert milvus.ask("describe_index", name, "vector")["index_type"] == "HNSW"
    assert right / 400 >= 0.99


def test_an_alias_is_switched(milvus: Milvus, collection: Callable[..., str]) -> None:
    """An alias names one collection at a time, the one it was pointed at last."""
    one, other, alias = collection(), collection(), f"alias_{secrets.token_hex(6)}"

    assert pointed(milvus, alias) is None
    for name in (one, other, other, one):
        point(milvus, alias, name)
        assert pointed(milvus, alias) == name
    milvus.ask("drop_alias", alias)


def test_a_collection_that_is_not_in_memory_is_loaded(milvus: Milvus, collection: Callable[..., str]) -> None:
    """A search of a collection that was released answers all the same."""
    name, tagged = collection(), _some(20)
    _written(milvus, name, tagged)
    milvus.ask("release_collection", name)
    vector = tagged[0].vector

    _assert_equal(MilvusIndex(milvus, name, 1).search(vector, 20), _brute(tagged, vector, 20))


def test_a_missing_collection_is_told_by_name(milvus: Milvus) -> None:
    """Asking for what is not there is one line that names it."""
    with pytest.raises(ArchiveDamagedError, match=r"has no collection nowhere$"):
        MilvusIndex(milvus, "nowhere", 1).search(np.ones(DIMENSION, np.float32), 1)


def connections() -> int:
    """How many connections pymilvus holds open."""
    from pymilvus.client.connection_manager import ConnectionManager

    gc.collect()
    return len(ConnectionManager.get_instance()._dedicated)


def test_no_connection_is_left_open(engine_uri: str, engine_token: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One goes with whoever opened it, closed or not, and so does each that was opened in vain."""
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException

    before = connections()
    opened = [Milvus(engine_uri, Reach.from_environment(), 60) for _ in range(2)]
    assert connections() == before + 2
    opened.pop().close()
    assert connections() == before + 1
    opened.clear()
    assert connections() == before

    tried = []

    def silent(client: MilvusClient, **_: Any) -> str:
        tried.append(connections())
        raise MilvusException(message="server is not ready")

    monkeypatch.setattr(MilvusClient, "get_server_version", silent)
    with pytest.raises(ArchiveUnreachableError, match="not ready"):
        Milvus(engine_uri, Reach.from_environment(), 1)
    assert len(tried) > 1
    assert set(tried) == {before + 1}
    assert connections() == before


def test_words_are_ranked_as_by_tantivy(milvus: Milvus, collection: Callable[..., str], tmp_path: Any) -> None:
    """Where the engine ranks by words, it proposes what they find, and the scores computed here are tantivy's."""
    if not ranks(milvus, "virgolettato_prova"):
        pytest.skip("this server does not rank by words")
    random = np.random.default_rng(9)
    vocabulary = [f"it:{word}" for word in ("però", "città", "l’eco", "10.000", "=kim", "x'y", "a\\b", "{c}")]
    texts = [
        [random.choice(vocabulary, random.integers(0, 40)).tolist() for _ in range(random.integers(1, 5))]
        for _ in range(120)
    ]
    tantivy = TantivyIndex.build(tmp_path, (TermedPassage(n + 1, "a", lines) for n, lines in enumerate(texts)))
    name = collection((*FIELDS, Field("terms", "terms")))
    vectors = _unit(random, len(texts))
    rows = [
        {**Tagged(n + 1, vectors[n]).row(), "terms": words_of(_text(lines))}
        for n, lines in enumerate(texts)
        if any(lines)
    ]
    milvus.upsert(name, rows)
    assert milvus.count(name, "id > 0") == len(rows)
    total = sum(len(line) for lines in texts for line in lines)

    for keys in ([["it:però"]], [["it:città", "it:l’eco"], ["it:a\\b"]], [["it:nessuno"]]):
        query = " ".join(word_of(term) for key in keys for term in key)
        proposed = milvus.nearest(name, query, 200, "since <= 1 and until > 1", ["id"], field="terms_ranked")
        found = {row["id"]: _text(texts[row["id"] - 1]) for row in proposed}
        scored = scores(keys, found, tantivy.frequency, len(texts), total / len(texts))
        expected = dict(tantivy.search(keys, 200))
        assert scored.keys() == expected.keys()
        np.testing.assert_allclose([scored[i] for i in expected], list(expected.values()), rtol=1e-5)


def _text(lines: list[list[str]]) -> str:
    return "\n".join(map(" ".join, lines))
