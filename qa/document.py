"""Quotations as a Word document: each a paragraph in the style *Quote*, with a table of what is known below it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.table import Table

_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold or reads as another character, and the mark that escapes these."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTE = "Quote"
_MARK = "virgolettato-export 1"


def document(quotations: Sequence[Mapping[str, str]], heading: str | None = None) -> bytes:
    """A document of `quotations`, below `heading`; of each, ``text`` is the paragraph and the rest the table."""
    made = Document()
    made.core_properties.comments = _MARK
    made.core_properties.author = "Virgolettato"
    if heading is not None:
        made.add_paragraph(_written(heading), style="Heading 1")
    for quotation in quotations:
        made.add_paragraph(_written(quotation["text"]), style=_QUOTE)
        table = made.add_table(rows=0, cols=2, style="Table Grid")
        for name, value in quotation.items():
            if name != "text":
                cells = table.add_row().cells
                cells[0].text, cells[1].text = name, _written(value)
        made.add_paragraph()
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def rows(data: bytes) -> Iterator[dict[str, str]]:
    """The quotations of what :func:`document` made: each table, with the nearest paragraph in *Quote* above it.

    Raises:
        ValueError: it is no such document.
    """
    try:
        yield from _rows(Document(io.BytesIO(data)))
    except ValueError:
        raise
    except Exception as error:
        # Libraries fail on broken files in ways they do not tell of.
        raise ValueError("it is no Word document") from error


def _rows(read: WordDocument) -> Iterator[dict[str, str]]:
    if read.core_properties.comments != _MARK:
        raise ValueError("it was not made by --export")
    text: str | None = None
    for block in read.iter_inner_content():
        if isinstance(block, Table):
            if text is None:
                raise ValueError("a table has no quotation above it")
            facts = {row.cells[0].text: _read(row.cells[1].text) for row in block.rows}
            yield {**facts, "text": _read(text)}
            text = None
        elif block.style is not None and block.style.name == _QUOTE:
            text = block.text


def _written(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _read(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
