"""Texts, spans and metadata: what is asked of them, in SQL that SQLite and PostgreSQL alike understand.

:mod:`index.segmented` reads the files of an archive on this machine, :mod:`index.shared.texts` a database that many
machines reach. The full-text index and the vectors' indexes are derived from what stands there.
"""

from __future__ import annotations

import functools
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from index.analysis import fold
from index.errors import REBUILD, ArchiveDamagedError
from index.records import Article, DirectQuote, Holding, Passage, Sentence, Span
from index.rows import ARTICLE_COLUMNS, article_record, speech_record
from index.selection import Selection

_MANY = 500
"""SQL variables a statement; SQLite's oldest limit is 999."""


class Store(ABC):
    """The articles of one generation, read-only. Thread-safe.

    An article is checked against the SHA-256 it was added with whenever it is handed out, so no slice of another text
    is ever shown.

    Raises:
        ArchiveError: from any method: the database is damaged, or cannot be reached.
    """

    @abstractmethod
    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of `query`, whose places for `values` are question marks."""

    @abstractmethod
    def _each(self, table: str, columns: str) -> str:
        """What gives `columns` alone of all of `table`, to stand after FROM."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    def article(self, article_id: str) -> Article:
        """The article `article_id`.

        Raises:
            KeyError: there is none.
        """
        for article in self.articles_with("id", [article_id]):
            return article
        raise KeyError(article_id)

    def articles(self) -> Iterator[Article]:
        """All articles, by file name, then id."""
        query = f"SELECT id FROM {self._each('articles', 'source_file, id')} ORDER BY source_file, id"
        ids = [i for (i,) in self._rows(query)]
        for at in range(0, len(ids), _MANY):
            held = {article.id: article for article in self.articles_with("id", ids[at : at + _MANY])}
            yield from (held[i] for i in ids[at : at + _MANY])

    def articles_with(self, column: str, values: Iterable[str]) -> list[Article]:
        """The articles that have one of `values` in `column`, by file name, then id."""
        rows = self._among(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE {column} IN", values)
        return sorted(map(_checked, rows), key=lambda article: (article.source_file, article.id))

    def ids_with(self, column: str, value: str) -> list[str]:
        """The ids of the articles that have `value` in `column`, ascending."""
        return [i for (i,) in self._rows(f"SELECT id FROM articles WHERE {column} = ? ORDER BY id", [value])]

    def article_ids(self, selection: Selection | None = None) -> list[str]:
        """The ids of the articles of `selection`, whoever speaks in them, ascending."""
        conditions, values = ("TRUE", []) if selection is None else selection.conditions()
        return [i for (i,) in self._rows(f"SELECT id FROM articles WHERE {conditions} ORDER BY id", values)]

    def kinds(self) -> list[tuple[int, str | None, str | None, str | None]]:
        """Number, day of publication, language and outlet of each article."""
        columns = "number, published, language, outlet"
        return self._rows(f"SELECT {columns} FROM {self._each('articles', columns)}")

    def numbers(self) -> dict[int, str]:
        """The id of each article by its number."""
        return dict(self._rows(f"SELECT number, id FROM {self._each('articles', 'number, id')}"))

    def outlets(self, name: str, *, exact: bool = False) -> frozenset[str]:
        """The outlets whose name holds `name`, or is it where it is to be `exact`, whatever case and accents."""
        wanted = fold(name)
        return frozenset(one for one in self._outlets if (fold(one) == wanted if exact else wanted in fold(one)))

    @functools.cached_property
    def _outlets(self) -> list[str]:
        query = f"SELECT DISTINCT outlet FROM {self._each('articles', 'outlet')} WHERE outlet IS NOT NULL"
        return [one for (one,) in self._rows(query)]

    def holdings(self) -> list[Holding]:
        """What is held, without the texts, newest first; articles without a date last, equal ones by file and id."""
        passages, quotations = (
            dict(self._rows(f"SELECT article_id, count(*) FROM {self._each(table, 'article_id')} GROUP BY 1"))
            for table in ("passages", "direct_quotes")
        )
        articles = self._each("articles", "id, title, outlet, published, language, source_file")
        rows = self._rows(f"SELECT * FROM {articles} ORDER BY published DESC NULLS LAST, source_file, id")
        return [
            Holding(i, title, outlet, published, language, file, passages.get(i, 0), quotations.get(i, 0))
            for i, title, outlet, published, language, file in rows
        ]

    def passages(self, ids: Iterable[int] | None = None) -> list[Passage]:
        """The passages `ids`, or all of them, by id."""
        columns = 'SELECT id, article_id, ordinal, "start", "end", language FROM passages'
        rows = self._rows(f"{columns} ORDER BY id") if ids is None else self._among(f"{columns} WHERE id IN", ids)
        return [Passage(i, article, n, Span(start, end), language) for i, article, n, start, end, language in rows]

    def passage_ids(self, article_ids: Iterable[str]) -> list[int]:
        """The ids of the passages of `article_ids`, ascending."""
        return [i for (i,) in self._among("SELECT id FROM passages WHERE article_id IN", article_ids)]

    def passages_spoken_in(self, speakers: Iterable[str]) -> list[int]:
        """The ids of the passages in which one of `speakers` speaks, ascending, each once."""
        said: dict[str, list[Span]] = {}
        for speech in self.direct_quotes(speakers=speakers):
            said.setdefault(speech.article_id, []).append(speech.span)
        places = self._among('SELECT id, article_id, "start", "end" FROM passages WHERE article_id IN', said)
        return [i for i, at, start, end in places if any(span.overlaps(Span(start, end)) for span in said[at])]

    def languages(self) -> dict[str | None, int]:
        """How many passages are in each language, the most first."""
        passages = self._each("passages", "language")
        return dict(self._rows(f"SELECT language, count(*) FROM {passages} GROUP BY 1 ORDER BY 2 DESC, 1 NULLS FIRST"))

    def sentences(self, passage_ids: Iterable[int]) -> list[Sentence]:
        """The sentences of `passage_ids`, by id."""
        return self._sentences("passage_id", passage_ids)

    def sentence_ids(self, passage_ids: Collection[int]) -> dict[int, list[int]]:
        """The ids of the sentences of each of `passage_ids`, ascending."""
        found: dict[int, list[int]] = {i: [] for i in passage_ids}
        for passage, i in self._among("SELECT passage_id, id FROM sentences WHERE passage_id IN", passage_ids):
            found[passage].append(i)
        return found

    def sentences_by_id(self, ids: Iterable[int]) -> list[Sentence]:
        """The sentences `ids`, by id."""
        return self._sentences("id", ids)

    def _sentences(self, column: str, values: Iterable[int]) -> list[Sentence]:
        rows = self._among(f'SELECT id, passage_id, ordinal, "start", "end" FROM sentences WHERE {column} IN', values)
        return [Sentence(i, passage, ordinal, Span(start, end)) for i, passage, ordinal, start, end in rows]

    def direct_quotes(
        self, article_ids: Iterable[str] | None = None, speakers: Iterable[str] | None = None
    ) -> list[DirectQuote]:
        """The direct speech of `article_ids`, or of `speakers`, or all of it, by article id and place."""
        columns = "SELECT * FROM direct_quotes"
        if article_ids is None and speakers is None:
            rows: Iterable[tuple[Any, ...]] = self._rows(f'{columns} ORDER BY article_id, "start"')
        elif article_ids is None:
            rows = self._among(f"{columns} WHERE speaker IN", speakers or ())
        else:
            rows = self._among(f"{columns} WHERE article_id IN", article_ids)
        return [speech_record(row) for row in rows]

    def said(self) -> list[tuple[str, str, int]]:
        """How often each speaker speaks in each article: ids, names and counts."""
        speech = self._each("direct_quotes", "article_id, speaker")
        return self._rows(f"SELECT article_id, speaker, count(*) FROM {speech} WHERE speaker IS NOT NULL GROUP BY 1, 2")

    def speakers(self) -> dict[str, int]:
        """The speakers of direct quotations, and of how many each."""
        speech = self._each("direct_quotes", "speaker")
        named = f"SELECT speaker, count(*) FROM {speech} WHERE speaker IS NOT NULL"
        return dict(self._rows(f"{named} GROUP BY 1 ORDER BY 1"))

    def totals(self) -> list[tuple[str | None, int, int, int, int]]:
        """By language: articles, older versions among them, characters, and how many of these are excluded."""
        articles = self._each("articles", "language, superseded_by, characters, excluded")
        return self._rows(
            f"SELECT language, count(*), count(superseded_by), sum(characters), sum(excluded) FROM {articles} "
            "GROUP BY language ORDER BY 1 NULLS FIRST"
        )

    def in_stories(self) -> dict[str, tuple[str, str | None]]:
        """Story and outlet of each article that has near-copies, by id."""
        rows = self._rows("SELECT id, story, outlet FROM articles WHERE story IS NOT NULL")
        return {i: (story, outlet) for i, story, outlet in rows}

    def quotations(self) -> int:
        """How many direct quotations there are."""
        ((count,),) = self._rows(f"SELECT count(*) FROM {self._each('direct_quotes', 'article_id')}")
        return int(count)

    def _among(self, query: str, values: Iterable[Any], *before: Any) -> list[tuple[Any, ...]]:
        """The rows of `query`, which ends in IN, for `values`, sorted; `before` fills the places before them."""
        wanted = list(values)
        rows: list[tuple[Any, ...]] = []
        for at in range(0, len(wanted), _MANY):
            part = wanted[at : at + _MANY]
            rows += self._rows(f"{query} ({','.join('?' * len(part))})", [*before, *part])
        return sorted(rows)


def _checked(row: tuple[Any, ...]) -> Article:
    """The article of such a row.

    Raises:
        ArchiveDamagedError: it is not as it was added.
    """
    try:
        article = article_record(row)
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveDamagedError(f"a stored article was altered ({error})", REBUILD) from error
    if hashlib.sha256(article.text.encode("utf-8")).hexdigest() != article.sha256:
        raise ArchiveDamagedError(
            f"the stored text of article {article.id} ({article.source_file}) was altered after it was added", REBUILD
        )
    return article
