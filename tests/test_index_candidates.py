"""What scoring needs of passages: from files or a database the same, and nothing of any other passage."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.archive import Archive
from index.build import add, remove
from index.candidates import ReadCandidates, article_id
from index.errors import REDERIVE, SHARE_ANEW, ArchiveDamagedError
from index.numbered import numbers_of
from index.terms import lines_in
from index.verify import verify
from qa.answer import Engine
from tests.candidates import listed


def test_they_are_what_the_database_and_the_index_of_words_hold(hashing_archive: Archive) -> None:
    """Each asked passage once, by id: its article and place, language, sentences and terms."""
    store = hashing_archive.store
    passages = store.passages()[2:9]
    ids = [passage.id for passage in passages]

    found = hashing_archive.candidates.of([*reversed(ids), ids[3]])

    lines = hashing_archive.terms.lines(ids)
    assert found.ids.tolist() == ids
    assert [article_id(number) for number in found.articles.tolist()] == [passage.article_id for passage in passages]
    assert list(zip(found.starts, found.ends, strict=True)) == [(p.span.start, p.span.end) for p in passages]
    assert list(found.languages) == [passage.language for passage in passages]
    assert found.sentences.tolist() == [sentence.id for sentence in store.sentences(ids)]
    assert found.counts.tolist() == [len(of) for of in store.sentence_ids(ids).values()]
    expected = [numbers_of(lines_in(lines[i])).tolist() for i in ids]
    assert [numbers.tolist() for numbers in found.terms] == expected


@pytest.mark.parametrize("ids", [[], [0], [1, 10_000], [5, -3]])
def test_what_is_not_known(hashing_archive: Archive, ids: list[int]) -> None:
    """Of none there are none; an unknown passage is a KeyError where files are read, and else left out."""
    read = ReadCandidates(hashing_archive.store, hashing_archive.terms)
    known = [i for i in ids if 0 < i < 10_000]

    for _ in range(2):
        assert listed(read.of(ids)) == listed(hashing_archive.candidates.of(known))
    if known == ids:
        assert listed(read.of(ids)) == [[]] * 8
    else:
        with pytest.raises(KeyError):
            hashing_archive.candidates.of(ids)


@pytest.mark.parametrize("lines", [None, "", "it:un\nit:altr"])
def test_a_known_passage_without_its_terms_is_damage(hashing_archive: Archive, lines: str | None) -> None:
    """Terms that are missing, or of other sentences, are told with the mend of a shared archive."""

    class Damaged:
        def lines(self, ids: Iterable[int]) -> dict[int, str]:
            return {} if lines is None else dict.fromkeys(ids, lines)

    with pytest.raises(ArchiveDamagedError, match="other sentences than terms") as refused:
        ReadCandidates(hashing_archive.store, Damaged()).of([1])  # type: ignore[arg-type]
    assert refused.value.hint == SHARE_ANEW


def test_segments_and_what_was_removed(hashing_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages of several segments come together; of a language nobody can tell it is None."""
    (tmp_path / "new.txt").write_text(
        "Il ponte di Vercurago è costato tre milioni di euro al comune.", encoding="utf-8"
    )
    (tmp_path / "odd.txt").write_text("12 345 678 12 345 678 12 345", encoding="utf-8")
    monkeypatch.setattr(generation, "_SMALL", 1)
    gone = Archive.open(hashing_path).store.article_ids()[0]
    add(hashing_path, [tmp_path / "new.txt", tmp_path / "odd.txt"])
    remove(hashing_path, [gone])
    archive = Archive.open(hashing_path)
    ids = [passage.id for passage in archive.store.passages()]

    found = listed(archive.candidates.of(ids))

    assert found == listed(ReadCandidates(archive.store, archive.terms).of(ids))
    assert len(found[0]) == archive.manifest.passages
    assert [segment.passages for segment in archive.manifest.segments] == [21, 2, 0]
    assert archive.manifest.segments[0].removed == (gone,)
    assert None in found[6]
    assert verify(hashing_path) == []


def test_what_is_read_from_a_database_is_kept(hashing_archive: Archive) -> None:
    """It is asked once for each passage, by however many threads; all of them get what is there."""
    ids = [passage.id for passage in hashing_archive.store.passages()]
    asked: list[int] = []

    class Counted:
        def lines(self, wanted: Iterable[int]) -> dict[int, str]:
            asked.extend(wanted)
            return hashing_archive.terms.lines(list(wanted))

    read = ReadCandidates(hashing_archive.store, Counted())  # type: ignore[arg-type]
    expected = listed(hashing_archive.candidates.of(ids))
    read.of(ids[:2])
    read.of(ids[:4])
    assert asked == ids[:4]
    wrong: list[object] = []
    threads = [
        threading.Thread(target=lambda: wrong.extend(listed(read.of(ids)) != expected for _ in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == [False] * 160


def _inner_starts(folder: Path) -> None:
    starts = np.load(folder / "terms.starts.npy")
    starts[1:-1] = 0
    starts[2] = starts[-1]
    np.save(folder / "terms.starts.npy", starts)


def _terms_of(value: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        terms = np.load(folder / "terms.npy")
        terms[2:] = value
        np.save(folder / "terms.npy", terms)

    return damage


def _no_article(folder: Path) -> None:
    places = np.load(folder / "passages.places.npy")
    places["article"] = 5
    np.save(folder / "passages.places.npy", places)


@pytest.mark.parametrize("damage", [_inner_starts, _terms_of(0), _terms_of(7), _no_article])
def test_damage_to_an_archive_too_large_to_be_compared_is_an_error(
    hashing_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    """Where checksums are not compared, altered numbers or places are told when the archive is opened or asked."""
    monkeypatch.setattr("index.archive._CHECKED_BYTES", 0)
    damage(Archive.open(hashing_path).folder / "000001")

    with pytest.raises(ArchiveDamagedError) as refused:
        Engine(Archive.open(hashing_path)).ask("Chi ha parlato del museo di Pyongyang?")
    assert refused.value.hint == REDERIVE


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", np.zeros(3), np.float64(1), "shorter"])
def test_places_that_do_not_belong_are_refused(hashing_path: Path, content: object) -> None:
    """A file that is missing, cut short or of another kind is damage that names the mend."""
    path = Archive.open(hashing_path).folder / "000001" / "passages.places.npy"
    places = np.load(path)
    path.unlink()
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.save(path, places[:-1] if isinstance(content, str) else content)

    with pytest.raises(ArchiveDamagedError) as refused:
        Archive.open(hashing_path)
    assert refused.value.hint == REDERIVE
