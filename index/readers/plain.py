"""Plain text and Markdown: the canonical text is the bytes decoded as UTF-8, newlines and all."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers.source import UTF_16, Reading, Source, UnreadableError, utf_8


def read(source: Source) -> Iterator[Reading]:
    """The one article of a text file."""
    data = source.data()
    if b"\x00" in data and not data.startswith(UTF_16):
        raise UnreadableError("is not a text file (it holds NUL bytes)", "leave it out, or save it as UTF-8 text")
    yield Reading(utf_8(data))
