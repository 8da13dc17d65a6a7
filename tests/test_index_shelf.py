"""The shelf gives what the store holds, whatever was asked before, and reads it once."""

import threading
from collections.abc import Sequence

import pytest

from index.archive import Archive
from index.errors import ArchiveDamagedError
from index.shelf import OnDemand, Shelf


def test_sentences_are_those_of_the_store(hashing_archive: Archive) -> None:
    """They come by passage, each once, in order, whatever was read before."""
    store, shelf = hashing_archive.store, hashing_archive.shelf
    ids = [passage.id for passage in store.passages()]
    half = ids[::2]
    shelf.sentences(half)

    sentences = shelf.sentences([*reversed(half), *ids])
    assert list(sentences) == ids
    assert [sentence for own in sentences.values() for sentence in own] == store.sentences(ids)


def test_what_is_read_on_demand_is_read_by_blocks() -> None:
    """Keys are known at once, in order; a value asked for is read with the others of its block, once."""
    asked: list[list[int]] = []

    def read(keys: Sequence[int]) -> dict[int, str]:
        asked.append(list(keys))
        return {key: str(key) for key in keys}

    found = OnDemand([*range(120, 0, -1), 7], read)

    assert (list(found), len(found), asked) == (list(range(120, 0, -1)), 120, [])
    assert (found[120], found[101], found[1]) == ("120", "101", "1")
    assert asked == [list(range(120, 100, -1)), list(range(20, 0, -1))]
    assert dict(found) == {key: str(key) for key in range(1, 121)}
    assert len(asked) == 6
    with pytest.raises(KeyError):
        found[121]


def test_articles_and_owners_are_those_of_the_store(hashing_archive: Archive) -> None:
    """Articles come by ascending id; every sentence belongs to the passage the store names."""
    store, shelf = hashing_archive.store, hashing_archive.shelf
    ids = store.article_ids()
    sentences = store.sentences(store.passage_ids(ids))

    assert list(shelf.articles(reversed(ids)).items()) == [(i, store.article(i)) for i in ids]
    owners = hashing_archive.sentences.owners_of([sentence.id for sentence in sentences])
    assert owners == [sentence.passage_id for sentence in sentences]


def test_what_is_kept_is_not_read_again(hashing_archive: Archive) -> None:
    """Asked for again, the same records are handed out."""
    shelf = hashing_archive.shelf
    ids = hashing_archive.store.passage_ids(hashing_archive.store.article_ids())

    first, again = shelf.sentences(ids), shelf.sentences(ids)

    assert all(first[i] is again[i] for i in ids)


def test_an_unknown_article_is_an_error_and_is_not_kept(hashing_archive: Archive) -> None:
    """An article that is named and not there is damage, each time."""
    for _ in range(2):
        with pytest.raises(ArchiveDamagedError, match="is not there"):
            hashing_archive.shelf.articles(["nobody"])


def test_threads_get_the_same(hashing_archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that share a shelf too small for what they ask for all get whole answers."""
    monkeypatch.setattr("index.shelf._SENTENCES", 5)
    shelf = Shelf(hashing_archive.store)
    ids = hashing_archive.store.passage_ids(hashing_archive.store.article_ids())
    expected = list(hashing_archive.shelf.sentences(ids).items())
    wrong: list[int] = []

    def ask(first: int) -> None:
        for start in range(first, len(ids) - 10):
            if list(shelf.sentences(ids[start : start + 10]).items()) != expected[start : start + 10]:
                wrong.append(start)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) > 12
    assert wrong == []
