"""The shelf gives what the store holds, whatever was asked before, and reads it once."""

import threading

import pytest

from index.archive import Archive
from index.shelf import Shelf


def test_passages_are_those_of_the_store(hashing_archive: Archive) -> None:
    """Passages come by id, each once, with the store's sentences and the terms of its full-text index."""
    store, shelf = hashing_archive.store, hashing_archive.shelf
    ids = [passage.id for passage in store.passages()]
    half = ids[::2]
    shelf.passages(half)

    shelved = shelf.passages([*reversed(ids), *half])

    assert [one.passage for one in shelved] == store.passages()
    assert [sentence for one in shelved for sentence in one.sentences] == store.sentences(ids)
    assert {one.passage.id: one.lines for one in shelved} == hashing_archive.terms.lines(ids)


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

    first, again = shelf.passages(ids), shelf.passages(ids)

    assert all(one is other for one, other in zip(first, again, strict=True))


def test_an_unknown_article_is_an_error_and_is_not_kept(hashing_archive: Archive) -> None:
    """A missing id raises KeyError, as the store does, each time."""
    for _ in range(2):
        with pytest.raises(KeyError, match="nobody"):
            hashing_archive.shelf.articles(["nobody"])


def test_threads_get_the_same(hashing_archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that share a shelf too small for what they ask for all get whole answers."""
    monkeypatch.setattr("index.shelf._PASSAGES", 5)
    shelf = Shelf(hashing_archive.store, hashing_archive.terms)
    ids = hashing_archive.store.passage_ids(hashing_archive.store.article_ids())
    expected = hashing_archive.shelf.passages(ids)
    wrong: list[int] = []

    def ask(first: int) -> None:
        for start in range(first, len(ids) - 10):
            if shelf.passages(ids[start : start + 10]) != expected[start : start + 10]:
                wrong.append(start)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) > 12
    assert wrong == []
