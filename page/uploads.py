"""Files that visitors send: how many and how large they may be, and where they lie until they are read."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from index.sidefile import ENDING as SIDE_FILE
from index.uploads import Upload
from page.leftovers import PRIVATE

MAX_FILES = 500
MAX_FILE = 20_000_000
"""Bytes of a file."""
MAX_REQUEST = 200_000_000
"""Bytes of all files sent at once."""
_MAX_KEPT = 1_000_000_000
"""Bytes of all that has been sent and not been read yet."""
_OWN = "virgolettato-"
_UNREAD = 600.0
"""Seconds after which what nobody had read goes."""
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


def make_room() -> bool:
    """Let go what was sent long ago and not read; whether the files of one more request have room."""
    kept, now, folder = 0, time.time(), Path(os.environ["GRADIO_TEMP_DIR"])
    for path in folder.rglob("*"):
        if path.relative_to(folder).parts[0].startswith(_OWN):
            continue  # what is being read, or what the program itself keeps there
        with suppress(OSError):  # read and removed meanwhile
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) and now - about.st_mtime > _UNREAD:
                path.unlink()
            elif stat.S_ISREG(about.st_mode):
                kept += about.st_size
    return kept + MAX_REQUEST <= _MAX_KEPT


@contextmanager
def private_folder() -> Iterator[None]:
    """What Gradio writes lies in a folder of this process alone (0700), which goes with it."""
    with TemporaryDirectory(prefix=PRIVATE) as folder:
        # Read at each upload; the other holds what is still coming in.
        os.environ["GRADIO_TEMP_DIR"] = tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = None


@contextmanager
def staged(paths: Sequence[Path]) -> Iterator[list[Upload]]:
    """The files at `paths` under numbers of ours, gone at the end; what they are called is never part of a path.

    A side file gets the number of the file it goes with.
    """
    with TemporaryDirectory(prefix=_OWN) as folder:
        numbers: dict[str, int] = {}
        uploads: list[Upload] = []
        for given in paths:
            side = given.name.endswith(SIDE_FILE)
            stem = given.name.removesuffix(SIDE_FILE) if side else given.stem
            ending = SIDE_FILE if side else given.suffix.lower()
            ending = ending if side or _ENDING.fullmatch(ending) else ""
            place = Path(folder) / f"{numbers.setdefault(stem, len(uploads))}{ending}"
            if place.exists():
                place = Path(folder) / f"{len(uploads)}-again{ending}"
            shutil.move(given, place)
            uploads.append(Upload(place, given.name))
        yield uploads
