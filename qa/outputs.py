"""Files and folders that a command writes: all of them appear, or none."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from index.errors import VirgolettatoError


class OutputError(VirgolettatoError):
    """A file or folder that was asked for cannot be written."""


class Outputs:
    """Writes aside, beside each destination, and renames everything into place when the block ends well.

    ::

        with Outputs() as outputs:
            outputs.file(Path("answers.jsonl")).write("…")

    After an error in the block, whatever stood at the destinations still does.

    Raises:
        OutputError: a destination cannot be written; none of them has changed then.
    """

    def __init__(self) -> None:
        self._files: list[tuple[IO[str] | IO[bytes], Path, Path]] = []
        self._folders: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def file(self, path: Path) -> IO[str]:
        """A new text file in UTF-8, newlines as written, that will stand at `path`."""
        handle, aside = _aside(path)
        file = open(handle, "w", encoding="utf-8", newline="")  # noqa: SIM115 - open until the block ends
        self._files.append((file, aside, path))
        return file

    def binary(self, path: Path) -> IO[bytes]:
        """A new file that will stand at `path`."""
        handle, aside = _aside(path)
        file = open(handle, "wb")  # noqa: SIM115 - open until the block ends
        self._files.append((file, aside, path))
        return file

    def folder(self, path: Path) -> Path:
        """An empty folder that will stand at `path`, in place of what is there; missing parents are made."""
        try:
            path.resolve().parent.mkdir(parents=True, exist_ok=True)
            aside = Path(tempfile.mkdtemp(prefix=".output-", dir=path.resolve().parent))
            aside.chmod(0o755)
        except OSError as error:
            raise _refused(str(path), error) from error
        self._folders.append((aside, path))
        return aside

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                raise self._refused(error) from error
            if kind is None:
                self._publish()
        finally:
            for file, aside, _ in self._files:
                # What a file on a full disk still holds is being thrown away.
                with contextlib.suppress(OSError):
                    file.close()
                aside.unlink(missing_ok=True)
            for folder, _ in self._folders:
                shutil.rmtree(folder, ignore_errors=True)

    def _publish(self) -> None:
        replaced: list[tuple[Path, Path]] = []
        try:
            # What cannot be written is known once all files are closed, before anything is renamed.
            for file, aside, _ in self._files:
                file.close()
                aside.chmod(0o644)
            for folder, path in self._folders:
                if path.exists():
                    former = Path(tempfile.mkdtemp(prefix=".output-", dir=path.resolve().parent))
                    path.replace(former)
                    replaced.append((former, path))
                folder.replace(path)
            for _, aside, path in self._files:
                aside.replace(path)
        except OSError as error:
            for former, path in replaced:
                shutil.rmtree(path, ignore_errors=True)
                former.replace(path)
            raise self._refused(error) from error
        for former, _ in replaced:
            shutil.rmtree(former, ignore_errors=True)

    def _refused(self, error: OSError) -> OutputError:
        paths = [path for *_, path in self._files] + [path for _, path in self._folders]
        return _refused(", ".join(map(str, paths)), error)


def _aside(path: Path) -> tuple[int, Path]:
    require_places([path])
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=".output-")
    except OSError as error:
        raise _refused(str(path), error) from error
    return handle, Path(name)


def require_places(paths: Iterable[Path]) -> None:
    """Check that each of `paths` can be a file; cheap, so that nobody waits for figures that cannot be written.

    Raises:
        OutputError: it is a folder, or lies in none.
    """
    for path in paths:
        if path.is_dir() or not path.resolve().parent.is_dir():
            what = "it is a folder" if path.is_dir() else "its folder is missing"
            raise OutputError(f"cannot write {path}: {what}", "name a file in a writable folder")


def _refused(what: str, error: OSError) -> OutputError:
    return OutputError(f"cannot write {what}: {error.strerror or error}", "make room, or name a writable folder")
