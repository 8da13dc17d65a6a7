"""Articles and sentences kept in memory between questions.

A published generation never changes, so neither does what was once read of it and found whole; an archive of a few
thousand passages is soon read only once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from cachetools import LRUCache

from index.errors import REDERIVE, ArchiveDamagedError
from index.records import Article, Sentence
from index.store import Store

_ARTICLES, _SENTENCES = 1_000, 4_000
"""How many are kept, the last used ones: articles, and passages' sentences."""
_BLOCK = 20
"""What is read at once of what was found: quotes are looked for among the best of it."""

_K = TypeVar("_K")
_V = TypeVar("_V")


class OnDemand(Mapping[_K, _V]):
    """What `read` brings for each of `keys`, a block of them at the first time that one of it is asked for."""

    def __init__(self, keys: Iterable[_K], read: Callable[[Sequence[_K]], Mapping[_K, _V]]) -> None:
        self._places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        self._order = tuple(self._places)
        self._read = read
        self._known: dict[_K, _V] = {}

    def __getitem__(self, key: _K) -> _V:
        if key not in self._known:
            first = self._places[key] // _BLOCK * _BLOCK
            self._known |= self._read(self._order[first : first + _BLOCK])
        return self._known[key]

    def __iter__(self) -> Iterator[_K]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)


class Shelf:
    """What questions need of one generation, read once while it is in use. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._articles: LRUCache[str, Article] = LRUCache(_ARTICLES)
        self._sentences: LRUCache[int, tuple[Sentence, ...]] = LRUCache(_SENTENCES)
        self._changing = threading.Lock()

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles `ids`, ascending.

        Raises:
            ArchiveDamagedError: one of them was altered, or is not there although a passage names it.
        """
        return self._kept(self._articles, sorted(set(ids)), self._read_articles)

    def sentences(self, ids: Iterable[int]) -> dict[int, tuple[Sentence, ...]]:
        """The sentences of the passages `ids`, by passage, in order."""
        return self._kept(self._sentences, sorted(set(ids)), self._read_sentences)

    def _read_articles(self, ids: Sequence[str]) -> dict[str, Article]:
        read = {article.id: article for article in self._store.articles_with("id", ids)}
        if read.keys() != set(ids):
            raise ArchiveDamagedError("an article that a passage of the archive names is not there", REDERIVE)
        return {i: read[i] for i in ids}

    def _read_sentences(self, ids: Sequence[int]) -> dict[int, tuple[Sentence, ...]]:
        read: dict[int, list[Sentence]] = {i: [] for i in ids}
        for sentence in self._store.sentences(ids):
            read[sentence.passage_id].append(sentence)
        return {i: tuple(sentences) for i, sentences in read.items()}

    def _kept(
        self, kept: LRUCache[_K, _V], keys: Sequence[_K], read: Callable[[Sequence[_K]], dict[_K, _V]]
    ) -> dict[_K, _V]:
        """The values of `keys` in their order, the missing ones read together."""
        with self._changing:
            known = {key: kept[key] for key in keys if key in kept}
        missing = [key for key in keys if key not in known]
        if missing:
            known |= read(missing)
            with self._changing:
                kept.update({key: known[key] for key in missing})
        return {key: known[key] for key in keys}
