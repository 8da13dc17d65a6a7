"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.errors import UsageError


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of `path` when all is written; before, and on any error, nothing changes.

    Raises:
        UsageError: it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"cannot write {path} (it is a folder)", "name a file in a writable folder")
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent)
    except OSError as error:
        raise UsageError(f"cannot write {path} ({error.strerror})", "name a file in a writable folder") from error
    try:
        with open(handle, "wb") as file:
            yield file
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path} ({error.strerror})", "make room, or name another file") from error
    finally:
        Path(name).unlink(missing_ok=True)
