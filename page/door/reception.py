"""Questions one after another: who has asked too much, how many wait, and what became of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from index.errors import ArchiveError, ModelError, VirgolettatoError
from page.door.audit import Audit
from page.door.caller import Caller
from page.door.metrics import Metrics
from page.door.places import Places
from page.door.rates import Rate
from page.door.refusals import RefusedError
from page.door.rules import Limits

_BEFORE = 5.0
"""Seconds before the limit of a request at which one stops waiting for a place: its refusal is to arrive in time."""


@dataclass(slots=True)
class Turn:
    """A question that is being answered; whoever answers says which archive did, from which articles, and how.

    Attributes:
        until: when nobody waits for it any longer, in seconds of :func:`time.monotonic`.
    """

    until: float
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
        self._places = Places(self._limits.waiting, shared=self._limits.per_minute > 0)

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
        begun = time.monotonic()
        turn = Turn(begun + self._limits.seconds)
        try:
            with self._place(caller, kind):
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
                self.metrics.seconds.labels(caller.interface).observe(time.monotonic() - begun)
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
    def _place(self, caller: Caller, kind: str) -> Iterator[None]:
        wait = self._rate.wait(caller.client)
        if wait:
            raise RefusedError("too_many_questions", 429, wait)
        seconds = max(self._limits.seconds - _BEFORE, 0.75 * self._limits.seconds)
        self.metrics.working.inc()
        try:
            with self._places.taken(caller.party, long=kind == "check", seconds=seconds):
                yield
        finally:
            self.metrics.working.dec()
