"""What stands behind the page: the archive as it is now, and one conversation's turns."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.archive import Archive
from index.encoder import open_encoder
from index.errors import ArchiveError, ModelError, QuestionError
from index.records import Span
from page.conversation import Notice
from qa.answer import Engine
from qa.reading.opening import open_reader
from qa.records import Answer, Citation, Quote

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

    def ask(self, text: str, turns: Sequence[Answer | Notice]) -> Answer | Notice:
        """Answer `text` as the next turn after `turns`; whatever goes wrong is a notice, not an exception."""
        # Follow-ups all hang on the last question that stood by itself: a chain of them would grow without end.
        former = next(
            (turn.question.text for turn in reversed(turns) if isinstance(turn, Answer) and not turn.question.follows),
            None,
        )
        try:
            return self.engine().ask(text, former=former)
        except QuestionError as error:
            return Notice(text[:200], error.problem.value)
        except (ArchiveError, ModelError):
            return Notice(text[:200], "archive_unreadable")

    def linked(self, query: Mapping[str, str]) -> Citation | None:
        """The quotation that a link ``?article=…&start=…&end=…`` names; None where the archive holds no such place."""
        start, end = query.get("start", ""), query.get("end", "")
        if not (start.isdecimal() and end.isdecimal() and len(start) < _DIGITS and len(end) < _DIGITS):
            return None
        store = self.engine().archive.store
        try:
            if not store.article_ids("id = ?", [query.get("article", "")]):
                return None
            quote = Quote(store.article(query["article"]), Span(int(start), int(end)))
        except (ArchiveError, ValueError):
            return None
        return Citation(1, quote, quote, 0.0, (), {})

    def _opened(self, path: Path) -> Engine:
        archive = Archive.open(path, self._open_model)
        return Engine(archive, self._open_reader(archive.manifest.model.name))
