"""Files that visitors send: how many and how large they may be, and where they lie until they are read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.sidefile import ENDING as SIDE_FILE
from index.uploads import Upload

MAX_FILES = 500
MAX_FILE = 20_000_000
"""Bytes of a file."""
_MAX_REQUEST = 200_000_000
"""Bytes of all files sent at once."""
_PLACE = "/upload"
"""The end of the address at which Gradio takes files, page or no page."""
_SERVED = re.compile(r"/(?:file|proxy|stream|custom_component|deep_link|run-history|runs|dev)(?:[=/]|$)")
"""Addresses at which Gradio gives out files, fetches for others, or keeps what was asked; the page needs none."""
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class UploadGuard:
    """Before Gradio's own routes: serves no files, takes none unless `allowed`, and never more than fit."""

    def __init__(self, app: Callable[..., Awaitable[None]], allowed: bool) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and _SERVED.search(scope["path"]):
            await _refuse(send, 404, b"this page serves no files")
            return
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].rstrip("/").endswith(_PLACE):
            await self._app(scope, receive, send)
            return
        # A length that is not told could be any.
        length = dict(scope["headers"]).get(b"content-length", b"")
        if not self._allowed:
            status, said = 403, b"files are taken only where the page is served with --allow-upload"
        elif not length.isdigit() or int(length) > _MAX_REQUEST:
            status, said = 413, b"too much at once"
        else:
            await self._app(scope, receive, send)
            return
        await _refuse(send, status, said)


async def _refuse(send: Send, status: int, said: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": said})


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
