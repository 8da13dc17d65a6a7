"""A segment: a part of the archive's articles in a folder of its own, written once and never changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.candidates import places_of, write_places
from index.encoder import Vectors
from index.errors import REBUILD, ArchiveDamagedError
from index.language import passage_language
from index.manifest import Given
from index.passages import Draft
from index.records import Article, DirectQuote
from index.repetition import forms_of
from index.rows import ARTICLE_COLUMNS, article_row, speech_row
from index.schema import DATABASE, INDEXES, OF_ARTICLES, TABLES, VECTORS
from index.sketches import Sketch
from index.vectors import Rows, SegmentVectors, VectorFile, derive, derive_rows

_BLOCK = 65_536
"""Vectors, or passages, copied at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article to be written.

    Attributes:
        drafts: its passages, in order.
        speech: its direct quotations, disjoint.
        sketch: of its news.
    """

    article: Article
    drafts: Sequence[Draft]
    speech: Sequence[DirectQuote]
    sketch: Sketch


@contextlib.contextmanager
def segment_writer(folder: Path, dimension: int, given: Given) -> Iterator[SegmentWriter]:
    """Write a segment into the empty `folder`; at the end it is whole.

    Raises:
        OSError: the system refuses a write.
        ArchiveDamagedError: what is taken over cannot be read.
    """
    try:
        # The file is nobody's until its folder is published, which syncs it: a journal would protect nothing.
        connection = sqlite3.connect((folder / DATABASE).resolve().as_uri(), uri=True)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(TABLES)
        with contextlib.closing(connection), contextlib.ExitStack() as files:
            vectors = {table: files.enter_context(VectorFile(folder, table, dimension)) for table in VECTORS}
            writer = SegmentWriter(connection, vectors, given)
            yield writer
            writer.finish()
        write_places(folder, stored_places(folder))
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise ArchiveDamagedError(f"a database of the archive cannot be read ({error})", REBUILD) from error
    for table in VECTORS:
        derive(folder, table)


class SegmentWriter:
    """A segment while it is written.

    What former segments hold is taken over first, oldest first, so that numbers ascend.

    Attributes:
        given: the last numbers that were given.
        articles, passages: how many it holds in the end.
    """

    def __init__(self, connection: sqlite3.Connection, vectors: Mapping[str, VectorFile], given: Given) -> None:
        self._connection = connection
        self._vectors = vectors
        self.given = given
        self.articles = self.passages = 0

    def take(self, former: Path, removed: Collection[str]) -> None:
        """Take over all that the segment in the folder `former` holds but the articles `removed`."""
        self._connection.execute("ATTACH ? AS former", [_published(former)])
        self._connection.execute("CREATE TEMP TABLE removed (id TEXT PRIMARY KEY)")
        self._connection.executemany("INSERT INTO removed VALUES (?)", [(i,) for i in removed])
        for table, column in OF_ARTICLES.items():
            self._copy(table, f"{column} NOT IN removed")
        passages = "SELECT id FROM former.passages WHERE article_id IN removed"
        self._copy("sentences", f"passage_id NOT IN ({passages})")
        self._copy("repeats", "1")
        gone = {
            "passages": passages,
            "sentences": f"SELECT id FROM former.sentences WHERE passage_id IN ({passages})",
        }
        for table, query in gone.items():
            held = SegmentVectors.open(former, table)
            without = np.array([i for (i,) in self._connection.execute(query)] if removed else [], np.int64)
            for at in range(0, len(held.ids), _BLOCK):
                part = slice(at, at + _BLOCK)
                kept = ~np.isin(held.ids[part], without)
                self._vectors[table].append(held.ids[part][kept], held.owners[part][kept], held.matrix[part][kept])
        self._connection.commit()
        self._connection.execute("DROP TABLE temp.removed")
        self._connection.execute("DETACH former")

    def _copy(self, table: str, condition: str) -> None:
        self._connection.execute(f"INSERT INTO main.{table} SELECT * FROM former.{table} WHERE {condition}")

    def add(self, entry: Entry, vectors: Vectors) -> None:
        """Store an article; `vectors` are for each draft its passage's, then its sentences', in order."""
        article, given = entry.article, self.given
        number = given.articles + 1
        row = (number, *article_row(article), len(article.text), sum(len(one.span) for one in article.exclusions))
        self._insert("articles", [row], f"number, {ARTICLE_COLUMNS}, characters, excluded")
        passages: list[tuple[int, str, int, int, int, str | None]] = []
        sentences: list[tuple[int, int, int, int, int]] = []
        for ordinal, draft in enumerate(entry.drafts):
            i = given.passages + 1 + ordinal
            language = passage_language(draft.span.of(article.text), article.language)
            passages.append((i, article.id, ordinal, draft.span.start, draft.span.end, language))
            for place, span in enumerate(draft.sentences):
                sentences.append((given.sentences + 1 + len(sentences), i, place, span.start, span.end))
        self._insert("passages", passages)
        self._insert("sentences", sentences)
        of_passage = np.zeros(len(vectors), np.bool_)
        of_passage[np.cumsum([0, *(1 + len(draft.sentences) for draft in entry.drafts)])[:-1]] = True
        self._vectors["passages"].append([row[0] for row in passages], [number] * len(passages), vectors[of_passage])
        owners = [row[1] for row in sentences]
        self._vectors["sentences"].append([row[0] for row in sentences], owners, vectors[~of_passage])
        self._insert("direct_quotes", [speech_row(quote) for quote in entry.speech])
        self._insert("sketches", [(article.id, entry.sketch.news, entry.sketch.values)])
        self._insert("bands", [(band, article.id) for band in entry.sketch.bands])
        self._insert("lines", [(form, article.id) for form in sorted(forms_of(article))])
        self.given = Given(number, given.passages + len(passages), given.sentences + len(sentences))

    def count(self, changes: Mapping[tuple[str, int], int]) -> None:
        """Store by how much more stories of a group hold a short line now; see :mod:`index.repetition`."""
        self._insert("repeats", [(group, form, by) for (group, form), by in changes.items()])

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]], columns: str = "") -> None:
        if rows:
            named = f"({columns})" if columns else ""
            self._connection.executemany(
                f"INSERT INTO main.{table} {named} VALUES ({','.join('?' * len(rows[0]))})", rows
            )

    def finish(self) -> None:
        """Sum up what is counted, and make the indexes."""
        self._connection.executescript(
            "CREATE TEMP TABLE summed AS SELECT grp, form, sum(stories) AS stories FROM main.repeats GROUP BY 1, 2;"
            "DELETE FROM main.repeats; INSERT INTO main.repeats SELECT * FROM summed WHERE stories <> 0;" + INDEXES
        )
        self._connection.commit()
        ((self.articles,),) = self._connection.execute("SELECT count(*) FROM articles")
        ((self.passages,),) = self._connection.execute("SELECT count(*) FROM passages")


def rederive(folder: Path) -> None:
    """Derive again what follows from the database and the vectors of the segment in `folder`."""
    for table in VECTORS:
        derive_rows(folder, table, stored_rows(folder, table))
        derive(folder, table)
    write_places(folder, stored_places(folder))


def stored_rows(folder: Path, table: str) -> Rows:
    """What each vector of `table` belongs to, by the database of the segment in `folder`: ids and owners."""
    queries = {
        "passages": "SELECT passages.id, number FROM passages JOIN articles ON articles.id = article_id ORDER BY 1",
        "sentences": "SELECT id, passage_id FROM sentences ORDER BY 1",
    }
    with contextlib.closing(sqlite3.connect(_published(folder), uri=True)) as connection:
        rows = connection.execute(queries[table]).fetchall()
    return np.ascontiguousarray(np.array(rows, np.int64).reshape(-1, 2).T)


def stored_places(folder: Path) -> Iterator[NDArray[Any]]:
    """Where the passages stand, part by part, by the database of the segment in `folder`."""
    with contextlib.closing(sqlite3.connect(_published(folder), uri=True)) as connection:
        rows = connection.execute('SELECT article_id, "start", "end", language FROM passages ORDER BY id')
        while part := rows.fetchmany(_BLOCK):
            yield places_of(part)


def _published(folder: Path) -> str:
    """The name of a segment's database that is read only."""
    return f"{(folder / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
