"""An archive on disk: damage is named, a mismatch is an error, one writer at a time, old generations go."""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.archive import Archive
from index.build import add, build, remove
from index.encoder import HASHING, HashingEncoder
from index.errors import (
    REDERIVE,
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveMissingError,
)
from index.manifest import DERIVABLE, SCHEMA, Manifest, checksums
from index.mending import rebuild
from index.publish import writer_lock
from index.verify import changed_sources, verify
from qa.answer import Engine
from qa.check.checker import Checker
from qa.quotations import find_quotations
from qa.records import Filters
from tests.conftest import ROOT, SEEDS

SOURCES = ("manifest.json", "archive.sqlite", "passages.npy", "sentences.npy", "invented.npy")
"""What follows from nothing else in an archive."""


def files_of(archive: Path) -> list[Path]:
    """Every file of the generation that answers, the manifest included."""
    return sorted(path for path in Archive.open(archive).folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_a_sound_archive_has_no_damage(hashing_path: Path) -> None:
    """What a build leaves passes every check."""
    assert verify(hashing_path) == []


def test_a_warm_archive_opens_and_joins_nothing_more(hashing_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is warm, a question about what somebody said opens no model and joins no spellings of speakers."""
    opened: list[str] = []
    archive = Archive.open(hashing_path, lambda name: opened.append(name) or HashingEncoder())  # type: ignore[func-returns-value]

    archive.warm_up()

    assert opened == [HASHING]
    monkeypatch.setattr("index.archive.join", lambda _: pytest.fail("spellings are joined again"))
    answer = Engine(archive).ask("Cosa ha detto Kim Jong Un?")
    assert any(citation.speech for citation in answer.citations + answer.nearest)
    assert opened == [HASHING]


def test_a_flipped_byte_in_any_file_is_noticed(hashing_path: Path) -> None:
    """One bit changed anywhere in any file: opening refuses, verifying names that file and the command that mends."""
    for path in files_of(hashing_path):
        good = path.read_bytes()
        for place in {0, len(good) // 2, len(good) - 1}:
            path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            with pytest.raises(ArchiveError) as refused:
                Archive.open(hashing_path)
            mend = "index build" if path.name in SOURCES else "index rebuild"
            assert mend in refused.value.hint
            if path.name != "manifest.json":
                assert "was altered" in str(refused.value)
                assert any(path.name in damage.what and mend in damage.mend for damage in verify(hashing_path))
        path.write_bytes(good)
    assert verify(hashing_path) == []


def test_a_missing_or_short_file_is_noticed(hashing_path: Path) -> None:
    """A file that is gone or cut short is an error that names it."""
    for path in files_of(hashing_path):
        good = path.read_bytes()
        path.write_bytes(good[:-2])
        with pytest.raises(ArchiveError):
            Archive.open(hashing_path)
        path.unlink()
        with pytest.raises(ArchiveError):
            Archive.open(hashing_path)
        path.write_bytes(good)
    assert Archive.open(hashing_path).manifest.articles == 5


def test_a_changed_or_missing_source_is_said(tmp_path: Path) -> None:
    """A file that was changed or removed after it was read is named; the archive itself stays sound."""
    paths = [tmp_path / f"{name}.txt" for name in ("same", "changed", "gone")]
    for path in paths:
        path.write_text(f"Il sindaco parla: {path.stem}.", encoding="utf-8")
    build(tmp_path / "archive", paths, HASHING)
    assert changed_sources(tmp_path / "archive") == []
    paths[1].write_text("Il sindaco tace.", encoding="utf-8")
    paths[2].unlink()

    assert verify(tmp_path / "archive") == []
    said = [change.what.partition(": ")[2] for change in changed_sources(tmp_path / "archive")]
    assert said == [str(paths[1]), str(paths[2])]


def test_an_altered_text_is_never_handed_out(hashing_path: Path) -> None:
    """A word changed in the database, checksums made to fit: every reading of that article is an error."""
    folder = Archive.open(hashing_path).folder
    with sqlite3.connect(folder / "000001" / "archive.sqlite") as database:
        database.execute("UPDATE articles SET text = replace(text, 'Hwasong', 'Hwasonk')")
    database.close()
    replace(Manifest.read(folder), files=checksums(folder)).write(folder)

    archive = Archive.open(hashing_path)
    with pytest.raises(ArchiveDamagedError, match=r"003_1ef017ea2025330c\.txt\) was altered"):
        list(archive.store.articles())
    with pytest.raises(ArchiveDamagedError, match="was altered"):
        find_quotations(archive, None, Filters())
    assert any("was altered" in damage.what for damage in verify(hashing_path))


def test_verify_compares_vectors_and_texts_with_the_database(hashing_path: Path) -> None:
    """Files that are whole but belong to another archive are told by what they hold, not by their checksums alone."""
    other = hashing_path.with_name("other")
    build(other, [SEEDS], HASHING)
    remove(other, Archive.open(other).store.article_ids()[:1])
    foreign, ours = Archive.open(other).folder, Archive.open(hashing_path).folder
    manifest, theirs = Manifest.read(ours), Manifest.read(foreign)
    for table in ("passages", "sentences"):
        for end in ("npy", "rows.npy", "faiss"):
            mine, other_name = f"000001/{table}.{end}", f"000002/{table}.{end}"
            (ours / mine).write_bytes((foreign / other_name).read_bytes())
            manifest.files[mine] = theirs.files[other_name]
    manifest.write(ours)

    assert [damage.what for damage in verify(hashing_path)] == [
        "000001/passages.rows.npy holds other ids than the database",
        "000001/sentences.rows.npy holds other ids than the database",
    ]


def test_an_archive_of_another_schema_is_refused(hashing_path: Path) -> None:
    """A newer or older form of archive is an error that names both numbers and the command."""
    path = Archive.open(hashing_path).folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 999}))

    with pytest.raises(ArchiveMismatchError, match=f"schema 999, this program reads schema {SCHEMA}") as refused:
        Archive.open(hashing_path)

    assert "python -m index build" in refused.value.hint


def test_an_archive_of_an_earlier_schema_is_derived_again(hashing_path: Path) -> None:
    """Of the schema before, which had no numbered terms, texts and vectors are taken over; nothing is embedded."""
    archive = Archive.open(hashing_path)
    known, question = archive.manifest, "Chi ha parlato?"
    expected = [citation.quote.text for citation in Engine(archive).ask(question).citations]
    new = ("/terms.npy", "/terms.starts.npy", "/passages.places.npy")
    files = {name: file for name, file in known.files.items() if not name.endswith(new)}
    for name in known.files.keys() - files.keys():
        (archive.folder / name).unlink()
    replace(known, schema=DERIVABLE, files=files).write(archive.folder)

    with pytest.raises(
        ArchiveMismatchError, match=f"schema {DERIVABLE}, this program reads schema {SCHEMA}"
    ) as refused:
        Archive.open(hashing_path)
    assert "python -m index rebuild" in refused.value.hint
    with pytest.raises(ArchiveMismatchError, match=f"schema {DERIVABLE}"):
        build(hashing_path, [SEEDS], HASHING)
    made = rebuild(hashing_path)
    assert made == replace(known, created=made.created, files=made.files)
    derived = {name for name in made.files if not name.startswith("terms/")} - files.keys()
    assert derived == {f"000001{name}" for name in new}
    assert [citation.quote.text for citation in Engine(Archive.open(hashing_path)).ask(question).citations] == expected
    assert verify(hashing_path) == []


def test_terms_that_are_not_the_full_text_indexs_are_told(hashing_path: Path) -> None:
    """Verification compares the numbers of each passage's terms with the terms."""
    archive = Archive.open(hashing_path)
    path = archive.folder / "000001" / "terms.npy"
    numbers = np.load(path)
    numbers[3] += 1
    np.save(path, numbers)
    replace(archive.manifest, files=checksums(archive.folder)).write(archive.folder)

    (damage,) = verify(hashing_path)

    assert damage.what == "000001 holds other terms than terms"
    assert "python -m index rebuild" in damage.mend
    rebuild(hashing_path)
    assert verify(hashing_path) == []


def test_places_that_are_not_the_databases_are_told(hashing_path: Path) -> None:
    """Verification compares where passages stand with the database."""
    archive = Archive.open(hashing_path)
    path = archive.folder / "000001" / "passages.places.npy"
    places = np.load(path)
    places["start"][2] += 1
    np.save(path, places)
    replace(archive.manifest, files=checksums(archive.folder)).write(archive.folder)

    (damage,) = verify(hashing_path)

    assert damage.what == "000001/passages.places.npy holds other places than the database"
    rebuild(hashing_path)
    assert verify(hashing_path) == []


def test_another_model_under_the_same_name_is_refused(hashing_path: Path) -> None:
    """The probe tells a changed model although name and dimension are the same."""

    class Changed(HashingEncoder):
        def encode_passages(self, texts, done=lambda _: None, precision=None):  # type: ignore[no-untyped-def]
            return -super().encode_passages(texts, done)

    archive = Archive.open(hashing_path, lambda _: Changed())

    with pytest.raises(ArchiveMismatchError, match="is not the one the archive was made with"):
        archive.encoder  # noqa: B018


@pytest.mark.parametrize("content", [None, "", "000009-nowhere", "../../etc", "\xff"])
def test_a_broken_pointer_is_an_error(hashing_path: Path, content: str | None) -> None:
    """CURRENT that is missing, empty, names nothing or leads outside is an error, never another folder."""
    pointer = hashing_path / "CURRENT"
    pointer.unlink()
    if content is not None:
        pointer.write_bytes(content.encode("latin-1"))

    with pytest.raises(ArchiveMissingError if content is None else ArchiveDamagedError):
        Archive.open(hashing_path)


def test_one_writer_at_a_time(hashing_path: Path) -> None:
    """While one process writes, another is told who that is and since when; readers are not kept out."""
    script = (
        "import sys; from pathlib import Path; from index.publish import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(hashing_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"

    with pytest.raises(ArchiveBusyError, match=f"being written by process {holder.pid} on .* since 20"):
        build(hashing_path, [SEEDS], HASHING)
    assert Archive.open(hashing_path).manifest.articles == 5
    holder.kill()
    holder.communicate()
    with writer_lock(hashing_path):
        assert (hashing_path / "writer.json").exists()


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    """An archive under a file, where no folder can be made, is an error that names the option."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match="cannot write the archive") as refused:
        build(tmp_path / "file" / "archive", [SEEDS], HASHING)

    assert "--archive" in refused.value.hint


def test_a_reader_keeps_its_generation(hashing_path: Path, tmp_path: Path) -> None:
    """An archive that is open goes on answering from its own generation while two more are published."""
    archive = Archive.open(hashing_path)
    for number in range(2):
        new = tmp_path / f"{number}.txt"
        new.write_text(f"Notizia numero {number}.", encoding="utf-8")
        add(hashing_path, [new])

    assert not archive.is_current()
    assert len(list(archive.store.articles())) == 5
    assert archive.terms.search([["it:hwasong"]], 1)[0][0] in archive.passages.ids
    assert Archive.open(hashing_path).manifest.articles == 7


def test_only_the_last_two_generations_stay(hashing_path: Path, tmp_path: Path) -> None:
    """Disk use does not grow with the number of changes; what a dead writer left behind goes at the next change."""
    left = hashing_path / "generations" / ".building-dead"
    left.mkdir()
    for number in range(3):
        new = tmp_path / f"{number}.txt"
        new.write_text(f"Notizia numero {number}.", encoding="utf-8")
        add(hashing_path, [new])

    names = sorted(path.name[:6] for path in (hashing_path / "generations").iterdir())
    assert names == ["000003", "000004"]


def test_verify_compares_a_flat_index_with_its_vectors(hashing_path: Path) -> None:
    """An index that is whole, and of as many vectors, but of others, is named with the command that derives it anew."""
    folder = Archive.open(hashing_path).folder
    path = folder / "000001" / "passages.faiss"
    index = faiss.read_index(str(path))
    other = faiss.IndexFlatIP(index.d)
    other.add(index.reconstruct_n(0, index.ntotal)[::-1].copy())
    faiss.write_index(other, str(path))
    replace(Manifest.read(folder), files=checksums(folder)).write(folder)

    (damage,) = verify(hashing_path)

    assert damage.what == "000001/passages.faiss holds other vectors than passages.npy"
    assert damage.mend == REDERIVE


def test_an_archive_that_nobody_uses_is_gone_at_once(hashing_path: Path) -> None:
    """What a newer generation has replaced takes no memory until the next collection of cycles: there are none."""

    def used() -> list[weakref.ref[Archive]]:
        archive = Archive.open(hashing_path)
        Engine(archive).ask("Quanti soldati sono stati inviati a Kursk?", filters=Filters(language="it"))
        Checker(archive).check("Ha detto: «I soldati di Kursk sono tornati a casa».")
        return [weakref.ref(archive)]

    gc.disable()
    try:
        [left] = used()
        assert left() is None
    finally:
        gc.enable()
