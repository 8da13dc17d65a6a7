"""PDF files: the printed text in reading order, with the page each word stands on. pdfium reads the characters."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.claims import Claim, Field, Origin, claim
from index.readers.columns import Line, flowed, read_page
from index.readers.source import Reading, Source, UnreadableError
from index.readers.tables import Run
from index.records import Exclusion, ExclusionKind

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MOST_PAGES = 2_000
_ENDING = 65_536
"""Bytes from the end in which a whole file has its end mark."""
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_PLACEHOLDERS = re.compile(
    r"untitled|anonymous|unknown|unspecified|\(.*\)|microsoft word - .*|.*\.\w{3,4}", re.IGNORECASE
)
_FOLIO = re.compile(r"(?:(?:pagina|pag\.?|page|p\.)\s*)?\d{1,4}(?:\s*(?:/|di|of)\s*\d{1,4})?", re.IGNORECASE)
_STAMP = 100
"""Characters: a scanned page may carry a stamp or a number in letters that can be read."""
_LISTED = 10
"""Page numbers in one line of the report."""
_MARGIN = 0.1
"""Share of the page's height, above and below, in which running heads and page numbers stand."""
_HEADLINE = 1.3
"""A headline is at least so many times as large as the text."""


def read(source: Source) -> Iterator[Reading]:
    """The one article of a PDF file."""
    import pypdfium2

    data = source.data()
    if not data:
        raise UnreadableError("is empty", "leave it out")
    if b"%%EOF" not in data[-_ENDING:]:
        raise UnreadableError("is cut short", "fetch it again")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("is encrypted", "save it without a password") from error
        raise UnreadableError("is no PDF file that can be read", "fetch or save it again") from error
    try:
        if len(document) > _MOST_PAGES:
            raise UnreadableError(f"has more than {_MOST_PAGES} pages", "divide it")
        printed = _pages(document)
        properties = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("has a damaged page", "fetch or save it again") from error
    finally:
        document.close()
    pages = _without_heads([(page.height, page.lines) for page in printed])
    flow = flowed(pages)
    pictures = [number for number, page in enumerate(printed, start=1) if page.picture]
    if not flow.text.strip():
        if pictures:
            raise UnreadableError("holds no text, only pictures of pages", "have the scanned text recognised (OCR)")
        raise UnreadableError("holds no text", "leave it out")
    yield Reading(
        flow.text,
        tuple(_claims(properties, pages)),
        pages=flow.pages,
        excluded=tuple(Exclusion(span, ExclusionKind.TABLE) for span in flow.tables),
        notes=(_scanned(pictures, len(pages)),) if pictures else (),
    )


def _scanned(pictures: list[int], pages: int) -> str:
    """That some pages could not be read: ``of 9 pages 2 are pictures without text (2, 5); …``."""
    listed = ", ".join(map(str, pictures[:_LISTED])) + (", …" if len(pictures) > _LISTED else "")
    are = "is a picture" if len(pictures) == 1 else "are pictures"
    return f"of {pages} pages {len(pictures)} {are} without text ({listed}); have them recognised (OCR)"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is printed.

    Attributes:
        picture: whether what it shows is, but for a few words, a picture.
    """

    height: float
    lines: list[Line]
    picture: bool


def _pages(document: PdfDocument) -> list[_Page]:
    pages = []
    for page in document:
        text_page = page.get_textpage()
        lines = read_page(list(_runs(text_page)))
        text_page.close()
        few = sum(len(line.text) for line in lines) < _STAMP
        pages.append(_Page(page.get_height(), lines, few and _is_picture(page, bare=not lines)))
        page.close()
    return pages


def _is_picture(page: PdfPage, *, bare: bool) -> bool:
    """Whether pictures cover most of the page; of a `bare` one, whether anything is drawn on it."""
    import pypdfium2.raw as pdfium

    if bare:
        return next(page.get_objects(max_depth=1), None) is not None
    images = [image.get_bounds() for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)]
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in images)
    return bool(covered > 0.5 * page.get_width() * page.get_height())


def _runs(text_page: Any) -> Iterator[Run]:
    """The page's characters, put together where they stand side by side."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    letters: list[str] = []
    left = right = base = size = 0.0
    for place in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, place))
        if character in "\r\n" or not character:
            continue
        if not pdfium.FPDFText_GetCharOrigin(text_page, place, x, y):
            continue
        if character.isspace():
            letters.append(" ")
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
        height = pdfium.FPDFText_GetFontSize(text_page, place)
        height = max(height, box.top - box.bottom, 1.0) if height <= 1 else height
        beside = abs(y.value - base) < 0.3 * size and -0.3 * size < box.left - right < 0.9 * size
        if letters and not beside:
            yield from _run(letters, left, right, base, size)
            letters = []
        if not letters:
            left, base, size = box.left, y.value, height
        letters.append(character)
        right = box.right
        size = max(size, height)
    yield from _run(letters, left, right, base, size)


def _run(letters: list[str], left: float, right: float, base: float, size: float) -> Iterator[Run]:
    text = "".join(letters).strip().translate(_LIGATURES)
    # Two code units of one character come one by one.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if text:
        yield Run(text, left, right, base, size)


def _without_heads(pages: list[tuple[float, list[Line]]]) -> list[list[Line]]:
    """The lines of each page without page numbers, and without what stands small or on most pages at the edge."""

    def masked(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "0", line.text), round(line.base)

    def at_edge(line: Line, height: float) -> bool:
        return not _MARGIN * height < line.base < (1 - _MARGIN) * height

    seen = Counter(head for height, page in pages for head in {masked(line) for line in page if at_edge(line, height)})
    heads = {head for head, times in seen.items() if times > 1 and 2 * times >= len(pages)}
    usual = _usual_size([page for _, page in pages])

    def is_head(line: Line) -> bool:
        return masked(line) in heads or line.size < 0.9 * usual or _FOLIO.fullmatch(line.text) is not None

    return [[line for line in page if not (at_edge(line, height) and is_head(line))] for height, page in pages]


def _usual_size(pages: list[list[Line]]) -> float:
    """The font size most of the text is in."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _claims(properties: dict[str, str], pages: list[list[Line]]) -> Iterator[Claim]:
    """What the properties say, and the headline: the largest lines of the first page with text."""
    for name, field in (("Title", Field.TITLE), ("Author", Field.AUTHOR)):
        value = properties.get(name, "").strip()
        if not _PLACEHOLDERS.fullmatch(value):
            yield from claim(field, value, Origin.PROPERTY)
    first = next(page for page in pages if page)
    largest = max(line.size for line in first)
    if largest >= _HEADLINE * _usual_size(pages):
        title = flowed([[line for line in first if line.size > 0.95 * largest]]).text
        if len(title) <= 250:
            yield from claim(Field.TITLE, title, Origin.MARKUP)
