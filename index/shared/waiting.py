"""Asking again what does not answer, with growing pauses, for a limited time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from index.errors import ArchiveUnreachableError

_FIRST, _LONGEST = 0.1, 5.0
"""Seconds of the first pause, and of the longest; each is twice the one before."""

_T = TypeVar("_T")


def patiently(ask: Callable[[float], _T], patience: float) -> _T:
    """What `ask` returns, asked again while it says that nobody answers; it is told how many seconds are left.

    Raises:
        ArchiveUnreachableError: nobody answered within `patience` seconds.
    """
    end, pause = time.monotonic() + patience, _FIRST
    while True:
        try:
            return ask(max(end - time.monotonic(), _FIRST))
        except ArchiveUnreachableError:
            if time.monotonic() + pause >= end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST)
