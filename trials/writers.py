"""The writers that trials interrupt, and the children they run in."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
import unittest.mock
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from index import generation
from index.archive import Archive
from index.build import add, build, compact, remove
from index.encoder import HASHING
from index.mending import rebuild
from trials.state import SEEDS

_NEW = "Il ponte nuovo è costato 3 milioni, ha detto il sindaco Rossi: «Ne valeva la pena»."

_SHORT = "A Borgo {n} il consiglio ha speso {n} milioni per la strada {n}, ha detto la sindaca Neri {n}."
"""Articles that make the archive one of several segments."""

Works = dict[str, Callable[[], object]]


def prepared(folder: Path) -> tuple[Path, Path, Path, Works]:
    """A sound archive in `folder`, the place of a copy of it, a folder of news, and what writes to the copy."""
    sound, archive, news = folder / "sound", folder / "archive", folder / "news"
    news.mkdir()
    (news / "new.txt").write_text(_NEW, encoding="utf-8")
    finished(lambda: grown(sound, folder / "old"))
    removed = str(finished(lambda: Archive.open(sound).store.article_ids()[0]))
    works: Works = {
        "build": lambda: build(archive, [news], HASHING),
        "add": lambda: add(archive, [news]),
        "remove": lambda: remove(archive, [removed]),
        "compact": lambda: compact(archive),
        "rebuild": lambda: rebuild(archive),
    }
    return sound, archive, news, works


@contextlib.contextmanager
def small_segments() -> Iterator[None]:
    """Have an archive of a few articles keep its segments apart, as one of many thousands does."""
    with unittest.mock.patch.object(generation, "_SMALL", 1):
        yield


def grown(archive: Path, old: Path) -> list[Path]:
    """Make `archive`, with :func:`small_segments` of three segments, one of which something was removed from.

    Returns what it holds: sources that, built at once, make the same; some are written into the new folder `old`.
    """
    old.mkdir()
    sources = [SEEDS, old]

    def write(numbers: Iterable[int]) -> None:
        for n in numbers:
            (old / f"{n}.txt").write_text(_SHORT.format(n=n), encoding="utf-8")

    write(range(10, 20))
    build(archive, sources, HASHING)
    for more in (range(20, 23), range(30, 31)):
        write(more)
        add(archive, [old])
    [gone] = Archive.open(archive).store.ids_with("source_file", "15.txt")
    remove(archive, [gone])
    (old / "15.txt").unlink()
    return sources


def finished(work: Callable[[], object]) -> Any:
    """What `work` brings, run in a child to its end."""
    done, result = in_child(work)
    if not done:
        raise RuntimeError("a child that nobody killed has died")
    return result


def in_child(work: Callable[[], object], seconds: float | None = None) -> tuple[bool, Any]:
    """Whether `work`, in a child, was done before it was killed after `seconds`, and what it brought, as JSON."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = json.dumps(work(), default=lambda _: None)
        except BaseException as error:  # told to the parent, which judges it
            said = json.dumps([f"{type(error).__name__}: {error}"])
        with os.fdopen(write, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(write)
    if seconds is not None:
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return not os.WIFSIGNALED(status), json.loads(said) if said and not os.WIFSIGNALED(status) else None
