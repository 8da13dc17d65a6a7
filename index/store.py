"""SQLite: the one source of truth for texts, spans and metadata, a file for each segment of the archive.

The full-text index and the vectors' indexes are derived from it. A file is written in a folder of its own that nobody
reads yet, and never changes once it is published; it is then opened as immutable. What was removed since stays in it
and is passed over.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.analysis import fold
from index.errors import REBUILD, ArchiveDamagedError
from index.records import Article, DirectQuote, Holding, Passage, Sentence, Span
from index.rows import ARTICLE_COLUMNS, article_record, speech_record
from index.schema import DATABASE, OF_ARTICLES, OTHERS, TABLES
from index.selection import Selection
from index.sketches import Sketch

MOST_SEGMENTS = 10
"""Files that SQLite reads as one, as it is compiled by default."""
_MANY = 500
"""SQL variables a statement; SQLite's oldest limit is 999."""


class Store:
    """The articles of one generation, read-only. Thread-safe.

    An article is checked against the SHA-256 it was added with whenever it is handed out, so no slice of another text
    is ever shown.

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

    def close(self) -> None:
        """Close the files."""
        self._connection.close()

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
        conditions, values = ("1", []) if selection is None else selection.conditions()
        return [i for (i,) in self._rows(f"SELECT id FROM articles WHERE {conditions} ORDER BY id", values)]

    def article_numbers(self, selection: Selection) -> list[int]:
        """The numbers of the articles of `selection`, whoever speaks in them."""
        conditions, values = selection.conditions()
        return [i for (i,) in self._rows(f"SELECT number FROM articles WHERE {conditions}", values)]

    def outlets(self, name: str, *, exact: bool = False) -> frozenset[str]:
        """The outlets whose name holds `name`, or is it where it is to be `exact`, whatever case and accents."""
        query = f"SELECT DISTINCT outlet FROM {self._each('articles', 'outlet')} WHERE outlet NOTNULL"
        wanted, known = fold(name), [one for (one,) in self._rows(query)]
        return frozenset(one for one in known if (fold(one) == wanted if exact else wanted in fold(one)))

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
        found: set[int] = set()
        for speech in self.direct_quotes(speakers=speakers):
            for i, start, end in self._rows(
                'SELECT id, "start", "end" FROM passages WHERE article_id = ?', [speech.article_id]
            ):
                if speech.span.overlaps(Span(start, end)):
                    found.add(i)
        return sorted(found)

    def languages(self) -> dict[str | None, int]:
        """How many passages are in each language, the most first."""
        passages = self._each("passages", "language")
        return dict(self._rows(f"SELECT language, count(*) FROM {passages} GROUP BY 1 ORDER BY 2 DESC, 1"))

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

    def speakers(self) -> list[str]:
        """The speaker of each direct quotation that has one, in the order of names."""
        return [name for (name,) in self._rows("SELECT speaker FROM direct_quotes WHERE speaker NOTNULL ORDER BY 1")]

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

    def totals(self) -> list[tuple[str | None, int, int, int, int]]:
        """By language: articles, older versions among them, characters, and how many of these are excluded."""
        articles = self._each("articles", "language, superseded_by, characters, excluded")
        return self._rows(
            f"SELECT language, count(*), count(superseded_by), sum(characters), sum(excluded) FROM {articles} "
            "GROUP BY language ORDER BY 1"
        )

    def in_stories(self) -> dict[str, tuple[str, str | None]]:
        """Story and outlet of each article that has near-copies, by id."""
        rows = self._rows("SELECT id, story, outlet FROM articles WHERE story NOTNULL")
        return {i: (story, outlet) for i, story, outlet in rows}

    def quotations(self) -> int:
        """How many direct quotations there are."""
        ((count,),) = self._rows(f"SELECT count(*) FROM {self._each('direct_quotes', 'article_id')}")
        return int(count)

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
        return f"({' UNION ALL '.join(_parts(table, self._segments, columns)) or f'SELECT {columns} FROM {table}'})"

    def _among(self, query: str, values: Iterable[Any], *before: Any) -> list[tuple[Any, ...]]:
        """The rows of `query`, which ends in IN, for `values`, sorted; `before` fills the places before them."""
        wanted = list(values)
        rows: list[tuple[Any, ...]] = []
        for at in range(0, len(wanted), _MANY):
            part = wanted[at : at + _MANY]
            rows += self._rows(f"{query} ({','.join('?' * len(part))})", [*before, *part])
        return sorted(rows)

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
