"""Questions one after another: who has asked too much, how many wait, and what became of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from index.errors import ArchiveError, ModelError, VirgolettatoError
from page.door.audit import Audit
from page.door.caller import Caller
from page.door.metrics import Metrics
from page.door.rates import Rate
from page.door.refusals import RefusedError
from page.door.rules import Limits

AT_ONCE = 2
"""Questions answered at the same time; further ones wait. More would only take the cores from each other."""
_SOON = 1.0
"""Seconds after which to come again where too many wait."""


@dataclass(slots=True)
class Turn:
    """A question that is being answered; whoever answers says which archive did, from which articles, and how."""

    index_id: str = ""
    outcome: str = "answered"
    articles: Sequence[str] = ()


class Reception:
    """Lets questions in, counts and times them, and has them written down."""

    def __init__(
        self, limits: Limits | None = None, metrics: Metrics | None = None, audit: Audit | None = None
    ) -> None:
        self._limits = limits or Limits()
        self.metrics = metrics or Metrics()
        self._audit = audit
        self._rate = Rate(self._limits.per_minute)
        self._places = threading.BoundedSemaphore(AT_ONCE + self._limits.waiting)
        self._working = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def turn(self, caller: Caller, kind: str, text: str) -> Iterator[Turn]:
        """Wait for a place, and hold it.

        Args:
            caller: who asks.
            kind: ask, export or check, for the audit log.
            text: the question or draft, for it as well.

        Raises:
            RefusedError: too many wait, or the caller has asked too much.
        """
        turn, begun = Turn(), time.perf_counter()
        try:
            with self._place(caller):
                yield turn
        except RefusedError:
            turn.outcome = "refused"
            raise
        except (ArchiveError, ModelError):
            turn.outcome = "unreadable"
            raise
        except VirgolettatoError:
            turn.outcome = "invalid"
            raise
        except BaseException:
            turn.outcome = "error"
            raise
        finally:
            self.metrics.questions.labels(caller.interface, turn.outcome).inc()
            if turn.outcome != "refused":
                self.metrics.seconds.labels(caller.interface).observe(time.perf_counter() - begun)
            if self._audit is not None:
                self._audit.write(caller, kind, turn.outcome, index_id=turn.index_id, text=text, articles=turn.articles)

    def note(
        self,
        caller: Caller,
        kind: str,
        outcome: str = "done",
        *,
        index_id: str = "",
        text: str | None = None,
        articles: Iterable[str] = (),
    ) -> None:
        """Have written down what is done without waiting for a turn; the arguments are :meth:`Audit.write`'s.

        Raises:
            OSError: as there.
        """
        if self._audit is not None:
            self._audit.write(caller, kind, outcome, index_id=index_id, text=text, articles=articles)

    @contextmanager
    def _place(self, caller: Caller) -> Iterator[None]:
        wait = self._rate.wait(caller.client)
        if wait:
            raise RefusedError("too_many_questions", 429, wait)
        if not self._places.acquire(blocking=False):
            raise RefusedError("too_busy", 503, _SOON)
        self.metrics.working.inc()
        try:
            if not self._working.acquire(timeout=self._limits.seconds):
                raise RefusedError("too_busy", 503, _SOON)
            try:
                yield
            finally:
                self._working.release()
        finally:
            self.metrics.working.dec()
            self._places.release()
