"""Places to be answered at: a few work at once, some wait, and nobody takes them all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from page.door.refusals import RefusedError

AT_ONCE = 2
"""Questions answered at the same time; further ones wait. More would only take the cores from each other."""
OF_ONE = 2
"""Questions of one party that wait while one of it is answered."""
_SOON = 1.0
"""Seconds after which to come again where too many wait."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """Somebody who came; `long` for what may take much longer than a question."""

    party: object
    long: bool


class Places:
    """Whoever came first is first, and long work leaves a place for others.

    Args:
        waiting: how many wait, at most; the last of these places is not for long work.
        shared: whether no party may work twice at the same time, or wait more than :data:`OF_ONE` times: where parties
            that know nothing of each other come. On one machine ten scripts are one address.
    """

    def __init__(self, waiting: int, *, shared: bool) -> None:
        self._waiting = waiting
        self._shared = shared
        self._changed = threading.Condition()
        self._came: list[_Ticket] = []
        self._working: list[_Ticket] = []

    @contextmanager
    def taken(self, party: str, *, long: bool, seconds: float) -> Iterator[None]:
        """Wait for a place, and hold it.

        Raises:
            RefusedError: too many wait, or too many of `party`, or none was free within `seconds`.
        """
        ticket = _Ticket(party if self._shared else object(), long)
        with self._changed:
            self._came.append(ticket)
            try:
                if self._next() is not ticket:
                    self._require_room(ticket)
                    if not self._changed.wait_for(lambda: self._next() is ticket, seconds):
                        raise RefusedError("too_busy", 503, _SOON)
                self._working.append(ticket)
            finally:
                self._came.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working.remove(ticket)
                self._changed.notify_all()

    def _next(self) -> _Ticket | None:
        """Who may begin now; None for nobody."""
        if len(self._working) >= AT_ONCE:
            return None
        busy = {ticket.party for ticket in self._working}
        long = sum(ticket.long for ticket in self._working)
        fit = (one for one in self._came if one.party not in busy and not (one.long and long >= AT_ONCE - 1))
        return next(fit, None)

    def _require_room(self, ticket: _Ticket) -> None:
        """That `ticket`, the last that came, may wait."""
        others = Counter(one.party for one in self._came if one is not ticket)
        if others[ticket.party] >= OF_ONE:
            raise RefusedError("too_many_at_once", 429, _SOON)
        if others.total() >= self._waiting - ticket.long:
            raise RefusedError("too_busy", 503, _SOON)
