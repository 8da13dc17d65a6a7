"""SQLite: an archive's own texts, spans and metadata, a file for each of its segments.

A file is written in a folder of its own that nobody reads yet, and never changes once it is published; it is then
opened as immutable. What was removed since stays in it and is passed over.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import REBUILD, ArchiveDamagedError
from index.schema import DATABASE, OF_ARTICLES, OTHERS, TABLES
from index.sketches import Sketch
from index.store import Store

MOST_SEGMENTS = 10
"""Files that SQLite reads as one, as it is compiled by default."""


class SegmentStore(Store):
    """The articles of a generation on this machine, and what tells near-copies and repeated lines of new ones.

    Raises:
        ArchiveDamagedError: a file is missing or is not such a database; also later, from any method.
    """

    def __init__(self, segments: Sequence[tuple[Path, Collection[str]]]) -> None:
        """Open the `segments`: each a folder and the ids of what was removed from it; of none there are no articles."""
        self._segments = segments
        self._connection = sqlite3.connect("file::memory:", uri=True, check_same_thread=False)
        self._connection.execute("CREATE TEMP TABLE removed (segment INTEGER, id TEXT, PRIMARY KEY (segment, id))")
        for number, (folder, removed) in enumerate(segments):
            path = folder / DATABASE
            if not path.is_file():
                raise ArchiveDamagedError(f"the archive's file {path.name} is missing", REBUILD)
            self._rows(f"ATTACH ? AS segment{number}", [f"{path.resolve().as_uri()}?mode=ro&immutable=1"])
            self._connection.executemany("INSERT INTO removed VALUES (?, ?)", [(number, i) for i in removed])
        self._connection.commit()
        if not segments:
            self._connection.executescript(TABLES)
        for table in (*OF_ARTICLES, *OTHERS) if segments else ():
            self._rows(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(_parts(table, segments))}")
        self._rows("SELECT id FROM articles LIMIT 1")

    def stored(self, table: str, columns: Iterable[str], key: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        """The `columns` of the rows of `table` that have one of `values` in the column `key`, as they are stored."""
        return self._among(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} IN", values)

    def ids_with_band(self, bands: Iterable[int]) -> set[str]:
        """The ids of the articles whose sketch has one of `bands`; see :mod:`index.sketches`."""
        return {i for (i,) in self._among("SELECT DISTINCT article_id FROM bands WHERE band IN", bands)}

    def sketch(self, article_id: str) -> Sketch | None:
        """The sketch of an article; None where there is no such article."""
        for row in self._rows("SELECT news, sketch FROM sketches WHERE article_id = ?", [article_id]):
            return Sketch(*row)
        return None

    def ids_with_line(self, forms: Iterable[int]) -> set[str]:
        """The ids of the articles that hold one of the short lines `forms`; see :mod:`index.repetition`."""
        return {i for (i,) in self._among("SELECT DISTINCT article_id FROM lines WHERE form IN", forms)}

    def repeats(self, group: str, forms: Iterable[int]) -> dict[int, int]:
        """How many stories of `group` hold each of the short lines `forms`; those that none holds are left out."""
        counts: Counter[int] = Counter()
        for form, stories in self._among("SELECT form, stories FROM repeats WHERE grp = ? AND form IN", forms, group):
            counts[form] += stories
        return {form: stories for form, stories in counts.items() if stories}

    def repeats_between(self, group: str, low: int, high: int) -> set[int]:
        """The short lines that at least `low` and fewer than `high` stories of `group` hold."""
        # The counts of a line are one in each segment that changed it: one of them is a fair share of the whole.
        least = -(-low // MOST_SEGMENTS)
        forms = [
            form
            for (form,) in self._rows(
                "SELECT DISTINCT form FROM repeats WHERE grp = ? AND stories >= ? AND form <> 0", [group, least]
            )
        ]
        return {form for form, stories in self.repeats(group, forms).items() if low <= stories < high}

    def held_by_segment(self, article_ids: Iterable[str]) -> list[set[str]]:
        """Which of `article_ids` each segment holds."""
        ids = list(article_ids)
        return [
            {i for (i,) in self._among(f"SELECT id FROM ({part}) WHERE id IN", ids)}
            for part in _parts("articles", self._segments)
        ]

    def removed_numbers(self) -> list[list[int]]:
        """The numbers of the articles that were removed from each segment."""
        return [
            [n for (n,) in self._among(f"SELECT number FROM segment{place}.articles WHERE id IN", removed)]
            for place, (_, removed) in enumerate(self._segments)
        ]

    def problems(self) -> list[str]:
        """What SQLite's own integrity check finds; empty where all is well."""
        return [line for (line,) in self._rows("PRAGMA integrity_check") if line != "ok"]

    def _each(self, table: str, columns: str) -> str:
        """A query for `columns` alone of all of `table`: a view would read the texts, too."""
        parts = " UNION ALL ".join(_parts(table, self._segments, columns))
        return f"({parts or f'SELECT {columns} FROM {table}'}) AS one"

    def close(self) -> None:
        """Close the files."""
        self._connection.close()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ArchiveDamagedError(f"the archive's database cannot be read ({error})", REBUILD) from error


def _parts(table: str, segments: Sequence[tuple[Path, Collection[str]]], columns: str = "*") -> Iterator[str]:
    """What of `table` each segment has, without what was removed; sentences are asked for by what they belong to."""
    for number, (_, removed) in enumerate(segments):
        column = OF_ARTICLES.get(table)
        gone = f"WHERE {column} NOT IN (SELECT id FROM removed WHERE segment = {number})" if column and removed else ""
        yield f"SELECT {columns} FROM segment{number}.{table} {gone}"
