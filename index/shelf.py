"""Articles and passages kept in memory between questions.

A published generation never changes, so neither does what was once read of it and found whole; an archive of a few
thousand passages is soon read only once.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cachetools import LRUCache

from index.records import Article, Passage, Sentence
from index.store import Store
from index.terms import TermIndex

_ARTICLES, _PASSAGES = 1_000, 4_000
"""How many are kept, the last used ones: some 10 MB of articles as long as news are, and 60 MB of passages."""

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A passage with all that scoring it takes.

    Attributes:
        sentences: in order.
        lines: the terms of its title, then of each sentence.
    """

    passage: Passage
    sentences: tuple[Sentence, ...]
    lines: tuple[tuple[str, ...], ...]


class Shelf:
    """What questions need of one generation, read once while it is in use. Thread-safe."""

    def __init__(self, store: Store, terms: TermIndex) -> None:
        self._store = store
        self._terms = terms
        self._articles: LRUCache[str, Article] = LRUCache(_ARTICLES)
        self._passages: LRUCache[int, Shelved] = LRUCache(_PASSAGES)
        self._changing = threading.Lock()

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles `ids`, ascending.

        Raises:
            KeyError: there is no such article.
            ArchiveDamagedError: one of them was altered.
        """
        return self._kept(self._articles, sorted(set(ids)), self._read_articles)

    def passages(self, ids: Iterable[int]) -> list[Shelved]:
        """The passages `ids`, each once, by id."""
        return list(self._kept(self._passages, sorted(set(ids)), self._read_passages).values())

    def _read_articles(self, ids: Sequence[str]) -> dict[str, Article]:
        read = {article.id: article for article in self._store.articles_with("id", ids)}
        return {i: read[i] for i in ids}

    def _read_passages(self, ids: Sequence[int]) -> dict[int, Shelved]:
        sentences: dict[int, list[Sentence]] = {i: [] for i in ids}
        for sentence in self._store.sentences(ids):
            sentences[sentence.passage_id].append(sentence)
        lines = self._terms.lines(ids)
        return {
            # Most terms stand in many passages: one copy of each serves them all.
            passage.id: Shelved(
                passage,
                tuple(sentences[passage.id]),
                tuple(tuple(map(sys.intern, line)) for line in lines[passage.id]),
            )
            for passage in self._store.passages(ids)
        }

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
