"""How the engine and the database of a shared archive are reached, from the environment: nothing secret is a flag."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import UsageError

_PREFIX = "VIRGOLETTATO_ENGINE_"
WRITING = 60.0
"""Seconds a writer waits for an engine or database that does not answer, at least."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach the engine.

    Attributes:
        token: ``user:password`` or an API key; None where the engine asks for none.
        authority: a file of certificates that its own is checked against; None for the system's.
        patience: seconds a question waits for an engine or a database that does not answer.
        replicas: copies of the vectors held in memory by as many query nodes.
        shards: parts that vectors are written into side by side.
    """

    token: str | None = field(default=None, repr=False)
    authority: Path | None = None
    patience: float = 5.0
    replicas: int = 1
    shards: int = 1

    @classmethod
    def from_environment(cls) -> Reach:
        """What ``VIRGOLETTATO_ENGINE_`` … says.

        Raises:
            UsageError: one of these cannot be meant.
        """
        return cls(
            _token(),
            _authority(),
            _number("PATIENCE", 5.0, 0.1, 3600),
            _count("REPLICAS"),
            _count("SHARDS"),
        )


def _given(name: str) -> str | None:
    return os.environ.get(_PREFIX + name) or None


def _authority() -> Path | None:
    path = _given("CA")
    if path is None:
        return None
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"the certificates in {path} cannot be read", f"set ${_PREFIX}CA to a file of certificates in PEM"
        ) from error
    return Path(path)


def _token() -> str | None:
    path = _given("TOKEN_FILE")
    if path is None:
        return _given("TOKEN")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the token in {path} cannot be read", f"set ${_PREFIX}TOKEN_FILE to a file of one line"
        ) from error


def _count(name: str) -> int:
    number = _number(name, 1, 1, 64)
    if number % 1:
        raise UsageError(f"${_PREFIX}{name} is {number:g}", "set it to a whole number")
    return int(number)


def _number(name: str, default: float, low: float, high: float) -> float:
    text = _given(name)
    try:
        number = default if text is None else float(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise UsageError(f"${_PREFIX}{name} is {text}", f"set it to a number from {low:g} to {high:g}")
    return number
