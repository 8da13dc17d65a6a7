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
_DOUBLED = 9
"""Times a wait is doubled, at most; after that it is longer than the longest."""
PAUSE = 2.0
"""Seconds that an answer is held back where somebody guesses at the name, from wherever."""
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
    """How long whoever guesses passwords has to wait: twice as long after each, at one name from an address, and at any
    from it.

    The first four wrong guesses of an hour cost nothing; the longest wait is five minutes. Guesses at a name from other
    addresses shut nobody out: they only hold his answers back for two seconds.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._guesses: TTLCache[tuple[str, str], _Guesses] = TTLCache(_SESSIONS, _REMEMBERED, clock)
        self._lock = threading.Lock()

    def wait(self, name: str, client: str) -> float:
        """Seconds until `client` may guess at `name` again; 0 for now. A guess counts as wrong until it is not."""
        now = self._clock()
        with self._lock:
            guesses = {key: self._guesses.get(key) or _Guesses() for key in _keys(name, client)}
            waiting = max(guess.until for guess in guesses.values()) - now
            if waiting > 0:
                return waiting
            for key, guess in guesses.items():
                guess.wrong += 1
                if guess.wrong > _FREE and key[1]:
                    guess.until = now + min(_LONGEST_WAIT, 2.0 ** min(guess.wrong - _FREE, _DOUBLED))
                self._guesses[key] = guess
            return 0.0

    def pause(self, name: str) -> float:
        """Seconds for which the answer to a guess that may be made is held back."""
        with self._lock:
            guess = self._guesses.get((name, ""))
            return PAUSE if guess is not None and guess.wrong > _FREE else 0.0

    def right(self, name: str, client: str) -> None:
        """The last guess was right: forget those of `client` at `name`, and that one.

        Those at other names stay: whoever has a password of his own is not to guess at others' for nothing.
        """
        with self._lock:
            self._guesses.pop((name, client), None)
            for key in (("", client), (name, "")):
                if guess := self._guesses.get(key):
                    guess.wrong, guess.until = max(0, guess.wrong - 1), 0.0


def _keys(name: str, client: str) -> tuple[tuple[str, str], ...]:
    return (name, client), ("", client), (name, "")


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
