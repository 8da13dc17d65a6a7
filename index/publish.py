"""Atomic generations: an archive changes by one rename, or not at all.

::

    .virgolettato/
        CURRENT                     the name of the generation that answers
        generations/000007-3f2a…/   a whole archive: database, indexes, manifest; never changed once it is there;
                                    the one before stays beside it: a reader may still be opening that
        generations/.building-…/    one that is being written, or was when its process died
        lock                        held by the one writer; `writer.json` says who that is
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import filelock

from index.errors import REBUILD, REDERIVE, ArchiveBusyError, ArchiveDamagedError, ArchiveError, ArchiveMissingError

CURRENT = "CURRENT"
_GENERATIONS = "generations"
_BUILDING = ".building-"
_NAME = re.compile(r"[0-9]{6,}-[0-9a-f]+")


def current_generation(archive: Path) -> Path:
    """The folder of the generation that answers.

    Raises:
        ArchiveMissingError: there is no archive at `archive`.
        ArchiveDamagedError: the generation it names is not there.
    """
    try:
        name = (archive / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveMissingError(
            f"there is no archive at {archive}", "build one: python -m index build, or name another with --archive"
        ) from error
    except UnicodeDecodeError as error:
        raise _nowhere(archive) from error
    except OSError as error:
        raise ArchiveDamagedError(
            f"the archive at {archive} cannot be read ({error})", "check its permissions"
        ) from error
    folder = archive / _GENERATIONS / name
    # A damaged name may hold anything, also what no path may hold.
    if not _NAME.fullmatch(name) or not folder.is_dir():
        raise _nowhere(archive)
    return folder


def _nowhere(archive: Path) -> ArchiveDamagedError:
    return ArchiveDamagedError(f"the archive at {archive} names a generation that is not there", REDERIVE)


def newest_generation(archive: Path) -> Path:
    """The folder of the generation that was published last, whatever the archive says.

    Raises:
        ArchiveDamagedError: there is none.
    """
    folder = archive / _GENERATIONS
    generations = _numbered(folder) if folder.is_dir() else []
    if not generations:
        raise ArchiveDamagedError(f"the archive at {archive} has no generation left", REBUILD)
    return generations[-1]


@contextlib.contextmanager
def writer_lock(archive: Path) -> Iterator[None]:
    """Be the only writer of `archive`, whose folder is made where needed.

    The operating system lets go of the lock when its process dies, however it dies.

    Raises:
        ArchiveBusyError: another process is writing; says which and since when.
        ArchiveError: the folder cannot be written.
    """
    try:
        (archive / _GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(archive / "lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise ArchiveBusyError(
            f"the archive at {archive} is being written by {_owner(archive)}", "wait until it is done, then try again"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise _not_writable(archive, error) from error
    try:
        started = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        owner = {"pid": os.getpid(), "host": socket.gethostname(), "since": started}
        (archive / "writer.json").write_text(json.dumps(owner), encoding="utf-8")
        yield
    except OSError as error:
        raise _not_writable(archive, error) from error
    finally:
        with contextlib.suppress(OSError):
            (archive / "writer.json").unlink(missing_ok=True)
        lock.release()


def _not_writable(archive: Path, error: Exception) -> ArchiveError:
    return ArchiveError(
        f"cannot write the archive at {archive}: {_reason(error)}; what was there before still answers",
        "make room or make the folder writable, or name another one with --archive",
    )


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _owner(archive: Path) -> str:
    try:
        owner = json.loads((archive / "writer.json").read_text(encoding="utf-8"))
        return f"process {owner['pid']} on {owner['host']} since {owner['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


@contextlib.contextmanager
def building_folder(archive: Path) -> Iterator[Path]:
    """A folder to write the next generation in; removed at the end unless it was published. Call under the lock."""
    generations = archive / _GENERATIONS
    for stale in generations.glob(f"{_BUILDING}*"):
        shutil.rmtree(stale, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=generations))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(archive: Path, folder: Path, index_id: str) -> Path:
    """Make the finished `folder` the generation that answers, and drop all but it and the one before.

    Every file reaches the disk before the rename that names it, so a power cut leaves the old generation or the new.

    Raises:
        OSError: the system refuses a write; nothing is published, and nothing of it is left.
        ArchiveError: it is published, and the system cannot say that it has reached the disk.
    """
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    generations = archive / _GENERATIONS
    former = _named(archive) or max((path.name for path in _numbered(generations)), default="")
    target = generations / f"{_next_number(generations):06d}-{index_id}"
    folder.chmod(0o755)
    folder.rename(target)
    aside = archive / f".{CURRENT}"
    try:
        _sync(generations)
        aside.write_text(target.name + "\n", encoding="utf-8")
        _sync(aside)
        aside.replace(archive / CURRENT)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        if _named(archive) != target.name:
            shutil.rmtree(target, ignore_errors=True)
        raise
    try:
        _sync(archive)
        # One that died between the two renames has left a generation that never answered.
        for old in _numbered(generations):
            if old.name not in (former, target.name):
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ArchiveError(
            f"the archive at {archive} has changed, but it may not have reached the disk: {_reason(error)}",
            "look at the disk, then check the archive: python -m index verify",
        ) from error
    return target


def _named(archive: Path) -> str | None:
    """The name of the generation that answers, as far as it can be read."""
    try:
        return current_generation(archive).name
    except ArchiveError:
        return None


def _numbered(generations: Path) -> list[Path]:
    return sorted(path for path in generations.iterdir() if path.name[:6].isdigit())


def _next_number(generations: Path) -> int:
    return max((int(path.name[:6]) for path in _numbered(generations)), default=0) + 1


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
