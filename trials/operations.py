"""The file operations of a writer, one by one, so that each can be its last one or be refused."""

from __future__ import annotations

import builtins
import contextlib
import functools
import io
import itertools
import os
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest.mock import patch

import faiss
import numpy as np

Act = Callable[[str], None]

_CALLS = (
    *((os, name) for name in ("mkdir", "link", "rename", "replace", "unlink", "rmdir", "chmod", "fsync", "sendfile")),
    (faiss, "write_index"),
    (np, "save"),
)
REMOVING = ("unlink", "rmdir")


class _Written(io.FileIO):
    """A file whose writes are operations."""

    act: Act

    def write(self, data: Any) -> int:
        self.act("write")
        return super().write(data)


@contextlib.contextmanager
def each_operation(act: Act) -> Iterator[None]:
    """Have `act` called with the name of each file operation of this process just before it is done.

    Operations are Python's own: the calls :data:`_CALLS`, a file opened for writing (``open``), and what leaves its
    buffer (``write``). What SQLite, tantivy and FAISS do inside is not seen.
    """
    really_opened, really_opened_handle = io.open, os.open

    def opened(file: Any, mode: str = "r", buffering: int = -1, *more: Any, **options: Any) -> Any:
        if not set(mode) & set("wax+") or isinstance(file, int):
            return really_opened(file, mode, buffering, *more, **options)
        act("open")
        raw = _Written(file, mode.replace("b", "").replace("t", ""))
        raw.act = act
        buffer: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, *more, **options)

    def opened_handle(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            act("open")
        return really_opened_handle(path, flags, *more, **options)

    def announced(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def call(*arguments: Any, **options: Any) -> Any:
            act(name)
            return real(*arguments, **options)

        return call

    with contextlib.ExitStack() as patches:
        for owner, name in _CALLS:
            patches.enter_context(patch.object(owner, name, announced(name, getattr(owner, name))))
        for owner in (builtins, io):
            patches.enter_context(patch.object(owner, "open", opened))
        patches.enter_context(patch.object(os, "open", opened_handle))
        yield


def operations_of(work: Callable[[], object]) -> list[str]:
    """The names of the operations of `work`, which is done."""
    names: list[str] = []
    with each_operation(names.append):
        work()
    return names


def at_operation(number: int, act: Act) -> Act:
    """What calls `act` at the operation `number`, counted from 0, and at all later ones."""
    left = itertools.count(-number)

    def call(name: str) -> None:
        if next(left) >= 0:
            act(name)

    return call


def chosen(names: Sequence[str], most: int, chance: random.Random) -> list[int]:
    """The numbers of `most` of the operations `names`, ascending.

    The first of each run of equal ones comes before any other, as a dozen folders are made or files removed in a row;
    among these, the last ones first, around publication.
    """
    kinds = ["remove" if name in REMOVING else name for name in names]
    firsts = [n for n, kind in enumerate(kinds) if not n or kinds[n - 1] != kind]
    others = sorted(set(range(len(names))) - set(firsts))
    return sorted([*reversed(firsts), *chance.sample(others, len(others))][:most])
