"""What stands behind the page: the archive as it is now, and one conversation's turns."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.archive import Archive
from index.build import add_intake, remove
from index.changes import Change
from index.errors import ArchiveDamagedError, ArchiveError, ModelError, QuestionError
from index.ingest import Intake
from index.opening import open_archive
from index.progress import Bars
from index.records import Article, Holding, Span
from index.settings import Place
from page.conversation import Notice
from page.door.caller import Caller
from page.door.reception import Reception
from page.door.refusals import RefusedError, unread
from page.examples import EXAMPLES, SEEDS
from page.reader import Reading
from qa.answer import Engine
from qa.cap import capped_quotations
from qa.check.checker import Checker
from qa.check.records import Check
from qa.facets import Facets, facets
from qa.limits import DEFAULT_QUOTES
from qa.messages import message
from qa.quotations import Quotation, find_quotations
from qa.reading.opening import open_reader
from qa.records import Answer, Citation, Filters, Language, Quote

_ALL = Filters()
_SOMEBODY = Caller()
_VERIFY = "python -m index verify says what is wrong"
_LATER = 5.0
"""Seconds after which to come again with a draft that took too long."""
_DIGITS = 12
"""Of an offset in a link, at most; no article is as long."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the page is served.

    Attributes:
        max_quoted: characters quoted from one article at most; None for no cap.
        allow_upload: whether visitors may add articles and remove them.
    """

    max_quoted: int | None = None
    allow_upload: bool = False


class Desk:
    """Answers for any number of visitors at once, always from the archive's newest generation.

    Args:
        place: where the archive is.
        reader: as for :func:`qa.reading.opening.open_reader`.
        policy: how it is served.
        reception: lets questions in, and tells of them; one without bounds on who asks unless given.

    Raises:
        ArchiveError: there is no archive that can be read.
        ModelError: the reader cannot be opened.
    """

    def __init__(
        self,
        place: Place,
        reader: str | None = None,
        policy: Policy | None = None,
        reception: Reception | None = None,
    ) -> None:
        self.policy = policy or Policy()
        self.reception = reception or Reception()
        self._reader = reader
        self._lock = threading.Lock()
        self._engine = self._opened(place)
        self._checker: tuple[Archive, Checker] | None = None

    def article(self, article_id: str) -> Article | None:
        """The article `article_id`; None where the archive holds none.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        try:
            return self.engine().archive.store.article(article_id)
        except KeyError:
            return None

    def linked(self, query: Mapping[str, str]) -> Reading | None:
        """What a link ``?article=…&start=…&end=…`` names; None where the archive holds no such place.

        Without `start` and `end` that is the article.

        Raises:
            ArchiveError: the archive cannot be read.
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
        # Where nobody answers, looking takes its time; whoever asks meanwhile does not wait for it.
        if archive.is_current():
            return self._engine
        with self._lock:
            if self._engine.archive is archive:
                with contextlib.suppress(ArchiveError, ModelError):
                    self._engine = self._opened(archive.place)
            return self._engine

    def warm_up(self) -> None:
        """Do now what the first visitor would wait for; see :meth:`index.archive.Archive.warm_up`."""
        self._engine.archive.warm_up()

    def check(self, text: str, caller: Caller = _SOMEBODY) -> Check:
        """Compare the quotations of `text` with the newest generation, in the caller's turn.

        Raises:
            RefusedError: too many wait, the caller has asked too much, or it takes longer than a request may.
            SourceError: there is nothing to compare, or too much.
            ArchiveError: the archive cannot be read.
            ModelError: its model cannot be opened.
        """
        with self.reception.turn(caller, "check", text) as turn:
            archive = self.engine().archive
            turn.index_id, turn.outcome = archive.manifest.index_id, "checked"
            with self._lock:
                if self._checker is None or self._checker[0] is not archive:
                    self._checker = (archive, Checker(archive))
                checker = self._checker[1]
            try:
                done = checker.check(text, turn.until)
            except TimeoutError as error:
                raise RefusedError("check_too_slow", 503, _LATER) from error
            turn.articles = [source.quote.article.id for checked in done.quotations for source in checked.sources]
            return done

    def facets(self, filters: Filters) -> Facets:
        """What there is to filter by.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        return facets(self.engine().archive, filters)

    def quotations(self, text: str, filters: Filters) -> tuple[Quotation, ...]:
        """The direct speech that holds the words of `text` and meets `filters`, newest article first; uncapped.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        return tuple(find_quotations(self.engine().archive, text, filters))

    def names(self) -> dict[str, str]:
        """Each spelling of a speaker's name with the one he or she goes by.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        return self.engine().archive.speaker_names

    def shown(self, quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
        """Those of `quotations` that may be shown under the cap, where one is set."""
        limit = self.policy.max_quoted
        return tuple(quotations if limit is None else capped_quotations(quotations, limit))

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with: of the seeds where the archive holds them, else about who says most.

        There are none while the archive cannot be read.
        """
        try:
            files = {holding.source_file for holding in self.holdings()}
            if files >= {path.name for path in SEEDS.glob("*.txt")}:
                return EXAMPLES[language]
            most = self.facets(_ALL).speakers[: len(EXAMPLES[language])]
        except ArchiveError:
            return ()
        return tuple(message("page_example_said", language, speaker=option.value) for option in most)

    def add(self, intake: Intake, bars: Bars, caller: Caller = _SOMEBODY) -> Change:
        """Add what was read to the archive, which goes on answering meanwhile.

        Raises:
            ArchiveError: somebody else is changing it, or it cannot be written.
            ModelError: its model cannot be opened.
        """
        named = [article.id for article in intake.articles]
        return self._changed(caller, "add", named, lambda path: add_intake(path, intake, bars=bars))

    def remove(self, article_id: str, caller: Caller = _SOMEBODY) -> Change:
        """Remove an article.

        Raises:
            ArchiveError: as for :meth:`add`, or there is no such article.
        """
        return self._changed(caller, "remove", [article_id], lambda path: remove(path, [article_id]))

    def note(
        self,
        caller: Caller,
        kind: str,
        outcome: str = "done",
        *,
        text: str | None = None,
        articles: Iterable[str] = (),
    ) -> None:
        """Have the audit log tell what `caller` did, as :meth:`page.door.audit.Audit.write` has it.

        Raises:
            OSError: it cannot be written; then there is to be no answer either.
        """
        index_id = self._engine.archive.manifest.index_id
        self.reception.note(caller, kind, outcome, index_id=index_id, text=text, articles=articles)

    def holdings(self) -> list[Holding]:
        """The articles, newest first.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        return self.engine().archive.store.holdings()

    def answer(
        self,
        text: str,
        *,
        k: int = DEFAULT_QUOTES,
        language: Language | None = None,
        filters: Filters = _ALL,
        former: str | None = None,
        caller: Caller = _SOMEBODY,
        kind: str = "ask",
    ) -> Answer:
        """The answer to `text` as :meth:`qa.answer.Engine.ask` gives it, under the cap, in the caller's turn.

        `kind` is what the audit log calls it.

        Raises:
            VirgolettatoError: as there.
            RefusedError: too many wait, or the caller has asked too much.
        """
        with self.reception.turn(caller, kind, text) as turn:
            engine = self.engine()
            turn.index_id = engine.archive.manifest.index_id
            answer = engine.ask(text, k=k, language=language, filters=filters, former=former)
            turn.outcome = answer.status.value
            turn.articles = [one.quote.article.id for one in answer.citations or answer.nearest]
            return answer

    def ask(
        self, text: str, former: str | None = None, filters: Filters = _ALL, caller: Caller = _SOMEBODY
    ) -> Answer | Notice:
        """Answer `text` as :meth:`answer` does; whatever goes wrong is a notice, not an exception."""
        try:
            return self.answer(text, former=former, filters=filters, caller=caller)
        except QuestionError as error:
            return Notice(text[:200], error.problem.value)
        except (ArchiveError, ModelError) as error:
            return Notice(text[:200], f"archive_{unread(error)}", caller.request_id)
        except RefusedError as error:
            return Notice(text[:200], error.name, caller.request_id)

    def problem(self) -> ArchiveError | ModelError | None:
        """Why questions cannot be answered from the newest generation; None where they can."""
        try:
            archive = self.engine().archive
            if not archive.is_newest():
                return ArchiveDamagedError(
                    "the newest generation of the archive cannot be read; the one before it answers", _VERIFY
                )
            archive.probe()
        except (ArchiveError, ModelError) as error:
            return error
        return None

    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._engine.archive.generation

    def _changed(self, caller: Caller, kind: str, articles: list[str], change: Callable[[Path], Change]) -> Change:
        try:
            done = change(self._engine.archive.place.path)
        except BaseException:
            self.note(caller, kind, "failed", articles=articles)
            raise
        self.engine()
        self.note(caller, kind, articles=[*done.added, *done.updated, *done.removed])
        return done

    def _opened(self, place: Place) -> Engine:
        archive = open_archive(place)
        return Engine(
            archive, open_reader(self._reader, archive.manifest.model.name), max_quoted=self.policy.max_quoted
        )
