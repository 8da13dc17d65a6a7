"""What a program that was killed left behind: folders with files that visitors had sent."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE = "virgolettato-page-"
"""How the folders begin that hold what visitors send, and no others: what is swept must be nobody's but a page's."""
_OURS = re.compile(f"{PRIVATE}[a-z0-9_]{{8}}")
_FRESH = 60.0
"""Seconds for which a folder that nobody holds may be one that is just being made."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold `folder` as long as this process lives; what others left that do not live any more goes."""
    holding = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(holding, fcntl.LOCK_EX)
        _sweep(folder.parent)
        yield
    finally:
        os.close(holding)


def _sweep(place: Path) -> None:
    for folder in place.iterdir():
        with suppress(OSError):  # somebody else's, or gone meanwhile
            about = folder.lstat()
            mine = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid()
            if mine and _OURS.fullmatch(folder.name) and time.time() - about.st_mtime > _FRESH:
                _remove_abandoned(folder)


def _remove_abandoned(folder: Path) -> None:
    """Remove `folder` unless its process lives, and holds it.

    Raises:
        OSError: it does.
    """
    tried = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(tried, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(tried)
