"""DOCX files, by python-docx: a line for each paragraph and table row, tracked deletions left out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import BadZipFile, is_zipfile

from index.claims import Claim, Field, Origin, claim
from index.readers.blocks import tables_in
from index.readers.packed import entries
from index.readers.source import Reading, Source, UnreadableError
from index.records import Exclusion

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH = f"{_W}p"
_LETTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
_ASIDE = frozenset([f"{_W}txbxContent", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"])
"""Boxes beside the text; what older programs show in their place says it twice."""
_TITLES = frozenset(["Title", "Titolo"])
_SUBTITLES = frozenset(["Subtitle", "Sottotitolo"])
_TEMPLATE_AUTHORS = frozenset(["python-docx", "user", "utente", "microsoft office user"])


def read(source: Source) -> Iterator[Reading]:
    """The one article of a DOCX file."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    data = source.data()
    if not data:
        raise UnreadableError("is empty", "leave it out")
    if not is_zipfile(io.BytesIO(data)):
        raise UnreadableError("is no DOCX file that can be read", "save it again")
    for _ in entries(Source(source.name, io.BytesIO(data))):
        pass  # the limits of ZIP files hold for it
    try:
        document = docx.Document(io.BytesIO(data))
        text, excluded = _text_and_tables(document)
        claims = [*_styled(document), *_properties(document)]
    except (OpcError, XMLSyntaxError, BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        raise UnreadableError("is no DOCX file that can be read", "save it again") from error
    yield Reading(text, tuple(claims), excluded=excluded)


def _text_and_tables(document: Document) -> tuple[str, tuple[Exclusion, ...]]:
    from docx.table import Table

    text = ""
    excluded: list[Exclusion] = []
    for block in _blocks(document.element.body):
        if block.tag == _PARAGRAPH:
            lines = _text(block)
        else:
            lines = "\n".join(_rows(Table(block, document)))
            excluded += tables_in(lines, len(text))
        if text or lines.strip("\n"):
            text += f"{lines}\n"
    return text.rstrip("\n"), tuple(excluded)


def _blocks(parent: _Element) -> Iterator[_Element]:
    """Paragraphs and tables in their order, those inside content controls too, which python-docx passes over."""
    for child in parent:
        if child.tag in (_PARAGRAPH, f"{_W}tbl"):
            yield child
        else:
            yield from _blocks(child)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        merged = {id(cell._tc): cell._tc for cell in row.cells}  # a merged cell is listed for each it fills
        cells = [[_text(paragraph) for paragraph in cell.iter(_PARAGRAPH)] for cell in merged.values()]
        if len(cells) == 1:
            yield from cells[0]
        else:
            yield "\t".join(" ".join(" ".join(cell).split()) for cell in cells)


def _text(paragraph: _Element) -> str:
    """Its letters; python-docx leaves out tracked insertions, which stand in the text."""
    parts: list[str] = []
    for element in paragraph.iter():
        if any(above.tag in _ASIDE for above in element.iterancestors()):
            continue
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        else:
            parts.append(_LETTERS.get(str(element.tag), "") if element.getparent().tag == f"{_W}r" else "")
    return "".join(parts)


def _styled(document: Document) -> Iterator[Claim]:
    from docx.text.paragraph import Paragraph

    for block in _blocks(document.element.body):
        if block.tag != _PARAGRAPH:
            continue
        paragraph = Paragraph(block, document)
        name = "" if paragraph.style is None else paragraph.style.name
        if name in _TITLES:
            yield from claim(Field.TITLE, _text(block), Origin.MARKUP, 0.85)
        elif name in _SUBTITLES:
            yield from claim(Field.STANDFIRST, _text(block), Origin.MARKUP, 0.85)


def _properties(document: Document) -> Iterator[Claim]:
    """Dates are left alone: they say when the file was made, and of whom the template was."""
    properties = document.core_properties
    yield from claim(Field.TITLE, properties.title, Origin.PROPERTY)
    if properties.author.strip().lower() not in _TEMPLATE_AUTHORS:
        yield from claim(Field.AUTHOR, properties.author, Origin.PROPERTY)
    yield from claim(Field.LANGUAGE, properties.language, Origin.PROPERTY)
