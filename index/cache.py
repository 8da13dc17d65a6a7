"""Folders in the user's cache: each made once, written aside and renamed, and checked before it is used."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from index.errors import ModelError

_MARK = "complete.json"


def cached(name: str, write: Callable[[Path], object], task: str, megabytes: int) -> Path:
    """The folder `name`, made by `write` first where it is missing or not whole.

    It lies in the user's cache folder, or in ``$VIRGOLETTATO_CACHE``. Several processes may call this at once: each
    writes aside and renames, and the last one wins with the same content. `task` says what `write` does, and
    `megabytes` how much room it needs, should it fail.

    Raises:
        ModelError: the cache cannot be written; or as `write` does.
    """
    root = Path(os.environ.get("VIRGOLETTATO_CACHE") or platformdirs.user_cache_dir("virgolettato"))
    folder = root / name
    if is_whole(folder):
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=root))
    except OSError as error:
        raise ModelError(
            f"cannot write the model's cache folder {root}: {error.strerror}",
            "make it writable, or name another one in VIRGOLETTATO_CACHE",
        ) from error
    try:
        write(aside)
        _mark(aside)
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            try:
                aside.rename(folder)
            except OSError:
                # Another process put its copy there between the two lines above.
                if not is_whole(folder):
                    raise
    except OSError as error:
        raise ModelError(
            f"cannot {task} into {root}: {error.strerror}",
            f"free about {megabytes} MB there, or name another folder in VIRGOLETTATO_CACHE",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _mark(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MARK)
    checksums = {path.relative_to(folder).as_posix(): _sha256(path) for path in files}
    (folder / _MARK).write_text(json.dumps(checksums, indent=1) + "\n", encoding="utf-8")


def is_whole(folder: Path) -> bool:
    """Whether every file the mark lists is there with its checksum."""
    try:
        checksums = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return all(_sha256(folder / name) == digest for name, digest in checksums.items())
    except (OSError, ValueError, AttributeError):
        return False


def _sha256(path: Path) -> str:
    told = path.stat()
    return _digest(path, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)


@functools.lru_cache(maxsize=64)
def _digest(path: Path, *state: int) -> str:
    """The checksum of `path` in the `state` it is in: encoder and reader both ask for the same 490 MB."""
    del state
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
