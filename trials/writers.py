"""The writers that trials interrupt, and the children they run in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import time
import unittest.mock
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index import generation
from index.archive import Archive
from index.build import add, build, compact, remove
from index.encoder import HASHING
from index.manifest import Manifest
from index.mending import rebuild
from index.publish import current_generation
from index.watch import watch
from trials.operations import operations_of
from trials.state import SEEDS, state

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
        "watch": lambda: next(watch(archive, [news], pause=lambda _: None)),
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


def rehearsed(
    sound: Path, archive: Path, works: Works
) -> Iterator[tuple[str, Callable[[], object], list[str], list[Any]]]:
    """Each writer done once to its end: its name, itself, the names of its file operations, and what came of it."""
    for name, work in works.items():
        fresh(sound, archive)
        operations = finished(lambda work=work: operations_of(work))  # type: ignore[misc]
        yield name, work, operations, finished(lambda: state(archive))


def fresh(sound: Path, archive: Path) -> None:
    """Make `archive` the archive `sound` again: its files are the same ones, as no writer writes to any of them."""
    shutil.rmtree(archive, ignore_errors=True)
    shutil.copytree(sound, archive, copy_function=os.link)
    for name in ("CURRENT", "lock"):
        (archive / name).unlink()
        shutil.copyfile(sound / name, archive / name)


def answering(archive: Path) -> str:
    """A digest of all files of the generation that answers, and of its name: while it is the same, so are answers."""
    folder = current_generation(archive)
    digest = hashlib.sha256(folder.name.encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder)} {len(data)}".encode() + data)
    return digest.hexdigest()


def lying(archive: Path) -> list[str]:
    """What lies in `archive` that no archive at rest has."""
    usual = {"CURRENT", "lock", "generations"}
    beside = {path.name for path in archive.iterdir()} - usual
    generations = sorted(path.name for path in (archive / "generations").iterdir())
    building = [name for name in generations if name.startswith(".")]
    return [*sorted(beside), *building, *(generations if len(generations) - len(building) > 2 else [])]


def done_again(archive: Path, work: Callable[[], object], after: Sequence[Any]) -> str:
    """What is wrong when `work` is done on `archive`, again, and `after` is how it ends; empty where all is well.

    What was removed once cannot be removed again: that is an error of one line.
    """
    removed = "ArchiveError: not in the archive"
    _, told = in_child(lambda: [work() is None, Manifest.read(current_generation(archive)).index_id])
    if isinstance(told, list) and len(told) == 1 and str(told[0]).startswith(removed):
        told = [True, in_child(lambda: Manifest.read(current_generation(archive)).index_id)[1]]
    if told is None or told[1:] != after[:1]:
        return f"it brings {str(told)[:300]}"
    # A work that had nothing to do has not dropped anything either: the next one that publishes does.
    if lying(archive):
        in_child(lambda: rebuild(archive))
    left = lying(archive)
    return f"what it and the next one leave: {left}" if left else ""


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
