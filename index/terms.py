"""Full text: the protocol, and tantivy fed with terms that :mod:`index.analysis` made."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tantivy

from index.errors import REDERIVE, ArchiveDamagedError
from index.selection import Selection, day_number

_ANALYSER = "spaces"
_WRITER_BYTES = 64_000_000
_LOCK = ".tantivy-meta.lock"
_EVERY = "1"
"""A term that every passage has: how many files hold, and how many are left, tells whether any was removed."""


@dataclass(frozen=True, slots=True)
class TermedPassage:
    """A passage as it is indexed.

    Attributes:
        lines: its terms by line: the title's, then each sentence's.
        published, outlet, language: the article's.
        speakers: who speaks in it.
    """

    id: int
    article_id: str
    lines: Sequence[Sequence[str]]
    published: str | None = None
    outlet: str | None = None
    language: str | None = None
    speakers: Collection[str] = ()


def lines_in(text: str) -> list[list[str]]:
    """The terms by line of a passage, as :meth:`TermIndex.lines` gives them."""
    return [line.split() for line in text.split("\n")]


class TermIndex(Protocol):
    """Passages under integer ids, ranked by BM25 (k1 = 1.2, b = 0.75) over their terms.

    Attributes:
        engine: the name of what ranks them.
    """

    engine: str

    def search(
        self, keys: Sequence[Collection[str]], k: int, selection: Selection | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best passage ids and scores, best first, equal ones by id; of `selection` only, where given.

        Each key is a set of terms, of which the one that scores best in a passage counts. Passages without any of
        them are not among the found.
        """

    def lines(self, ids: Sequence[int]) -> dict[int, str]:
        """The terms of the passages `ids` as they were indexed: a line for the title, then one for each sentence."""

    def frequency(self, term: str) -> int:
        """How many passages hold `term`."""

    def __len__(self) -> int:
        """How many passages it holds."""


class TantivyIndex:
    """BM25 by tantivy on disk.

    Scores and ranks are BM25's; the terms that are stored beside them are taken over when segments are written anew.

    tantivy keeps a passage's length in one byte: above 40 terms it is rounded down to the next of 256 steps, so
    scores differ from the textbook's by a few per cent there, and not at all below.

    Attributes:
        CHANGING: names of its files that are written again when it is changed; all others are never written to.
    """

    CHANGING = ("meta.json", ".managed.json")
    engine = "tantivy"

    def __init__(self, index: tantivy.Index) -> None:
        # Analysers are not stored with an index: they are registered again at each opening.
        index.register_tokenizer(_ANALYSER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, passages: Iterable[TermedPassage]) -> TantivyIndex:
        """Write an index of `passages` into the empty `folder`."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("terms", stored=True, tokenizer_name=_ANALYSER, index_option="freq")
        builder.add_integer_field("day", indexed=True, fast=True)
        for name in ("every", "article", "outlet", "language", "speaker"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        try:
            made = cls(tantivy.Index(builder.build(), path=str(folder)))
        except ValueError as error:
            raise OSError(str(error)) from error
        made._write(folder, (), passages)
        return made

    @classmethod
    def changed(cls, folder: Path, removed: Iterable[str], passages: Iterable[TermedPassage]) -> TantivyIndex:
        """Take the articles `removed` out of the index in `folder`, and add `passages`.

        No file that is there is written to; some may be removed, and others take their place. Until they do, the words
        of what was removed count in BM25's statistics.
        """
        changed = cls.open(folder)
        changed._write(folder, removed, passages)
        return changed

    def _write(self, folder: Path, removed: Iterable[str], passages: Iterable[TermedPassage]) -> None:
        try:
            self._commit(removed, passages)
        except ValueError as error:  # tantivy's for all that the system refuses
            raise OSError(str(error)) from error
        # tantivy writes these for their owner alone: whoever may read its other files may read them.
        mode = (folder / _LOCK).stat().st_mode
        for name in self.CHANGING:
            (folder / name).chmod(mode)
        self._index.reload()
        self._searcher = self._index.searcher()

    def _commit(self, removed: Iterable[str], passages: Iterable[TermedPassage]) -> None:
        writer = self._index.writer(_WRITER_BYTES, 1)
        for article in removed:
            writer.delete_documents_by_term("article", article)
        for one in passages:
            document = tantivy.Document(id=one.id, article=one.article_id, every=_EVERY)
            # A line break is a space to the tokenizer, and keeps the sentences apart in what is stored.
            document.add_text("terms", "\n".join(" ".join(line) for line in one.lines))
            if (day := day_number(one.published)) is not None:
                document.add_integer("day", day)
            for name, values in (("outlet", [one.outlet]), ("language", [one.language]), ("speaker", one.speakers)):
                for value in values:
                    if value:
                        document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    @classmethod
    def open(cls, folder: Path) -> TantivyIndex:
        """The index in `folder`.

        Raises:
            ArchiveDamagedError: there is none, or it cannot be read.
        """
        try:
            if _lockable(folder):
                return cls(tantivy.Index.open(str(folder)))
            linked = _linked(folder)
            opened = cls(tantivy.Index.open(str(linked)))
            weakref.finalize(opened, shutil.rmtree, linked, ignore_errors=True)
            return opened
        except (ValueError, OSError) as error:
            raise ArchiveDamagedError(f"the full-text index {folder.name} cannot be read", REDERIVE) from error

    def search(
        self, keys: Sequence[Collection[str]], k: int, selection: Selection | None = None
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
        if selection is not None:
            asked = [query.const_score_query(one, 0.0) for one in self._conditions(selection)]
            any_key = query.boolean_query([(occur.Must, any_key), *((occur.Must, one) for one in asked)])
        found = self._found(any_key, k)
        ids = self._searcher.fast_field_values("id", [address for _, address in found])
        return sorted(zip(ids, (float(score) for score, _ in found), strict=True), key=lambda hit: (-hit[1], hit[0]))

    def _conditions(self, selection: Selection) -> list[tantivy.Query]:
        schema, query = self._index.schema, tantivy.Query
        asked = []
        if selection.since or selection.until:
            first, last = day_number(selection.since or None), day_number(selection.until or None)
            asked.append(query.range_query(schema, "day", tantivy.FieldType.Integer, first, last))
        if selection.language:
            asked.append(query.term_query(schema, "language", selection.language))
        for name, values in (("outlet", selection.outlets), ("speaker", selection.speakers)):
            if values is not None:
                asked.append(query.term_set_query(schema, name, sorted(values)))
        return asked

    def lines(self, ids: Sequence[int]) -> dict[int, str]:
        """See :class:`TermIndex`.

        Raises:
            ArchiveDamagedError: a file of the index is gone.
        """
        if not ids:
            return {}
        wanted = tantivy.Query.term_set_query(self._index.schema, "id", list(ids))
        stored = [self._searcher.doc(address) for _, address in self._found(wanted, len(ids))]
        return {one["id"][0]: one["terms"][0] for one in stored}

    def frequency(self, term: str) -> int:
        """See :class:`TermIndex`."""
        holders = int(self._searcher.doc_freq("terms", term))
        if not holders or self._searcher.doc_freq("every", _EVERY) == len(self):
            return holders
        holding = tantivy.Query.term_query(self._index.schema, "terms", term)
        return int(self._searcher.search(holding, 1, count=True).count)

    def _found(self, query: tantivy.Query, k: int) -> list[tuple[float, Any]]:
        """Scores and addresses of the `k` best."""
        try:
            return list(self._searcher.search(query, k, count=False).hits)
        except ValueError as error:  # some files are read only now
            raise ArchiveDamagedError("the full-text index cannot be read", REDERIVE) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)


def _linked(folder: Path) -> Path:
    """A temporary folder where the files of `folder` can be read and a lock be made."""
    made = Path(tempfile.mkdtemp(prefix="virgolettato-terms-"))
    for path in folder.resolve().iterdir():
        if path.name != _LOCK:
            (made / path.name).symlink_to(path)
    return made


def _lockable(folder: Path) -> bool:
    """Whether tantivy can open what is in `folder` there: it locks a file for writing, even to read."""
    lock = folder / _LOCK
    return os.access(lock if lock.exists() else folder, os.W_OK)
