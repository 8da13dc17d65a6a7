"""What a reader is given and what it gives back, and the limits all readers keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from index.claims import Claim
from index.records import Exclusion

MAX_BYTES = 64_000_000
"""The most that is read of one file, or of one part of a dump or ZIP file, and held in memory."""
MAX_DEPTH = 2
"""ZIP files inside ZIP files."""
MAX_TEXT = 200_000_000
"""Characters of all the articles of one file: they are in memory together until the file is read to its end."""
MAX_REFUSALS = 10_000
"""Parts of one file that cannot be read; with more it is no file of articles."""


UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""The byte-order marks of texts in that encoding."""


class UnreadableError(Exception):
    """Reason and mend of what cannot be read; becomes a :class:`Refusal`."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason, mend)
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source, or a part of one, that cannot become an article: why, and what to do."""

    path: str
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.mend}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a part of one that is a file itself.

    Attributes:
        name: with its ending, without folders.
        stream: its bytes; seekable, unless it is standard input.
        depth: how many ZIP files it lies in.
    """

    name: str
    stream: BinaryIO
    depth: int = 0

    def data(self) -> bytes:
        """All its bytes.

        Raises:
            UnreadableError: there are more than :data:`MAX_BYTES`.
        """
        data = self.stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UnreadableError(
                f"is larger than {MAX_BYTES:,} bytes", "divide it into files of one article each, or into a JSONL dump"
            )
        return data


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as its file gives it.

    Attributes:
        text: canonical.
        claims: what the format says of it, unchecked.
        part: what tells it from the others of its file, with the mark before it (``#id`` of an entry, ``/path`` in a
            ZIP file); empty where the file is the article.
        pages: where each page begins in `text`, the first at 0; empty for formats without pages.
        excluded: what of `text` the format itself tells to be no prose.
        notes: what of the file could not be read, one line each.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    part: str = ""
    pages: tuple[int, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    notes: tuple[str, ...] = ()


def parts_of(reader: Reader, source: Source) -> list[Reading | Refusal]:
    """All that `reader` finds in `source`, at least one.

    Raises:
        UnreadableError: nothing of it can be read, or it holds more than is kept in memory. Libraries fail on broken
            files in ways they do not tell of; one file must not stop the others.
    """
    found: list[Reading | Refusal] = []
    characters = refusals = 0
    try:
        for part in reader.read(source):
            found.append(part)
            if isinstance(part, Reading):
                characters += len(part.text)
            else:
                refusals += 1
            if characters > MAX_TEXT:
                raise UnreadableError(f"holds more than {MAX_TEXT:,} characters of text", "divide it")
            if refusals > MAX_REFUSALS:
                raise UnreadableError(f"has more than {MAX_REFUSALS:,} parts that cannot be read", "leave it out")
    except (UnreadableError, OSError):
        raise
    except Exception as error:
        raise UnreadableError(f"makes its reader fail ({type(error).__name__})", "save it again, or as text") from error
    if not found:
        raise UnreadableError("holds no articles", "leave it out")
    return found


def utf_8(data: bytes) -> str:
    """The text `data` is.

    Raises:
        UnreadableError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data.startswith(UTF_16):
            raise UnreadableError("is UTF-16, not UTF-8", "save it as UTF-8") from error
        raise UnreadableError("is not UTF-8", "save it as UTF-8") from error


class Reader(Protocol):
    """One format."""

    def read(self, source: Source) -> Iterator[Reading | Refusal]:
        """The articles of `source` in its order; a part that cannot be read is a refusal, whose path is the part.

        Raises:
            UnreadableError: nothing of it can be read.
        """
