"""Who is logged in, by a cookie that says nothing, and who has guessed too often."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

COOKIE = "virgolettato_session"
LASTING = 12 * 3600
"""Seconds of a session: a working day."""
_SESSIONS = 10_000
_FREE = 4
"""Guesses that cost no waiting."""
_LONGEST_WAIT = 300.0
_REMEMBERED = 3600
"""Seconds after which wrong guesses are forgotten."""

Clock = Callable[[], float]


class Sessions:
    """Sessions in memory: they end with the program. Of a cookie only the SHA-256 is kept."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._names: TTLCache[str, str] = TTLCache(_SESSIONS, LASTING, clock)
        self._lock = threading.Lock()

    def begin(self, name: str) -> str:
        """The cookie of a new session of `name`."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._names[_digest(cookie)] = name
        return cookie

    def name(self, cookie: str) -> str | None:
        """Whose session it is; None where there is none, or no longer."""
        with self._lock:
            return self._names.get(_digest(cookie))

    def end(self, cookie: str) -> None:
        """End the session, if there is one."""
        with self._lock:
            self._names.pop(_digest(cookie), None)


@dataclass(slots=True)
class _Guesses:
    wrong: int = 0
    until: float = 0.0


class Slowdown:
    """How long whoever guesses passwords has to wait: twice as long after each, by name and by address.

    The first four wrong guesses of an hour cost nothing; the longest wait is five minutes, so that nobody is shut out
    for long by somebody else's guesses at his name.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._guesses: TTLCache[str, _Guesses] = TTLCache(_SESSIONS, _REMEMBERED, clock)
        self._lock = threading.Lock()

    def wait(self, *keys: str) -> float:
        """Seconds until one may guess again; 0 for now. A guess that may be made counts as wrong until it is not."""
        now = self._clock()
        with self._lock:
            guesses = [self._guesses.get(key) or _Guesses() for key in keys]
            waiting = max(guess.until for guess in guesses) - now
            if waiting > 0:
                return waiting
            for key, guess in zip(keys, guesses, strict=True):
                guess.wrong += 1
                if guess.wrong > _FREE:
                    guess.until = now + min(_LONGEST_WAIT, 2.0 ** (guess.wrong - _FREE))
                self._guesses[key] = guess
            return 0.0

    def right(self, *keys: str) -> None:
        """Forget the guesses: the last was right."""
        with self._lock:
            for key in keys:
                self._guesses.pop(key, None)


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
