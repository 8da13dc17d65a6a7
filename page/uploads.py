"""Files that visitors send: how many and how large they may be, and where they lie until they are read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import Scope

from index.sidefile import ENDING as SIDE_FILE
from index.uploads import Upload

MAX_FILES = 500
MAX_FILE = 20_000_000
"""Bytes of a file."""
MAX_REQUEST = 200_000_000
"""Bytes of all files sent at once."""
_PLACE = "/upload"
"""The end of the address at which Gradio takes files, page or no page."""
_SERVED = re.compile(r"/(?:file|proxy|stream|custom_component|deep_link|run-history|runs|dev)(?:[=/]|$)")
"""Addresses at which Gradio gives out files, fetches for others, or keeps what was asked; the page needs none."""
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


def is_upload(scope: Scope) -> bool:
    """Whether the request sends files, page or no page."""
    return scope["method"] == "POST" and str(scope["path"]).rstrip("/").endswith(_PLACE)


def is_for_files(scope: Scope) -> bool:
    """Whether the request is for what Gradio would give out, or fetch for others."""
    return _SERVED.search(scope["path"]) is not None


@contextmanager
def private_folder() -> Iterator[None]:
    """What Gradio writes lies in a folder of this process alone (0700), which goes with it."""
    with TemporaryDirectory(prefix="virgolettato-") as folder:
        # Read at each upload.
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield


@contextmanager
def staged(paths: Sequence[Path]) -> Iterator[list[Upload]]:
    """The files at `paths` under numbers of ours, gone at the end; what they are called is never part of a path.

    A side file gets the number of the file it goes with.
    """
    with TemporaryDirectory(prefix="virgolettato-") as folder:
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
