"""The texts of a shared archive: the same questions as to an archive's own, put to PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.errors import SHARE, SHARE_ANEW, SHARE_REBUILT, ArchiveDamagedError, ArchiveMismatchError
from index.records import Article
from index.shared.database import Database
from index.store import Store


@contextlib.contextmanager
def told_to_readers() -> Iterator[None]:
    """Have errors name the mend of a shared archive: whoever reads it has no files to build or derive it from.

    Raises:
        ArchiveError: those that are raised within.
    """
    try:
        yield
    except (ArchiveDamagedError, ArchiveMismatchError) as error:
        if error.hint not in (SHARE, SHARE_ANEW):
            error.hint = SHARE_ANEW if isinstance(error, ArchiveDamagedError) else SHARE_REBUILT
        raise


class SharedStore(Store):
    """The articles of one generation, of which `database` is set to read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """See :class:`Store`."""
        self._database.close()

    def articles_with(self, column: str, values: Iterable[str]) -> list[Article]:
        """See :class:`Store`."""
        with told_to_readers():
            return super().articles_with(column, values)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._database.rows(query, values)

    def _each(self, table: str, columns: str) -> str:
        return f"(SELECT {columns} FROM {table}) AS one"

    def counts(self) -> dict[str, int]:
        """How many articles, passages, sentences and direct quotations there are."""
        tables = ("articles", "passages", "sentences", "direct_quotes")
        return {table: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}

    def vector_owners(self, table: str) -> dict[int, int]:
        """What each vector of `table` belongs to, by id."""
        queries = {
            "passages": "SELECT p.id, number FROM passages AS p JOIN articles AS a ON a.id = article_id",
            "sentences": "SELECT id, passage_id FROM sentences",
        }
        return dict(self._rows(queries[table]))
