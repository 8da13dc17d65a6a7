"""ZIP files: every file in them is read as if it lay there. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from index.readers import formats
from index.readers.source import MAX_BYTES, MAX_DEPTH, Reading, Refusal, Source, UnreadableError, parts_of

_MOST_FILES = 20_000
_MOST_BYTES = 2_000_000_000
"""Unpacked, of one ZIP file; only one file of it is in memory at a time."""
_RATIO = 200
"""Unpacked to packed. Text packs to a tenth, a bomb to a thousandth."""
_SMALL = 1_000_000
"""Bytes up to which a file may pack as well as it likes."""


def read(source: Source) -> Iterator[Reading | Refusal]:
    """The articles of every file in the ZIP file, by path; files in no known format are passed over."""
    if source.depth >= MAX_DEPTH:
        raise UnreadableError("lies in too many ZIP files", "unpack it")
    for entry, archive in entries(source):
        path = PurePosixPath(entry.filename)
        if entry.is_dir() or any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts):
            continue
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
            yield Refusal(f"/{entry.filename}", "has a name that leads out of the ZIP file", "pack it again")
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield Refusal(f"/{path}", "is a link", "pack what it leads to")
            continue
        if path.suffix.lower() not in formats.ENDINGS or path.name.endswith(".meta.json"):
            continue
        try:
            parts = list(_member(archive, entry, path, source.depth))
        except UnreadableError as problem:
            yield Refusal(f"/{path}", problem.reason, problem.mend)
            continue
        for part in parts:
            if isinstance(part, Refusal):
                yield replace(part, path=f"/{path}{part.path}")
            else:
                yield replace(part, part=f"/{path}{part.part}")


def entries(source: Source) -> Iterator[tuple[zipfile.ZipInfo, zipfile.ZipFile]]:
    """What the file lists, by path, if all of it together is within the limits.

    Raises:
        UnreadableError: it is damaged, or unpacks to more than a newsroom's archive could.
    """
    try:
        archive = zipfile.ZipFile(source.stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableError("is no ZIP file that can be read", "fetch or pack it again") from error
    with archive:
        listed = sorted(archive.infolist(), key=lambda entry: entry.filename)
        if len(listed) > _MOST_FILES:
            raise UnreadableError(f"holds more than {_MOST_FILES:,} files", "divide it")
        if sum(entry.file_size for entry in listed) > _MOST_BYTES:
            raise UnreadableError(f"unpacks to more than {_MOST_BYTES:,} bytes", "divide it")
        for entry in listed:
            if entry.file_size > max(_SMALL, _RATIO * entry.compress_size):
                raise UnreadableError(f"unpacks to over {_RATIO} times its size, as a bomb does", "unpack it yourself")
        for entry in listed:
            yield entry, archive


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: PurePosixPath, depth: int
) -> Iterator[Reading | Refusal]:
    if entry.flag_bits & 1:
        raise UnreadableError("is encrypted", "pack it without a password")
    if entry.file_size > MAX_BYTES:
        raise UnreadableError(f"is larger than {MAX_BYTES:,} bytes", "unpack and divide it")
    try:
        data = archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        reason = re.sub(r"\s+", " ", str(error))[:80]
        raise UnreadableError(f"cannot be unpacked ({reason})", "fetch or pack it again") from error
    form = formats.told(path.name, data[: formats.HEAD])
    for part in parts_of(formats.reader(form), Source(path.name, io.BytesIO(data), depth + 1)):
        if isinstance(part, Reading) and not part.text.strip():
            raise UnreadableError("is empty", "leave it out")
        yield part
