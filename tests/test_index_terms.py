"""The contract of a term index, compared with BM25 computed by hand: ids and values."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import REDERIVE, ArchiveDamagedError
from index.selection import Selection
from index.terms import TantivyIndex, TermedPassage

Documents = list[tuple[int, str, list[list[str]]]]
Keys = list[list[str]]
_WORDS = ["it:sold", "it:museo", "=kim", "=10000", "en:museum", "=è'x", "it:a+b", "=OR", "it:(", '="', ":*"]
_K1, _B = 1.2, 0.75


def build(folder: Path, documents: Iterable[tuple[int, str, list[list[str]]]]) -> TantivyIndex:
    """An index of `documents`, each of an outlet that is called as its article."""
    return TantivyIndex.build(folder, (TermedPassage(*document, outlet=document[1]) for document in documents))


def only(articles: Iterable[str] | None) -> Selection | None:
    """The selection of `articles`, by outlet."""
    return None if articles is None else Selection(outlets=frozenset(articles))


def _oracle(documents: Documents, keys: Keys, k: int, articles: list[str] | None = None) -> list[tuple[int, float]]:
    """BM25 (Robertson and Zaragoza 2009), idf = ln(1 + (N - n + .5) / (n + .5)), of each key's best term; equal ones by
    id.
    """
    bags = {i: Counter(term for line in lines for term in line) for i, _, lines in documents}
    mean = sum(bag.total() for bag in bags.values()) / len(bags)
    found = []
    for i, article, _ in documents:
        bag, score = bags[i], 0.0
        for key in keys:
            of_terms = [0.0]
            for term in key:
                n = sum(term in other for other in bags.values())
                idf = math.log(1 + (len(bags) - n + 0.5) / (n + 0.5))
                of_terms.append(idf * bag[term] * (_K1 + 1) / (bag[term] + _K1 * (1 - _B + _B * bag.total() / mean)))
            score += max(of_terms)
        if any(bag[term] for key in keys for term in key) and (articles is None or article in articles):
            found.append((i, score))
    return sorted(found, key=lambda hit: (-round(hit[1], 6), hit[0]))[:k]


def _assert_equal(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], rel=1e-5)


def _documents(seed: int, n: int) -> Documents:
    source = random.Random(seed)
    documents = []
    for place in range(n):
        terms = source.choices(_WORDS, k=source.randint(1, 40))
        cut = source.randint(0, len(terms))
        documents.append((10 * place + 3, f"art{place % 4}", [terms[:cut], terms[cut:]]))
    return documents


@pytest.mark.parametrize("seed", range(6))
def test_scores_are_bm25(tmp_path: Path, seed: int) -> None:
    """Ids and scores are the textbook's for documents of up to 40 terms, for one key of one term and several, any k."""
    documents = _documents(seed, 30)
    index = build(tmp_path, documents)

    for terms in ([_WORDS[0]], _WORDS[1:4], _WORDS, ["=nessuno", "=kim"]):
        keys = [[term] for term in terms]
        for k in (1, 5, 100):
            _assert_equal(index.search(keys, k), _oracle(documents, keys, k))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "keys",
    [
        [_WORDS[:3]],
        [_WORDS[:3], _WORDS[3:6]],
        [_WORDS[:3], _WORDS[2:5], [_WORDS[2]]],
        [_WORDS[::2], ["=nessuno", _WORDS[1]], ["=nessuna"]],
        [_WORDS],
    ],
    ids=["one", "two", "shared", "unknown", "all"],
)
def test_the_best_term_of_a_key_counts(tmp_path: Path, seed: int, keys: Keys) -> None:
    """A key of several terms scores as its best one, not as their sum; a term of two keys counts for both."""
    documents = _documents(seed, 30)
    index = build(tmp_path, documents)

    for k in (1, 5, 100):
        _assert_equal(index.search(keys, k), _oracle(documents, keys, k))


def test_the_order_of_a_keys_terms_does_not_matter(tmp_path: Path) -> None:
    """A list, a tuple and sets of the same terms give the same scores to the last bit."""
    index = build(tmp_path, _documents(3, 30))

    first, *others = [
        index.search(keys, 30)
        for keys in (
            [_WORDS[:3], _WORDS[3:6]],
            [tuple(reversed(_WORDS[:3])), set(_WORDS[3:6])],
            [frozenset(_WORDS[:3]), frozenset(_WORDS[3:6])],
        )
    ]

    assert others == [first, first]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3, unique=True), min_size=1, max_size=4),
    st.sets(st.integers(0, 5)),
)
def test_only_the_articles_asked_for(tmp_path_factory: pytest.TempPathFactory, keys: Keys, places: set[int]) -> None:
    """With `articles` only their passages are found, with the scores they have among all; unknown ones find none."""
    documents = _documents(9, 24)
    index = build(tmp_path_factory.mktemp("terms"), documents)
    articles = [f"art{place}" for place in sorted(places)]

    _assert_equal(index.search(keys, 50, only(articles)), _oracle(documents, keys, 50, articles))


@pytest.mark.parametrize("k", [1, 2, 7, 20])
def test_equal_scores_come_by_id(tmp_path: Path, k: int) -> None:
    """Passages with the same terms score the same, and the smaller ids come first, also at the end of the list."""
    index = build(tmp_path, [(i, "a", [["=kim"], ["it:museo"]]) for i in range(5, 25)])

    assert [i for i, _ in index.search([["=kim"]], k)] == list(range(5, 5 + k))


def test_terms_are_taken_as_they_are(tmp_path: Path) -> None:
    """A term is no query language: marks and operators in it match only the same term."""
    index = build(tmp_path, [(place, "a", [[word]]) for place, word in enumerate(_WORDS)])

    for place, word in enumerate(_WORDS):
        assert [i for i, _ in index.search([[word]], 50)] == [place]
        assert index.lines([place]) == {place: word}
        assert index.frequency(word) == 1
    assert index.search([["*"]], 50) == []
    assert index.search([["it:*", "kim"], ["=KIM"], ["sold"]], 50) == []


@pytest.mark.parametrize(
    ("keys", "k", "articles"),
    [
        ([], 5, None),
        ([[]], 5, None),
        ([["=kim"]], 0, None),
        ([["=nessuno"], ["=nessuna"]], 5, None),
        ([["=kim"]], 5, []),
        ([["=" + "x" * 100_000]], 5, None),
    ],
    ids=["no keys", "no terms", "no hits", "unknown", "no articles", "endless"],
)
def test_nothing_asked_or_known_gives_nothing(tmp_path: Path, keys: Keys, k: int, articles: list[str] | None) -> None:
    """Where nothing is asked or nothing matches, the list is empty."""
    assert build(tmp_path, [(1, "a", [["=kim"]])]).search(keys, k, only(articles)) == []


def test_empty_index(tmp_path: Path) -> None:
    """An index of no passages is an index: it holds none and finds none, also when opened again."""
    for index in (build(tmp_path, []), TantivyIndex.open(tmp_path)):
        assert len(index) == 0
        assert index.search([["=kim"]], 5) == []
        assert index.lines([1]) == {}
        assert index.frequency("=kim") == 0


def test_passage_without_terms_counts_but_is_not_found(tmp_path: Path) -> None:
    """A passage of function words only is held and never a hit."""
    index = build(tmp_path, [(1, "a", [[], []]), (2, "a", [[], ["=kim"]])])

    assert len(index) == 2
    assert [i for i, _ in index.search([["=kim"]], 5)] == [2]
    assert index.lines([1]) == {1: "\n"}


def test_lines_are_those_indexed(tmp_path: Path) -> None:
    """The terms of the passages asked for come by line, with empty lines and repetitions; unknown ids are left out."""
    lines = [["it:titol"], [], ["it:sold", "=10000", "it:sold"], []]
    index = build(tmp_path, [(7, "a", lines), (8, "b", [["=kim"]]), (9, "b", [["=kim"]])])

    assert index.lines([9, 7, 1000]) == {7: "it:titol\n\nit:sold =10000 it:sold\n", 9: "=kim"}
    assert index.lines([]) == {}
    assert index.lines([1000]) == {}


def test_lines_of_all_passages(tmp_path: Path) -> None:
    """However many passages are asked for, all come, the same when the index is opened again."""
    documents = _documents(4, 500)
    expected = {i: "\n".join(map(" ".join, lines)) for i, _, lines in documents}

    assert build(tmp_path, documents).lines(list(expected)) == expected
    assert TantivyIndex.open(tmp_path).lines(list(expected)) == expected


@pytest.mark.parametrize("seed", range(3))
def test_frequency_counts_passages(tmp_path: Path, seed: int) -> None:
    """A term's frequency is the number of passages that hold it, however often each does; none hold an unknown one."""
    documents = _documents(seed, 30)
    index = build(tmp_path, documents)

    for word in [*_WORDS, "=nessuno", "=" + "x" * 100_000]:
        assert index.frequency(word) == sum(any(word in line for line in lines) for _, _, lines in documents)


def test_opened_index_is_the_same(tmp_path: Path) -> None:
    """Opened again, the index holds as many and gives the same ids and scores to the last bit."""
    documents = _documents(2, 40)
    built = build(tmp_path, documents)
    keys = [_WORDS[:2], _WORDS[2:3]]
    expected = built.search(keys, 20), built.search(keys, 20, only(["art1"]))

    opened = TantivyIndex.open(tmp_path)

    assert len(opened) == len(built) == 40
    assert (opened.search(keys, 20), opened.search(keys, 20, only(["art1"]))) == expected


def test_long_passages_differ_by_a_few_per_cent(tmp_path: Path) -> None:
    """Above 40 terms the length is kept coarsely: scores stay within 5 % of the textbook's."""
    documents = [(n, "a", [["=kim"] * (n % 3 + 1), ["it:parola"] * (50 + 17 * n)]) for n in range(1, 12)]
    found = dict(build(tmp_path, documents).search([["=kim"]], 20))

    for i, score in _oracle(documents, [["=kim"]], 20):
        assert found[i] == pytest.approx(score, rel=0.05)


@pytest.mark.parametrize("damage", ["missing", "cut"])
@pytest.mark.parametrize("suffix", [".json", ".idx", ".term", ".store", ".fieldnorm", ".fast", ".pos"])
def test_damaged_folder_is_one_line_with_the_mend(tmp_path: Path, suffix: str, damage: str) -> None:
    """Whichever file is gone or cut short, opening or the first search says so and how to mend it."""
    build(tmp_path, _documents(1, 10))
    (path,) = (path for path in tmp_path.iterdir() if path.suffix == suffix and not path.name.startswith("."))
    data = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])

    with pytest.raises(ArchiveDamagedError, match=r"^the full-text index .*cannot be read$") as caught:
        TantivyIndex.open(tmp_path).search([["=kim"]], 5)

    assert caught.value.hint == REDERIVE


@pytest.mark.parametrize("made", [True, False])
def test_folder_without_an_index_is_damaged(tmp_path: Path, made: bool) -> None:
    """An empty folder and one that is not there hold no index."""
    folder = tmp_path / "terms"
    if made:
        folder.mkdir()

    with pytest.raises(ArchiveDamagedError, match=r"^the full-text index terms cannot be read$"):
        TantivyIndex.open(folder)
