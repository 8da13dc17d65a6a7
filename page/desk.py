"""What stands behind the page: the archive as it is now, and one conversation's turns."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.archive import Archive
from index.encoder import open_encoder
from index.errors import ArchiveError, ModelError, QuestionError
from index.records import Article, Holding, Span
from page.conversation import Notice
from page.reader import Reading
from qa.answer import Engine
from qa.cap import capped_quotations, max_quoted
from qa.check.checker import Checker
from qa.facets import Facets, facets
from qa.quotations import Quotation, find_quotations
from qa.reading.opening import open_reader
from qa.records import Answer, Citation, Filters, Quote

_ALL = Filters()
_DIGITS = 12
"""Of an offset in a link, at most; no article is as long."""


class Desk:
    """Answers for any number of visitors at once, always from the archive's newest generation.

    Args:
        path: the archive's folder.
        reader: as for :func:`qa.reading.opening.open_reader`.

    Raises:
        ArchiveError: there is no archive that can be read.
        ModelError: the reader cannot be opened.
    """

    def __init__(self, path: Path, reader: str | None = None) -> None:
        self._open_model = functools.cache(open_encoder)
        self._open_reader = functools.cache(functools.partial(open_reader, reader))
        self._lock = threading.Lock()
        self._engine = self._opened(path)
        self._checker: tuple[Archive, Checker] | None = None

    def article(self, article_id: str) -> Article | None:
        """The article `article_id`; None where the archive holds none, or cannot be read."""
        store = self.engine().archive.store
        try:
            return store.article(article_id) if store.article_ids("id = ?", [article_id]) else None
        except ArchiveError:
            return None

    def linked(self, query: Mapping[str, str]) -> Reading | None:
        """What a link ``?article=…&start=…&end=…`` names; None where the archive holds no such place.

        Without `start` and `end` that is the article.
        """
        article = self.article(query.get("article", ""))
        if article is None or not {"start", "end"} & set(query):
            return None if article is None else Reading(article)
        start, end = query.get("start", ""), query.get("end", "")
        if not all(part.isascii() and part.isdecimal() and len(part) <= _DIGITS for part in (start, end)):
            return None
        try:
            quote = Quote(article, Span(int(start), int(end)))
        except ValueError:
            return None
        return Reading.of([Citation(1, quote, quote, 0.0, (), {})], 0)

    def engine(self) -> Engine:
        """The engine over the newest generation; where that cannot be read, over the last one that could."""
        archive = self._engine.archive
        with self._lock:
            if self._engine.archive is archive and not archive.is_current():
                try:
                    self._engine = self._opened(archive.path)
                except (ArchiveError, ModelError):
                    return self._engine
            return self._engine

    def warm_up(self) -> None:
        """Open the model now, so that the first visitor does not wait for it.

        Raises:
            ModelError: it cannot be opened.
        """
        self._engine.archive.encoder.encode_questions(["?"])

    def checker(self) -> Checker:
        """What checks drafts against the newest generation."""
        archive = self.engine().archive
        with self._lock:
            if self._checker is None or self._checker[0] is not archive:
                self._checker = (archive, Checker(archive))
            return self._checker[1]

    def facets(self, filters: Filters) -> Facets:
        """What there is to filter by; nothing while the archive cannot be read."""
        try:
            return facets(self.engine().archive, filters)
        except ArchiveError:
            return Facets(0, 0, (), (), ())

    def quotations(self, text: str, filters: Filters) -> tuple[Quotation, ...]:
        """The direct speech that holds the words of `text` and meets `filters`, newest article first.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        engine = self.engine()
        found, limit = find_quotations(engine.archive, text, filters), engine.max_quoted
        return tuple(found if limit is None else capped_quotations(found, limit))

    def holdings(self) -> list[Holding]:
        """The articles, newest first; none while the archive cannot be read."""
        try:
            return self.engine().archive.store.holdings()
        except ArchiveError:
            return []

    def ask(self, text: str, turns: Sequence[Answer | Notice], filters: Filters = _ALL) -> Answer | Notice:
        """Answer `text` as the next turn after `turns`; whatever goes wrong is a notice, not an exception."""
        # Follow-ups all hang on the last question that stood by itself: a chain of them would grow without end.
        former = next(
            (turn.question.text for turn in reversed(turns) if isinstance(turn, Answer) and not turn.question.follows),
            None,
        )
        try:
            return self.engine().ask(text, former=former, filters=filters)
        except QuestionError as error:
            return Notice(text[:200], error.problem.value)
        except (ArchiveError, ModelError):
            return Notice(text[:200], "archive_unreadable")

    def _opened(self, path: Path) -> Engine:
        archive = Archive.open(path, self._open_model)
        return Engine(archive, self._open_reader(archive.manifest.model.name), max_quoted=max_quoted(None))
