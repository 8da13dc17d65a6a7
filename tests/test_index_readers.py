"""Readers one by one: what counts as which format, what is said of an article, and what cannot be read."""

from __future__ import annotations

import datetime
import html
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, cast

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from index.claims import Claim, Field, Origin, claim, settled
from index.ingest import Intake, read_file, read_sources
from index.readers import dump, formats, source
from index.readers.columns import flowed, read_page
from index.readers.source import MAX_BYTES, Source, UnreadableError, parts_of
from index.readers.tables import Run
from index.records import Article, ExclusionKind, Span
from index.sources import Choice
from tests.collection import TODAY, put, zipped
from tests.printing import printed, wrapped

TEXT = "Il museo aprirà a Pyongyang. Lo ha detto Kim, che lo ha visitato giovedì con i suoi generali."
PAGE = f"<!DOCTYPE html><html><head><title>Il museo</title></head><body><article><p>{TEXT}</p></article></body></html>"


def read(folder: Path, name: str, data: bytes) -> list[Article]:
    """The articles of a file that is read without a word."""
    notes: list[str] = []
    put(folder, {name: data})
    found = read_file(folder / name, TODAY, notes)
    assert notes == []
    assert all(isinstance(one, Article) for one in found)
    return [one for one in found if isinstance(one, Article)]


def refusal(folder: Path, name: str, data: bytes) -> str:
    """Why a file is left out, as its line in the report; another file beside it is read all the same."""
    put(folder, {name: data, "good.txt": TEXT.encode()})
    intake = read_sources([folder])
    assert [article.source_file for article in intake.articles] == ["good.txt"]
    (line,) = map(str, intake.refusals)
    assert len(line.splitlines()) == 1
    return line.removeprefix(f"{folder}/")


def pictures() -> bytes:
    """A scanned PDF: a page with a drawing and no text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.save()
    return buffer.getvalue()


def blank() -> bytes:
    """A PDF file with one empty page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def locked() -> bytes:
    """A ZIP file whose member is marked as encrypted, in its own head and in the directory."""
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[bytes(data).index(mark) + at] |= 1
    return bytes(data)


def bomb() -> bytes:
    """A ZIP file of zeros."""
    return zipped({"a.txt": b"0" * 20_000_000})


def linked() -> bytes:
    """A ZIP file that holds a symbolic link, as Unix packs it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("a.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "../fuori.txt")
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    """ZIP files in ZIP files."""
    data = zipped({"a.txt": TEXT.encode()})
    for _ in range(depth):
        data = zipped({"inner.zip": data})
    return data


def damaged() -> bytes:
    """A ZIP file with one good member and one whose bytes were changed."""
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("bad.txt", TEXT)
    data = bytearray(buffer.getvalue())
    at = bytes(data).index(b"museo")
    data[at] ^= 1
    return bytes(data)


BAD = {
    "empty PDF": ("a.pdf", b"", "a.pdf: is empty; leave it out"),
    "truncated PDF": ("a.pdf", printed("T", [TEXT])[0][:-200], "a.pdf: is cut short; fetch it again"),
    "encrypted PDF": (
        "a.pdf",
        printed("T", [TEXT], password="segreta")[0],
        "a.pdf: is encrypted; save it without a password",
    ),
    "scanned PDF": (
        "a.pdf",
        pictures(),
        "a.pdf: holds no text, only pictures of pages; have the scanned text recognised (OCR)",
    ),
    "PDF without a page": (
        "a.pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF",
        "a.pdf: is no PDF file that can be read; fetch or save it again",
    ),
    "PDF with an empty page": ("a.pdf", blank(), "a.pdf: holds no text; leave it out"),
    "text called PDF": (
        "a.pdf",
        TEXT.encode(),
        "a.pdf: does not hold a PDF file, whatever its ending says; check the file",
    ),
    "ZIP bomb": ("a.zip", bomb(), "a.zip: unpacks to over 200 times its size, as a bomb does; unpack it yourself"),
    "ZIP in ZIP": ("a.zip", nested(2), "a.zip/inner.zip/inner.zip: lies in too many ZIP files; unpack it"),
    "damaged member": (
        "a.zip",
        damaged(),
        "a.zip/bad.txt: cannot be unpacked (Bad CRC-32 for file 'bad.txt'); fetch or pack it again",
    ),
    "name out of the ZIP": (
        "a.zip",
        zipped({"../../etc/a.txt": TEXT.encode()}),
        "a.zip/../../etc/a.txt: has a name that leads out of the ZIP file; pack it again",
    ),
    "ZIP of nothing to read": ("a.zip", zipped({"a.jpg": b"x"}), "a.zip: holds no articles; leave it out"),
    "encrypted member": ("a.zip", locked(), "a.zip/a.txt: is encrypted; pack it without a password"),
    "cut DOCX": ("a.docx", zipped({"word/document.xml": b"x"})[:-10], "a.docx: is no DOCX file that can be read; "),
    "cut ZIP": ("a.zip", zipped({"a.txt": TEXT.encode()})[:-10], "a.zip: is no ZIP file that can be read; "),
    "ZIP called DOCX": ("a.docx", zipped({"a.txt": b"x"}), "a.docx: is no DOCX file that can be read; save it again"),
    "empty page": ("a.html", b"<html><body></body></html>", "a.html: holds no article that can be found; "),
    "deep page": (
        "a.html",
        b"<html><body>" + b"<div>" * 200_000 + TEXT.encode(),
        "a.html: is nested deeper than 250 elements; leave it out, or save it as text",
    ),
    "page in no encoding": ("a.html", b"<html><p>\x81\x8d\x8f\x90", "a.html: is in an encoding that cannot be told; "),
    "CSV with wrong columns": (
        "a.csv",
        b"name,price\r\nBread,2\r\n",
        "a.csv: has no column «text», but name, price; see «Dumps» in docs/ingestion.md",
    ),
    "CSV of a heading alone": ("a.csv", b"id,text\r\n", "a.csv: holds no articles; leave it out"),
    "UTF-16 table": (
        "a.csv",
        "id,text\n1,Il museo.\n".encode("utf-16"),
        "a.csv: is UTF-16, not UTF-8; save it as UTF-8",
    ),
    "RTF": ("a.txt", rb"{\rtf1\ansi Il museo.}", "a.txt: is an RTF document; save it as .docx or .txt"),
    "JSON list": (
        "a.jsonl",
        b'[{"text": "Il museo."}]',
        "a.jsonl: is a JSON list, not one object a line; convert it: jq -c '.[]'",
    ),
    "page with an element of many attributes": (
        "a.html",
        PAGE.replace("<p>", f"<p {' '.join(f'a{i}=1' for i in range(30_000))}>").encode(),
        "a.html: has an element with over 20,000 attributes; leave it out, or save it as text",
    ),
    "link in a ZIP file": ("a.zip", linked(), "a.zip/a.txt: is a link; pack what it leads to"),
    "JSON over several lines": (
        "a.jsonl",
        b'{\n  "text": "Il museo."\n}\n',
        "a.jsonl: is JSON over several lines, not one object a line; convert it: jq -c .",
    ),
    "JSONL with NULs": ("a.jsonl", b'{"text": "Il\\u0000 museo."}', "a.jsonl#line 1: has no text; leave it out"),
    "CSV with a short row": (
        "a.csv",
        b"id,title,text\r\n1,T\r\n",
        "a.csv#line 2: has 2 columns, not 3; see «Dumps» in docs/ingestion.md",
    ),
    "JSONL with a broken line": ("a.jsonl", b"{]\n", "a.jsonl#line 1: is no JSON; see «Dumps» in docs/ingestion.md"),
    "JSONL of another encoding": ("a.jsonl", '{"text": "è"}'.encode("latin-1"), "a.jsonl: is not UTF-8; "),
    "feed cut short": ("a.rss", b"<rss version='2.0'><channel><title>T</title><item><ti", "a.rss: is cut short; "),
    "XML that is no feed": ("a.xml", b"<?xml version='1.0'?><note>no</note>", "a.xml: is no RSS or Atom feed; "),
    "mail without text": ("a.eml", b"Subject: x\r\nContent-Type: image/png\r\n\r\nxx", "a.eml: holds no text; "),
    "old office file": (
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a.docx: is a document of old office programs; save it as .docx or .pdf",
    ),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_one_line_and_nothing_half_added(tmp_path: Path, case: tuple[str, bytes, str]) -> None:
    """A bad file is named with reason and mend, nothing of it is kept, and the file beside it is read."""
    name, data, expected = case

    assert refusal(tmp_path, name, data).startswith(expected)


def test_a_gigabyte_of_text_is_refused_unread(tmp_path: Path) -> None:
    """The size alone decides: a sparse file of one gigabyte is refused at once."""
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(1_000_000_000)

    with pytest.raises(UnreadableError) as refused:
        read_file(tmp_path / "big.txt", TODAY, [])

    assert refused.value.reason == f"is larger than {MAX_BYTES:,} bytes"


def test_no_file_fills_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump is read until its articles, or its bad lines, are more than is kept; then all of it is left out."""
    read_lines = 0

    def lines(one: str) -> Iterator[bytes]:
        nonlocal read_lines
        while True:  # a scraper that never ends
            read_lines += 1
            yield one.encode()

    class Endless(io.RawIOBase):
        def __init__(self, one: str) -> None:
            self._lines = lines(one)

        def readline(self, size: int | None = -1, /) -> bytes:
            return next(self._lines)

    monkeypatch.setattr(source, "MAX_TEXT", 1000)
    with pytest.raises(UnreadableError, match="holds more than 1,000 characters of text"):
        parts_of(dump, Source("-", cast("BinaryIO", Endless(json.dumps({"text": TEXT})))))
    assert read_lines == 1000 // len(TEXT) + 1

    with pytest.raises(UnreadableError, match="has more than 10,000 parts that cannot be read"):
        parts_of(dump, Source("-", cast("BinaryIO", Endless("{]"))))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """Links to files and folders outside the folder are told and left out; one inside is the file it leads to."""
    put(tmp_path, {"out/secret.txt": b"Un segreto.", "in/a.txt": TEXT.encode()})
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "c.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (tmp_path / "in" / "d").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "e").symlink_to(tmp_path / "in")

    intake = read_sources([tmp_path / "in"])

    assert [article.text for article in intake.articles] == [TEXT]
    assert [str(refused).removeprefix(f"{tmp_path}/in/") for refused in intake.refusals] == [
        "d: is a link that leads out of the folder; name what it leads to",
        "c.txt: is a link that leads out of the folder; name what it leads to",
    ]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is written to between its first byte and its last is left out whole."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    real = formats.told

    def told(name: str, head: bytes) -> formats.Format:
        with path.open("a", encoding="utf-8") as file:
            file.write(" Ancora.")
        return real(name, head)

    monkeypatch.setattr(formats, "told", told)
    with pytest.raises(UnreadableError, match="changed while it was read"):
        read_file(path, TODAY, [])


FORMS = {
    "page called .txt": ("a.txt", PAGE.encode(), formats.Format.WEB),
    "page with a byte-order mark": ("a.txt", b"\xef\xbb\xbf" + PAGE.encode(), formats.Format.WEB),
    "PDF called .txt": ("a.txt", b"%PDF-1.7\n", formats.Format.PDF),
    "feed called .html": ("a.html", b"<?xml version='1.0'?>\n<rss version='2.0'>", formats.Format.FEED),
    "text called .html": ("a.html", TEXT.encode(), formats.Format.PLAIN),
    "text that speaks of HTML": ("a.txt", b"The tag <html> begins a page.", formats.Format.PLAIN),
    "text that speaks of PDF": ("a.txt", b"A file begins with %PDF-1.7 there.", formats.Format.PLAIN),
    "dump called .txt": ("a.txt", b'\n{"text": "Il museo."}\n', formats.Format.LINES),
    "text in braces": ("a.txt", b'{"Il museo" apre}', formats.Format.PLAIN),
    "text like a mail": ("a.txt", b"From: Roma\nTo: Milano\n\nUn viaggio.", formats.Format.PLAIN),
    "no ending at all": ("a", PAGE.encode(), formats.Format.WEB),
}


@pytest.mark.parametrize("case", FORMS.values(), ids=FORMS.keys())
def test_content_says_which_format_it_is(case: tuple[str, bytes, formats.Format]) -> None:
    """A file is what it holds; its ending counts only where the content leaves it open."""
    name, head, form = case

    assert formats.told(name, head) is form


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (PAGE.replace("<head>", "<head><meta charset='iso-8859-1'>").encode("latin-1"), "declared"),
        (PAGE.replace("<head>", "<head><meta charset='iso-8859-1'>").encode(), "wrongly declared"),
        (PAGE.encode("cp1252"), "undeclared"),
        (PAGE.encode("utf-8-sig"), "with a mark"),
        (PAGE.encode("utf-16"), "UTF-16"),
    ],
)
def test_pages_are_decoded_as_they_were_written(tmp_path: Path, data: bytes, note: str) -> None:
    """Declared, wrongly declared, undeclared, marked: the letters are the same."""
    assert read(tmp_path, "a.html", data)[0].text == TEXT, note


def test_scripts_and_hidden_text_are_not_read(tmp_path: Path) -> None:
    """What a visitor of the page does not see is no text of the article."""
    hidden = (
        "<script>var a = 'nascosto uno';</script><p hidden>nascosto due, una frase che nessuno vede.</p>"
        "<p style='display : none'>nascosto tre, una frase che nessuno vede.</p><!-- nascosto quattro -->"
        "<div aria-hidden='true'><p>nascosto cinque, una frase che nessuno vede.</p></div>"
        "<p style='DISPLAY: None !important'>nascosto sei, una frase che nessuno vede.</p>"
        "<p style='color: red; opacity: 0'>nascosto sette, una frase che nessuno vede.</p>"
        "<template><p>nascosto otto, una frase che nessuno vede.</p></template>"
        "<noscript><p>nascosto nove, una frase che nessuno vede.</p></noscript>"
        "<style>/* .visto { display: none } */ .a, #b { color: red; display: none }</style>"
        "<p class='x a'>nascosto dieci, una frase che nessuno vede.</p>"
        "<p id='b'>nascosto undici, una frase che nessuno vede.</p>"
        "<p style='position: absolute; left: -9999px'>nascosto dodici, una frase che nessuno vede.</p>"
    )
    (article,) = read(tmp_path, "a.html", PAGE.replace("</article>", hidden + "</article>").encode())

    assert article.text == TEXT


def test_marks_that_nobody_sees_are_no_part_of_a_word(tmp_path: Path) -> None:
    """Soft hyphens and zero-width spaces of a page say where a line may break, and are neither read nor spaces."""
    broken = TEXT.replace("Pyongyang", "Pyong&shy;yang").replace("generali", "gene\u200brali")
    head = "<h1>Il mu&shy;seo</h1>"
    page = PAGE.replace(TEXT, broken).replace("<title>Il museo</title>", "").replace("<article>", f"<article>{head}")

    (article,) = read(tmp_path, "a.html", page.encode())

    assert (article.title, article.text) == ("Il museo", f"Il museo\n{TEXT}")


def test_what_is_hidden_on_some_screens_only_is_read(tmp_path: Path) -> None:
    """Rules for print, for phones, and for what scripts show later take no text away."""
    style = (
        "<style>@media print { .visto { display: none } } @import url(x.css); .js .visto { display: none }"
        " article { visibility: hidden } .corpo { display: none } .visto { opacity: .9 }</style>"
    )
    page = PAGE.replace("<article>", f"{style}<article class='corpo'>").replace("<p>", "<p class='visto'>")

    assert read(tmp_path, "a.html", page.encode())[0].text == TEXT


def test_pages_that_are_pictures_are_told(tmp_path: Path) -> None:
    """A document scanned in part is read as far as it goes; pages without text are named, and keep their numbers."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for words in ("Una frase che va", None, "avanti qui.", None):
        if words is None:
            canvas.rect(100, 100, 300, 300, fill=1)
        else:
            canvas.drawString(80, 500, words)
        canvas.showPage()
    canvas.save()
    put(tmp_path, {"a.pdf": buffer.getvalue()})

    intake = read_sources([tmp_path])

    (article,) = intake.articles
    assert article.text == "Una frase che va\navanti qui."
    assert article.pages_of(Span(17, 23)) == (3, 3)
    assert [note.removeprefix(f"{tmp_path}/") for note in intake.notes] == [
        "a.pdf: of 4 pages 2 are pictures without text (2, 4); have them recognised (OCR)"
    ]


@pytest.mark.parametrize("columns", [1, 2])
def test_a_table_is_read_by_rows_and_not_quoted(tmp_path: Path, columns: int) -> None:
    """A table among prose is a line a row, its cells parted by tabs, and excluded; the prose around it is whole."""
    rows = [("Paese", "Morti", "Anno"), ("Corea del Nord", "600", "2025"), ("Russia", "12.000", "2024")]
    prose = wrapped((TEXT + " ").split() * 6, 210)
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Times-Roman", 10)
    lines = list(prose)
    for column in range(columns):
        y = 750.0
        for line in lines:
            canvas.drawString(60 + 240 * column, y, line)
            y -= 12
        for cells in rows if column == columns - 1 else ():
            for place, cell in enumerate(cells):
                canvas.drawString(60 + 240 * column + 80 * place, y - 12, cell)
            y -= 16
        canvas.drawString(60 + 240 * column, y - 24, f"Fine della colonna numero {column + 1}.")
    canvas.save()

    (article,) = read(tmp_path, "a.pdf", buffer.getvalue())

    table = "\n".join("\t".join(cells) for cells in rows)
    assert [(one.kind, one.span.of(article.text)) for one in article.exclusions] == [(ExclusionKind.TABLE, table)]
    assert article.text.count(" ".join([TEXT] * 6)) == columns
    assert article.text.endswith(f"{table}\nFine della colonna numero {columns}.")


_ROWS = [("Paese", "Morti", "Anno"), ("Corea del Nord", "600", "2025"), ("Russia", "12.000", "2024")]
_LAID_OUT = [("Il museo", TEXT + " " + TEXT), ("Il direttore", TEXT + " " + TEXT), ("La città", TEXT + " " + TEXT)]


def _html(rows: Sequence[tuple[str, ...]]) -> bytes:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    prose = f"<p>{TEXT}</p>" * 3
    return (
        f"<html><body><article><h1>Il museo</h1>{prose}<table>{cells}</table>{prose}</article></body></html>".encode()
    )


def _feed(rows: Sequence[tuple[str, ...]]) -> bytes:
    body = html.escape(_html(rows).decode())
    return f"<rss version='2.0'><channel><item><description>{body}</description></item></channel></rss>".encode()


def _mail(rows: Sequence[tuple[str, ...]]) -> bytes:
    return b"Subject: Il museo\nContent-Type: text/html; charset=utf-8\n\n" + _html(rows)


def _word(rows: Sequence[tuple[str, ...]]) -> bytes:
    document = docx.Document()
    document.add_paragraph(TEXT)
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph(TEXT)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "made"),
    [("a.html", _html), ("a.rss", _feed), ("a.eml", _mail), ("a.docx", _word)],
    ids=["web", "feed", "mail", "word"],
)
def test_a_table_of_any_format_is_not_quoted_unless_it_lays_out_prose(
    tmp_path: Path, name: str, made: Callable[[Sequence[tuple[str, ...]]], bytes]
) -> None:
    """Rows of figures are excluded, as those of a PDF are; rows whose cells are prose, and two rows, are not."""
    (figures,) = read(tmp_path, name, made(_ROWS))
    (laid_out,) = read(tmp_path, name, made(_LAID_OUT))
    (two,) = read(tmp_path, name, made(_ROWS[:2]))

    table = "\n".join("\t".join(row) for row in _ROWS)
    assert [(one.kind, one.span.of(figures.text)) for one in figures.exclusions] == [(ExclusionKind.TABLE, table)]
    for article, rows in ((laid_out, _LAID_OUT), (two, _ROWS[:2])):
        assert "\n".join("\t".join(row) for row in rows) in article.text
        assert article.exclusions == ()


def test_a_word_file_is_read_inside_content_controls_and_layout(tmp_path: Path) -> None:
    """What a template's controls, one-celled tables and tables in cells hold is text, a line a paragraph."""
    document = docx.Document()
    heading = document.add_heading("Il museo", 0)
    control = docx.oxml.parse_xml(
        '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:sdtContent/></w:sdt>'
    )
    heading._p.addprevious(control)
    control[0].append(heading._p)
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "Primo capoverso."
    frame.add_paragraph("Secondo capoverso.")
    inner = document.add_table(1, 2).cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "In una cella."
    buffer = io.BytesIO()
    document.save(buffer)

    (article,) = read(tmp_path, "a.docx", buffer.getvalue())

    assert article.text.split("\n")[:3] == ["Il museo", "Primo capoverso.", "Secondo capoverso."]
    assert article.text.endswith("In una cella.")
    assert article.title == "Il museo"


def test_a_short_page_keeps_its_lines(tmp_path: Path) -> None:
    """Paragraphs, quotations, cells and items of a page are lines of the text, however little there is of it."""
    body = (
        "<h1>Il museo</h1><p>Il ministro ha detto di no ai giornalisti che lo aspettavano.</p><blockquote><p>Non lo so."
        "</p><p>Davvero.</p></blockquote><table><tr><td>Morti</td><td>600</td></tr></table><ul><li>uno</li><li>due</li>"
        "</ul><p>Poi è uscito<br>dal palazzo.</p>"
    )
    (article,) = read(tmp_path, "a.html", f"<html><body><article>{body}</article></body></html>".encode())

    assert article.text.split("\n") == [
        "Il museo",
        "Il ministro ha detto di no ai giornalisti che lo aspettavano.",
        "Non lo so.",
        "Davvero.",
        "Morti\t600",
        "uno",
        "due",
        "Poi è uscito",
        "dal palazzo.",
    ]


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        ('<span class="post-date">Pubblicato il 12 marzo 2025, ore 9:30</span>', "2025-03-12T09:30"),
        ('<p class="data">12/03/2025</p>', "2025-03-12"),
        ('<span class="date">oggi</span>', None),
        (
            '<time datetime="2025-03-12T09:30:00+01:00">ieri</time><p class="date">1/1/2024</p>',
            "2025-03-12T09:30+01:00",
        ),
    ],
)
def test_the_date_a_page_shows_is_its_date(tmp_path: Path, markup: str, published: str | None) -> None:
    """Where no tag says it, a date line in an element of that name does; nothing is guessed from other words."""
    (article,) = read(tmp_path, "a.html", PAGE.replace("<article>", f"<article><h1>Il museo</h1>{markup}").encode())

    assert article.published == published


def test_names_that_cannot_be_written_are_refused_or_replaced(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is one line of the report; an id that is no text gives way to the text's hash."""
    with open(os.fsencode(tmp_path) + b"/\xff.txt", "wb") as file:
        file.write(TEXT.encode())
    put(tmp_path, {"b.jsonl": b'{"text": "Il museo.", "id": "\\ud800"}'})

    intake = read_sources([tmp_path])

    assert [refused.reason for refused in intake.refusals] == ["has a name that is not UTF-8"]
    assert [article.source_file for article in intake.articles] == [f"b.jsonl#{intake.articles[0].id}"]


def test_a_library_that_fails_costs_its_file_alone(tmp_path: Path) -> None:
    """A mail of thousands of parts inside each other breaks the standard library's parser: one line, and no more."""
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))

    line = refusal(tmp_path, "a.eml", b"MIME-Version: 1.0\n" + nested + b"Content-Type: text/plain\n\nciao")

    assert line == "a.eml: makes its reader fail (RecursionError); save it again, or as text"


def test_a_mail_and_a_saved_page_are_read(tmp_path: Path) -> None:
    """Subject and date of a mail, its plain part; of a saved page the article and its address."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Il museo è pronto", "Redazione Esteri <esteri@news.example>"
    mail["Date"] = "Fri, 24 Oct 2025 18:30:00 +0200"
    mail.set_content(TEXT)
    mail.add_alternative(f"<p>{TEXT}</p>", subtype="html")
    saved = EmailMessage()
    saved["Snapshot-Content-Location"] = "https://news.example/museo"
    saved["Subject"] = "no"
    saved.set_content(PAGE, subtype="html")
    saved.make_related()

    (one,) = read(tmp_path, "a.eml", mail.as_bytes())
    (two,) = read(tmp_path, "b.mhtml", saved.as_bytes())

    assert (one.title, one.author, one.published) == ("Il museo è pronto", "Redazione Esteri", "2025-10-24T18:30+02:00")
    assert one.text.strip() == TEXT
    assert (two.text, two.url, two.title) == (TEXT, "https://news.example/museo", "Il museo")


def test_a_feed_with_broken_dates_keeps_its_entries(tmp_path: Path) -> None:
    """A date that is none, and one to come, are told and not taken; the entries are read."""
    items = "".join(
        f"<item><title>T{n}</title><guid>{n}</guid><description>{TEXT} {n}</description>"
        f"<pubDate>{date}</pubDate></item>"
        for n, date in enumerate(["ieri sera", "Mon, 01 Jan 2035 10:00:00 GMT", "Mon, 03 Mar 2025 10:00:00 GMT"])
    )
    put(tmp_path, {"a.rss": f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()})

    intake = read_sources([tmp_path], today=TODAY)

    assert [(a.source_file, a.published) for a in intake.articles] == [
        ("a.rss#0", None),
        ("a.rss#1", None),
        ("a.rss#2", "2025-03-03T10:00+00:00"),
    ]
    assert [note.removeprefix(f"{tmp_path}/") for note in intake.notes] == [
        "a.rss#0: published «ieri sera» (field) is no date; it is left out",
        "a.rss#1: published «Mon, 01 Jan 2035 10:00:00 GMT» (field) lies in the future; it is left out",
    ]


def test_a_bad_part_of_a_dump_is_named_by_its_line_in_the_file(tmp_path: Path) -> None:
    """Blank lines count, and so do the lines of a text that has several."""
    put(
        tmp_path,
        {
            "a.jsonl": b'\n\n{"text": "Uno."}\n\n{no}\n',
            "b.csv": b'\nid,text\n1,"uno\n\ndue"\n\n2\n',
            "c.csv": b'id,text\n1,"uno\ndue"\n2,"tre\n',
        },
    )

    refusals = read_sources([tmp_path]).refusals

    assert [str(one).removeprefix(f"{tmp_path}/").split(";")[0] for one in refusals] == [
        "a.jsonl#line 5: is no JSON",
        "b.csv#line 7: has 1 columns, not 2",
        "c.csv: is no CSV from line 4 on (unexpected end of data)",
    ]


def test_a_date_that_is_a_number_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    """Digits that are a day are one; seconds since 1970 are no date a reader could check, and are told."""
    rows = [{"id": 1, "text": TEXT, "published": 20251024}, {"id": 2, "text": TEXT + " Sì.", "published": 1761300000}]
    put(tmp_path, {"a.jsonl": "\n".join(map(json.dumps, rows)).encode()})

    intake = read_sources([tmp_path], today=TODAY)

    assert [article.published for article in intake.articles] == ["2025-10-24", None]
    (note,) = intake.notes
    assert note.endswith("a.jsonl#2: published «1761300000» (field) is no date; it is left out")


def test_a_table_is_read_whatever_its_separator_and_line_ends(tmp_path: Path) -> None:
    """CSV with a byte-order mark, semicolons and newlines inside a text: the text is the field, to the letter."""
    text = 'Prima riga.\n\nSeconda; riga «con» "virgolette".'
    data = '\ufeffID;Titolo;Testo;Data\r\n7;Il museo;"' + text.replace('"', '""') + '";24/10/2025\r\n'

    (article,) = read(tmp_path, "a.csv", data.encode())

    assert (article.text, article.title, article.published) == (text, "Il museo", "2025-10-24")
    assert article.source_file == "a.csv#7"


def test_a_word_file_with_changes_tracked_reads_as_it_stands(tmp_path: Path) -> None:
    """Insertions are text, deletions are not; tables give a line a row."""
    document = docx.Document()
    paragraph = document.add_paragraph("Il museo ")
    for tag, letters in (("ins", "t"), ("del", "delText")):
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        run = f'<w:{tag} {space} w:id="1" w:author="a"><w:r><w:{letters}>{tag}</w:{letters}></w:r></w:{tag}>'
        paragraph._p.append(docx.oxml.parse_xml(run))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Morti", "600"
    buffer = io.BytesIO()
    document.save(buffer)

    (article,) = read(tmp_path, "a.docx", buffer.getvalue())

    assert article.text == "Il museo ins\nMorti\t600"


def test_conflicting_claims_are_kept_and_the_surest_counts() -> None:
    """Every value stays with its origin; of equally sure ones the first counts, and null takes all away."""
    said = [
        *claim(Field.TITLE, "Dal testo", Origin.TEXT),
        *claim(Field.TITLE, "Dal tag", Origin.META_TAG),
        *claim(Field.TITLE, " Da\n un altro tag ", Origin.META_TAG),
        *claim(Field.URL, "javascript:alert(1)", Origin.META_TAG),
        *claim(Field.LANGUAGE, "it-IT", Origin.MARKUP),
        *claim(Field.PUBLISHED, "2025-02-30", Origin.META_TAG),
        Claim(Field.AUTHOR, None, Origin.SIDE_FILE, 1.0),
        *claim(Field.AUTHOR, "Mario Rossi", Origin.JSON_LD),
    ]

    claims, refused = settled(said, TODAY)

    assert [(one.field.value, one.value) for one in claims] == [
        ("title", "Dal tag"),
        ("title", "Da un altro tag"),
        ("title", "Dal testo"),
        ("author", None),
        ("author", "Mario Rossi"),
        ("language", "it"),
    ]
    assert refused == ("published «2025-02-30» (meta_tag) is no date",)


def test_patterns_choose_files_of_folders(tmp_path: Path) -> None:
    """A pattern is matched against the path from the folder and against the name; what is named itself is read."""
    put(tmp_path, {name: f"Testo di {name}.".encode() for name in ("a/1.txt", "a/2.md", "b/1.txt", "b/3.txt")})

    def names(*include: str, exclude: tuple[str, ...] = ()) -> list[str]:
        intake: Intake = read_sources([tmp_path], Choice(include, exclude))
        return sorted(str(Path(a.source_path).relative_to(tmp_path.resolve())) for a in intake.articles)

    assert names("*.txt") == ["a/1.txt", "b/1.txt", "b/3.txt"]
    assert names("a/*") == ["a/1.txt", "a/2.md"]
    assert names(exclude=("b/*", "2.*")) == ["a/1.txt"]


def test_jsonl_is_read_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scraper can pipe its articles in, a line each; a bad line is told by its number."""
    lines = [{"id": "x1", "text": TEXT, "url": "https://news.example/1"}, {"id": "x2", "title": "senza testo"}]
    data = "\n".join(json.dumps(line) for line in lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data.encode())))

    intake = read_sources([Path("-")])

    assert [(a.source_file, a.source_path, a.url) for a in intake.articles] == [("-#x1", "-", "https://news.example/1")]
    assert [str(refused) for refused in intake.refusals] == ["-#line 2: has no text; leave it out"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abc de.-", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=30), st.data())
def test_pages_begin_where_their_first_word_stands(texts: list[str], data: st.DataObject) -> None:
    """Whatever lines pages hold, page starts are sorted, begin at 0, and slice the text into the pages' own letters."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(texts)), max_size=3)))
    bounds = [0, *cuts, len(texts)]
    pages = [
        read_page([Run(text.strip(), 60, 60 + 5 * len(text), 700 - 12 * n, 10) for n, text in enumerate(texts[a:b])])
        for a, b in pairwise(bounds)
    ]

    flow = flowed(pages)
    text, starts = flow.text, flow.pages

    assert list(starts) == sorted(starts)
    assert starts[0] == 0
    assert len(starts) == len(pages)
    for place, page in enumerate(pages):
        end = starts[place + 1] if place + 1 < len(pages) else len(text)
        letters = "".join(line.text for line in page)
        for gone in " -\n":
            letters = letters.replace(gone, "")
        found = text[starts[place] : end]
        for gone in " -\n":
            found = found.replace(gone, "")
        assert found == letters


def test_names_and_times_of_day_are_kept_as_given() -> None:
    """Dates of tags, mails and print become ISO 8601 with the offset they give, and no time is made up."""
    from index.dates import iso_moment

    assert iso_moment("2025-10-24T18:30:15.123Z") == "2025-10-24T18:30+00:00"
    assert iso_moment("Fri, 24 Oct 2025 18:30:00 +0200") == "2025-10-24T18:30+02:00"
    assert iso_moment("24 ottobre 2025, ore 18.30") == "2025-10-24T18:30"
    assert iso_moment("October 24, 2025") == "2025-10-24"
    assert iso_moment("domani") is None
    assert datetime.date.fromisoformat(str(iso_moment("20251024"))) == datetime.date(2025, 10, 24)


def test_a_pipe_in_place_of_a_page_is_not_waited_for(tmp_path: Path) -> None:
    """What would be read for ever is refused, whatever its ending."""
    os.mkfifo(tmp_path / "a.html")

    with pytest.raises(UnreadableError, match="is not a file"):
        read_file(tmp_path / "a.html", TODAY, [])
