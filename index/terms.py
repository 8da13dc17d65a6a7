"""Full text: the protocol, and tantivy fed with terms that :mod:`index.analysis` made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import tantivy

from index.errors import REDERIVE, ArchiveDamagedError

_ANALYSER = "spaces"
_WRITER_BYTES = 64_000_000


class TermIndex(Protocol):
    """Passages under integer ids, ranked by BM25 (k1 = 1.2, b = 0.75) over their terms."""

    def search(
        self, keys: Sequence[Collection[str]], k: int, articles: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best passage ids and scores, best first, equal ones by id; of `articles` only, where given.

        Each key is a set of terms, of which the one that scores best in a passage counts. Passages without any of
        them are not among the found.
        """

    def lines(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
        """The terms of the passages `ids` by line, as they were indexed: the title's, then each sentence's."""

    def frequency(self, term: str) -> int:
        """How many passages hold `term`."""

    def __len__(self) -> int:
        """How many passages it holds."""


class TantivyIndex:
    """BM25 by tantivy on disk.

    Scores and ranks are BM25's; what is stored beside them is read again for scoring (:mod:`qa.coverage`).

    tantivy keeps a passage's length in one byte: above 40 terms it is rounded down to the next of 256 steps, so
    scores differ from the textbook's by a few per cent there, and not at all below.
    """

    def __init__(self, index: tantivy.Index) -> None:
        # Analysers are not stored with an index: they are registered again at each opening.
        index.register_tokenizer(_ANALYSER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, passages: Iterable[tuple[int, str, Sequence[Sequence[str]]]]) -> TantivyIndex:
        """Write an index of `passages` (id, article id, terms by line) into the empty `folder`."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("terms", stored=True, tokenizer_name=_ANALYSER, index_option="freq")
        made = cls(tantivy.Index(builder.build(), path=str(folder)))
        writer = made._index.writer(_WRITER_BYTES, 1)
        for i, article, lines in passages:
            # A line break is a space to the tokenizer, and keeps the sentences apart in what is stored.
            terms = "\n".join(" ".join(line) for line in lines)
            writer.add_document(tantivy.Document(id=i, article=article, terms=terms))
        writer.commit()
        writer.wait_merging_threads()
        made._index.reload()
        made._searcher = made._index.searcher()
        return made

    @classmethod
    def open(cls, folder: Path) -> TantivyIndex:
        """The index in `folder`.

        Raises:
            ArchiveDamagedError: there is none, or it cannot be read.
        """
        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise ArchiveDamagedError(f"the full-text index {folder.name} cannot be read", REDERIVE) from error

    def search(
        self, keys: Sequence[Collection[str]], k: int, articles: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """See :class:`TermIndex`.

        Raises:
            ArchiveDamagedError: a file of the index is gone.
        """
        if not keys or k < 1:
            return []
        schema, occur, query = self._index.schema, tantivy.Occur, tantivy.Query
        any_key = query.boolean_query(
            [
                (
                    occur.Should,
                    query.disjunction_max_query([query.term_query(schema, "terms", term) for term in sorted(key)]),
                )
                for key in keys
            ]
        )
        if articles is not None:
            allowed = query.const_score_query(query.term_set_query(schema, "article", list(articles)), 0.0)
            any_key = query.boolean_query([(occur.Must, any_key), (occur.Must, allowed)])
        found = [(int(stored["id"][0]), float(score)) for score, stored in self._stored(any_key, k)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def lines(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
        """See :class:`TermIndex`.

        Raises:
            ArchiveDamagedError: a file of the index is gone.
        """
        if not ids:
            return {}
        wanted = tantivy.Query.term_set_query(self._index.schema, "id", list(ids))
        return {
            int(stored["id"][0]): tuple(tuple(line.split()) for line in stored["terms"][0].split("\n"))
            for _, stored in self._stored(wanted, len(ids))
        }

    def frequency(self, term: str) -> int:
        """See :class:`TermIndex`."""
        return int(self._searcher.doc_freq("terms", term))

    def _stored(self, query: tantivy.Query, k: int) -> list[tuple[float, dict[str, list[Any]]]]:
        """Scores and stored fields of the `k` best."""
        try:
            return [(score, self._searcher.doc(address)) for score, address in self._searcher.search(query, k).hits]
        except ValueError as error:  # some files are read only now
            raise ArchiveDamagedError("the full-text index cannot be read", REDERIVE) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)
