"""A connection to PostgreSQL that waits for an answer as long as whoever asks has patience, and no longer.

libpq waits while the network holds: for ever where a server is stopped or its machine stands still.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

_T = TypeVar("_T")
_LOOK = 60.0
"""Seconds of silence after which it is looked whether the server lives, where a statement may take its time."""
_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have all connections wait no longer than `seconds` in all for what is asked meanwhile."""
    former = _UNTIL.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _UNTIL.reset(former)


class Connection(psycopg.Connection[Any]):
    """One that raises ``OperationalError`` and is closed where the time of :func:`within` is over.

    Attributes:
        look: finds out, outside of :func:`within`, whether the server still lives, and raises where it does not.
    """

    look: Callable[[], object]

    @classmethod
    def opened(cls, *given: Any, **named: Any) -> Connection:
        """As ``connect``, in the time that is left."""
        until = _UNTIL.get()
        if until is not None:
            # Libpq counts whole seconds, two at least.
            named["connect_timeout"] = math.ceil(_left(until))
        return cls.connect(*given, **named)

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """As psycopg's, for all that is sent and received."""
        until = _UNTIL.get()
        while True:
            try:
                return super().wait(gen, interval, _LOOK if until is None else _left(until))
            except psycopg.errors._WaitTimeout:
                pass
            # psycopg's own way to be told that time is over leaves what is under way to be waited for again.
            try:
                _left(until) if until is not None else self.look()
            except BaseException:
                self.close()
                raise


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise psycopg.OperationalError("no answer in time")
    return left
