"""Sources: what becomes an article as it is, and what is refused in one line."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import SourceError
from index.ingest import SourcesRefusedError, read_article, read_sources
from index.passages import split_passages

TEXT = "Il museo aprirà a Pyongyang. Lo ha detto Kim."
_NOBODY = 65534


def _refusals(*sources: Path) -> list[str]:
    """What of `sources` is left out, each one line, whether or not something else was read."""
    try:
        intake = read_sources(sources)
        found = (*intake.refusals, *intake.duplicates)
    except SourcesRefusedError as refused:
        found = refused.refusals
    lines = [str(refusal) for refusal in found]
    assert all(len(line.splitlines()) == 1 for line in lines)
    return lines


@contextmanager
def _without_root() -> Iterator[None]:
    """Act as an ordinary user: permissions do not hold root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every user can enter (those of ``tmp_path`` are their owner's alone)."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        "Titolo\r\n\r\nIl museo aprirà. Poi no.\r\n".encode(),
        "Uno.\rDue.\n\rTre.\u2028Quattro.\x0cCinque.".encode(),
        "Perche\u0301 no? 😀\u00a0Sì.\n\n\n".encode(),
    ],
    ids=["plain", "byte-order mark", "CRLF", "odd newlines", "decomposed"],
)
def test_text_is_the_bytes_decoded(tmp_path: Path, data: bytes) -> None:
    """The canonical text is the file's bytes as UTF-8 with every newline, mark and space as it is."""
    path = tmp_path / "a.txt"
    path.write_bytes(data)

    (article,) = read_sources([path]).articles

    digest = hashlib.sha256(data).hexdigest()
    assert article.text.encode("utf-8") == data
    assert (article.sha256, article.source_sha256, article.id) == (digest, digest, digest[:16])
    assert (article.source_file, article.source_path) == ("a.txt", str(path.resolve()))


@pytest.mark.parametrize(("newline", "places"), [("\n", (8, 24)), ("\r\n", (10, 26))])
def test_offsets_count_newlines_as_they_are(tmp_path: Path, newline: str, places: tuple[int, int]) -> None:
    """With CRLF each sentence stands two code points later per blank line than with LF, and slices the same words."""
    path = tmp_path / "a.txt"
    path.write_bytes(newline.join(["Titolo", "", "Il museo aprirà. Poi no.", ""]).encode())

    text = read_article(path).text
    spans = [sentence for draft in split_passages(text, []) for sentence in draft.sentences]

    assert [span.of(text) for span in spans] == ["Titolo", "Il museo aprirà.", "Poi no."]
    assert [spans[1].start, spans[1].end] == [places[0], places[1]]


def test_folder_gives_its_articles_by_name(tmp_path: Path) -> None:
    """A folder's files are found at any depth, hidden ones and other kinds left out, sorted by file name."""
    for name in ("c.txt", "sub/b.md", "sub/deep/a.txt", "style.css", ".hidden.txt", ".git/d.txt", "c.meta.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}" if name.endswith("json") else f"Il testo di {name}.", encoding="utf-8")

    intake = read_sources([tmp_path])

    assert [article.source_file for article in intake.articles] == ["a.txt", "b.md", "c.txt"]
    assert (intake.passed_over, intake.refusals, intake.failed) == (1, (), False)


def test_order_of_sources_does_not_matter(tmp_path: Path) -> None:
    """The same files named in another order give the same articles in the same order."""
    paths = [tmp_path / name for name in ("b.txt", "a.txt", "c.txt")]
    for path in paths:
        path.write_text(f"Il testo di {path.name}.", encoding="utf-8")

    assert read_sources(paths) == read_sources(paths[::-1]) == read_sources([tmp_path])


BAD_BYTES = {
    "empty": (b"", "is empty; leave it out"),
    "blank": (" \r\n\t\u00a0\u2003\u2028\n".encode(), "is empty; leave it out"),
    "only a byte-order mark": (b"\xef\xbb\xbf\n", "is empty; leave it out"),
    "binary": (b"\x7fELF\xff\x00", "is not a text file (it holds NUL bytes); leave it out, or save it as UTF-8 text"),
    "cut ZIP": (b"PK\x03\x04\x00\x00", "is no ZIP file that can be read; fetch or pack it again"),
    "UTF-16": ("Il museo".encode("utf-16"), "is UTF-16, not UTF-8; save it as UTF-8"),
    "latin-1": ("Il museo aprirà.".encode("latin-1"), "is not UTF-8; save it as UTF-8"),
    "cut short": ("Il museo aprirà".encode()[:-1], "is not UTF-8; save it as UTF-8"),
    "lone surrogate": (b"Il museo \xed\xa0\x80", "is not UTF-8; save it as UTF-8"),
}


@pytest.mark.parametrize("case", BAD_BYTES.values(), ids=BAD_BYTES.keys())
def test_bad_bytes_are_refused_in_one_line(tmp_path: Path, case: tuple[bytes, str]) -> None:
    """A file that is no text is named with the reason and the mend; the one beside it is read all the same."""
    data, problem = case
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")

    assert _refusals(tmp_path) == [f"{path}: {problem}"]
    assert [article.source_file for article in read_sources([tmp_path]).articles] == ["good.txt"]


def test_missing_path_is_refused(tmp_path: Path) -> None:
    """A path that is not there is named, and nothing is read beside it: what was asked for cannot be done."""
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")

    with pytest.raises(SourcesRefusedError):
        read_sources([tmp_path, tmp_path / "no.txt"])
    assert _refusals(tmp_path / "no.txt") == [f"{tmp_path / 'no.txt'}: does not exist; check the path"]


@pytest.mark.parametrize("target", ["gone.txt", "link.txt"], ids=["to nothing", "to itself"])
def test_broken_link_is_refused_where_it_is_named_and_where_it_is_found(tmp_path: Path, target: str) -> None:
    """A link to nothing and a link to itself are broken links, in a folder as well as by name."""
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / target)

    expected = [f"{link}: is a broken link; mend or remove the link"]
    assert _refusals(link) == expected
    assert _refusals(tmp_path) == expected


def test_folder_loop_is_walked_once(tmp_path: Path) -> None:
    """Links to folders are not followed, so a loop ends and each file is read once."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "sub" / "loop.txt").symlink_to(tmp_path, target_is_directory=True)

    assert [article.source_file for article in read_sources([tmp_path]).articles] == ["a.txt"]


@pytest.mark.parametrize("second", ["a.txt", "sub/../a.txt", "link.txt", "."], ids=["same", "dots", "link", "folder"])
def test_same_file_named_twice_is_read_once(tmp_path: Path, second: str) -> None:
    """However a file is named the second time, it is the same file, and no copy of itself."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    if second == "link.txt":
        (tmp_path / second).symlink_to(tmp_path / "a.txt")

    intake = read_sources([tmp_path / "a.txt", tmp_path / second])

    assert [article.source_file for article in intake.articles] == ["a.txt"]
    assert (intake.refusals, intake.duplicates) == ((), ())


def test_same_text_in_two_files_is_read_once(tmp_path: Path) -> None:
    """Of two files with the same bytes the second is named, and the first in the reason."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")

    intake = read_sources([tmp_path])

    one, two = ((tmp_path / name).resolve() for name in ("a.txt", "b.txt"))
    assert [str(line) for line in intake.duplicates] == [f"{two}: holds the same text as {one}; leave it out"]
    assert [article.source_file for article in intake.articles] == ["a.txt"]


def test_same_text_with_other_newlines_is_another_article(tmp_path: Path) -> None:
    """Texts are compared as they are: another newline makes another text."""
    (tmp_path / "a.txt").write_bytes(b"Uno.\nDue.")
    (tmp_path / "b.txt").write_bytes(b"Uno.\r\nDue.")

    assert len({article.id for article in read_sources([tmp_path]).articles}) == 2


def test_unreadable_file_folder_and_side_file_are_refused(open_folder: Path) -> None:
    """What the user may not read is named with the system's reason, and nothing is passed over in silence."""
    for name in ("a.txt", "b.txt", "b.meta.json", "sub/c.txt"):
        (open_folder / name).parent.mkdir(exist_ok=True)
        (open_folder / name).write_text("{}" if name.endswith("json") else f"Il testo {name}.", encoding="utf-8")
    for name in ("a.txt", "b.meta.json", "sub"):
        (open_folder / name).chmod(0)

    try:
        with _without_root():
            found = _refusals(open_folder)
    finally:
        (open_folder / "sub").chmod(0o755)

    assert found == [
        f"{open_folder / 'sub'}: cannot be read (Permission denied); check the folder's permissions",
        f"{open_folder / 'a.txt'}: cannot be read (Permission denied); check the file and its permissions",
        f"{open_folder / 'b.txt'}: its side file b.meta.json is not readable JSON ([Errno 13] Permission denied: "
        f"'{open_folder / 'b.meta.json'}'); see «Metadata» in the README",
    ]


def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A named pipe never ends: it is refused by name and in a folder."""
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)

    assert _refusals(pipe) == [f"{pipe}: is neither a file nor a folder; name a file or a folder"]
    assert _refusals(tmp_path) == [f"{pipe}: is not a file; leave it out"]


@pytest.mark.parametrize("named", [True, False])
def test_folder_without_articles_is_one_line_with_a_hint(tmp_path: Path, named: bool) -> None:
    """Where no article is found at all, the error names the place and what is looked for."""
    (tmp_path / "style.css").write_text("p {}", encoding="utf-8")
    sources = [tmp_path] if named else []

    with pytest.raises(SourceError) as caught:
        read_sources(sources)

    assert str(caught.value) == f"no article in {tmp_path if named else ''}"
    assert caught.value.hint.startswith("name a folder or files of articles ending in .txt .md .html ")


_SEE = "see «Metadata» in the README"
SIDE_FILES = {
    "no JSON": (b"{title: x}", "is not readable JSON (", _SEE),
    "empty": (b"", "is not readable JSON (Expecting value: line 1 column 1 (char 0))", _SEE),
    "not UTF-8": (b'{"title": "\xe8"}', "is not readable JSON ('utf-8' codec can't decode byte 0xe8", _SEE),
    "too deep": (b"[" * 200_000, "is not readable JSON (", _SEE),
    "a list": (b"[]", "is not a JSON object", _SEE),
    "unknown field": (b'{"titel": "x"}', "has an unknown field 'titel'", "use title, outlet, author, published, "),
    "a number": (b'{"title": 3}', "'title' in its side file a.meta.json is neither text nor null", _SEE),
    "blank": (b'{"author": " "}', "'author' in its side file a.meta.json is neither text nor null", _SEE),
    "lone surrogate": (b'{"title": "\\ud800"}', "'title' in its side file a.meta.json is neither text nor null", _SEE),
    "Italian date": (
        b'{"published": "24/10/2025"}',
        "'published' in its side file a.meta.json is not an ISO 8601 date",
        "write it as 2025-10-24 or 2025-10-24T18:30",
    ),
    "impossible date": (
        b'{"published": "2025-02-30"}',
        "'published' in its side file a.meta.json is not an ISO 8601 date",
        "write it as 2025-10-24 or 2025-10-24T18:30",
    ),
    "language's name": (b'{"language": "Italian"}', "'language' in its side file a.meta.json is not a code", _SEE),
}


@pytest.mark.parametrize("case", SIDE_FILES.values(), ids=SIDE_FILES.keys())
def test_bad_side_file_is_refused_in_one_line(tmp_path: Path, case: tuple[bytes, str, str]) -> None:
    """A side file that cannot be used refuses its article, naming both files, the reason and the mend."""
    data, reason, mend = case
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.meta.json").write_bytes(data)

    (line,) = _refusals(tmp_path)

    assert line.startswith(f"{tmp_path / 'a.txt'}: ")
    assert reason in line
    assert "a.meta.json" in line
    assert f"; {mend}" in line


def test_side_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder in the side file's place is not taken for its absence."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.meta.json").mkdir()

    (line,) = _refusals(tmp_path / "a.txt")

    assert line.startswith(f"{tmp_path / 'a.txt'}: its side file a.meta.json is not readable JSON ([Errno 21]")


def test_all_refusals_are_listed_at_once(tmp_path: Path) -> None:
    """Where nothing can be read the user hears of every bad source in one run, in the order they were met."""
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"\x00")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7")

    lines = _refusals(tmp_path)

    assert [line.split(": ")[0] for line in lines] == [str(tmp_path / name) for name in ("a.txt", "b.txt", "c.pdf")]
