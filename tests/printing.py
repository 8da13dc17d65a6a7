"""PDF files as a newsroom's archive has them, printed by reportlab: columns, broken words, running heads."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

_WIDTH, _HEIGHT, _EDGE, _GAP = 595, 842, 60, 25
_FONT, _SIZE, _STEP = "Times-Roman", 10, 12.5


def wrapped(words: Sequence[str], width: float, font: str = _FONT, size: float = _SIZE) -> Iterator[str]:
    """Lines no wider than `width`; long words are broken with a hyphen."""
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if stringWidth(longer, font, size) <= width:
            line = longer
            continue
        for cut in range(len(word) - 3, 2, -1):
            broken = f"{line} {word[:cut]}-".strip()
            if word.isalpha() and len(word) > 7 and stringWidth(broken, font, size) <= width:
                yield broken
                line = word[cut:]
                break
        else:
            yield line
            line = word
    if line:
        yield line


def printed(
    title: str,
    paragraphs: Sequence[str],
    *,
    columns: int = 1,
    across: bool = False,
    byline: str = "",
    password: str = "",
) -> tuple[bytes, list[int]]:
    """A PDF file of the article, and for each paragraph the page (from 1) on which it begins.

    With `across` the lines are drawn from left to right over all columns, as some programs do.
    """
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password) if password else None
    canvas = Canvas(buffer, pagesize=(_WIDTH, _HEIGHT), encrypt=encrypt, invariant=1)
    canvas.setTitle(title)
    page = 1

    def edges() -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(_EDGE, 815, "La Gazzetta di prova")
        canvas.drawString(500, 30, f"Pagina {page}")

    edges()
    top = 780.0
    canvas.setFont("Helvetica-Bold", 20)
    for line in wrapped(title.split(), _WIDTH - 2 * _EDGE, "Helvetica-Bold", 20):
        canvas.drawString(_EDGE, top, line)
        top -= 24
    if byline:
        canvas.setFont("Helvetica-Oblique", 11)
        canvas.drawString(_EDGE, top, byline)
        top -= 20
    width = (_WIDTH - 2 * _EDGE - _GAP * (columns - 1)) / columns
    lines = [
        (10 * (not place), number if not place else None, line)
        for number, paragraph in enumerate(paragraphs)
        for place, line in enumerate(wrapped(paragraph.split(), width - 10))
    ]
    begins = [0] * len(paragraphs)
    while lines:
        drawn = []
        for column in range(columns):
            y = top - 10
            while y > _EDGE and lines:
                indent, number, line = lines.pop(0)
                if number is not None:
                    begins[number] = page
                drawn.append((_EDGE + column * (width + _GAP) + indent, y, line))
                y -= _STEP
        if across:
            drawn.sort(key=lambda place: (-place[1], place[0]))
        canvas.setFont(_FONT, _SIZE)
        for x, y, line in drawn:
            canvas.drawString(x, y, line)
        if lines:
            canvas.showPage()
            page, top = page + 1, 780.0
            edges()
    canvas.save()
    return buffer.getvalue(), begins
