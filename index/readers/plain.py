"""Plain text and Markdown: the canonical text is the bytes decoded as UTF-8, newlines and all."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers.source import Reading, Source, UnreadableError


def read(source: Source) -> Iterator[Reading]:
    """The one article of a text file."""
    data = source.data()
    if b"\x00" in data:
        raise UnreadableError("is not a text file (it holds NUL bytes)", "leave it out, or save it as UTF-8 text")
    try:
        yield Reading(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
