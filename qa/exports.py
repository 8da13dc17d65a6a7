"""Quotations as files to take away, each with all that is needed to check it later; and such files read again.

The words of a quotation come back to the letter from each format, whatever they are:

- CSV: before a cell that a spreadsheet could take for a formula, or that begins with an apostrophe, stands one more;
- Markdown: marks are escaped by a backslash, what is not plain by its number (:mod:`qa.markdown`);
- DOCX: characters that XML cannot hold are written ``_x0007_``, as Office does (:mod:`qa.document`).
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from index.errors import SourceError
from qa.excerpts import Excerpt
from qa.markdown import markdown, plain
from qa.outputs import Outputs
from qa.spreadsheet import cell

_NAME, _VERSION = "virgolettato-export", 1
_FIELD = re.compile(r"- ([a-z_0-9]+): ?(.*)")
_HINT = "give the file as --export wrote it"


FIELDS = tuple(field.name for field in dataclasses.fields(Excerpt))
_NEEDED = tuple(field.name for field in dataclasses.fields(Excerpt) if field.default is dataclasses.MISSING)
"""Those that files of the first release have as well."""
_NUMBERS = frozenset(("number", "start", "end"))


def write_export(path: Path, excerpts: Sequence[Excerpt], heading: str | None = None) -> None:
    """Write `excerpts` to `path`, whole or not at all, in the format that its ending names.

    What people read (Markdown, DOCX) begins with `heading`, where there is one.

    Raises:
        OutputError: the file cannot be written.
    """
    with Outputs() as outputs:
        outputs.binary(path).write(exported(excerpts, path.suffix, heading))


def exported(excerpts: Sequence[Excerpt], ending: str, heading: str | None = None) -> bytes:
    """`excerpts` as the bytes of a file that ends in `ending`; `heading` as for :func:`write_export`.

    Raises:
        KeyError: there is no such format.
    """
    return _FORMATS[ending.lower()][0](excerpts, heading)


def read_export(path: Path) -> list[Excerpt]:
    """What :func:`write_export` wrote to `path`.

    Raises:
        SourceError: the file cannot be read, or is no export.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror})", _HINT) from error
    try:
        rows = list(_FORMATS[path.suffix.lower()][1](data))
        return [_excerpt(row) for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error) as error:
        raise SourceError(f"{path} is no export of quotations, or is damaged ({error})", _HINT) from error


def _excerpt(row: dict[str, Any]) -> Excerpt:
    missing = [name for name in _NEEDED if name not in row]
    if missing:
        raise ValueError(f"«{missing[0]}» is missing")
    values: dict[str, Any] = {name: int(row[name]) if name in _NUMBERS else row[name] for name in FIELDS if name in row}
    if any(not isinstance(value, str) for name, value in values.items() if name not in _NUMBERS):
        raise ValueError("a value is no text")
    return Excerpt(**values)


def _json(excerpts: Sequence[Excerpt], _: str | None) -> bytes:
    content = {"format": _NAME, "version": _VERSION, "quotations": [dataclasses.asdict(e) for e in excerpts]}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _from_json(data: bytes) -> Iterable[dict[str, Any]]:
    content = json.loads(data)
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (_NAME, _VERSION):
        raise ValueError(f"it is not {_NAME} {_VERSION}")
    return list(content["quotations"])


def _csv(excerpts: Sequence[Excerpt], _: str | None) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for excerpt in excerpts:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in dataclasses.astuple(excerpt)])
    return table.getvalue().encode("utf-8-sig")


def _from_csv(data: bytes) -> Iterable[dict[str, Any]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(data) + 1))
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    head = next(rows, [])
    if missing := [name for name in _NEEDED if name not in head]:
        raise ValueError(f"its header has no «{missing[0]}»")
    for row in rows:
        yield {name: value.removeprefix("'") for name, value in zip(head, row, strict=True)}


def _markdown(excerpts: Sequence[Excerpt], heading: str | None) -> bytes:
    parts = [f"<!-- {_NAME} {_VERSION} -->\n", "" if heading is None else f"\n**{_inline(heading)}**\n"]
    for excerpt in excerpts:
        words = "\n> ".join(markdown(excerpt.text).split("\n"))
        facts = [
            f"- {name}: {_inline(str(value))}".rstrip()
            for name, value in dataclasses.asdict(excerpt).items()
            if name not in ("text", "number")
        ]
        parts.append("\n".join([f"\n## {excerpt.number}", "", f"> {words}", "", *facts, ""]))
    return "".join(parts).encode("utf-8")


def _inline(text: str) -> str:
    return markdown(text).replace("\\\n", "&#10;")


def _from_markdown(data: bytes) -> Iterable[dict[str, Any]]:
    head, *parts = re.split(r"^## (?=\d+$)", data.decode("utf-8-sig").replace("\r\n", "\n"), flags=re.MULTILINE)
    if _NAME not in head:
        raise ValueError(f"it is not {_NAME} {_VERSION}")
    for part in parts:
        number, *lines = part.split("\n")
        quoted = [line.removeprefix(">").removeprefix(" ") for line in lines if line.startswith(">")]
        matches = [_FIELD.fullmatch(line) for line in lines]
        facts = {match[1]: match[2] for match in matches if match is not None}
        yield {"number": number, "text": plain("\n".join(quoted))} | {name: plain(v) for name, v in facts.items()}


def _docx(excerpts: Sequence[Excerpt], heading: str | None) -> bytes:
    from qa.document import document

    return document([{name: str(value) for name, value in dataclasses.asdict(e).items()} for e in excerpts], heading)


def _from_docx(data: bytes) -> Iterable[dict[str, Any]]:
    from qa.document import rows

    return rows(data)


_Writer = Callable[[Sequence[Excerpt], str | None], bytes]
_Reader = Callable[[bytes], Iterable[dict[str, Any]]]
_FORMATS: dict[str, tuple[_Writer, _Reader]] = {
    ".csv": (_csv, _from_csv),
    ".json": (_json, _from_json),
    ".md": (_markdown, _from_markdown),
    ".docx": (_docx, _from_docx),
}
