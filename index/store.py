"""SQLite: the one source of truth for texts, spans, metadata and vectors.

FAISS and the full-text index are derived from it. A store is written in a folder of its own that nobody reads yet,
and never changes once it is published; it is then opened as immutable.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis import fold
from index.encoder import Vectors
from index.errors import REBUILD, ArchiveDamagedError
from index.language import passage_language
from index.passages import Draft
from index.records import Article, DirectQuote, Holding, Passage, Sentence, Span
from index.rows import article_record, article_row, speech_record, speech_row

_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, title TEXT, outlet TEXT, author TEXT, published TEXT, language TEXT,
    url TEXT, source_file TEXT NOT NULL, source_path TEXT NOT NULL, sha256 TEXT NOT NULL, source_sha256 TEXT NOT NULL,
    exclusions TEXT NOT NULL, claims TEXT NOT NULL, pages TEXT NOT NULL, superseded_by TEXT, story TEXT,
    included TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, language TEXT, vector BLOB NOT NULL,
    UNIQUE (article_id, ordinal)
) STRICT;
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY AUTOINCREMENT, passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL,
    UNIQUE (passage_id, ordinal)
) STRICT;
CREATE TABLE direct_quotes (
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    segments TEXT NOT NULL, partial INTEGER NOT NULL, speaker TEXT, speaker_span TEXT, verb_span TEXT,
    reported_by TEXT, reported_by_span TEXT, PRIMARY KEY (article_id, "start")
) STRICT;
CREATE TABLE sketches (news BLOB PRIMARY KEY, sketch BLOB NOT NULL) STRICT;
CREATE TABLE invented (language TEXT NOT NULL, ordinal INTEGER NOT NULL, vector BLOB NOT NULL) STRICT;
"""
_ARTICLE_COLUMNS = (
    "id, text, title, outlet, author, published, language, url, "
    "source_file, source_path, sha256, source_sha256, exclusions, claims, pages, superseded_by, story, included"
)
_MANY = 500
"""SQL variables a statement; SQLite's oldest limit is 999."""


class Store:
    """The articles of one generation. Thread-safe for reading.

    An article is checked against the SHA-256 it was added with whenever it is handed out, so no slice of another text
    is ever shown.

    Raises:
        ArchiveDamagedError: a file is missing or is not such a database; also later, from any method.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        # SQLite's own lower() knows ASCII only.
        connection.create_function("folded", 1, lambda value: value and fold(value), deterministic=True)
        self._connection = connection

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty store for writing."""
        store = cls._for_writing(path)
        store._connection.executescript(_SCHEMA)
        return store

    @classmethod
    def copied(cls, path: Path) -> Store:
        """A copied store, for writing."""
        return cls._for_writing(path)

    @classmethod
    def _for_writing(cls, path: Path) -> Store:
        connection = sqlite3.connect(path)
        # The file is nobody's until its folder is published, which syncs it: a journal would protect nothing.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Store:
        """A published store, read-only."""
        if not path.is_file():
            raise ArchiveDamagedError(f"the archive's file {path.name} is missing", REBUILD)
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        store = cls(sqlite3.connect(uri, uri=True, check_same_thread=False))
        store._rows("SELECT count(*) FROM articles")
        return store

    def close(self) -> None:
        """Write what is pending and close the file."""
        self._connection.commit()
        self._connection.close()

    def add(self, article: Article, drafts: Sequence[Draft], vectors: Vectors, speech: Sequence[DirectQuote]) -> None:
        """Store an article with its passages and direct speech.

        Args:
            article: not yet in the store.
            drafts: its passages, in order.
            vectors: for each draft its passage's vector, then its sentences', in order.
            speech: its direct quotations, disjoint.
        """
        marks = ",".join("?" * len(_ARTICLE_COLUMNS.split(", ")))
        self._connection.execute(f"INSERT INTO articles ({_ARTICLE_COLUMNS}) VALUES ({marks})", article_row(article))
        rows = iter(np.ascontiguousarray(vectors, np.float32))
        for ordinal, draft in enumerate(drafts):
            language = passage_language(draft.span.of(article.text), article.language)
            cursor = self._connection.execute(
                'INSERT INTO passages (article_id, ordinal, "start", "end", language, vector) VALUES (?,?,?,?,?,?)',
                (article.id, ordinal, draft.span.start, draft.span.end, language, next(rows).tobytes()),
            )
            self._connection.executemany(
                'INSERT INTO sentences (passage_id, ordinal, "start", "end", vector) VALUES (?,?,?,?,?)',
                [
                    (cursor.lastrowid, place, sentence.start, sentence.end, next(rows).tobytes())
                    for place, sentence in enumerate(draft.sentences)
                ],
            )

        self._connection.executemany(
            "INSERT INTO direct_quotes VALUES (?,?,?,?,?,?,?,?,?,?)", [speech_row(quote) for quote in speech]
        )

    def remove(self, article_id: str) -> None:
        """Remove an article and all that is known of it."""
        self._connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def article(self, article_id: str) -> Article:
        """The article `article_id`.

        Raises:
            KeyError: there is none.
        """
        for article in self._articles("WHERE id = ?", (article_id,)):
            return article
        raise KeyError(article_id)

    def articles(self) -> Iterator[Article]:
        """All articles, by file name, then id."""
        return self._articles("ORDER BY source_file, id", ())

    def _articles(self, clause: str, values: tuple[str, ...]) -> Iterator[Article]:
        for row in self._rows(f"SELECT {_ARTICLE_COLUMNS} FROM articles {clause}", values):
            try:
                article = article_record(dict(zip(_ARTICLE_COLUMNS.split(", "), row, strict=True)))
            except (ValueError, TypeError, KeyError) as error:
                raise ArchiveDamagedError(f"a stored article was altered ({error})", REBUILD) from error
            if hashlib.sha256(article.text.encode("utf-8")).hexdigest() != article.sha256:
                raise ArchiveDamagedError(
                    f"the stored text of article {article.id} ({article.source_file}) was altered after it was added",
                    REBUILD,
                )
            yield article

    def article_ids(self, conditions: str = "1", values: Sequence[str] = ()) -> list[str]:
        """The ids of the articles that meet the SQL `conditions`, ascending."""
        return [i for (i,) in self._rows(f"SELECT id FROM articles WHERE {conditions} ORDER BY id", values)]

    def holdings(self) -> list[Holding]:
        """What is held, without the texts, newest first; articles without a date last, equal ones by file and id."""
        rows = self._rows(
            "SELECT id, title, outlet, published, language, source_file, "
            "(SELECT count(*) FROM passages WHERE article_id = articles.id), "
            "(SELECT count(*) FROM direct_quotes WHERE article_id = articles.id) "
            "FROM articles ORDER BY published DESC NULLS LAST, source_file, id"
        )
        return [Holding(*row) for row in rows]

    def drafts(self, article_id: str) -> tuple[list[Draft], Vectors]:
        """An article's passages and vectors, as :meth:`add` takes them."""
        drafts: list[Draft] = []
        blobs: list[bytes] = []
        query = 'SELECT id, "start", "end", vector FROM passages WHERE article_id = ? ORDER BY ordinal'
        for passage_id, start, end, vector in self._rows(query, (article_id,)):
            rows = list(
                self._rows(
                    'SELECT "start", "end", vector FROM sentences WHERE passage_id = ? ORDER BY ordinal', (passage_id,)
                )
            )
            drafts.append(Draft(Span(start, end), tuple(Span(first, last) for first, last, _ in rows)))
            blobs += [vector, *(blob for _, _, blob in rows)]
        return drafts, _matrix(blobs)

    def passages(self, ids: Iterable[int] | None = None) -> list[Passage]:
        """The passages `ids`, or all of them, by id."""
        columns = 'SELECT id, article_id, ordinal, "start", "end", language FROM passages'
        rows = self._rows(f"{columns} ORDER BY id") if ids is None else self._among(columns, "id", ids)
        return [Passage(i, article, n, Span(start, end), language) for i, article, n, start, end, language in rows]

    def languages(self) -> dict[str | None, int]:
        """How many passages are in each language, the most first."""
        return dict(self._rows("SELECT language, count(*) FROM passages GROUP BY 1 ORDER BY 2 DESC, 1"))

    def passage_ids(self, article_ids: Iterable[str]) -> list[int]:
        """The ids of the passages of `article_ids`, ascending."""
        return sorted(i for (i,) in self._among("SELECT id FROM passages", "article_id", article_ids))

    def sentences(self, passage_ids: Iterable[int]) -> list[Sentence]:
        """The sentences of `passage_ids`, by id."""
        return self._sentences("passage_id", passage_ids)

    def sentences_by_id(self, ids: Iterable[int]) -> list[Sentence]:
        """The sentences `ids`, by id."""
        return self._sentences("id", ids)

    def _sentences(self, column: str, values: Iterable[int]) -> list[Sentence]:
        rows = self._among('SELECT id, passage_id, ordinal, "start", "end" FROM sentences', column, values)
        return [Sentence(i, passage, ordinal, Span(start, end)) for i, passage, ordinal, start, end in rows]

    def direct_quotes(self, article_ids: Iterable[str] | None = None) -> list[DirectQuote]:
        """The direct speech of `article_ids`, or all of it, by article id and place."""
        columns = "SELECT * FROM direct_quotes"
        rows = (
            self._rows(f'{columns} ORDER BY article_id, "start"')
            if article_ids is None
            else self._among(columns, "article_id", article_ids)
        )
        return [speech_record(row) for row in rows]

    def speakers(self) -> list[str]:
        """The speaker of each direct quotation that has one, in the order of names."""
        return [name for (name,) in self._rows("SELECT speaker FROM direct_quotes WHERE speaker NOTNULL ORDER BY 1")]

    def vectors(self, table: str) -> tuple[list[int], Vectors]:
        """Ids and vectors of `table` (``passages`` or ``sentences``), by id."""
        ids, blobs = [], []
        for i, blob in self._rows(f"SELECT id, vector FROM {table} ORDER BY id"):
            ids.append(i)
            blobs.append(blob)
        return ids, _matrix(blobs)

    def put_sketches(self, sketches: Mapping[bytes, bytes]) -> None:
        """Keep these sketches and no others; see :mod:`index.sketches`."""
        self._connection.execute("DELETE FROM sketches")
        self._connection.executemany("INSERT INTO sketches VALUES (?, ?)", sketches.items())

    def sketches(self) -> dict[bytes, bytes]:
        """The sketches that are kept."""
        return dict(self._rows("SELECT news, sketch FROM sketches"))

    def put_invented(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep the vectors of the invented questions, by language; see :mod:`index.floor`."""
        self._connection.executemany(
            "INSERT INTO invented VALUES (?, ?, ?)",
            [(language, n, row.tobytes()) for language, rows in vectors.items() for n, row in enumerate(rows)],
        )

    def invented(self) -> dict[str, Vectors]:
        """The vectors of the invented questions, by language."""
        blobs: dict[str, list[bytes]] = {}
        for language, blob in self._rows("SELECT language, vector FROM invented ORDER BY language, ordinal"):
            blobs.setdefault(language, []).append(blob)
        return {language: _matrix(rows) for language, rows in blobs.items()}

    def count(self, table: str) -> int:
        """How many rows `table` has."""
        ((number,),) = self._rows(f"SELECT count(*) FROM {table}")
        return int(number)

    def problems(self) -> list[str]:
        """What SQLite's own integrity check finds; empty where all is well."""
        return [line for (line,) in self._rows("PRAGMA integrity_check") if line != "ok"]

    def _among(self, columns: str, column: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        wanted = list(values)
        rows: list[tuple[Any, ...]] = []
        for at in range(0, len(wanted), _MANY):
            part = wanted[at : at + _MANY]
            rows += self._rows(f"{columns} WHERE {column} IN ({','.join('?' * len(part))})", part)
        return sorted(rows)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> Iterable[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ArchiveDamagedError(f"the archive's database cannot be read ({error})", REBUILD) from error


def _matrix(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    """Stored vectors as rows; shape (0, 0) for none."""
    if not blobs:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(blobs), np.float32).reshape(len(blobs), -1)
