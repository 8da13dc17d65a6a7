"""Dumps of articles: JSONL, an object a line, and CSV with a heading. Both are read line by line, whatever their size.

The fields are those of :class:`index.claims.Field` with ``id`` and ``text``; common other names are understood.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from index.claims import Claim, Field, Origin, claim, is_text
from index.readers.source import MAX_BYTES, Reading, Refusal, Source, UnreadableError, utf_8

ALIASES = {
    "guid": "id",
    "article_id": "id",
    "body": "text",
    "content": "text",
    "fulltext": "text",
    "maintext": "text",
    "testo": "text",
    "headline": "title",
    "titolo": "title",
    "description": "standfirst",
    "summary": "standfirst",
    "source": "outlet",
    "publisher": "outlet",
    "testata": "outlet",
    "authors": "author",
    "byline": "author",
    "autore": "author",
    "date": "published",
    "data": "published",
    "pubdate": "published",
    "date_publish": "published",
    "published_at": "published",
    "modified": "updated",
    "date_modify": "updated",
    "link": "url",
    "canonical": "url",
    "lang": "language",
    "lingua": "language",
    "category": "section",
    "license": "licence",
}
"""Other names a field goes by, in lower case."""
_ID, _TEXT = "id", "text"
_KNOWN = frozenset([_ID, _TEXT, *Field])
_SEE = "see «Dumps» in docs/ingestion.md"
_SEPARATORS = ",;\t|"


def read(source: Source) -> Iterator[Reading | Refusal]:
    """The articles of a dump, in its order; a line that is none is refused, and the others are read."""
    above, first = _line(source)
    if first is None:
        raise UnreadableError("is empty", "leave it out")
    head = utf_8(first).removeprefix("\ufeff")
    if head.lstrip().startswith("["):
        raise UnreadableError("is a JSON list, not one object a line", "convert it: jq -c '.[]'")
    if head.strip() == "{":
        raise UnreadableError("is JSON over several lines, not one object a line", "convert it: jq -c .")
    rows = _objects(source, head, above) if head.lstrip().startswith("{") else _table(source, head, above)
    for number, row in rows:
        if isinstance(row, str):
            yield Refusal(f"#line {number}", row, _SEE)
            continue
        reading = _reading(row)
        yield reading or Refusal(f"#line {number}", "has no text", "leave it out")


def _line(source: Source) -> tuple[int, bytes | None]:
    """The next line that shows anything, None at the end, and how many blank ones stand above it."""
    above = 0
    while line := source.stream.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            raise UnreadableError(f"has a line longer than {MAX_BYTES:,} bytes", "write one article a line")
        if line.strip():
            return above, line
        above += 1
    return above, None


def _objects(source: Source, first: str, above: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    line: str | None = first
    number = 0
    while line is not None:
        number += above + 1
        try:
            content = json.loads(line)
            yield number, content if isinstance(content, dict) else "is no JSON object"
        except (ValueError, RecursionError):
            yield number, "is no JSON"
        above, following = _line(source)
        line = None if following is None else utf_8(following)


def _table(source: Source, head: str, above: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    separator = max(_SEPARATORS, key=head.count)
    names = next(csv.reader([head], delimiter=separator))
    if _TEXT not in map(_canonical, names):
        raise UnreadableError(f"has no column «{_TEXT}», but {', '.join(names)[:120]}", _SEE)
    csv.field_size_limit(MAX_BYTES)

    def lines() -> Iterator[str]:
        # Not by _line(): an empty line inside quotation marks belongs to a text.
        while line := source.stream.readline(MAX_BYTES + 1):
            yield utf_8(line)

    rows = csv.reader(lines(), delimiter=separator, strict=True)
    number = above + 2  # a row's first line: a text may hold several
    try:
        for row in rows:
            begun, number = number, above + 2 + rows.line_num
            if not any(row):
                continue
            if len(row) == len(names):
                yield begun, dict(zip(names, row, strict=True))
            else:
                yield begun, f"has {len(row)} columns, not {len(names)}"
    except csv.Error as error:
        raise UnreadableError(f"is no CSV from line {number} on ({error})", _SEE) from error


def _canonical(name: str) -> str:
    name = name.strip().lower()
    return ALIASES.get(name, name)


def _reading(row: dict[str, Any]) -> Reading | None:
    fields: dict[str, Any] = {}
    for name, value in row.items():
        known = _canonical(name)
        # A field's own name goes before another one for it.
        if known in _KNOWN and (known not in fields or name == known):
            fields[known] = value
    text = fields.pop(_TEXT, None)
    if not isinstance(text, str) or not is_text(text):
        return None
    name = fields.pop(_ID, None)
    if not isinstance(name, str | int) or not is_text(str(name)):
        name = fields.get(Field.URL) or hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    return Reading(text, tuple(_claims(fields)), part=f"#{' '.join(str(name).split())[:200]}")


def _claims(fields: dict[str, Any]) -> Iterator[Claim]:
    for name, value in fields.items():
        if isinstance(value, list):
            value = ", ".join(item for item in value if isinstance(item, str))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)  # a date given as a number is then told to be none, or is one, as 20251024
        yield from claim(Field(name), value, Origin.FIELD)
