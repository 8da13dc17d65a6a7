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

from index.errors import ArchiveError

_T = TypeVar("_T")
_LOOK = 60.0
"""Seconds after which it is looked whether the server lives, where a statement may take its time."""


class _LateError(psycopg.OperationalError):
    """Time is over."""


class _Clock:
    """It runs from the first time that somebody waits for the server: for a free connection one waits without it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            _LateError: there are none.
        """
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        left = self._until - time.monotonic()
        if left <= 0:
            raise _LateError("no answer in time")
        return left


_CLOCK: ContextVar[_Clock | None] = ContextVar("clock", default=None)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have all connections wait no longer than `seconds` in all for what is asked meanwhile."""
    former = _CLOCK.set(_Clock(seconds))
    try:
        yield
    finally:
        _CLOCK.reset(former)


class Connection(psycopg.Connection[Any]):
    """One that raises ``OperationalError`` and is closed where the time of :func:`within` is over.

    Attributes:
        look: finds out, outside of :func:`within`, whether the server still lives, and raises ArchiveError where it
            does not.
    """

    look: Callable[[], object] = staticmethod(lambda: None)

    @classmethod
    def opened(cls, *given: Any, **named: Any) -> Connection:
        """As ``connect``, in the time that is left; of a name with several addresses, for each of them."""
        clock = _CLOCK.get()
        if clock is not None:
            # Libpq counts whole seconds, two at least.
            named["connect_timeout"] = math.ceil(clock.left())
        return cls.connect(*given, **named)

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """As psycopg's, for all that is sent and received."""
        clock = _CLOCK.get()
        try:
            while True:
                # What is under way can be waited for again, as psycopg itself does after an interruption.
                with contextlib.suppress(psycopg.errors._WaitTimeout):
                    return super().wait(gen, interval, _LOOK if clock is None else clock.left())
                if clock is None:
                    self.look()
        except (_LateError, ArchiveError):
            self.close()
            raise
