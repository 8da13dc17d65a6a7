"""Exports: every word comes back from each format, and what no longer stands is told."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.build import add, remove
from index.errors import SourceError
from index.records import Article, Span
from qa.excerpts import Excerpt
from qa.export_command import Standing, standing
from qa.exports import FIELDS, exported, read_export, write_export
from qa.outputs import OutputError
from qa.quotations import find_quotations
from qa.records import Filters, Quote
from tests.conftest import Run

FORMATS = ["csv", "json", "md", "docx"]
HOSTILE = [
    '=HYPERLINK("http://x";"a")',
    "'già con l’apostrofo",
    "  +39 06 123",
    "-1\n-2\r\n@cmd\r",
    "\t|calc\x00\x07\x1b[31m",
    "## 2\n\n> finta\n- start: 0\n---\n```\n",
    "# a *b* _c_ `d` [e](f) <script>&amp;{{g}}</script> \\ ~~h~~ 1. 2) $x$",
    "_x0007_ e _x005F_ \ufffe\uffff \u2028\u2029\x85\u202e",
    " spazi  doppi \u00a0 e in fondo ",
    "\n\n  \n",
    "👩‍🚀 à e\u0300 \ufeff",
    '"; DROP, "',
]


def excerpt(text: str, **facts: str) -> Excerpt:
    """An excerpt of an article of these words."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    article = Article(
        sha256[:16], text, None, None, None, None, "it", None, "a.txt", "/a.txt", sha256, sha256, exclusions=()
    )
    made = Excerpt.of(1, Quote(article, Span(0, len(text))), "0123456789abcdef")
    return dataclasses.replace(made, **facts)  # type: ignore[arg-type]


def _broken_document() -> bytes:
    """A Word document of which a part cannot be unpacked, whatever the table of contents says."""
    data = bytearray(exported([excerpt("Parole.")], ".docx"))
    at = data.index(b"[Content_Types].xml") + 40
    data[at : at + 60] = bytes(byte ^ 0xFF for byte in data[at : at + 60])
    return bytes(data)


def again(excerpts: list[Excerpt], path: Path) -> list[Excerpt]:
    """What comes back from a file of `excerpts`."""
    write_export(path, excerpts)
    return read_export(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_hostile_words_come_back(tmp_path: Path, ending: str) -> None:
    """Formulas, markup, forged fields, control characters and odd spaces come back to the letter, in every field."""
    excerpts = [
        dataclasses.replace(excerpt(text, title=text, question=text, speaker=text), number=number)
        for number, text in enumerate(HOSTILE, start=1)
    ]

    assert again(excerpts, tmp_path / f"e.{ending}") == excerpts
    assert [path.name for path in tmp_path.iterdir()] == [f"e.{ending}"]


@pytest.mark.parametrize("ending", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1), title=st.text(alphabet="=+-@'\"\t\r\n\\`#>&;_x0-9A ", max_size=12))
def test_any_words_come_back(tmp_path: Path, ending: str, text: str, title: str) -> None:
    """Whatever the words and the title are, every format gives them back."""
    made = [excerpt(text, title=title)]

    assert again(made, tmp_path / f"e.{ending}") == made


@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_of_nothing(tmp_path: Path, ending: str) -> None:
    """An export without quotations is written and read as such."""
    assert again([], tmp_path / f"e.{ending}") == []


def test_no_cell_of_a_table_is_a_formula(tmp_path: Path) -> None:
    """In CSV no cell begins like a formula, and all columns are there by name, after a byte order mark."""
    path = tmp_path / "e.csv"
    write_export(path, [excerpt(text, title=text) for text in HOSTILE])
    data = path.read_bytes()
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))

    assert data[:3] == b"\xef\xbb\xbf"
    assert tuple(head) == FIELDS
    assert len(rows) == len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@") and cell.strip()]
    assert not [cell for row in rows for cell in row if cell[:1] in ("\t", "\r", "\n")]


def test_a_document_shows_the_words(tmp_path: Path) -> None:
    """In the Word document the quotation is a paragraph in the style Quote; the table names article and place."""
    path = tmp_path / "e.docx"
    write_export(path, [excerpt("Il museo «sorgerà»\na Hwasong.", outlet="askanews")])
    document = Document(str(path))
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}

    quotes = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Quote"]
    assert quotes == ["Il museo «sorgerà»\na Hwasong."]
    assert (facts["outlet"], facts["start"], facts["end"], facts["archive_id"]) == (
        "askanews",
        "0",
        "29",
        "0123456789abcdef",
    )


def test_markdown_is_what_a_reader_sees(tmp_path: Path) -> None:
    """The Markdown export is a heading, a block quotation and a list, with ordinary words bare."""
    path = tmp_path / "e.md"
    write_export(path, [excerpt("Sì, «no».\nPoi?")])

    assert path.read_text(encoding="utf-8").startswith(
        "<!-- virgolettato-export 1 -->\n\n## 1\n\n> Sì, «no».\\\n> Poi?\n\n- start: 0\n- end: 14\n- article_id: "
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"{"),
        ("b.json", b'{"format": "other", "version": 1, "quotations": []}'),
        ("c.json", b'{"format": "virgolettato-export", "version": 1, "quotations": [{"number": 1}]}'),
        ("d.csv", b"a,b\r\n1,2\r\n"),
        ("j.csv", b""),
        ("k.csv", b"\xef\xbb\xbf"),
        ("l.csv", b'"number","text"\r\n'),
        ("m.json", b""),
        ("n.md", b""),
        ("e.csv", b"\xff\xfe"),
        ("f.md", b"# notes"),
        ("g.docx", b"PK\x03\x04"),
        ("h.docx", b""),
        ("o.docx", _broken_document()),
        ("i.json", b'{"format": "virgolettato-export", "version": 1, "quotations": 5}'),
    ],
)
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    """Anything but an export is one clear error that names the file and what to give."""
    (tmp_path / name).write_bytes(data)

    with pytest.raises(SourceError, match=name) as caught:
        read_export(tmp_path / name)
    assert caught.value.hint == "give the file as --export wrote it"


def test_a_former_export_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole or not at all, and nothing is left beside it."""
    path = tmp_path / "e.json"
    write_export(path, [excerpt("uno")])
    before = path.read_bytes()

    def fail(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_export(path, [excerpt("due")])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["e.json"]


def test_what_no_longer_stands_is_told(hashing_path: Path, tmp_path: Path) -> None:
    """Altered words, moved places, a false hash, a changed article and a missing one are told apart."""
    first = tmp_path / "nuovo.txt"
    first.write_text("Il museo aprirà a maggio. La visita è libera.", encoding="utf-8")
    add(hashing_path, [first])
    archive = Archive.open(hashing_path)
    (article_id,) = archive.store.ids_with("source_file", "nuovo.txt")
    article = archive.store.article(article_id)
    sound = Excerpt.of(1, Quote(article, Span(0, 25)), archive.manifest.index_id)
    change = dataclasses.replace

    assert standing(archive, sound) == (Standing.STANDS, "")
    assert standing(archive, change(sound, text=sound.text.replace("maggio", "giugno"))) == (
        Standing.TEXT_DIFFERS,
        "other words stand at [0:25] of nuovo.txt: «Il museo aprirà a maggio.»",
    )
    for start, end in [(1, 26), (0, 26), (0, 10_000), (-25, 25), (25, 0)]:
        assert standing(archive, change(sound, start=start, end=end))[0] is Standing.TEXT_DIFFERS
    assert standing(archive, change(sound, sha256="0" * 64))[0] is Standing.HASH_DIFFERS

    first.write_text("Il museo aprirà a giugno. La visita è libera.", encoding="utf-8")
    add(hashing_path, [first])
    changed = Archive.open(hashing_path)
    (now,) = changed.store.ids_with("source_file", "nuovo.txt")
    assert standing(changed, sound) == (
        Standing.ARTICLE_CHANGED,
        f"the archive holds another version of nuovo.txt, {now}, instead of {article_id}",
    )
    remove(hashing_path, [now])
    assert standing(Archive.open(hashing_path), sound) == (
        Standing.ARTICLE_MISSING,
        f"its article {article_id} (nuovo.txt) is not in the archive",
    )


def test_a_changed_speaker_is_told(hashing_archive: Archive) -> None:
    """Right words with another speaker or carrier than the archive's do not stand."""
    quotation = next(
        q for q in find_quotations(hashing_archive, None, Filters()) if q.speech.speaker and q.speech.reported_by
    )
    speech = quotation.speech
    known = {"speaker": speech.speaker, "reported_by": speech.reported_by}
    quote = Quote(quotation.article, speech.span)
    sound = Excerpt.of(1, quote, hashing_archive.manifest.index_id, **known)

    assert standing(hashing_archive, sound) == (Standing.STANDS, "")
    assert standing(hashing_archive, dataclasses.replace(sound, speaker="Mario Rossi")) == (
        Standing.SPEAKER_DIFFERS,
        f"the file names «Mario Rossi» as the speaker, the archive «{speech.speaker}»",
    )
    assert standing(hashing_archive, dataclasses.replace(sound, reported_by=""))[0] is Standing.CARRIER_DIFFERS


@pytest.mark.parametrize("ending", FORMATS)
def test_the_commands(run: Run, hashing_path: Path, tmp_path: Path, ending: str) -> None:
    """What ``quotes --export`` wrote stands when verified; one changed figure in it is told, with status 1."""
    file = tmp_path / f"kim.{ending}"
    made = run(
        "-m", "qa", "quotes", "--speaker", "Kim", "--json", "--archive", str(hashing_path), "--export", str(file)
    )
    count = len(made.stdout.splitlines())
    assert (made.returncode, made.stderr) == (0, f"{file}: {count} quotations\n")
    verified = run("-m", "qa", "verify-export", str(file), "--archive", str(hashing_path))
    assert count > 20
    assert (verified.returncode, verified.stdout.split(" in archive ")[0]) == (
        0,
        f"{count} of {count} quotations stand",
    )

    excerpts = read_export(file)
    write_export(file, [dataclasses.replace(excerpts[0], text="altre parole"), *excerpts[1:]])
    verified = run("-m", "qa", "verify-export", str(file), "--archive", str(hashing_path), "--json")
    rows = json.loads(verified.stdout)["quotations"]
    assert verified.returncode == 1
    assert [row["number"] for row in rows if row["standing"] != "stands"] == [1]


def test_a_damaged_export_is_no_wrong_usage(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """An empty, cut or missing file is status 1 with one line that names it, never quotations that all stand."""
    empty, cut = tmp_path / "empty.csv", tmp_path / "cut.csv"
    empty.write_bytes(b"")
    cut.write_bytes(b'"number","te')
    for file in (empty, cut, tmp_path / "missing.json"):
        done = run("-m", "qa", "verify-export", str(file), "--archive", str(hashing_path))
        assert (done.returncode, done.stdout) == (1, "")
        assert file.name in done.stderr.splitlines()[0]


def test_an_answer_is_exported(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """``ask --export`` writes the citations it prints, with the question; another ending is wrong usage."""
    file = tmp_path / "answer.json"
    question = "Che cosa ha detto Putin dei soldati nordcoreani?"
    asked = run("-m", "qa", "ask", question, "--json", "--archive", str(hashing_path), "--export", str(file))
    citations = json.loads(asked.stdout)["citations"]

    assert [(e.text, e.start, e.sha256, e.question) for e in read_export(file)] == [
        (c["text"], c["start"], c["article"]["sha256"], question) for c in citations
    ]
    refused = run("-m", "qa", "ask", question, "--export", "a.pdf")
    assert refused.returncode == 2
    assert "a.pdf does not end in .csv, .json, .md, .docx" in refused.stderr
