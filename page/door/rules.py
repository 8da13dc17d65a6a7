"""Who may come in, and how much is taken on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from page.door.users import Users

WAITING = 16
"""Questions that wait, at most; each holds one of the 40 threads that everything else needs as well."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may come in.

    Attributes:
        hosts: names under which the page may be asked for; empty for any. Another site whose name is made to point
            here could else read it.
        per_minute: questions of one client; 0 for any number.
        users: None where nobody logs in.
        behind_proxy: whether what a proxy says of the client is believed.
        uploads: whether files are taken.
    """

    hosts: Collection[str] = ()
    per_minute: int = 0
    users: Users | None = None
    behind_proxy: bool = False
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken on.

    Attributes:
        per_minute: questions of one client; 0 for any number.
        waiting: questions that wait, at most.
        seconds: for which one waits, and within which a request is received and its answer begun.
    """

    per_minute: int = 0
    waiting: int = WAITING
    seconds: float = 60.0
