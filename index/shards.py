"""Shards: what workers make for a build, files in a folder that all of them reach, until the build is published.

An order says all that its shard depends on, so the shard is named by the order's digest: a build that is begun again
finds what was made before, and nothing of another build, model or version can be taken for it.

::

    NAME.order      what is to be made
    NAME.shard      what was made of it: its SHA-256, a newline, its bytes
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from pathlib import Path

from index.errors import ClusterError

_ORDER, _SHARD, _ASIDE = ".order", ".shard", ".writing-"
_LOOKS, _PAUSE = 5, 1.0
"""How often, and after how many seconds each, an order is looked for: a network's folder may show new files late."""


class Shards:
    """The orders and shards in `folder`, which is this build's alone and is made where needed.

    Raises:
        OSError: it cannot be written or read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, order: bytes) -> str:
        """Write `order`; returns its name."""
        name = hashlib.sha256(order).hexdigest()
        self._write(name + _ORDER, order)
        return name

    def order(self, name: str) -> bytes:
        """The order `name`.

        Raises:
            ClusterError: it is not here, or not whole.
        """
        for look in range(_LOOKS):
            if look:
                time.sleep(_PAUSE)
            with contextlib.suppress(FileNotFoundError):
                order = (self.folder / (name + _ORDER)).read_bytes()
                if hashlib.sha256(order).hexdigest() == name:
                    return order
        raise ClusterError(
            f"what is to be done is not in {self.folder}", "name a folder that all machines reach there, with --shards"
        )

    def put(self, name: str, made: bytes) -> None:
        """Keep what was `made` of the order `name`: all of it or nothing is there, whenever the process dies."""
        self._write(name + _SHARD, hashlib.sha256(made).hexdigest().encode("ascii") + b"\n" + made)

    def has(self, name: str) -> bool:
        """Whether something was made of the order `name`; it may be damaged."""
        return (self.folder / (name + _SHARD)).exists()

    def get(self, name: str) -> bytes | None:
        """What was made of the order `name`; None where it is missing or damaged."""
        try:
            digest, _, made = (self.folder / (name + _SHARD)).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return made if hashlib.sha256(made).hexdigest().encode("ascii") == digest else None

    def clear(self) -> None:
        """Remove all orders and shards, and the folder where nothing else lies in it."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.suffix in (_ORDER, _SHARD) or path.name.startswith(_ASIDE):
                    path.unlink(missing_ok=True)
            self.folder.rmdir()

    def _write(self, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Made as any file is, and not by tempfile: workers may be other users of one group.
        aside = self.folder / f"{_ASIDE}{uuid.uuid4().hex}"
        try:
            with aside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.folder / name)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
