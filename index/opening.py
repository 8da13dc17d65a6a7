"""Opening an archive wherever it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

from index.archive import Archive
from index.encoder import Encoder, open_encoder
from index.manifest import MANIFEST
from index.settings import Place

_Kept = dict[tuple[Path, Path], tuple[Archive, tuple[int, int] | None]]
_kept: ContextVar[_Kept | None] = ContextVar("_kept", default=None)
"""The archive opened last, where one stays open, by its path as it was given and as it is, with what tells its manifest
from another; see :func:`staying_open`."""


def open_archive(place: Place, open_model: Callable[[str], Encoder] = open_encoder) -> Archive:
    """The archive at `place` as it stands now: from its engine and database where it has them, else from its folder.

    Raises:
        ArchiveError: it is missing, damaged, or of another version of the program, or it cannot be reached.
    """
    if place.engine is None:
        return _opened_here(place, open_model)
    from index.shared.archive import SharedArchive

    return SharedArchive.opened(place, open_model)


def _opened_here(place: Place, open_model: Callable[[str], Encoder]) -> Archive:
    kept = _kept.get()
    if kept is None or open_model is not open_encoder:
        return Archive.open(place.path, open_model)
    where = place.path, place.path.resolve()
    if where in kept:
        archive, seen = kept[where]
        if archive.is_newest() and _seen(archive) == seen:
            return archive
        kept.clear()
    archive = Archive.open(place.path)
    kept.clear()
    kept[where] = archive, _seen(archive)
    return archive


def _seen(archive: Archive) -> tuple[int, int] | None:
    """What tells its manifest from one that was put in its place, which may have the same name and content."""
    try:
        told = (archive.folder / MANIFEST).stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns


@contextlib.contextmanager
def staying_open() -> Iterator[None]:
    """Within it the archive that was opened last stays open for whoever opens it next, until there is a newer one.

    For a process that does one thing after another. Files are not compared with their checksums again; every text still
    is when it is handed out. Archives that many machines read are opened each time, with the settings of then.
    """
    before = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(before)
